"""What is asked of a file, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ujima.quality.errors import BadJudgments
from ujima.quality.kinds.consensus import Array, Consensus
from ujima.quality.readers.table import Fault
from ujima.quality.truth.places import ALONE, How

Repeats = Literal["last", "first", "refuse"]


@dataclass(frozen=True)
class Asked:
    """How a file is to be read and inferred.

    method      "default", "careful", or the name of one; kinds other than choices have one each
    classes     the classes in their order; empty for those that occur
    repeats     which of a person's different answers to one task counts
    separator   between the choices of one answer
    called      column -> its name in the file
    items       a file of the tasks' own texts, for spans

    Refuses BadJudgments for a class listed twice, a seed below 0 and an empty separator.
    """

    method: str = "default"
    classes: tuple[str, ...] = ()
    repeats: Repeats = "last"
    separator: str = "|"
    called: Mapping[str, str] = field(default_factory=dict)
    items: Path | None = None
    seed: int = 0
    how: How = ALONE

    def __post_init__(self) -> None:
        if len(set(self.classes)) != len(self.classes):
            raise BadJudgments("The same class is listed twice.", place={"field": "classes"})
        if self.seed < 0:
            raise BadJudgments(f"The seed is {self.seed}; it is a whole number from 0 up.")
        if not self.separator:
            raise BadJudgments("Something must stand between choices; the separator is empty.")


@dataclass(frozen=True)
class Confusion:
    """Expected times that each class was said to each truth, over all workers: [truth][said]."""

    classes: Sequence[str]
    counts: Array


@dataclass(frozen=True)
class Inferred:
    """What came of a file.

    header, rows   the results to write
    consensus      answers, confidence and skill by task and worker
    scores         how the answers compare with true ones; empty where none are given
    """

    kind: str
    header: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    tasks: Sequence[str]
    workers: Sequence[str]
    consensus: Consensus
    confusion: Confusion | None
    scores: dict[str, Any]
    faults: tuple[Fault, ...]
    read: int
    judgments: int
