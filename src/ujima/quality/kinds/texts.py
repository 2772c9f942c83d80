"""Texts and transcriptions: the one that is nearest to all the others, by edit distance of words.

A medoid is always something that a person wrote, so it reads well; skilled people's texts pull
more.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from ujima.quality.judgments import Codes
from ujima.quality.kinds.consensus import Array, Consensus, checked, mean_by, people
from ujima.quality.kinds.edits import likeness, words

#: rounds of weighing people by their likeness to what was chosen; a few settle it
ROUNDS = 3
#: how sharply people far from the rest lose weight
SHARPNESS = 2.0


def texts(
    task: Codes,
    worker: Codes,
    said: Sequence[str],
    *,
    n_tasks: int,
    n_workers: int,
    gold: Mapping[int, str] | None = None,
) -> Consensus:
    """Choose each task's text among those given.

    answers      the chosen text, as it was written
    confidence   the weighed mean likeness of the others' texts to it (1 - word error), 0 if alone
    skill        mean likeness of her texts to those chosen from the others'; NaN if always alone
    gold         task -> its true text, held as known

    Raises BadJudgments for codes that do not fit.
    """
    checked(task, worker, n_tasks, n_workers)
    known = dict(gold or {})
    tokens = [words(text) for text in said]
    rows = _rows_of(task, n_tasks)
    alike = [_likenesses([tokens[row] for row in own]) for own in rows]
    weight = np.ones(n_workers)
    skill = np.full(n_workers, np.nan)
    chosen = np.zeros(n_tasks, np.intp)
    confidence = np.zeros(n_tasks)
    for _ in range(ROUNDS):
        near = np.full(len(task), np.nan)
        for at, (own, table) in enumerate(zip(rows, alike, strict=True)):
            best, confidence[at] = _medoid(table, weight[worker[own]])
            chosen[at] = own[best]
            if at in known:
                true = words(known[at])
                near[own] = [likeness(tokens[row], true) for row in own]
            elif len(own) > 1:
                near[own] = _to_others(table, weight[worker[own]])
        told = ~np.isnan(near)
        skill = mean_by(worker[told], near[told], n_workers)
        weight = np.nan_to_num(skill, nan=1.0) ** SHARPNESS + 1e-6
    counts, judged = people(task, worker, n_tasks, n_workers)
    answers = [known.get(at, said[row]) for at, row in enumerate(chosen.tolist())]
    confidence[list(known)] = 1.0
    return Consensus(answers, confidence, counts, skill, judged, "medoid")


def _rows_of(task: Codes, n_tasks: int) -> list[Codes]:
    order = np.argsort(task, kind="stable")
    return np.split(order, np.cumsum(np.bincount(task, minlength=n_tasks))[:-1])


def _likenesses(given: Sequence[Sequence[str]]) -> Array:
    """(n, n) how alike the texts of a task are."""
    table = np.eye(len(given))
    for i, one in enumerate(given):
        for j in range(i):
            table[i, j] = table[j, i] = likeness(one, given[j])
    return table


def _to_others(table: Array, weight: Array) -> Array:
    """(n,) how near each text is to the one that would be chosen without it: her own would always
    speak for her."""
    pull = (table @ weight)[:, None] - table * weight
    np.fill_diagonal(pull, -np.inf)
    near: Array = table[pull.argmax(axis=0), np.arange(len(table))]
    return near


def _medoid(table: Array, weight: Array) -> tuple[int, float]:
    """Which text is nearest to the others, and how near they are on the mean; the first of
    equals."""
    pull = table @ weight
    best = int(np.argmax(pull))
    others = weight.sum() - weight[best]
    return best, float((pull[best] - weight[best]) / others) if others > 0 else 0.0
