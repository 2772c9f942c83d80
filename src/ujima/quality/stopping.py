"""When a unit has been asked often enough.

A posterior from few workers is surer than it is right, so confidence is read off a tempered one,
p^power made to sum to 1. One power a job, fitted on its gold; before there is enough gold, a
cautious one and at least three judgments.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ujima.quality.errors import BadJudgments

# Powers fitted on 50 gold tasks of 18 public sets lay between .12 and .47.
CAUTIOUS_POWER = 0.3
CAUTIOUS_MINIMUM = 3
# Fewer gold answers leave the fitted power too loose to act on.
GOLD_NEEDED = 30
LOWEST_POWER, HIGHEST_POWER = 0.05, 1.5

# Targets at which the cautious rule lost at most 2 points on six of seven public sets
# (docs/quality.md names the seventh). With more classes a newcomer's vote weighs more, so the same
# evidence reads as more confidence, and the target must be higher.
_DEFAULT_TARGETS = {2: 0.9, 3: 0.97}
_DEFAULT_TARGET_OF_MANY = 0.99

_GOLDEN = (5**0.5 - 1) / 2


class Outcome(StrEnum):
    """What to do with a unit: ask again, stop as it is sure, as its budget is spent, as more
    judgments would not help (a person looks at it), as the job's money is spent, or as its time
    is over."""

    MORE = "more"
    CONFIDENT = "confident"
    SPENT = "spent"
    REVIEW = "review"
    CEILING = "ceiling"
    OVER = "over"


class Decision(NamedTuple):
    """An outcome and the tempered confidence (0 to 1) it rests on."""

    outcome: Outcome
    confidence: float


@dataclass(frozen=True)
class Rule:
    """A job's rule for stopping.

    target         confidence (0 to 1) at which a unit is settled
    minimum        judgments before any unit may settle
    maximum        judgments after which a unit is no longer offered
    power          fitted on the job's gold by `power_from_gold`; used once there is enough gold
    gold_answers   gold units that the power was fitted on
    is_over        the job's deadline has passed, so that nothing is asked any more
    """

    target: float
    minimum: int
    maximum: int
    power: float = CAUTIOUS_POWER
    gold_answers: int = 0
    is_over: bool = False

    def __post_init__(self) -> None:
        if not (0 < self.target <= 1 and 1 <= self.minimum <= self.maximum):
            raise BadJudgments(
                f"A target of {self.target} with {self.minimum} to {self.maximum} judgments "
                "is no rule: 0 < target <= 1 and 1 <= minimum <= maximum."
            )

    @property
    def is_calibrated(self) -> bool:
        """Whether there is gold enough to trust the fitted power."""
        return self.gold_answers >= GOLD_NEEDED

    @property
    def power_now(self) -> float:
        """The power to temper by at present."""
        return self.power if self.is_calibrated else CAUTIOUS_POWER

    @property
    def minimum_now(self) -> int:
        """The least judgments at present; the maximum still ends a unit below it."""
        return self.minimum if self.is_calibrated else max(self.minimum, CAUTIOUS_MINIMUM)


def default_target(n_labels: int) -> float:
    """The confidence target to offer a buyer for a question with this many classes."""
    return _DEFAULT_TARGETS.get(n_labels, _DEFAULT_TARGET_OF_MANY)


def temper(posterior: Sequence[float], power: float) -> list[float]:
    """p^power made to sum to 1; below 1 it is less sure, at 1 unchanged."""
    top = max(posterior)
    raised = [(p / top) ** power for p in posterior]
    total = sum(raised)
    return [r / total for r in raised]


def decide(n_judgments: int, posterior: Sequence[float], rule: Rule) -> Decision:
    """Decide whether a unit of one categorical problem needs another judgment."""
    return decide_unit(n_judgments, [posterior], rule)


def decide_unit(
    n_judgments: int,
    posteriors: Sequence[Sequence[float]],
    rule: Rule,
    *,
    shares: Sequence[float] = (),
) -> Decision:
    """Decide whether a unit of several problems needs another judgment.

    posteriors   one per categorical problem, (n_labels,) each
    shares       of its text questions, the share of answers that agree; not tempered

    The confidence is that of the least certain problem; without any problem it is 0.
    """
    sure = [max(temper(p, rule.power_now)) for p in posteriors]
    confidence = min((*sure, *shares), default=0.0)
    if n_judgments >= min(rule.minimum_now, rule.maximum) and confidence >= rule.target:
        return Decision(Outcome.CONFIDENT, confidence)
    if n_judgments >= rule.maximum:
        return Decision(Outcome.SPENT, confidence)
    return Decision(Outcome.OVER if rule.is_over else Outcome.MORE, confidence)


def power_from_gold(posteriors: ArrayLike, truths: ArrayLike) -> float:
    """Fit the power that makes the gold's truths most likely, between .05 and 1.5.

    posteriors   (n, n_labels) of the gold units *as if their truth were not known*: under workers'
                 tables from a fit without gold (tables that gold taught know its answers: 1.5 in
                 place of .16 on `cf`), and from about as many judgments as a unit gets (gold that
                 a hundred people judged says nothing about confidence after three)
    truths       (n,) their labels

    The log-likelihood is concave in the power, so a golden-section search finds its top (to 1e-4).
    """
    logs = np.log(np.maximum(np.asarray(posteriors, np.float64), 1e-300))
    known = np.asarray(truths, np.intp)
    if logs.ndim != 2 or known.shape != logs.shape[:1] or not len(known):
        raise BadJudgments(f"Posteriors {logs.shape} and truths {known.shape} do not pair up.")
    low, high = LOWEST_POWER, HIGHEST_POWER
    while high - low > 1e-4:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _log_likelihood(logs, known, left) < _log_likelihood(logs, known, right):
            low = left
        else:
            high = right
    return (low + high) / 2


def _log_likelihood(logs: NDArray[np.float64], truths: NDArray[np.intp], power: float) -> float:
    raised = logs * power
    top = raised.max(axis=1)
    totals = top + np.log(np.exp(raised - top[:, None]).sum(axis=1))
    return float((raised[np.arange(len(truths)), truths] - totals).sum())
