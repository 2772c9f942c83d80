"""What a job asks, as its inference sees it: problems, their sizes, and flat rows of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from ujima.quality.answers import Problem, Question, problems
from ujima.quality.online import belief_of, posterior

METHOD_VERSION = "1"


@dataclass(frozen=True)
class Asked:
    """The questions of one version of a job."""

    questions: tuple[Question, ...]

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return problems(self.questions)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(p.classes) for p in self.problems)

    @cached_property
    def has_texts(self) -> bool:
        return any(q.kind == "text" for q in self.questions)

    @cached_property
    def only_texts(self) -> bool:
        """Whether nothing but texts can say when a unit is done."""
        return not self.problems

    def prior(self, priors: Sequence[float] = ()) -> list[float]:
        """The evidence to start from, flat: of the class priors of a fit, or of none."""
        if priors and len(priors) == sum(self.sizes):
            parts = self.split(priors)
        else:
            parts = [[1 / k] * k for k in self.sizes]
        return [e for part in parts for e in belief_of(part)]

    def split(self, flat: Sequence[float]) -> list[list[float]]:
        """A flat row as one list a problem."""
        rows, at = [], 0
        for k in self.sizes:
            rows.append(list(flat[at : at + k]))
            at += k
        return rows

    def tables(self, flat: Sequence[float]) -> list[list[list[float]]]:
        """Flat counts as one table a problem, [true][said]; empty counts are none."""
        found, at = [], 0
        flat = flat or [0.0] * sum(k * k for k in self.sizes)
        for k in self.sizes:
            found.append([list(flat[at + i * k : at + (i + 1) * k]) for i in range(k)])
            at += k * k
        return found

    def posteriors(self, evidence: Sequence[float]) -> list[list[float]]:
        """The probabilities that a flat row of evidence stands for, one list a problem."""
        return [posterior(part) for part in self.split(evidence)]


def flat(tables: Sequence[Sequence[Sequence[float]]]) -> list[float]:
    """Tables as one flat row."""
    return [number for table in tables for row in table for number in row]
