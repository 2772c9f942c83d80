"""When a unit has been asked often enough.

A posterior from few workers is surer than it is right, so confidence is read off a tempered one,
p^power made to sum to 1. One power a job, fitted on its gold, beginning from a cautious one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.worth import worth_of

# Powers fitted on 50 gold tasks of 18 public sets lay between .12 and .47.
CAUTIOUS_POWER = 0.3
CAUTIOUS_MINIMUM = 3
# How far the power of another job may lie from that, before any gold: a factor of two either way
# is within one standard deviation of its logarithm.
POWER_SPREAD = log(2)
# Gold answers after which a buyer's own minimum of judgments holds, and past jobs are gone by.
GOLD_NEEDED = 30
LOWEST_POWER, HIGHEST_POWER = 0.03, 1.5
# A unit is not asked again for less: another judgment would raise its confidence by a point. Chosen
# for each public set on the six others (bin/bench quality --only saved); this is what they choose.
WORTH = 0.01

# Of units less sure than this at least one answer in five is wrong: enough for a person who looks.
REVIEW_BELOW = 0.8

# Targets at which the cautious rule lost at most 2 points on six of seven public sets
# (docs/quality.md names the seventh). With more classes a newcomer's vote weighs more, so the same
# evidence reads as more confidence, and the target must be higher.
_DEFAULT_TARGETS = {2: 0.9, 3: 0.97}
_DEFAULT_TARGET_OF_MANY = 0.99

_GOLDEN = (5**0.5 - 1) / 2


class Outcome(StrEnum):
    """What to do with a unit.

    more        ask again
    confident   its target is reached
    spent       its budget of judgments is used up
    enough      more judgments would hardly help, though its target is not reached
    review      the same, and it is so unsure that a person should look at it
    audit       it could stop, and is asked again only to see whether that would have been right
    ceiling     the job's money is spent
    over        the job's time is over
    """

    MORE = "more"
    CONFIDENT = "confident"
    SPENT = "spent"
    ENOUGH = "enough"
    REVIEW = "review"
    AUDIT = "audit"
    CEILING = "ceiling"
    OVER = "over"

    @property
    def asks(self) -> bool:
        """Whether the unit is still asked."""
        return self in (Outcome.MORE, Outcome.AUDIT)


class Decision(NamedTuple):
    """An outcome and the tempered confidence (0 to 1) it rests on."""

    outcome: Outcome
    confidence: float


Told = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Rule:
    """A job's rule for stopping.

    target         confidence (0 to 1) at which a unit is settled
    minimum        judgments before any unit may settle
    maximum        judgments after which a unit is no longer offered
    power          fitted on the job's gold by `power_from_gold`
    gold_answers   gold units that the power was fitted on
    told           for each problem what a judgment tells (`worth.information`); none while the
                   inference is not steady (`steady`): until then no unit is given up, and no power
                   bolder than the cautious one holds
    worth          what more judgments of a unit must be worth to be asked
    is_over        the job's deadline has passed, so that nothing is asked any more
    is_spent       its money is: the same
    """

    target: float
    minimum: int
    maximum: int
    power: float = CAUTIOUS_POWER
    gold_answers: int = 0
    told: tuple[Told, ...] = ()
    worth: float = WORTH
    is_over: bool = False
    is_spent: bool = False

    def __post_init__(self) -> None:
        if not (0 < self.target <= 1 and 1 <= self.minimum <= self.maximum):
            raise BadJudgments(
                f"A target of {self.target} with {self.minimum} to {self.maximum} judgments "
                "is no rule: 0 < target <= 1 and 1 <= minimum <= maximum."
            )

    @property
    def is_steady(self) -> bool:
        """Whether the job's people are known well enough to go by."""
        return bool(self.told)

    @property
    def power_now(self) -> float:
        """The power to temper by at present."""
        return self.power if self.is_steady else min(self.power, CAUTIOUS_POWER)

    @property
    def minimum_now(self) -> int:
        """The least judgments at present; the maximum still ends a unit below it."""
        bold = self.is_steady and self.gold_answers >= GOLD_NEEDED
        return self.minimum if bold else max(self.minimum, CAUTIOUS_MINIMUM)


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
    is_audited: bool = False,
) -> Decision:
    """Decide whether a unit of several problems needs another judgment.

    posteriors   one per categorical problem, (n_labels,) each
    shares       of its text questions, the share of answers that agree; not tempered
    is_audited   whether it belongs to the sample (`audit`) that is asked to the maximum all the
                 same, while others stop

    The confidence is that of the least certain problem; without any problem it is 0.
    """
    sure = [max(temper(p, rule.power_now)) for p in posteriors]
    confidence = min((*sure, *shares), default=0.0)
    is_asked = n_judgments >= min(rule.minimum_now, rule.maximum)
    if is_asked and confidence >= rule.target:
        goes_on = is_audited and n_judgments < rule.maximum and not (rule.is_over or rule.is_spent)
        return Decision(Outcome.AUDIT if goes_on else Outcome.CONFIDENT, confidence)
    if n_judgments >= rule.maximum:
        return Decision(Outcome.SPENT, confidence)
    if rule.is_over or rule.is_spent:
        return Decision(Outcome.OVER if rule.is_over else Outcome.CEILING, confidence)
    if is_asked and rule.is_steady and not shares:
        left = rule.maximum - n_judgments
        if most_worth(posteriors, rule, left) < rule.worth:
            given_up = Outcome.REVIEW if confidence < REVIEW_BELOW else Outcome.ENOUGH
            return Decision(Outcome.AUDIT if is_audited else given_up, confidence)
    return Decision(Outcome.MORE, confidence)


def most_worth(posteriors: Sequence[Sequence[float]], rule: Rule, left: int) -> float:
    """What `left` more judgments are worth to the problem of a unit that they help most."""
    return max(
        worth_of(p, rule.power_now, told, left)
        for p, told in zip(posteriors, rule.told, strict=True)
    )


def power_from_gold(posteriors: ArrayLike, truths: ArrayLike, *, spread: float = 0.0) -> float:
    """Fit the power that makes the gold's truths most likely, between .03 and 1.5.

    posteriors   (n, n_labels) of the gold units *as if their truth were not known*: under workers'
                 tables from a fit without gold (tables that gold taught know its answers: 1.5 in
                 place of .16 on `cf`), and from about as many judgments as a unit gets (gold that
                 a hundred people judged says nothing about confidence after three)
    truths       (n,) their labels
    spread       standard deviation of the power's logarithm around that of the cautious one, as
                 believed before: few gold answers then move it little. 0 for believing nothing

    The logarithm of the power is searched by golden section to 1e-4. The likelihood is concave in
    the power, so there is one top; with a spread the cautious power stands in for missing gold.
    """
    logs = np.log(np.maximum(np.asarray(posteriors, np.float64), 1e-300))
    known = np.asarray(truths, np.intp)
    if logs.ndim != 2 or known.shape != logs.shape[:1] or not len(known):
        raise BadJudgments(f"Posteriors {logs.shape} and truths {known.shape} do not pair up.")
    low, high = log(LOWEST_POWER), log(HIGHEST_POWER)
    while high - low > 1e-4:
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _support(logs, known, left, spread) < _support(logs, known, right, spread):
            low = left
        else:
            high = right
    return float(np.exp((low + high) / 2))


def _support(
    logs: NDArray[np.float64], truths: NDArray[np.intp], log_power: float, spread: float
) -> float:
    found = _log_likelihood(logs, truths, float(np.exp(log_power)))
    return found - ((log_power - log(CAUTIOUS_POWER)) / spread) ** 2 / 2 if spread else found


def _log_likelihood(logs: NDArray[np.float64], truths: NDArray[np.intp], power: float) -> float:
    raised = logs * power
    top = raised.max(axis=1)
    totals = top + np.log(np.exp(raised - top[:, None]).sum(axis=1))
    return float((raised[np.arange(len(truths)), truths] - totals).sum())
