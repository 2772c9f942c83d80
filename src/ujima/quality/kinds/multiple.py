"""Several choices at once: for each choice a yes or no of its own."""

from collections.abc import Mapping, Set

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes, Judgments
from ujima.quality.kinds.consensus import Array, Consensus, checked, people
from ujima.quality.truth.ibcc import ibcc

NO, YES = 0, 1
#: a choice that is as likely as not does not hold, whatever the rounding
HOLDS = 0.5 + 1e-9


def multiple(
    task: Codes,
    worker: Codes,
    chosen: Array,
    *,
    n_tasks: int,
    n_workers: int,
    gold: Mapping[int, Set[int]] | None = None,
) -> Consensus:
    """Infer which choices hold for each task, each choice by itself (iBCC).

    chosen       (n, n_choices) true where the judgment names the choice; one row a judgment
    gold         task -> the choices that truly hold, held as known
    answers      lists of choices, in order
    confidence   that of the least sure choice
    skill        the mean over her judgments and the choices of the chance that she was right

    Raises BadJudgments for codes that do not fit.
    """
    checked(task, worker, n_tasks, n_workers)
    if chosen.ndim != 2 or len(chosen) != len(task) or not chosen.shape[1]:
        raise BadJudgments(f"Choices {chosen.shape} and {len(task)} judgments do not fit.")
    known = gold or {}
    yes = np.empty((n_tasks, chosen.shape[1]))
    right = np.zeros(n_workers)
    converged = True
    for choice in range(chosen.shape[1]):
        label = chosen[:, choice].astype(np.intp)
        truth = ibcc(
            Judgments(task, worker, label, n_tasks, n_workers, 2),
            gold={at: int(choice in true) for at, true in known.items()},
        )
        yes[:, choice] = truth.posterior[:, YES]
        right += np.bincount(worker, truth.posterior[task, label], n_workers)
        converged &= truth.converged
    counts, judged = people(task, worker, n_tasks, n_workers)
    asked = judged * chosen.shape[1]
    return Consensus(
        answers=[np.flatnonzero(row > HOLDS).tolist() for row in yes],
        confidence=np.maximum(yes, 1 - yes).min(axis=1),
        judgments=counts,
        skill=np.divide(right, asked, out=np.full(n_workers, np.nan), where=asked > 0),
        judged=judged,
        method="ibcc_per_choice",
        converged=converged,
    )
