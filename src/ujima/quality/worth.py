"""What more judgments of a unit are worth: by how much they would probably raise its confidence.

Between the two likeliest classes, one more judgment moves the log odds by a random amount; its
mean is the information a judgment carries (the Kullback-Leibler divergence between the people's
rows for the two classes), its variance twice that, as of every log likelihood ratio that is nearly
Gaussian. So after m judgments of information j each, the answer will be right with probability
q F((l + mj) / s) + (1 - q) F((mj - l) / s), s = sqrt(2 m j), l the log odds, q = 1 / (1 + e^-l),
F the normal distribution. Odds and information are both tempered by the job's power: if a posterior
is surer than it is right, judgments carry less than they seem to.

Two steps are often worth more than twice one (a single vote may be unable to turn the answer), so
several horizons are looked at; a longer one counts a little less, as it costs more.
"""

from collections.abc import Sequence
from math import erf, exp, log, sqrt

import numpy as np

from ujima.quality.judgments import Codes
from ujima.quality.truth.result import Array

#: how far ahead is looked, in judgments; further than are left is as far as are left
HORIZONS = (1, 2, 3, 5, 8, 12, 20, 30)
#: a gain counts divided by the horizon to this power: 0 would ignore what it costs, 1 would give
#: up units that only several judgments together can turn
COST = 0.25
_SMALLEST = 1e-300


def information(confusion: Array, weights: Array) -> Array:
    """(n_labels, n_labels) nats by which a judgment tells two classes apart, symmetric, mean over
    the people.

    confusion   (n_workers, n_labels, n_labels) [w, k, l] = P(w says l | truth k), none of them 0
    weights     (n_workers,) how much each of them judges
    """
    logs = np.log(confusion)
    own = np.einsum("w,wks,wks->k", weights, confusion, logs)
    other = np.einsum("w,wks,wjs->kj", weights, confusion, logs)
    divergence: Array = (own[:, None] - other) / max(float(weights.sum()), _SMALLEST)
    return np.maximum((divergence + divergence.T) / 2, 0.0)


def worth_of(
    posterior: Sequence[float], power: float, told: Sequence[Sequence[float]], left: int
) -> float:
    """The worth of more judgments of one unit: 0 to .5.

    posterior   (n_labels,) not tempered
    told        (n_labels, n_labels) of `information`
    left        judgments that may still be asked
    """
    if left <= 0:
        return 0.0
    first, second = sorted(range(len(posterior)), key=lambda k: -posterior[k])[:2]
    top = posterior[first]
    raised = [(p / top) ** power for p in posterior]
    both = (1 + raised[second]) / sum(raised)
    odds = -log(max(raised[second], _SMALLEST))
    step = told[first][second] * power
    sure = 1 / (1 + exp(-odds))
    gains = [_gain(odds, sure, step * m) / m**COST for m in {min(h, left) for h in HORIZONS}]
    return float(max(0.0, both * max(gains)))


def _gain(odds: float, sure: float, told: float) -> float:
    if told <= 0:
        return 0.0
    spread = sqrt(2 * told)
    right = sure * _below((odds + told) / spread) + (1 - sure) * _below((told - odds) / spread)
    return right - sure


def _below(z: float) -> float:
    return 0.5 * (1 + erf(z / sqrt(2)))


def worths(posterior: Array, power: float, told: Array, left: Codes) -> Array:
    """(n,) `worth_of` for many units at once; posterior (n, n_labels), left (n,)."""
    rows = np.arange(len(posterior))
    first, second = np.argsort(-posterior, axis=1, kind="stable")[:, :2].T
    logs = power * np.log(np.maximum(posterior, _SMALLEST))
    raised = np.exp(logs - logs[rows, first][:, None])
    both = (1 + raised[rows, second]) / raised.sum(axis=1)
    odds = logs[rows, first] - logs[rows, second]
    sure = 1 / (1 + np.exp(-odds))
    step = np.maximum(told[first, second] * power, _SMALLEST)
    found = np.zeros(len(posterior))
    for horizon in HORIZONS[: int(np.searchsorted(HORIZONS, left.max(initial=0))) + 1]:
        ahead = np.clip(left, 1, horizon)
        moved = step * ahead
        spread = np.sqrt(2 * moved)
        right = sure * _all_below((odds + moved) / spread)
        right += (1 - sure) * _all_below((moved - odds) / spread)
        found = np.maximum(found, (right - sure) / ahead**COST)
    worth: Array = np.where(left > 0, both * found, 0.0)
    return worth


def _all_below(z: Array) -> Array:
    """The normal distribution to 1e-7 (Abramowitz and Stegun 26.2.17); NumPy has none."""
    t = 1 / (1 + 0.2316419 * np.abs(z))
    poly = t * (
        0.319381530 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429)))
    )
    tail = poly * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)
    below: Array = np.where(z >= 0, 1 - tail, tail)
    return below
