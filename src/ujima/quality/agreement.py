"""How far people agree beyond chance: Krippendorff's alpha, with an interval from the bootstrap.

Alpha is 1 where all agree, 0 where answers agree as often as if they were dealt out by chance,
below 0 where they agree less. Units may have any number of answers; those with one are left out,
as nobody can agree with it.

Source: Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability"; Hayes and Krippendorff
2007, doi:10.1080/19312450709336664.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ujima.quality.errors import BadJudgments

Scale = Literal["nominal", "ordinal", "interval", "ratio"]
Floats = NDArray[np.float64]

#: draws of the bootstrap: the ends of a 95 % interval then rest on 25 draws each
DRAWS = 1000
#: a table of values by values has to fit into memory
MOST_VALUES = 3000


@dataclass(frozen=True)
class Agreement:
    """Krippendorff's alpha over a job.

    alpha      None where nothing can be said: no unit has two answers, or all answers are the same
    low, high  its 95 % interval by drawing units anew; None with alpha, or for fewer than two units
    units      that have two answers or more; `answers` to these
    """

    alpha: float | None
    low: float | None
    high: float | None
    units: int
    answers: int
    scale: Scale


def alpha(
    unit: ArrayLike,
    label: ArrayLike,
    values: Sequence[float] | int,
    scale: Scale = "nominal",
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
) -> Agreement:
    """Measure agreement over answers, one row each.

    unit     (n,) which unit, as integers from 0
    label    (n,) which value was said, as integers from 0 into `values`
    values   what the labels stand for, or how many labels there are; for ordinal in their order,
             for interval and ratio as numbers

    Refuses BadJudgments: rows of unequal length, labels outside the values, values that a ratio
    scale cannot hold (below 0), more than 3,000 values.
    """
    numbers = np.arange(values, dtype=np.float64) if isinstance(values, int) else _numbers(values)
    counts = _counted(unit, label, len(numbers))
    if scale == "ratio" and (numbers < 0).any():
        raise BadJudgments("A ratio scale has no values below 0.")
    counts = counts[counts.sum(axis=1) >= 2]
    if not len(counts):
        return Agreement(None, None, None, 0, 0, scale)
    # units that were answered alike are one row with its number: few rows, however large the job
    rows, times = np.unique(counts, axis=0, return_counts=True)
    found = _alpha(rows, times, numbers, scale)
    low, high = None, None
    if found is not None and len(counts) > 1:
        low, high = _interval(rows, times, numbers, scale, rng, draws)
    return Agreement(found, low, high, len(counts), int(counts.sum()), scale)


def coincidences(counts: ArrayLike, times: ArrayLike) -> Floats:
    """The table of pairs of values that stand together in a unit, each pair weighed by 1 / (the
    unit's answers - 1), so that it sums to the number of answers.

    counts   (n, n_values) how often each value was said of a unit, at least two a row
    times    (n,) how many units have that row
    """
    said = np.asarray(counts, np.float64)
    weighed = said * (np.asarray(times, np.float64) / (said.sum(axis=1) - 1))[:, None]
    pairs: Floats = weighed.T @ said
    pairs[np.diag_indices_from(pairs)] -= weighed.sum(axis=0)
    return pairs


def distances(totals: Floats, values: Floats, scale: Scale) -> Floats:
    """How far apart two values are, squared: (n_values, n_values).

    totals   (n_values,) how often each was said; an ordinal distance is how many lie between
    """
    if scale == "nominal":
        return 1.0 - np.eye(len(values))
    if scale == "ordinal":
        upto = np.cumsum(totals) - totals / 2
        return np.asarray((upto[:, None] - upto[None, :]) ** 2)
    apart = (values[:, None] - values[None, :]) ** 2
    if scale == "interval":
        return apart
    together = (values[:, None] + values[None, :]) ** 2
    return np.divide(apart, together, out=np.zeros_like(apart), where=together > 0)


def _alpha(counts: Floats, times: ArrayLike, values: Floats, scale: Scale) -> float | None:
    pairs = coincidences(counts, times)
    totals = pairs.sum(axis=1)
    n = totals.sum()
    if n < 2 or np.count_nonzero(totals) < 2:
        return None
    apart = distances(totals, values, scale)
    observed = (pairs * apart).sum() / n
    expected = (totals @ apart @ totals) / (n * (n - 1))
    return float(1 - observed / expected)


def _interval(
    rows: Floats,
    times: NDArray[np.intp],
    values: Floats,
    scale: Scale,
    rng: np.random.Generator,
    draws: int,
) -> tuple[float | None, float | None]:
    drawn = rng.multinomial(times.sum(), times / times.sum(), size=draws)
    found = []
    for weights in drawn:
        kept = weights > 0
        one = _alpha(rows[kept], weights[kept], values, scale)
        if one is not None:
            found.append(one)
    if not found:
        return None, None
    low, high = np.quantile(found, (0.025, 0.975))
    return float(low), float(high)


def _numbers(values: Sequence[float]) -> Floats:
    numbers = np.asarray(values, np.float64)
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise BadJudgments("The values of a scale are finite numbers in one row.")
    return numbers


def _counted(unit: ArrayLike, label: ArrayLike, n_values: int) -> Floats:
    units, labels = np.asarray(unit), np.asarray(label)
    if units.shape != labels.shape or units.ndim != 1:
        raise BadJudgments(f"{units.shape} units and {labels.shape} labels do not pair up.")
    if n_values > MOST_VALUES:
        raise BadJudgments(f"{n_values} different values are too many; {MOST_VALUES} at most.")
    if not len(units):
        return np.zeros((0, n_values))
    if units.dtype.kind not in "iu" or labels.dtype.kind not in "iu":
        raise BadJudgments("Units and labels are integers from 0.")
    outside = np.flatnonzero((labels < 0) | (labels >= n_values) | (units < 0))
    if len(outside):
        rows = outside[:5].tolist()
        raise BadJudgments(f"{len(outside)} answers are outside the values.", place={"rows": rows})
    _, places = np.unique(units, return_inverse=True)
    flat = np.bincount(places * n_values + labels, minlength=(places.max() + 1) * n_values)
    return flat.reshape(-1, n_values).astype(np.float64)
