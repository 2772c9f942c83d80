"""Judgments saved by stopping units early, its one number chosen on the other sets only.

Recorded judgments are bought in rounds, those of each task in a random order. 50 tasks are gold:
each of these answers counts as one judgment bought. They fix the power that tempers confidence, and
nothing else: inferred they are like any other task, and all tasks are scored. The loss is against
iBCC from all judgments recorded. What more judgments must be worth (`worth.py`) is chosen for each
set on the six others, in other orders: the most, up to the point of accuracy that may be lost, that
loses no more than is allowed on each of them.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np

from benchmarks.parts.crowd import Choice, Sets
from benchmarks.parts.figures import Report, say
from ujima.quality.rounds import Policy, Tried, in_rounds, until_led
from ujima.quality.truth.ibcc import ibcc

WORTHS = (0.0025, 0.005, 0.0075, 0.01)
GOLD, ORDERS = 50, 5
#: orders to choose on are not those to measure on
CHOOSING = 1000
MARGINS = range(1, 9)


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Labels saved and accuracy lost on each set."""
    orders = 1 if quick else ORDERS
    each = [_Set(one, orders) for one in sets.choices() if not quick or len(one.truth) < 1000]
    saved, by_margin = [], []
    for one in each:
        chosen = _chosen([other for other in each if other is not one])
        say(f"  {one.name}: worth {chosen:g}, chosen on {len(each) - 1} other sets")
        kept, lost = one.outcome(chosen, first=0)
        saved.append(kept)
        by_margin.append(one.by_margin())
        report.reported(f"{one.name}: saved", round(kept * 100, 1), "%")
        report.at_most(f"{one.name}: lost", round(lost * 100, 2), "points", one.allowed * 100)
        report.reported(f"{one.name}: saved by margin", round(by_margin[-1] * 100, 1), "%")
    report.at_least("labels saved, median", round(float(np.median(saved)) * 100, 1), "%", 20)
    margin = round(float(np.median(by_margin)) * 100, 1)
    report.reported("labels saved by a vote margin chosen with hindsight, median", margin, "%")


def _chosen(others: "Sequence[_Set]") -> float:
    """The most worth at which no other set loses more than is allowed; else the least."""
    fine = [w for w in WORTHS if all(o.outcome(w, CHOOSING)[1] <= o.allowed for o in others)]
    return max(fine, default=min(WORTHS))


class _Set:
    def __init__(self, choice: Choice, orders: int) -> None:
        self.choice, self.orders = choice, orders
        self.name = choice.name
        self.full = choice.accuracy(ibcc(choice.judgments).posterior)
        #: a point, or two tasks where that is more
        self.allowed = max(0.01, 2 / int((choice.truth >= 0).sum()))
        self.outcome = cache(self._outcome)

    def _outcome(self, worth: float, first: int) -> tuple[float, float]:
        """Mean share saved and accuracy lost, over orders from the seed `first` on."""
        tries = [self._tried(Policy(worth), first + at) for at in range(self.orders)]
        lost = [self.full - self.choice.accuracy(one.posterior) for one in tries]
        return float(np.mean([one.saved for one in tries])), float(np.mean(lost))

    def _tried(self, policy: Policy, seed: int) -> Tried:
        rng = np.random.default_rng(seed)
        known = np.flatnonzero(self.choice.truth >= 0)
        gold = {int(task): int(self.choice.truth[task]) for task in rng.choice(known, GOLD, False)}
        return in_rounds(self.choice.judgments, gold, rng, policy)

    def by_margin(self) -> float:
        """The most that "stop when one answer leads by so many votes" saves, with hindsight."""
        found = [self._margin(margin) for margin in MARGINS]
        return max((kept for kept, lost in found if lost <= self.allowed), default=0.0)

    def _margin(self, margin: int) -> tuple[float, float]:
        judgments, kept, lost = self.choice.judgments, [], []
        for seed in range(self.orders):
            used = until_led(judgments, margin, np.random.default_rng(seed))
            kept.append(1 - len(used) / len(judgments))
            lost.append(self.full - self.choice.accuracy(ibcc(used).posterior))
        return float(np.mean(kept)), float(np.mean(lost))
