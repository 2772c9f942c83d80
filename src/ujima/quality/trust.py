"""Trust: how often a person's answers on this kind of job are right, with its interval.

From gold (she was asked what is known) and from inference (her confusion matrix). Both are
estimates; a person decides what follows from them, and hears the worker first.
"""

from collections.abc import Sequence
from math import prod
from typing import Any, NamedTuple

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.truth.result import row_prior

# The two-sided 95 % point of the normal distribution.
Z95 = 1.959963984540054
# What inference says of an answer, beside an answer to gold.
INFERRED_COUNTS = 0.5
# Accuracy is shown anew once so many more judgments are made (a count that says nothing of which
# of them were gold) and at least so many of them were on gold. Whoever watches the numbers move
# then learns something of twenty units together, never of one.
SHOWN_EVERY, SHOWN_GOLD = 20, 5
# A case needs so much gold, and an interval wholly under the line.
CASE_GOLD = 10


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
    low, high = wilson(right / seen, seen)
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
    return _over_classes(counts, class_prior)[0]


def combined(
    right: int,
    seen: int,
    tables: Sequence[Sequence[Sequence[float]]],
    priors: Sequence[Sequence[float]],
) -> Interval:
    """Her accuracy from gold and from her confusion matrix together.

    tables   one [true][said] a problem, as a fit left them: gold is among its judgments
    priors   one row of class shares a problem

    An answer is right if all of its problems are, so their accuracies are multiplied and the
    smallest sample counts. Gold is what was observed and counts whole; what inference adds beyond
    it leans on her colleagues and on her own vote, and counts half. The sum is a Wilson interval.
    With no problem to infer (texts) it is gold alone.
    """
    if not 0 <= right <= seen:
        raise BadJudgments(f"{right} right of {seen} seen is not possible.")
    if not tables:
        return gold_interval(right, seen)
    found = [_over_classes(t, p) for t, p in zip(tables, priors, strict=True)]
    inferred = INFERRED_COUNTS * max(0.0, min(n for _, n in found) - seen)
    if seen + inferred <= 0:
        return Interval(0.0, 0.5, 1.0)
    mid = (right + inferred * prod(i.mid for i, _ in found)) / (seen + inferred)
    low, high = wilson(mid, seen + inferred)
    return Interval(low, mid, high)


def _over_classes(counts: Any, class_prior: Sequence[float]) -> tuple[Interval, float]:
    """The accuracy over a job's mix of classes, and the sample size that it is worth."""
    said = np.asarray(counts, np.float64)
    shares = np.asarray(class_prior, np.float64)
    if said.ndim != 2 or said.shape != (len(shares), len(shares)):
        raise BadJudgments(f"Counts {said.shape} and {len(shares)} classes do not fit.")
    alpha = said + row_prior(len(shares))
    total = alpha.sum(axis=1)
    right = np.diag(alpha) / total
    mean = float(shares @ right)
    variance = float(shares**2 @ (right * (1 - right) / (total + 1)))
    n = mean * (1 - mean) / variance - 1
    low, high = wilson(mean, n)
    return Interval(low, mean, high), n


def wilson(share: float, n: float) -> tuple[float, float]:
    """The 95 % interval of a share seen in n cases. Source: Wilson 1927."""
    z2 = Z95 * Z95
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 / (1 + z2 / n) * (share * (1 - share) / n + z2 / (4 * n * n)) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)


def is_shown(looked_at: int, shown_gold: int, judgments: int, gold: int) -> tuple[bool, int]:
    """Whether a person's accuracy is shown anew, and how many judgments were looked at.

    looked_at    her judgments when it was last asked, shown or not
    shown_gold   her answers to gold that are in what is shown

    Asked only when her judgments pass a multiple of SHOWN_EVERY, so that the moment of a change
    hangs on how much she did and not on when she met gold.
    """
    if judgments // SHOWN_EVERY <= looked_at // SHOWN_EVERY:
        return False, looked_at
    return gold - shown_gold >= SHOWN_GOLD, judgments


def under(right: int, seen: int, both: Interval, line: float) -> Interval | None:
    """The interval that lies wholly under the line: of gold alone, or of gold and inference
    (`combined`); None if neither does, or if there is too little gold to say so.

    Gold alone suffices: where it and inference disagree, as where everybody shares one misreading,
    gold is what was seen.
    """
    if seen < CASE_GOLD:
        return None
    return next((i for i in (gold_interval(right, seen), both) if i.high < line), None)
