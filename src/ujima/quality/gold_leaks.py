"""Gold that has leaked: late answers to it are more right, and quicker, than early ones were."""

from collections import defaultdict
from collections.abc import Collection, Hashable, Mapping
from dataclasses import dataclass, field
from math import log, sqrt
from statistics import NormalDist
from typing import Any

#: answers to one gold unit before anything can be said of it
LEAST = 16
#: the chance that any gold of a job is retired although none has leaked
FALSE_ALARM = 0.05
#: no answer is more certain than this to be right, or wrong
CLIP = 0.02


@dataclass(slots=True)
class Watch:
    """What a job's judgments show of its gold, gathered as they stream by, oldest first.

    answers    gold unit -> (person, right, log of milliseconds) of each answer
    pace       person -> [answers, sum and sum of squares of the log of milliseconds]
    """

    answers: dict[int, list[tuple[Hashable, bool, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    pace: dict[Hashable, list[float]] = field(
        default_factory=lambda: defaultdict(lambda: [0.0] * 3)
    )

    def see(self, unit: int, person: Hashable, right: bool | None, milliseconds: int) -> None:
        """Take one judgment in; `right` is None where the unit is no gold."""
        pace = log(max(milliseconds, 1))
        mine = self.pace[person]
        mine[0], mine[1], mine[2] = mine[0] + 1, mine[1] + pace, mine[2] + pace * pace
        if right is not None:
            self.answers[unit].append((person, right, pace))

    def leaked(self, accuracy: Mapping[Any, float], offered: Collection[int]) -> dict[int, float]:
        """The gold, of what is `offered` still, that has leaked -> how many standard errors.

        accuracy   person -> how often she is right by inference
        """
        line = NormalDist().inv_cdf(1 - FALSE_ALARM / max(len(self.answers), 1))
        found = {unit: self._change(unit, accuracy) for unit in self.answers if unit in offered}
        return {unit: z for unit, z in found.items() if z > line}

    def _change(self, unit: int, accuracy: Mapping[Any, float]) -> float:
        """The later half against the earlier one: more right than expected of these people, and
        quicker than they usually are. An easy unit is both from its first answer on, and shows no
        change. Two independent z, added and scaled."""
        answers = self.answers[unit]
        if len(answers) < LEAST:
            return 0.0
        rights, spreads, paces = [], [], []
        for person, right, pace in answers:
            p = min(max(accuracy.get(person, 0.7), CLIP), 1 - CLIP)
            rights.append(right - p)
            spreads.append(p * (1 - p))
            paces.append(self._usual(person) - pace)
        half = len(answers) // 2
        by_right = _gap(rights, half) / sqrt(
            sum(spreads[:half]) / half**2 + sum(spreads[half:]) / (len(answers) - half) ** 2
        )
        spread = sqrt(_variance(paces[:half]) / half + _variance(paces[half:]) / half)
        by_pace = _gap(paces, half) / spread if spread else 0.0
        return (by_right + by_pace) / sqrt(2)

    def _usual(self, person: Hashable) -> float:
        n, total, _ = self.pace[person]
        return total / n


def _gap(values: list[float], half: int) -> float:
    return sum(values[half:]) / (len(values) - half) - sum(values[:half]) / half


def _variance(values: list[float]) -> float:
    mean = sum(values) / len(values)
    return sum((v - mean) ** 2 for v in values) / (len(values) - 1)
