"""A job tried in rounds on recorded judgments: everybody is asked once more about each unit that is
still open, all is inferred anew, and units that need no more are stopped.

`replay` is what the service does judgment by judgment; this asks the same questions of many rules,
sets and orders in seconds, as a benchmark has to.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ujima.quality.judgments import Codes, Judgments
from ujima.quality.steady import Drift, drift, is_warm
from ujima.quality.stopping import CAUTIOUS_POWER, POWER_SPREAD, WORTH, power_from_gold
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Array, Truth
from ujima.quality.worth import information, worths

_TOLERANCE, _STEPS = 1e-3, 60


@dataclass(frozen=True, slots=True)
class Policy:
    """When a unit is asked no more: from `minimum` judgments on, once the inference is steady, and
    more judgments are worth less than `worth`."""

    worth: float = WORTH
    minimum: int = 2


@dataclass(frozen=True, eq=False)
class Tried:
    """What came of it.

    posterior   (n_tasks, n_labels) inferred from the judgments used, gold treated like any other
    asked       (n_tasks,) judgments used for each task
    offered     how many were recorded
    golds       answers that somebody gave to know them for certain
    power       the last one fitted
    rounds      how many there were
    """

    posterior: Array
    asked: Codes
    offered: int
    golds: int
    power: float
    rounds: int

    @property
    def saved(self) -> float:
        """The share of judgments not asked for; each gold answer counts as one that was."""
        return 1 - (int(self.asked.sum()) + self.golds) / self.offered


def in_rounds(
    judgments: Judgments,
    gold: Mapping[int, int],
    rng: np.random.Generator,
    policy: Policy | None = None,
) -> Tried:
    """Try a policy on recorded judgments, those of each task in an order drawn by `rng`.

    gold   task -> its label; the power is fitted on them as if they were not known
    """
    policy = policy or Policy()
    recorded = judgments.counted()
    rank = _ranks(judgments, rng)
    asked = np.minimum(recorded, policy.minimum)
    # A few units may have been judged far more often than all others; the usual number is bought.
    most = int(np.median(recorded))
    posterior: Array | None = None
    drifted, rounds = Drift(), 0
    while True:
        rounds += 1
        used = _kept(judgments, rank < asked[judgments.task])
        truth = ibcc(used, start=posterior, tol=_TOLERANCE, max_iter=_STEPS)
        posterior = truth.posterior
        power = _power(posterior, gold)
        if not drifted.is_steady and is_warm(used.worker):
            drifted = drift(used, posterior, rng, drifted)
        wanting = asked < recorded
        if drifted.is_steady:
            wanting &= _worth(truth, used, power, np.maximum(most - asked, 1)) > policy.worth
        if not wanting.any():
            break
        asked = asked + wanting
    return Tried(ibcc(used).posterior, asked, len(judgments), len(gold), power, rounds)


def until_led(judgments: Judgments, margin: int, rng: np.random.Generator) -> Judgments:
    """The judgments that are bought if each task is asked, in an order drawn by `rng`, until one
    answer leads the next by `margin` votes: the rule of thumb to be better than."""
    rank = _ranks(judgments, rng)
    votes = np.zeros((judgments.n_tasks, judgments.n_labels), np.intp)
    going, keep = np.ones(judgments.n_tasks, bool), np.zeros(len(judgments), bool)
    for at in range(int(rank.max()) + 1):
        now = (rank == at) & going[judgments.task]
        keep |= now
        votes[judgments.task[now], judgments.label[now]] += 1
        leading = np.sort(votes, axis=1)
        going &= leading[:, -1] - leading[:, -2] < margin
    return _kept(judgments, keep)


def _power(posterior: Array, gold: Mapping[int, int]) -> float:
    if not gold:
        return CAUTIOUS_POWER
    return power_from_gold(posterior[list(gold)], list(gold.values()), spread=POWER_SPREAD)


def _worth(truth: Truth, used: Judgments, power: float, left: Codes) -> Array:
    weights = np.bincount(used.worker, minlength=used.n_workers).astype(float)
    return worths(truth.posterior, power, information(truth.confusion, weights), left)


def _ranks(judgments: Judgments, rng: np.random.Generator) -> Codes:
    """(n,) the place of each judgment among those of its task, by chance."""
    order = rng.permutation(len(judgments))
    by_task = order[np.argsort(judgments.task[order], kind="stable")]
    begins = np.cumsum(judgments.counted()) - judgments.counted()
    rank: Codes = np.empty(len(judgments), np.intp)
    rank[by_task] = np.arange(len(judgments)) - begins[judgments.task[by_task]]
    return rank


def _kept(judgments: Judgments, keep: np.ndarray) -> Judgments:
    return replace(
        judgments,
        task=judgments.task[keep],
        worker=judgments.worker[keep],
        label=judgments.label[keep],
    )
