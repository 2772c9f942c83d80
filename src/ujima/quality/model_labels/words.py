"""A text as words, in any script: what is no letter, mark or number parts them."""

from unicodedata import category, normalize

#: of longer texts only the beginning is read, so that time and memory stay bounded
LONGEST = 2000


class _Spaces(dict[int, str]):
    """Letters, marks and numbers as they are, a space for everything else; filled as met.

    Marks belong to words: without them the vowels of Hindi or Khmer would cut words apart.
    """

    def __missing__(self, point: int) -> str:
        kept = chr(point) if category(chr(point))[0] in "LMN" else " "
        self[point] = kept
        return kept


_SPACES = _Spaces()


def plain(text: str) -> str:
    """A text without case, punctuation and forms of the same letter, words a space apart."""
    # folded twice: folding may undo a normal form ("ͅ" and its like), and the other way round
    folded = normalize("NFKC", normalize("NFKC", text[:LONGEST]).casefold())
    return " ".join(folded.translate(_SPACES).split())


def has_number(word: str) -> bool:
    """Whether a word holds a digit: sizes, years, part numbers."""
    return any(sign.isdigit() for sign in word)
