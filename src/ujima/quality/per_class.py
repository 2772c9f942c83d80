"""How good the inferred answers are, class by class, on units whose truth is known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.trust import Interval, gold_interval


@dataclass(frozen=True)
class OfClass:
    """One class.

    precision   of the answers that were inferred to be it, the share that are; None if none were
    recall      of the units that are it, the share inferred so; None if there are none
    said, true  how many were inferred to be it, and are it

    Precision hangs on how common the class is among the units with known truth; recall does not.
    """

    precision: Interval | None
    recall: Interval | None
    said: int
    true: int


def confusion(truths: ArrayLike, inferred: ArrayLike, n_labels: int) -> NDArray[np.int64]:
    """Count (n_labels, n_labels): [k][l] = units of truth k whose inferred answer is l.

    truths, inferred   (n,) labels as integers from 0. Refuses BadJudgments what is outside.
    """
    known, said = np.asarray(truths, np.int64), np.asarray(inferred, np.int64)
    if known.shape != said.shape or known.ndim != 1:
        raise BadJudgments(f"{known.shape} truths and {said.shape} answers do not pair up.")
    both = np.concatenate([known, said])
    if len(both) and (both.min() < 0 or both.max() >= n_labels):
        raise BadJudgments(f"A label is outside 0 to {n_labels - 1}.")
    counted = np.bincount(known * n_labels + said, minlength=n_labels * n_labels)
    return counted.reshape(n_labels, n_labels)


def per_class(table: ArrayLike) -> list[OfClass]:
    """Precision and recall of each class of a confusion table, with Wilson's 95 % intervals."""
    counted = np.asarray(table, np.int64)
    right, true, said = np.diag(counted), counted.sum(axis=1), counted.sum(axis=0)
    return [
        OfClass(_share(int(r), int(s)), _share(int(r), int(t)), int(s), int(t))
        for r, s, t in zip(right, said, true, strict=True)
    ]


def accuracy(table: Sequence[Sequence[int]] | ArrayLike) -> Interval | None:
    """The share of units inferred rightly, with Wilson's 95 % interval; None without units."""
    counted = np.asarray(table, np.int64)
    return _share(int(np.trace(counted)), int(counted.sum()))


def _share(right: int, seen: int) -> Interval | None:
    return gold_interval(right, seen) if seen else None
