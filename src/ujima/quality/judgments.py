"""Judgments as coded arrays: who said what about which task, as integers from 0."""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments

Codes = NDArray[np.integer[Any]]
Task = TypeVar("Task", bound=Hashable)
Worker = TypeVar("Worker", bound=Hashable)
Label = TypeVar("Label", bound=Hashable)
Name = TypeVar("Name", bound=Hashable)

# Enough places to find the fault by; a report of ten thousand helps nobody.
PLACES_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Judgments:
    """Judgments of one categorical problem, one row each.

    Codes may be of any integer type and keep it: int32 tasks and workers and int8 labels make a
    row of 9 bytes, so that 1e7 of them are 90 MB.

    task     (n,) from 0 to n_tasks - 1; every task has at least one judgment
    worker   (n,) from 0 to n_workers - 1; a worker may have none
    label    (n,) from 0 to n_labels - 1; n_labels is at least 2

    Refuses BadJudgments, with the count and the first rows, what is empty, out of range, of
    unequal length, or judged twice by the same worker.
    """

    task: Codes
    worker: Codes
    label: Codes
    n_tasks: int
    n_workers: int
    n_labels: int

    def __post_init__(self) -> None:
        _refuse_empty(self)
        for name in ("task", "worker", "label"):
            codes = getattr(self, name)
            if codes.dtype.kind not in "iu":
                raise BadJudgments(f"The {name} codes are {codes.dtype}, not integers.")
        for fault in faults(self):
            raise BadJudgments(fault.sentence, place=fault.place)

    def __len__(self) -> int:
        return len(self.label)

    def counted(self) -> Codes:
        """(n_tasks,) how many judgments each task has."""
        return np.bincount(self.task, minlength=self.n_tasks)


class Arrays(Protocol):
    """What can be looked through for faults: judgments, or arrays that may yet become some."""

    @property
    def task(self) -> Codes: ...
    @property
    def worker(self) -> Codes: ...
    @property
    def label(self) -> Codes: ...
    @property
    def n_tasks(self) -> int: ...
    @property
    def n_workers(self) -> int: ...
    @property
    def n_labels(self) -> int: ...


class Unchecked(NamedTuple):
    """Coded arrays as they came, -1 where something was missing; `faults` looks through them."""

    task: Codes
    worker: Codes
    label: Codes
    n_tasks: int
    n_workers: int
    n_labels: int


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of thing that is wrong with some judgments.

    kind       missing (-1), unknown (outside the codes), unjudged (a task without judgment), twice
    of         task, worker, label or judgment
    count      how many
    places     the first of them: rows from 0, or tasks where kind is unjudged
    sentence   the same for a person
    """

    kind: Literal["missing", "unknown", "unjudged", "twice"]
    of: str
    count: int
    places: tuple[int, ...]
    sentence: str

    @property
    def place(self) -> dict[str, list[int]]:
        """Where it is, as refusals carry it."""
        return {"tasks" if self.kind == "unjudged" else "rows": list(self.places)}


def faults(given: Arrays, *, shown: int = PLACES_SHOWN) -> Iterator[Fault]:
    """Each fault with its count and its first `shown` places, cheapest to find first.

    Tasks without judgments and judgments made twice are looked for only where all codes exist.
    Needs 8 bytes a judgment beside the arrays.
    """
    sizes = (("task", given.n_tasks), ("worker", given.n_workers), ("label", given.n_labels))
    outside = [
        fault for name, size in sizes for fault in _outside(name, getattr(given, name), size, shown)
    ]
    yield from outside
    if outside:
        return
    bare = np.flatnonzero(np.bincount(given.task, minlength=given.n_tasks) == 0)
    if len(bare):
        sentence = f"{len(bare)} tasks have no judgment."
        yield Fault("unjudged", "task", len(bare), _first(bare, shown), sentence)
    again = _twice(given)
    if len(again):
        sentence = f"{len(again)} judgments are by a worker who had already judged the task."
        yield Fault("twice", "judgment", len(again), _first(again, shown), sentence)


def _first(places: Codes, shown: int) -> tuple[int, ...]:
    return tuple(int(place) for place in places[:shown])


def _outside(name: str, codes: Codes, size: int, shown: int) -> Iterator[Fault]:
    if len(codes) == 0 or (int(codes.min()) >= 0 and int(codes.max()) < size):
        return
    missing = np.flatnonzero(codes == -1) if codes.dtype.kind == "i" else np.empty(0, np.intp)
    unknown = np.flatnonzero((codes < -1) | (codes >= size))
    if len(missing):
        sentence = f"{len(missing)} {name} codes are outside 0 to {size - 1}: -1, for missing."
        yield Fault("missing", name, len(missing), _first(missing, shown), sentence)
    if len(unknown):
        sentence = f"{len(unknown)} {name} codes are outside 0 to {size - 1}."
        yield Fault("unknown", name, len(unknown), _first(unknown, shown), sentence)


def _twice(given: Arrays) -> Codes:
    """Rows whose worker had already judged their task."""
    pair = given.task.astype(np.int64)
    pair *= given.n_workers
    pair += given.worker
    # Sorting alone tells whether there are any; where they are costs three times the memory.
    pair.sort()
    if not (pair[1:] == pair[:-1]).any():
        return np.empty(0, np.intp)
    pair = given.task.astype(np.int64) * given.n_workers + given.worker
    _, first = np.unique(pair, return_index=True)
    again: Codes = np.setdiff1d(np.arange(len(pair)), first)
    return again


class Coded(NamedTuple, Generic[Task, Worker, Label]):
    """Judgments with the names behind their codes: `tasks[j.task[i]]` is row i's task."""

    judgments: Judgments
    tasks: list[Task]
    workers: list[Worker]
    classes: list[Label]


def code(
    tasks: Sequence[Task],
    workers: Sequence[Worker],
    labels: Sequence[Label],
    classes: Sequence[Label],
) -> Coded[Task, Worker, Label]:
    """Code names as integers; tasks and workers in the order they first appear.

    `classes` fixes the labels and their order; a label that is not among them is refused with its
    rows, as is anything that `Judgments` refuses.
    """
    if len(set(classes)) != len(classes):
        raise BadJudgments("The same class is listed twice.", place={"field": "classes"})
    place_of = {name: at for at, name in enumerate(classes)}
    unknown = [row for row, label in enumerate(labels) if label not in place_of]
    if unknown:
        first = ", ".join(str(labels[row]) for row in unknown[:PLACES_SHOWN])
        _refuse(f"{len(unknown)} labels are not among the classes: {first}", rows=unknown)
    task_codes, task_names = _in_order_of_appearance(tasks)
    worker_codes, worker_names = _in_order_of_appearance(workers)
    coded = Judgments(
        task_codes,
        worker_codes,
        np.fromiter((place_of[label] for label in labels), np.intp, len(labels)),
        len(task_names),
        len(worker_names),
        len(classes),
    )
    return Coded(coded, task_names, worker_names, list(classes))


def _in_order_of_appearance(names: Sequence[Name]) -> tuple[Codes, list[Name]]:
    seen: dict[Name, int] = {}
    codes = np.fromiter((seen.setdefault(name, len(seen)) for name in names), np.intp, len(names))
    return codes, list(seen)


def _refuse(sentence: str, *, rows: Sequence[int]) -> None:
    raise BadJudgments(sentence, place={"rows": [int(row) for row in rows[:PLACES_SHOWN]]})


def _refuse_empty(j: Judgments) -> None:
    sizes = {len(j.task), len(j.worker), len(j.label)}
    if len(sizes) != 1:
        raise BadJudgments(
            f"There are {len(j.task)} tasks, {len(j.worker)} workers and {len(j.label)} labels; "
            "each judgment needs one of each."
        )
    if sizes == {0}:
        raise BadJudgments("There are no judgments.")
    if j.n_labels < 2:
        raise BadJudgments(f"{j.n_labels} classes leave nothing to choose; two are needed.")
