"""Boxes on an image: boxes of different people that overlap enough are one thing.

Groups take at most one box a person; a thing is there if enough of those who looked drew it; its
edges are the weighed medians. Source of the idea: Branson, Van Horn and Perona, CVPR 2017.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes
from ujima.quality.kinds.consensus import Array, Consensus, Flags, checked, mean_by, people

#: overlap (intersection over union) from which two boxes may be the same thing
SAME = 0.4
#: share of the people who looked that must have drawn a thing, weighed by skill
ENOUGH = 1 / 3
#: rounds of weighing people by how near they came
ROUNDS = 3


class Box(NamedTuple):
    """A box: left, top, width and height in pixels, and how sure it is that it is there."""

    left: float
    top: float
    width: float
    height: float
    confidence: float


def boxes(
    task: Codes,
    worker: Codes,
    box: Array,
    *,
    n_tasks: int,
    n_workers: int,
    gold: Mapping[int, Sequence[Sequence[float]]] | None = None,
) -> Consensus:
    """Infer the boxes of each task.

    box          (n, 4) left, top, width, height; NaN says that she drew nothing. One row a box,
                 several a worker and task
    gold         task -> its true boxes (left, top, width, height), held as known
    answers      lists of `Box`, the surest first
    confidence   the mean over a task's groups of how sure it is that each is there, or not
    skill        mean overlap of her boxes and those inferred from the others', missed and strayed
                 ones as 0; NaN if she always looked alone

    Raises BadJudgments for codes that do not fit, and boxes without width or height, or with
    only some of their numbers.
    """
    checked(task, worker, n_tasks, n_workers)
    drawn = np.asarray(np.isfinite(box).all(axis=1), np.bool_)
    flat = drawn & ((box[:, 2] <= 0) | (box[:, 3] <= 0))
    broken = ~drawn & ~np.isnan(box).all(axis=1)
    for bad, lack in ((flat, "no size"), (broken, "an edge that is no number")):
        if bad.any():
            rows = np.flatnonzero(bad)[:5].tolist()
            raise BadJudgments(f"{bad.sum()} boxes have {lack}.", place={"rows": rows})
    known = {at: [_known(b) for b in given] for at, given in (gold or {}).items()}
    looked, rows_of = _looks(task, worker, drawn, n_tasks)
    groups = [grouped(box[rows], worker[rows]) for rows in rows_of]
    answers: list[list[Box]] = []
    weight, sure = np.ones(n_workers), np.ones(n_tasks)
    skill = np.full(n_workers, np.nan)
    for _ in range(ROUNDS):
        answers, sure = [], np.ones(n_tasks)
        for at, (rows, own) in enumerate(zip(rows_of, groups, strict=True)):
            found = [_thing(box[rows[g]], worker[rows[g]], weight, looked[at]) for g in own]
            sure[at] = np.mean([max(f.confidence, 1 - f.confidence) for f in found] or [1.0])
            answers.append(known.get(at, _kept(found)))
        near = [
            pair
            for at, (rows, own) in enumerate(zip(rows_of, groups, strict=True))
            for pair in _near((box[rows], worker[rows]), own, looked[at], weight, known.get(at))
        ]
        by = np.array([person for person, _ in near], np.intp)
        skill = mean_by(by, np.array([value for _, value in near]), n_workers)
        weight = np.nan_to_num(skill, nan=0.5) + 1e-3
    sure[list(known)] = 1.0
    counts, judged = people(task, worker, n_tasks, n_workers)
    return Consensus(answers, sure, counts, skill, judged, "overlap_groups")


def _known(given: Sequence[float]) -> Box:
    left, top, width, height = map(float, given)
    return Box(left, top, width, height, 1.0)


def overlaps(a: Array, b: Array) -> Array:
    """(n, m) intersection over union of boxes (n, 4) and (m, 4): left, top, width, height."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:4], b[None, :, :2] + b[None, :, 2:4])
    both = np.clip(high - low, 0, None).prod(axis=2)
    either = a[:, 2:4].prod(axis=1)[:, None] + b[:, 2:4].prod(axis=1) - both
    found: Array = both / either
    return found


def grouped(box: Array, worker: Codes) -> list[Codes]:
    """The rows of each thing: pairs are joined, most overlapping first, while no group gets two
    boxes of one person."""
    near = overlaps(box, box)
    one, other = np.triu_indices(len(box), 1)
    pairs = np.flatnonzero(near[one, other] >= SAME)
    pairs = pairs[np.argsort(-near[one, other][pairs], kind="stable")]
    group = list(range(len(box)))
    members = {at: [at] for at in group}
    who = {at: {int(worker[at])} for at in group}
    for i, j in zip(one[pairs].tolist(), other[pairs].tolist(), strict=True):
        a, b = group[i], group[j]
        if a == b or who[a] & who[b]:
            continue
        for row in members[b]:
            group[row] = a
        members[a] += members.pop(b)
        who[a] |= who.pop(b)
    return [np.array(rows) for rows in members.values()]


def _looks(
    task: Codes, worker: Codes, drawn: Flags, n_tasks: int
) -> tuple[list[Codes], list[Codes]]:
    """Who looked at each task, and the rows of the boxes drawn there."""
    order = np.argsort(task, kind="stable")
    parts = np.split(order, np.cumsum(np.bincount(task, minlength=n_tasks))[:-1])
    return [np.unique(worker[rows]) for rows in parts], [rows[drawn[rows]] for rows in parts]


def _thing(box: Array, by: Codes, weight: Array, looked: Codes) -> Box:
    """A group as one box; who looked and did not draw it speaks against it."""
    edges = np.concatenate([box[:, :2], box[:, :2] + box[:, 2:4]], axis=1)
    left, top, right, bottom = (_median(edges[:, side], weight[by]) for side in range(4))
    there = float(weight[by].sum() / weight[looked].sum())
    return Box(left, top, right - left, bottom - top, min(there, 1.0))


def _median(value: Array, weight: Array) -> float:
    order = np.argsort(value)
    total = np.cumsum(weight[order])
    half = total[-1] / 2
    at = int(np.searchsorted(total, half - 1e-12))
    if abs(total[at] - half) < 1e-12 and at + 1 < len(order):
        return float(value[order[at : at + 2]].mean())
    return float(value[order[at]])


def _kept(found: Iterable[Box]) -> list[Box]:
    """Those that are there, the surest first."""
    return sorted((f for f in found if f.confidence >= ENOUGH), key=lambda f: -f.confidence)


def _near(
    drawn: tuple[Array, Codes],
    groups: Sequence[Codes],
    looked: Codes,
    weight: Array,
    known: Sequence[Box] | None,
) -> Iterator[tuple[int, float]]:
    """Each person who looked, and how near her boxes are to the true ones, or to those that the
    others' boxes give: her own would always speak for her. Who looked alone is left out."""
    box, worker = drawn
    for person in looked.tolist():
        true, others = known, looked[looked != person]
        if true is None and len(others):
            rest = [g[worker[g] != person] for g in groups]
            true = _kept(_thing(box[g], worker[g], weight, others) for g in rest if len(g))
        if true is not None:
            yield person, _nearness(box[worker == person], true)


def _nearness(own: Array, true: Sequence[Box]) -> float:
    """The mean overlap of boxes and true ones; missed and strayed ones are 0."""
    table = overlaps(own, np.array([b[:4] for b in true]).reshape(-1, 4))
    most = max(table.shape)
    return _matched(table) / most if most else 1.0


def _matched(table: Array) -> float:
    """The overlap of boxes paired off, the nearest first."""
    total, table = 0.0, table.copy()
    while table.size and table.max() > 0:
        i, j = np.unravel_index(int(table.argmax()), table.shape)
        total += float(table[i, j])
        table[i, :], table[:, j] = 0, 0
    return total
