"""Judgments laid out for a step: tasks in order, each with its judgments side by side.

A shard is a run of tasks. Whoever has a shard and the parameters can make a step of it, in this
thread, in another one, or on another machine.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ujima.quality.judgments import Codes, Judgments

Cells = NDArray[np.int32]
Floats = NDArray[np.floating[Any]]


@dataclass(frozen=True, eq=False)
class Shard:
    """Tasks `first` to `first + len(shard) - 1`.

    starts       (n + 1,) where each task's judgments begin in `said`
    said         (m,) worker * n_labels + label of each judgment: a row of the tables
    n_cells      rows of the tables that belong to workers
    n_labels
    held         (h,) tasks whose truth is known, from 0 within the shard; and their truths
    models       (n_models, n, n_labels) what models say; a row of zeros says nothing
    """

    first: int
    starts: NDArray[np.int64]
    said: Cells
    n_cells: int
    n_labels: int
    held: tuple[Codes, Codes]
    models: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def blocks(self, size: int) -> Iterator[tuple[int, int]]:
        """Runs of at most `size` tasks: from, and up to."""
        for low in range(0, len(self), size):
            yield low, min(low + size, len(self))

    @cached_property
    def sparse(self) -> dict[Any, list[Any]]:
        """The sparse form, by type of number, kept once it has been made (`kernel`)."""
        return {}


def sharded(
    judgments: Judgments,
    held: tuple[Codes, Codes],
    models: NDArray[np.float64],
    pieces: int = 1,
) -> tuple[Shard, ...]:
    """Lay judgments out in `pieces` shards of about as many tasks each.

    held     tasks whose truth is known, and their truths
    models   (n_models, n_tasks, n_labels)
    """
    starts, said = _by_task(judgments)
    bounds = np.linspace(0, judgments.n_tasks, min(pieces, judgments.n_tasks) + 1).astype(int)
    order = np.argsort(held[0], kind="stable")
    tasks, truths = held[0][order], held[1][order]
    n_cells = judgments.n_workers * judgments.n_labels
    return tuple(
        Shard(
            low,
            starts[low : high + 1] - starts[low],
            said[starts[low] : starts[high]],
            n_cells,
            judgments.n_labels,
            _between(tasks, truths, low, high),
            models[:, low:high],
        )
        for low, high in _pairs(bounds.tolist())
    )


def _pairs(bounds: Sequence[int]) -> Iterator[tuple[int, int]]:
    return pairwise(bounds)


def _between(tasks: Codes, truths: Codes, low: int, high: int) -> tuple[Codes, Codes]:
    these = slice(*np.searchsorted(tasks, [low, high]))
    return tasks[these] - low, truths[these]


def _by_task(judgments: Judgments) -> tuple[NDArray[np.int64], Cells]:
    said = judgments.worker.astype(np.int32)
    said *= judgments.n_labels
    said += judgments.label.astype(np.int32)
    if (judgments.task[1:] < judgments.task[:-1]).any():
        said = said[np.argsort(judgments.task, kind="stable")]
    starts = np.zeros(judgments.n_tasks + 1, np.int64)
    np.cumsum(judgments.counted(), out=starts[1:])
    return starts, said
