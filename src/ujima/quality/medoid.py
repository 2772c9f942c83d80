"""The text of a unit: of those that people wrote, the one nearest to all of them.

By edit distance of words, so that transcriptions which differ in a word support each other. The
distance is a metric: what more than half of the people wrote alike is always the nearest.
Runs at every submit, so without NumPy; skill-weighted, for whole jobs: `kinds.texts`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from unicodedata import normalize

from ujima.quality.errors import BadAnswer
from ujima.quality.kinds.edits import distance, is_letter, words

METHOD = "medoid"
_ASCII_TOKEN = re.compile(r"[\w']+|[^\w\s]|\n")
# Tokens compared in one go; a longer text is cut, so that the work grows with its length only. The
# pieces' distances add up to no less than the whole's: agreement is never overstated.
PIECE = 1_000

Tokens = Sequence[str]


def medoid(texts: Sequence[Sequence[str]]) -> tuple[list[str], float]:
    """Choose the text nearest to all, as it was most often written, and say how far people agree.

    texts     everybody's lines
    returns   its lines, and the mean over everybody, its writers too, of the share of words that
              agree with it (1 - distance / the longer one's words). Where texts are the same or
              have nothing in common, this is the share of people who wrote it.

    Case, spacing and the Unicode form do not part texts; marks count as words. Of equally near
    texts, the one that more people wrote wins, then the first given.
    """
    if not texts:
        raise BadAnswer("Nobody has answered.")
    forms = [normal(lines) for lines in texts]
    votes = Counter(forms)
    winner, agreement = _nearest(votes)
    written = Counter(tuple(t) for t, form in zip(texts, forms, strict=True) if form == winner)
    return list(written.most_common(1)[0][0]), agreement


def normal(lines: Sequence[str]) -> str:
    """Lines as one text without what does not part texts: case, spacing, the Unicode form."""
    kept = (" ".join(normalize("NFKC", line).casefold().split()) for line in lines)
    return "\n".join(line for line in kept if line)


def _nearest(votes: Counter[str]) -> tuple[str, float]:
    tokens = {form: _tokens(form) for form in votes} if len(votes) > 1 else {}
    (first, most), total = votes.most_common(1)[0], votes.total()
    winner = first if 2 * most > total else _least_far(votes, tokens)
    alike = sum(n * _likeness(tokens[winner], tokens[f]) for f, n in votes.items() if f != winner)
    return winner, (votes[winner] + alike) / total


def _least_far(votes: Counter[str], tokens: dict[str, Tokens]) -> str:
    forms = list(votes)
    far = dict.fromkeys(forms, 0)
    for at, one in enumerate(forms):
        for other in forms[:at]:
            off = _distance(tokens[one], tokens[other])
            far[one] += off * votes[other]
            far[other] += off * votes[one]
    return min(forms, key=lambda form: (far[form], -votes[form]))


def _likeness(a: Tokens, b: Tokens) -> float:
    return 1 - _distance(a, b) / max(len(a), len(b), 1)


def _distance(a: Tokens, b: Tokens) -> int:
    """The edit distance of what is left without a common beginning and end."""
    low, most = 0, min(len(a), len(b))
    while low < most and a[low] == b[low]:
        low += 1
    high = 0
    while high < most - low and a[-1 - high] == b[-1 - high]:
        high += 1
    a, b = a[low : len(a) - high], b[low : len(b) - high]
    pieces = max(len(a), len(b)) // PIECE + 1
    return sum(distance(_piece(a, at, pieces), _piece(b, at, pieces)) for at in range(pieces))


def _piece(tokens: Tokens, at: int, pieces: int) -> Tokens:
    return tokens[len(tokens) * at // pieces : len(tokens) * (at + 1) // pieces]


def _tokens(form: str) -> Tokens:
    """Words, marks and line ends; characters where the script has no spaces."""
    if form.isascii():
        return _ASCII_TOKEN.findall(form)
    apart = "".join(s if is_letter(s) or s in "'’" else f" {s} " for s in form)
    return [t for piece in apart.split(" ") if piece for t in words(piece) or [piece]]
