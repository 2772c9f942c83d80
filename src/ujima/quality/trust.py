"""Trust: how often a person's answers on this kind of job are right, with its interval.

From gold (she was asked what is known) and from inference (her confusion matrix). Both are
estimates; a person decides what follows from them, and hears the worker first.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.truth.result import row_prior

# The two-sided 95 % point of the normal distribution.
Z95 = 1.959963984540054


class Interval(NamedTuple):
    """A share from 0 to 1 with its 95 % interval."""

    low: float
    mid: float
    high: float


def gold_interval(right: int, seen: int) -> Interval:
    """The share of gold answered rightly, with Wilson's interval.

    Nobody seen yet is (0, .5, 1): nothing is known. Source: Wilson 1927,
    doi:10.1080/01621459.1927.10502953.
    """
    if not 0 <= right <= seen:
        raise BadJudgments(f"{right} right of {seen} seen is not possible.")
    if seen == 0:
        return Interval(0.0, 0.5, 1.0)
    low, high = _wilson(right / seen, seen)
    return Interval(low, right / seen, high)


def accuracy_from_confusion(
    counts: Sequence[Sequence[float]] | Any, class_prior: Sequence[float]
) -> Interval:
    """The accuracy that inference gives a worker, over the job's mix of classes.

    counts        (n_labels, n_labels), her prior not in it; [k][l] = times she said l to truth k
    class_prior   (n_labels,) the share of each class

    Accuracy is a mixture of Beta variables; it is matched in mean and variance by one Beta, whose
    total stands as the sample size of a Wilson interval. Someone new gets the prior: about .7,
    and wide.
    """
    said = np.asarray(counts, np.float64)
    shares = np.asarray(class_prior, np.float64)
    if said.ndim != 2 or said.shape != (len(shares), len(shares)):
        raise BadJudgments(f"Counts {said.shape} and {len(shares)} classes do not fit.")
    alpha = said + row_prior(len(shares))
    total = alpha.sum(axis=1)
    right = np.diag(alpha) / total
    mean = float(shares @ right)
    variance = float(shares**2 @ (right * (1 - right) / (total + 1)))
    low, high = _wilson(mean, mean * (1 - mean) / variance - 1)
    return Interval(low, mean, high)


def _wilson(share: float, n: float) -> tuple[float, float]:
    z2 = Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)
