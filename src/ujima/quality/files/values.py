"""Numbers, texts and several choices: one row a judgment in, one row a task out."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
import orjson

from ujima.quality.files.asked import Asked, Confusion
from ujima.quality.files.repeats import once
from ujima.quality.kinds.consensus import Consensus
from ujima.quality.kinds.edits import distance, words
from ujima.quality.kinds.multiple import multiple
from ujima.quality.kinds.numbers import numbers
from ujima.quality.kinds.texts import texts
from ujima.quality.readers.columns import as_text
from ujima.quality.readers.errors import NothingLeft
from ujima.quality.readers.table import Column, Table, fault
from ujima.quality.trust import gold_interval


class _OneRow:
    """What these kinds share."""

    who: tuple[str, ...] = ("task", "worker")
    columns: tuple[str, ...] = ("label",)
    blank: tuple[str, ...] = ()

    def __init__(self, table: Table, asked: Asked) -> None:
        self.asked = asked
        said = (*self.columns, *self.blank)
        self.table = once(self.sound(table), self.who, said, asked.repeats)

    @property
    def tasks(self) -> list[str]:
        return self.table.columns["task"].values

    @property
    def workers(self) -> list[str]:
        return self.table.columns["worker"].values

    @property
    def sizes(self) -> dict[str, Any]:
        return {"n_tasks": len(self.tasks), "n_workers": len(self.workers)}

    def codes(self) -> tuple[Any, Any]:
        """(task, worker) of each row."""
        return self.table.columns["task"].codes, self.table.columns["worker"].codes

    def sound(self, table: Table) -> Table:
        """The rows whose answer can be one; the others are told."""
        return table

    def told(self, gold: Table) -> dict[int, str]:
        """task -> what the file of true answers says; later rows hold."""
        code = {task: at for at, task in enumerate(self.tasks)}
        (name,) = (*self.columns, *self.blank)
        said = zip(gold.columns["task"].texts(), gold.columns[name].texts(), strict=True)
        return {code[task]: text for task, text in said if task in code}

    def rows(self, found: Consensus, labels: Sequence[Any]) -> list[tuple[Any, ...]]:
        """One row a task."""
        sure, counts = found.confidence.tolist(), found.judgments.tolist()
        return [
            (task, label, round(c, 6), n)
            for task, label, c, n in zip(self.tasks, labels, sure, counts, strict=True)
        ]

    def calibrated(
        self, found: Consensus, truths: Mapping[int, Any], folds: Sequence[Any]
    ) -> Consensus:
        """The same: this confidence is not learned from truths."""
        return found

    def confusion(self) -> Confusion | None:
        """There are no classes."""
        return None


class Numbers(_OneRow):
    """Numbers in the column label."""

    def sound(self, table: Table) -> Table:
        """The rows whose label is a number."""
        return of_numbers(table)

    def know(self, gold: Table) -> dict[int, float]:
        """task -> true number."""
        value = dict(
            zip(gold.columns["label"].texts(), gold.columns["label"].numbers(), strict=True)
        )
        return {t: float(value[s]) for t, s in self.told(gold).items() if np.isfinite(value[s])}

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        return numbers(
            *self.codes(), self.table.columns["label"].numbers(), gold=gold, **self.sizes
        )

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Root mean squared and mean absolute error, and the correlation."""
        tasks, true = list(truths), np.array(list(truths.values()))
        said = np.array(found.answers)[tasks]
        # squares of what is far from 1 would not fit into a number
        unit = float(np.abs([said, true]).max()) or 1.0
        said, true = said / unit, true / unit
        varies = len(tasks) > 1 and said.std() > 0 and true.std() > 0
        return {
            "rmse": float(np.sqrt(((said - true) ** 2).mean())) * unit,
            "mean_absolute_error": float(np.abs(said - true).mean()) * unit,
            "correlation": float(np.corrcoef(said, true)[0, 1]) if varies else None,
        }

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results."""
        labels = [round(answer, 6) for answer in found.answers]
        return ("task", "label", "confidence", "judgments"), self.rows(found, labels)


class Texts(_OneRow):
    """Texts in the column text (or label)."""

    columns = ("text",)

    def know(self, gold: Table) -> dict[int, str]:
        """task -> true text."""
        return self.told(gold)

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        return texts(*self.codes(), self.table.columns["text"].texts(), gold=gold, **self.sizes)

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Word error rate, without case and punctuation, and the share of texts without error."""
        pairs = [(words(found.answers[at]), words(true)) for at, true in truths.items()]
        off = [distance(said, true) for said, true in pairs]
        n = sum(len(true) for _, true in pairs)
        same = sum(d == 0 for d in off)
        low, _, high = gold_interval(same, len(off))
        return {
            "word_error_rate": sum(off) / n if n else None,
            "accuracy": same / len(off),
            "accuracy_low": low,
            "accuracy_high": high,
        }

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results."""
        return ("task", "text", "confidence", "judgments"), self.rows(found, found.answers)


class Several(_OneRow):
    """Several choices in the column label, with a separator between them; empty for none."""

    columns = ()
    blank = ("label",)

    def __init__(self, table: Table, asked: Asked) -> None:
        super().__init__(table, asked)
        self.parts = [self.split(value) for value in self.table.columns["label"].values]
        found = {choice for part in self.parts for choice in part}
        self.choices = list(asked.classes) or sorted(found)
        self.unseen: list[str] = []
        if not self.choices:
            raise NothingLeft("Nobody chose anything: there is nothing to infer.")

    def sound(self, table: Table) -> Table:
        """Every answer's choices in the same order; who names one that there is not is told."""
        label = table.columns["label"]
        parts = [self.split(value) for value in label.values]
        listed = set(self.asked.classes)
        odd = np.array([bool(listed and part - listed) for part in parts] + [False])[label.codes]
        known: dict[str, int] = {}
        names = [self.asked.separator.join(sorted(part)) for part in parts]
        codes = [known.setdefault(name, len(known)) if name else -1 for name in names]
        same = Column(np.array([*codes, -1], np.int32)[label.codes], list(known))
        table = replace(table, columns={**table.columns, "label": same})
        if not odd.any():
            return table
        rows = table.row[odd]
        told = "A label has a choice that is not among the classes."
        if odd.all():
            raise NothingLeft(f"No row of the file can be used. {told}")
        return table.kept(~odd, fault("unknown", rows, told, "set aside", column="label"))

    def split(self, label: str) -> set[str]:
        """The choices that a label names: with the separator between them, or a list as JSON."""
        given: Sequence[Any] = label.split(self.asked.separator)
        if label.startswith("[") and label.endswith("]"):
            with suppress(orjson.JSONDecodeError):
                given = orjson.loads(label)
        return {part for one in given if (part := as_text(one))}

    def know(self, gold: Table) -> dict[int, set[int]]:
        """task -> the choices that hold; those that nobody named count on behind the others."""
        told = {task: self.split(label) for task, label in self.told(gold).items()}
        self.unseen = sorted({c for own in told.values() for c in own} - set(self.choices))
        code = {choice: at for at, choice in enumerate([*self.choices, *self.unseen])}
        return {task: {code[c] for c in own} for task, own in told.items()}

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        named = np.array([[c in part for c in self.choices] for part in [*self.parts, set()]])
        chosen = named[self.table.columns["label"].codes]
        return multiple(*self.codes(), chosen, gold=gold, **self.sizes)

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Precision, recall and F1 over all choices and for each, and exact sets."""
        sets = [(set(found.answers[at]), true) for at, true in truths.items()]
        same = sum(said == true for said, true in sets)
        low, _, high = gold_interval(same, len(sets))
        names = [*self.choices, *self.unseen]
        every = [_prf([(s & {k}, t & {k}) for s, t in sets]) for k in range(len(names))]
        return {
            "accuracy": same / len(sets),
            "accuracy_low": low,
            "accuracy_high": high,
            **_prf(sets),
            "choices": dict(zip(names, every, strict=True)),
        }

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results."""
        labels = [
            self.asked.separator.join(self.choices[k] for k in answer) for answer in found.answers
        ]
        return ("task", "label", "confidence", "judgments"), self.rows(found, labels)


def of_numbers(table: Table) -> Table:
    """The rows whose label is a number; the others are told. Refuses NothingLeft."""
    bad = np.isnan(table.columns["label"].numbers())
    if not bad.any():
        return table
    told = "A label is no number."
    if bad.all():
        raise NothingLeft(f"No row of the file can be used. {told}")
    return table.kept(~bad, fault("bad_number", table.row[bad], told, "set aside", column="label"))


def _prf(sets: Sequence[tuple[set[Any], set[Any]]]) -> dict[str, float | None]:
    both = sum(len(said & true) for said, true in sets)
    said, true = sum(len(s) for s, _ in sets), sum(len(t) for _, t in sets)
    return precision_recall(both, said, true)


def precision_recall(both: float, said: float, true: float) -> dict[str, float | None]:
    """Precision, recall and F1; None where there is nothing to divide by."""
    return {
        "precision": both / said if said else None,
        "recall": both / true if true else None,
        "f1": 2 * both / (said + true) if said + true else None,
    }
