"""Columns as numbers for a classifier: similarities of pairs, figures, and weighted words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import NoModelLabels
from ujima.quality.model_labels.columns import Column, Pair, Row, columns_of, pairs_of
from ujima.quality.model_labels.words import has_number, plain

Dense = NDArray[np.float64]

#: the words and pieces kept of a column; rarer ones are left out, so that memory stays bounded
MOST_WORDS = 30_000


@dataclass(frozen=True, eq=False)
class Features:
    """Units as a classifier takes them.

    kind     "boosted" for comparisons and figures, "linear" for words, "none" if nothing was found
    values   (n, features), an array or a sparse matrix; None for "none"
    """

    kind: Literal["boosted", "linear", "none"]
    values: Any
    n: int


def features_of(rows: Sequence[Row]) -> Features:
    """What some units' fields say: comparisons where there is something to compare; else words,
    weighted; else figures alone. Labels have no part in it. Refuses NoModelLabels."""
    _need_scikit_learn()
    columns = columns_of(rows)
    pairs = pairs_of(columns)
    texts = [column for column in columns if column.kind == "text"]
    if pairs or (columns and not texts):
        dense = np.column_stack([*comparisons(pairs), *figures(columns)])
        return Features("boosted", dense, len(rows))
    words = weighted_words(columns) if texts else None
    return Features("none" if words is None else "linear", words, len(rows))


def _need_scikit_learn() -> None:
    try:
        import sklearn  # noqa: F401
    except ImportError:
        raise NoModelLabels from None


def comparisons(pairs: Sequence[Pair]) -> list[Dense]:
    """What each pair's two columns have in common, one (n,) array a feature.

    Of texts: cosine of weighted words and of pieces of three letters, shared words by count (of
    all, of the shorter's, of the first's), shared words that hold digits, and lengths. Of numbers:
    difference and ratio. Of categories: whether they are the same. Texts of several pairs are
    compared as wholes too, as what stands in one's name may stand in the other's description.
    """
    texts: list[tuple[Sequence[str], Sequence[str]]] = [
        (pair.left.texts, pair.right.texts) for pair in pairs if pair.left.kind == "text"
    ]
    if len(texts) > 1:
        texts.append((_whole([left for left, _ in texts]), _whole([right for _, right in texts])))
    found = [feature for left, right in texts for feature in _texts(left, right)]
    for pair in pairs:
        if pair.left.kind == "number":
            found += _numbers(np.array(pair.left.numbers), np.array(pair.right.numbers))
        elif pair.left.kind == "category":
            same = zip(pair.left.texts, pair.right.texts, strict=True)
            found.append(np.array([float(left == right) for left, right in same]))
    return found


def figures(columns: Sequence[Column]) -> list[Dense]:
    """Numbers as they are, categories as codes in the order of their names, texts as lengths."""
    found: list[Dense] = []
    for column in columns:
        if column.kind == "number":
            found.append(np.array(column.numbers))
        elif column.kind == "category":
            found.append(_codes(column.texts))
        else:
            found.append(np.array([float(len(text)) for text in column.texts]))
    return found


def weighted_words(columns: Sequence[Column]) -> Any:
    """(n, words) sparse: each text's weighted words and pieces of two to four letters, the other
    columns as words of their own (a number by its tenth among the others), columns side by side.
    Pieces serve scripts that put no spaces between words. None where no column has a word."""
    from scipy.sparse import hstack

    parts = []
    for column in columns:
        if column.kind != "text":
            parts.append(_tfidf(_as_words(column), "word", (1, 1)))
            continue
        texts = [plain(text) for text in column.texts]
        parts += [_tfidf(texts, "word", (1, 2)), _tfidf(texts, "char_wb", (2, 4))]
    known = [part for part in parts if part is not None]
    return hstack(known, format="csr") if known else None


def _as_words(column: Column) -> list[str]:
    if column.kind == "category":
        return [f"c{code:.0f}" for code in _codes(column.texts)]
    numbers = np.array(column.numbers)
    cuts = np.nanquantile(numbers, np.linspace(0.1, 0.9, 9))
    tenths = np.searchsorted(cuts, np.nan_to_num(numbers))
    return [
        "" if np.isnan(number) else f"n{tenth}"
        for number, tenth in zip(numbers, tenths, strict=True)
    ]


def _whole(columns: Sequence[Sequence[str]]) -> list[str]:
    return [" ".join(texts) for texts in zip(*columns, strict=True)]


def _codes(texts: Sequence[str]) -> Dense:
    place = {text: float(at) for at, text in enumerate(sorted(set(texts)))}
    return np.array([place[text] for text in texts])


def _texts(left: Sequence[str], right: Sequence[str]) -> list[Dense]:
    lefts, rights = [plain(text) for text in left], [plain(text) for text in right]
    shared = np.array([_shared(a, b) for a, b in zip(lefts, rights, strict=True)])
    return [
        _cosine(lefts, rights, "word", (1, 1)),
        _cosine(lefts, rights, "char_wb", (3, 3)),
        *shared.T,
    ]


def _shared(left: str, right: str) -> list[float]:
    """Shared words as shares, shared numbers likewise (not-a-number where there are none),
    lengths."""
    a, b = set(left.split()), set(right.split())
    numbers, others = ({word for word in words if has_number(word)} for words in (a, b))
    both, shortest = len(a & b), min(len(a), len(b))
    return [
        _part(both, len(a | b)),
        _part(both, shortest),
        _part(both, len(a)),
        _part(len(numbers & others), len(numbers | others)),
        _part(len(numbers & others), min(len(numbers), len(others))),
        float(len(numbers ^ others)),
        _part(min(len(left), len(right)), max(len(left), len(right))),
        float(len(left)),
        float(len(right)),
    ]


def _part(some: float, of: float) -> float:
    return some / of if of else float("nan")


def _numbers(left: Dense, right: Dense) -> list[Dense]:
    larger = np.maximum(np.abs(left), np.abs(right))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(larger > 0, np.abs(left - right) / larger, 0.0)
    return [np.abs(left - right), np.where(np.isnan(larger), np.nan, ratio), left, right]


def _cosine(left: list[str], right: list[str], analyzer: str, sizes: tuple[int, int]) -> Dense:
    weighted = _tfidf([*left, *right], analyzer, sizes)
    if weighted is None:
        return np.zeros(len(left))
    product = weighted[: len(left)].multiply(weighted[len(left) :])
    return np.asarray(product.sum(axis=1), dtype=np.float64).ravel()


def _tfidf(texts: list[str], analyzer: str, sizes: tuple[int, int]) -> Any:
    """Rows of weights, each of length one; None where no text has a word."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not any(texts):
        return None
    weigher = TfidfVectorizer(
        analyzer=analyzer,
        ngram_range=sizes,
        # words are parted already; the usual pattern would drop single letters and marks
        token_pattern=r"\S+" if analyzer == "word" else None,
        lowercase=False,
        max_features=MOST_WORDS,
        sublinear_tf=True,
        dtype=np.float64,
    )
    return weigher.fit_transform(texts)
