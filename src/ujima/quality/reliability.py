"""Whether a confidence means what it says: the reliability diagram and what it sums up to.

Of results given out at 90 % confidence, nine in ten should be right.
Source: Guo et al. 2017, arXiv:1706.04599 (expected calibration error); Brier 1950.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes
from ujima.quality.stopping import CAUTIOUS_POWER, GOLD_NEEDED, power_from_gold, temper
from ujima.quality.trust import Interval, gold_interval
from ujima.quality.truth.result import Array

Rights = NDArray[np.floating[Any] | np.bool_]

BINS = 10
#: parts that the known units are dealt into, each read with the power fitted on the others
FOLDS = 5
#: draws for what chance alone would make of a perfect confidence
DRAWS = 200


@dataclass(frozen=True)
class Bin:
    """Units whose confidence lies in [low, high): how many, their mean confidence, and the share
    that were right with its 95 % interval."""

    low: float
    high: float
    units: int
    confidence: float
    right: Interval


@dataclass(frozen=True)
class Reliability:
    """A reliability diagram; bins without units are left out.

    error     expected calibration error: the mean distance of confidence and share right, by bin
    perfect   what that error would be on average by chance, were the confidence exact
    brier     mean squared distance of the confidence from 1 (right) or 0 (wrong)
    """

    bins: tuple[Bin, ...]
    units: int
    error: float
    perfect: float
    brier: float


def reliability(
    confidence: ArrayLike, is_right: ArrayLike, *, rng: np.random.Generator
) -> Reliability:
    """Compare confidences with what was right, in ten bins of equal width.

    confidence   (n,) from 0 to 1; is_right (n,) whether each was. Refuses BadJudgments if empty.
    """
    sure, right = np.asarray(confidence, np.float64), np.asarray(is_right, np.bool_)
    if sure.shape != right.shape or sure.ndim != 1 or not len(sure):
        raise BadJudgments(f"{sure.shape} confidences and {right.shape} answers do not pair up.")
    if not ((sure >= 0) & (sure <= 1 + 1e-9)).all():
        raise BadJudgments("A confidence lies between 0 and 1.")
    return Reliability(
        bins=binned(sure, right),
        units=len(sure),
        error=calibration_error(sure, right),
        perfect=chance_error(sure, rng),
        brier=float(((sure - right) ** 2).mean()),
    )


def binned(sure: Array, right: Rights) -> tuple[Bin, ...]:
    """Units by tenths of confidence; arguments as of `calibration_error`."""
    place = _bin_of(sure)
    n = np.bincount(place, minlength=BINS)
    means = np.bincount(place, sure, BINS) / np.maximum(n, 1)
    rights = np.rint(np.bincount(place, np.asarray(right, np.float64), BINS)).astype(int).tolist()
    return tuple(
        Bin(
            b / BINS,
            (b + 1) / BINS,
            int(n[b]),
            float(means[b]),
            gold_interval(rights[b], int(n[b])),
        )
        for b in np.flatnonzero(n).tolist()
    )


def calibration_error(confidence: Array, right: Rights) -> float:
    """The expected calibration error, 0 to 1.

    confidence   (n,) 0 to 1, of each unit's answer
    right        (n,) 1 where the answer is right, 0 where not, a share where several were equal
    """
    if not len(confidence) or len(confidence) != len(right):
        raise BadJudgments(
            f"{len(confidence)} confidences and {len(right)} answers do not pair up."
        )
    place = _bin_of(confidence)
    off = np.bincount(place, weights=np.asarray(right, np.float64) - confidence, minlength=BINS)
    return float(np.abs(off).sum() / len(confidence))


def chance_error(confidence: Array, rng: np.random.Generator, draws: int = DRAWS) -> float:
    """The error that a perfect predictor with these confidences has on average, by chance alone."""
    right = rng.random((draws, len(confidence))) < confidence
    return float(np.mean([calibration_error(confidence, one) for one in right]))


def brier(posterior: Array, truth: Codes) -> float:
    """The mean squared distance between (n, n_labels) probabilities and the truth, 0 to 2."""
    if not len(truth) or len(truth) != len(posterior):
        raise BadJudgments(f"{len(posterior)} posteriors and {len(truth)} truths do not pair up.")
    known = np.zeros_like(posterior)
    known[np.arange(len(truth)), truth] = 1.0
    return float(((posterior - known) ** 2).sum(axis=1).mean())


def held_out(posteriors: ArrayLike, truths: ArrayLike) -> NDArray[np.float64]:
    """(n,) the confidence of each known unit, its posterior tempered with the power fitted on the
    others: a power that has seen the unit would flatter itself. With few known units it is the
    cautious power, as for results.

    posteriors   (n, n_labels) as if the truth were not known; truths (n,) labels
    """
    rows, known = np.asarray(posteriors, np.float64), np.asarray(truths, np.intp)
    fold = np.arange(len(rows)) % FOLDS
    sure = np.zeros(len(rows))
    for one in range(FOLDS):
        rest = fold != one
        enough = len(rows) >= GOLD_NEEDED
        power = power_from_gold(rows[rest], known[rest]) if enough else CAUTIOUS_POWER
        for at in np.flatnonzero(~rest):
            sure[at] = max(temper(rows[at].tolist(), power))
    return sure


def _bin_of(sure: Array) -> Codes:
    # .3 may come as a hair less; it counts in the bin above, as on the job's page
    place: Codes = np.minimum((sure * BINS + 1e-9).astype(np.intp), BINS - 1)
    return place
