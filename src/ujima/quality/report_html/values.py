"""What a report says, as plain values. Shares lie from 0 to 1; text is as the file had it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Interval:
    """A share with its 95 % interval; `mid` is None where nothing is known."""

    low: float
    mid: float | None
    high: float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure at the head: "92.4 %", "right, of 800 with a true answer", "90.3 to 94.1 %"."""

    value: str
    words: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One kind of thing found in the file, how often, where first, and what was done about it."""

    sentence: str
    count: int
    places: tuple[int, ...]
    effect: str


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers of about one confidence, and how many of them were right."""

    confidence: float
    n: int
    right: Interval


@dataclass(frozen=True, slots=True)
class Doubtful:
    """An answer that a person should look at."""

    task: str
    answer: str
    confidence: float
    judgments: int


@dataclass(frozen=True, slots=True)
class Worker:
    """How near a worker's answers were to the inferred ones, over `judged` tasks."""

    name: str
    judged: int
    agreement: Interval


@dataclass(frozen=True)
class Report:
    """Everything on the page.

    lead         one paragraph: what was read, by which method, how long it took
    is_settled   False where the method stopped before it had converged
    sureness     how many answers lie in each of equal parts of 0 to 1 of confidence
    bins         empty without true answers
    confusion    [truth][said], expected counts over all workers; empty for other than choices
    workers      by name; `more_workers` are left out
    """

    title: str
    lead: str
    figures: Sequence[Figure] = ()
    is_settled: bool = True
    findings: Sequence[Finding] = ()
    sureness: Sequence[int] = ()
    bins: Sequence[Bin] = ()
    classes: Sequence[str] = ()
    confusion: Sequence[Sequence[float]] = ()
    doubtful: Sequence[Doubtful] = ()
    workers: Sequence[Worker] = ()
    more_workers: int = 0
