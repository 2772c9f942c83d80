"""What is asked of a file, and what comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

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
    """

    method: str = "default"
    classes: tuple[str, ...] = ()
    repeats: Repeats = "last"
    separator: str = "|"
    called: Mapping[str, str] = field(default_factory=dict)
    items: Path | None = None
    seed: int = 0
    how: How = ALONE


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
