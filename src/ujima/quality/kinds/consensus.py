"""What every kind gives back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Consensus:
    """The answers inferred for a job's tasks.

    answers      one a task; what it is, the kind says
    confidence   (n_tasks,) from 0 to 1; what it means, the kind says
    judgments    (n_tasks,) how many people judged each task
    skill        (n_workers,) from 0 to 1, how near her answers were to what was inferred; NaN
                 without any
    judged       (n_workers,) tasks that each worker's skill rests on
    history      the method's objective after each step; empty where there is none
    converged    False if the step limit came first
    posterior    (n_tasks, n_classes) where there are classes
    """

    answers: Sequence[Any]
    confidence: Array
    judgments: Codes
    skill: Array
    judged: Codes
    method: str
    version: str = "1"
    history: tuple[float, ...] = ()
    converged: bool = True
    posterior: Array | None = None

    def disputed(self, most: int = 20) -> Codes:
        """The tasks people agree on least, the least certain first."""
        order: Codes = np.argsort(self.confidence, kind="stable")[:most]
        return order


def checked(task: Codes, worker: Codes, n_tasks: int, n_workers: int) -> None:
    """Refuse BadJudgments where codes do not pair up or name what is not there."""
    if len(task) != len(worker):
        raise BadJudgments(f"There are {len(task)} tasks and {len(worker)} workers of judgments.")
    if not len(task):
        raise BadJudgments("There are no judgments.")
    if task.min() < 0 or task.max() >= n_tasks or worker.min() < 0 or worker.max() >= n_workers:
        raise BadJudgments(f"Codes are outside {n_tasks} tasks and {n_workers} workers.")
    bare = n_tasks - len(np.unique(task))
    if bare:
        raise BadJudgments(f"{bare} tasks have no judgment.")


def people(task: Codes, worker: Codes, n_tasks: int, n_workers: int) -> tuple[Codes, Codes]:
    """(n_tasks,) how many people judged each task, and (n_workers,) how many tasks each judged."""
    pairs = np.unique(task.astype(np.int64) * n_workers + worker)
    return (
        np.bincount(pairs // n_workers, minlength=n_tasks),
        np.bincount(pairs % n_workers, minlength=n_workers),
    )


def mean_by(code: Codes, value: Array, size: int) -> Array:
    """(size,) the mean of the values of each code; NaN where there are none."""
    total = np.bincount(code, weights=value, minlength=size)
    n = np.bincount(code, minlength=size)
    mean: Array = np.divide(total, n, out=np.full(size, np.nan), where=n > 0)
    return mean
