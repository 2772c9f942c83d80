"""Whether confidence means what it says, after 50 gold units drawn at random.

The error is beyond that of a perfect predictor of the same size, on the units that are not gold;
gold is not held fixed in the inference, so that nothing has seen the units that are scored. The bar
is for the confidence from halves and votes, which the job's estimate rests on; the tempered
posterior, by which units are stopped, is reported beside it.
"""

import numpy as np

from benchmarks.parts.crowd import Choice, Sets
from benchmarks.parts.figures import Report
from ujima.quality.calibration import sure
from ujima.quality.reliability import brier, calibration_error, chance_error
from ujima.quality.stopping import POWER_SPREAD, power_from_gold, temper
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Array

GOLD, DRAWS = 50, 50


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Calibration error and Brier score on each set, means over draws of the gold."""
    for one in sets.choices():
        if quick and len(one.truth) > 1000:
            continue
        posterior = ibcc(one.judgments).posterior
        draws = [_draw(one, posterior, seed) for seed in range(4 if quick else DRAWS)]
        mean = np.mean(draws, axis=0)
        unit = "beyond chance"
        report.at_most(f"{one.name}: calibration error", round(float(mean[0]), 4), unit, 0.03)
        report.reported(f"{one.name}: tempered, error", round(float(mean[1]), 4), unit)
        report.reported(f"{one.name}: untempered, error", round(float(mean[2]), 4), unit)
        report.reported(f"{one.name}: Brier, tempered", round(float(mean[3]), 4), "")
        report.reported(f"{one.name}: Brier, untempered", round(float(mean[4]), 4), "")
        report.reported(f"{one.name}: Brier of the answer", round(float(mean[5]), 4), "")


def _draw(one: Choice, posterior: Array, seed: int) -> tuple[float, ...]:
    rng = np.random.default_rng(seed)
    known = np.flatnonzero(one.truth >= 0)
    gold = rng.choice(known, GOLD, replace=False)
    rest = np.setdiff1d(known, gold)
    told = np.full(len(one.truth), -1)
    told[gold] = one.truth[gold]
    power = power_from_gold(posterior[gold], one.truth[gold], spread=POWER_SPREAD)
    tempered = np.array([temper(row, power) for row in posterior[rest].tolist()])
    halves = sure(one.judgments, posterior, told, rng)[rest]
    right = one.right(posterior)[rest]
    return (
        _beyond(halves, right, rng),
        _beyond(tempered.max(axis=1), right, rng),
        _beyond(posterior[rest].max(axis=1), right, rng),
        brier(tempered, one.truth[rest]),
        brier(posterior[rest], one.truth[rest]),
        float(np.mean((halves - right) ** 2)),
    )


def _beyond(confidence: Array, right: Array, rng: np.random.Generator) -> float:
    return calibration_error(confidence, right) - chance_error(confidence, rng, draws=20)
