"""Judgments as coded arrays: who said what about which task, as integers from 0."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments

Codes = NDArray[np.intp]
Task = TypeVar("Task", bound=Hashable)
Worker = TypeVar("Worker", bound=Hashable)
Label = TypeVar("Label", bound=Hashable)
Name = TypeVar("Name", bound=Hashable)

# Enough places to find the fault by; a report of ten thousand helps nobody.
PLACES_SHOWN = 5


@dataclass(frozen=True, eq=False)
class Judgments:
    """Judgments of one categorical problem, one row each.

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
        for name, size in (("task", self.n_tasks), ("worker", self.n_workers)):
            _refuse_outside(name, getattr(self, name), size)
        _refuse_outside("label", self.label, self.n_labels)
        _refuse_unjudged(self)
        _refuse_twice(self)

    def __len__(self) -> int:
        return len(self.label)

    def counted(self) -> Codes:
        """(n_tasks,) how many judgments each task has."""
        return np.bincount(self.task, minlength=self.n_tasks)


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


def _refuse_outside(name: str, codes: Codes, size: int) -> None:
    if codes.dtype.kind not in "iu":
        raise BadJudgments(f"The {name} codes are {codes.dtype}, not integers.")
    outside = np.flatnonzero((codes < 0) | (codes >= size))
    if len(outside):
        _refuse(f"{len(outside)} {name} codes are outside 0 to {size - 1}.", rows=outside.tolist())


def _refuse_unjudged(j: Judgments) -> None:
    bare = np.flatnonzero(j.counted() == 0)
    if len(bare):
        raise BadJudgments(
            f"{len(bare)} tasks have no judgment.", place={"tasks": bare[:PLACES_SHOWN].tolist()}
        )


def _refuse_twice(j: Judgments) -> None:
    pair = j.task.astype(np.int64) * j.n_workers + j.worker
    _, first = np.unique(pair, return_index=True)
    if len(first) < len(pair):
        again = np.setdiff1d(np.arange(len(pair)), first)
        _refuse(
            f"{len(again)} judgments are by a worker who had already judged the task.",
            rows=again.tolist(),
        )
