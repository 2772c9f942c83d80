"""Edit distance between sequences of words or characters.

Bit-parallel: one integer holds a whole column of the table, as Python's integers have any length.
Source: Hyyrö 2003, "A bit-vector algorithm for computing Levenshtein and Damerau edit distances".
"""

import re
from collections.abc import Hashable, Sequence
from unicodedata import category, normalize

#: scripts written without spaces between words are compared character by character
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")


def words(text: str) -> list[str]:
    """A text as what is compared: words without case and punctuation; characters where the script
    has no spaces (Thai, Lao, Burmese, Khmer, Japanese, Chinese)."""
    plain = normalize("NFC", text).casefold()
    found = "".join(sign if is_letter(sign) or sign in "'’" else " " for sign in plain).split()
    if _UNSPACED.search(plain):
        return [sign for word in found for sign in (word if _UNSPACED.search(word) else [word])]
    return found


def is_letter(sign: str) -> bool:
    """Whether a character is part of a word: a letter, a digit, or a mark that joins one."""
    return sign.isalnum() or category(sign).startswith("M")


def distance(a: Sequence[Hashable], b: Sequence[Hashable]) -> int:
    """The fewest insertions, deletions and replacements that turn `a` into `b`."""
    if not a or not b:
        return len(a) or len(b)
    places: dict[Hashable, int] = {}
    for at, item in enumerate(a):
        places[item] = places.get(item, 0) | 1 << at
    full, last = (1 << len(a)) - 1, 1 << (len(a) - 1)
    up, down, score = full, 0, len(a)
    for item in b:
        here = places.get(item, 0)
        same = (((here & up) + up) ^ up) | here | down
        right = down | (full & ~(same | up))
        left = up & same
        score += bool(right & last) - bool(left & last)
        right = (right << 1 | 1) & full
        up = (left << 1 & full) | (full & ~(same | right))
        down = right & same
    return score


def likeness(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """1 - the distance as a share of the longer one; two empty ones are alike."""
    longer = max(len(a), len(b))
    return 1 - distance(a, b) / longer if longer else 1.0
