"""Spans and boxes: several rows a judgment in, several rows a task out."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.files.asked import Asked, Confusion
from ujima.quality.files.repeats import distinct
from ujima.quality.files.values import precision_recall
from ujima.quality.kinds.boxes import boxes, overlaps
from ujima.quality.kinds.consensus import Array, Consensus, Flags
from ujima.quality.kinds.spans import spans, states_of, tokens_of
from ujima.quality.readers.errors import NothingLeft
from ujima.quality.readers.judgments_file import read
from ujima.quality.readers.table import Table, fault

#: overlap from which a box counts as found
FOUND = 0.5


class _Marks(ABC):
    """What these kinds share: marks are numbers in columns, all of them empty for none."""

    who: tuple[str, ...] = ("task", "worker")
    columns: tuple[str, ...] = ()
    blank: tuple[str, ...] = ()

    def __init__(self, table: Table, asked: Asked) -> None:
        self.asked = asked
        self.table = distinct(self.sound(table), (*self.who, *self.blank))

    def sound(self, table: Table) -> Table:
        """The rows that mark nothing, or something that can be real; the others are told."""
        return _whole(table, self)

    @property
    def tasks(self) -> list[str]:
        return self.table.columns["task"].values

    @property
    def workers(self) -> list[str]:
        return self.table.columns["worker"].values

    @abstractmethod
    def fits(self, marks: Array) -> Flags:
        """(n,) which marks can be real."""

    def known(self, gold: Table) -> dict[int, list[tuple[float, ...]]]:
        """task -> its true marks; a task with a row and no mark in it has none."""
        code = {task: at for at, task in enumerate(self.tasks)}
        found: dict[int, list[tuple[float, ...]]] = {}
        numbers = np.stack([gold.columns[name].numbers() for name in self.blank], axis=1)
        for task, mark in zip(gold.columns["task"].texts(), numbers.tolist(), strict=True):
            if task in code:
                own = found.setdefault(code[task], [])
                if not any(np.isnan(mark)):
                    own.append(tuple(mark))
        return found

    def marks(self) -> Array:
        """(n, columns) the numbers; NaN where nothing is marked."""
        return np.stack([self.table.columns[name].numbers() for name in self.blank], axis=1)

    def given(self) -> dict[str, Any]:
        """Tasks and workers of each row, and how many there are."""
        return {
            "task": self.table.columns["task"].codes,
            "worker": self.table.columns["worker"].codes,
            "n_tasks": len(self.tasks),
            "n_workers": len(self.workers),
        }

    def calibrated(
        self, found: Consensus, truths: Mapping[int, Any], folds: Sequence[Any]
    ) -> Consensus:
        """The same: this confidence is not learned from truths."""
        return found

    def confusion(self) -> Confusion | None:
        """There are no classes."""
        return None


class Spans(_Marks):
    """Spans of characters: start, end (left out); both empty where a worker marked nothing."""

    blank = ("start", "end")

    def __init__(self, table: Table, asked: Asked) -> None:
        super().__init__(table, asked)
        self.texts = _texts(asked, self.tasks)

    def fits(self, marks: Array) -> Flags:
        """Spans of whole numbers that hold something."""
        whole = (marks == np.floor(marks)).all(axis=1)
        return np.asarray(whole & (marks[:, 0] >= 0) & (marks[:, 1] > marks[:, 0]), np.bool_)

    def know(self, gold: Table) -> dict[int, list[tuple[int, int]]]:
        """task -> its true spans."""
        found = self.known(gold)
        return {at: [(int(a), int(b)) for a, b in own] for at, own in found.items()}

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        ends = np.nan_to_num(self.marks(), nan=-1).astype(np.int64)
        return spans(start=ends[:, 0], end=ends[:, 1], texts=self.texts, gold=gold, **self.given())

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Precision, recall and F1 of tokens (of characters, without the texts) and whole spans."""
        both = said = true = same = n_said = n_true = 0
        for at, own in truths.items():
            answer = found.answers[at]
            ours, theirs = self._inside(at, answer, own)
            both, said, true = both + (ours & theirs).sum(), said + ours.sum(), true + theirs.sum()
            same += len(set(answer) & set(own))
            n_said, n_true = n_said + len(answer), n_true + len(own)
        of = "token" if self.texts else "character"
        tokens = precision_recall(float(both), float(said), float(true))
        exact = precision_recall(same, n_said, n_true)
        return {
            **{f"{of}_{name}": value for name, value in tokens.items()},
            **{f"exact_{name}": value for name, value in exact.items()},
        }

    def _inside(self, at: int, answer: Any, own: Any) -> tuple[Flags, Flags]:
        if self.texts:
            tokens = tokens_of(self.texts[at])
            return states_of(answer, tokens) > 0, states_of(own, tokens) > 0
        size = max([b for _, b in [*answer, *own]] or [0])
        ours, theirs = np.zeros(size, np.bool_), np.zeros(size, np.bool_)
        for flags, given in ((ours, answer), (theirs, own)):
            for a, b in given:
                flags[a:b] = True
        return ours, theirs

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results; a task without any span has one row."""
        rows: list[tuple[Any, ...]] = []
        for at, task in enumerate(self.tasks):
            told = round(float(found.confidence[at]), 6), int(found.judgments[at])
            rows += [(task, a, b, *told) for a, b in found.answers[at] or [("", "")]]
        return ("task", "start", "end", "confidence", "judgments"), rows


class Boxes(_Marks):
    """Boxes: x, y of their centre, w, h in pixels; all empty where a worker drew nothing."""

    blank = ("x", "y", "w", "h")

    def fits(self, marks: Array) -> Flags:
        """Boxes with a size."""
        return np.asarray((marks[:, 2] > 0) & (marks[:, 3] > 0), np.bool_)

    def know(self, gold: Table) -> dict[int, Any]:
        """task -> its true boxes, by their corners."""
        found = self.known(gold)
        return {at: [_corner(mark) for mark in own] for at, own in found.items()}

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        box = self.marks()
        box[:, :2] -= box[:, 2:] / 2
        return boxes(box=box, gold=gold, **self.given())

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Precision, recall and F1 of boxes that overlap a true one by half, and their overlap."""
        hits = said = true = 0
        near = 0.0
        for at, own in truths.items():
            table = overlaps(_corners(found.answers[at]), _corners(own))
            said, true = said + table.shape[0], true + table.shape[1]
            while table.size and table.max() >= FOUND:
                i, j = np.unravel_index(int(table.argmax()), table.shape)
                hits, near = hits + 1, near + float(table[i, j])
                table[i, :], table[:, j] = 0, 0
        return {**precision_recall(hits, said, true), "mean_overlap": near / hits if hits else None}

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results; a task without any box has one row."""
        rows: list[tuple[Any, ...]] = []
        for at, task in enumerate(self.tasks):
            n = int(found.judgments[at])
            for b in found.answers[at]:
                middle = b.left + b.width / 2, b.top + b.height / 2
                numbers = [round(v, 3) for v in (*middle, b.width, b.height)]
                rows.append((task, *numbers, round(b.confidence, 6), n))
            if not found.answers[at]:
                rows.append((task, "", "", "", "", round(float(found.confidence[at]), 6), n))
        return ("task", "x", "y", "w", "h", "confidence", "judgments"), rows


def _whole(table: Table, kind: _Marks) -> Table:
    """The rows that mark nothing, or something that can be real; the others are told."""
    names = kind.blank
    marks = np.stack([table.columns[name].numbers() for name in names], axis=1)
    gaps = np.stack([table.columns[name].codes == -1 for name in names], axis=1)
    nothing = gaps.all(axis=1)
    bad: Flags = np.asarray(~nothing & np.isnan(marks).any(axis=1), np.bool_)
    odd: Flags = np.asarray(~nothing & ~bad & ~kind.fits(marks), np.bool_)
    faults = []
    if bad.any():
        told = f"A number is missing in one of {', '.join(names)}."
        faults.append(fault("bad_number", table.row[bad], told, "set aside"))
    if odd.any():
        told = "What is marked has no size."
        faults.append(fault("no_size", table.row[odd], told, "set aside"))
    if faults and (bad | odd).all():
        raise NothingLeft(f"No row of the file can be used. {faults[0].sentence}")
    return table.kept(np.flatnonzero(~bad & ~odd), *faults) if faults else table


def _texts(asked: Asked, tasks: Sequence[str]) -> list[str] | None:
    if asked.items is None:
        return None
    items = read(asked.items, ("task", "text"), called=asked.called, trim=False)
    names = [name.strip() for name in items.columns["task"].texts()]
    text = dict(zip(names, items.columns["text"].texts(), strict=True))
    missing = [task for task in tasks if task not in text]
    if missing:
        raise BadJudgments(f"{len(missing)} tasks have no text, the first is {missing[0]!r}.")
    return [text[task] for task in tasks]


def _corner(mark: Sequence[float]) -> tuple[float, ...]:
    x, y, w, h = mark
    return x - w / 2, y - h / 2, w, h


def _corners(found: Sequence[Any]) -> Array:
    return np.array([one[:4] for one in found], np.float64).reshape(-1, 4)
