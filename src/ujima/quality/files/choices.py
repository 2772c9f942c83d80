"""Choices, ordered or not: task, worker, label in; task, label, confidence, judgments out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ujima.quality.calibration import BINS, brier, calibration_error, confidence, looked
from ujima.quality.errors import BadJudgments
from ujima.quality.files.asked import Asked, Confusion
from ujima.quality.files.repeats import once
from ujima.quality.judgments import Judgments
from ujima.quality.kinds.consensus import Array, Consensus
from ujima.quality.readers.table import Column, Table, fault
from ujima.quality.stopping import CAUTIOUS_POWER, GOLD_NEEDED, power_from_gold
from ujima.quality.trust import gold_interval
from ujima.quality.truth.infer import infer
from ujima.quality.truth.result import Truth

#: judgments up to which confidence is read from halves of them; beyond, from one power
HALVED = 200_000


class Choices:
    """Single choices; `ordinal` if their classes have an order."""

    columns: tuple[str, ...] = ("label",)
    optional: tuple[str, ...] = ()

    def __init__(self, table: Table, asked: Asked, *, ordinal: bool = False) -> None:
        self.asked, self.ordinal = asked, ordinal
        table = _of_classes(table, asked.classes)
        self.table = once(table, ("task", "worker"), ("label",), asked.repeats)
        self.labels = self.table.columns["label"].values
        self.classes = list(asked.classes) or in_order(self.labels)
        self._truth: Truth | None = None
        self._seen: Array | None = None

    @property
    def tasks(self) -> list[str]:
        return self.table.columns["task"].values

    @property
    def workers(self) -> list[str]:
        return self.table.columns["worker"].values

    @property
    def truth(self) -> Truth:
        """What `infer` found last."""
        if self._truth is None:
            raise RuntimeError("nothing has been inferred yet")
        return self._truth

    def know(self, gold: Table) -> dict[int, Any]:
        """task -> true class; a class that nobody chose becomes one."""
        code = {task: at for at, task in enumerate(self.tasks)}
        said = zip(gold.columns["task"].texts(), gold.columns["label"].texts(), strict=True)
        truths = {code[task]: label for task, label in said if task in code}
        new = [
            label for label in in_order(sorted(set(truths.values()))) if label not in self.classes
        ]
        if new and self.asked.classes:
            raise BadJudgments(f"True answers are of classes that are not listed: {min(new)}.")
        self.classes = in_order([*self.classes, *new]) if new else self.classes
        return {task: self.classes.index(label) for task, label in truths.items()}

    def judgments(self) -> Judgments:
        """The file as coded judgments."""
        if len(self.classes) < 2:
            raise BadJudgments(
                f"Everybody chose {self.classes[0]!r}: there is nothing to infer. "
                "--classes names what else there was to choose."
            )
        place = np.array([self.classes.index(label) for label in self.labels], np.int32)
        columns = self.table.columns
        return Judgments(
            columns["task"].codes,
            columns["worker"].codes,
            place[columns["label"].codes],
            len(self.tasks),
            len(self.workers),
            len(self.classes),
        )

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        judgments = self.judgments()
        options: dict[str, Any] = {"ordinal": self.ordinal, "how": self.asked.how}
        if self.asked.method in ("careful", "ebcc"):
            options["seed"] = self.asked.seed
        truth = self._truth = infer(
            judgments, self.asked.method, gold=dict(gold) or None, **options
        )
        judged = np.bincount(judgments.worker, minlength=judgments.n_workers)
        right = np.einsum("k,wkk->w", truth.class_prior, truth.confusion)
        return Consensus(
            answers=truth.label.tolist(),
            confidence=self._sure(judgments, truth, gold),
            judgments=judgments.counted(),
            skill=np.where(judged > 0, right, np.nan),
            judged=judged,
            method=truth.method,
            version=truth.version,
            history=truth.history,
            converged=truth.converged,
        )

    def _sure(self, judgments: Judgments, truth: Truth, held: Mapping[int, int]) -> Array:
        """(n_tasks,) how sure each answer is before any truth is compared; what is held is."""
        rng = np.random.default_rng(self.asked.seed)
        few = len(judgments) <= HALVED
        self._seen = looked(judgments, truth.posterior, rng) if few else None
        found = self.taught({})
        found[list(held)] = 1.0
        return found

    def taught(self, known: Mapping[int, int]) -> Array:
        """(n_tasks,) how sure each answer is, so that of those at .8 about 8 in 10 are right.

        known   true answers that were not held while inferring
        """
        posterior = self.truth.posterior
        gold = np.full(len(posterior), -1)
        gold[list(known)] = list(known.values())
        if self._seen is not None:
            return confidence(self._seen, posterior, gold)
        power = CAUTIOUS_POWER
        if len(known) >= GOLD_NEEDED:
            power = power_from_gold(posterior[gold >= 0], gold[gold >= 0])
        raised = posterior**power
        best: Array = (raised / raised.sum(axis=1, keepdims=True)).max(axis=1)
        return best

    def calibrated(
        self, found: Consensus, truths: Mapping[int, Any], folds: Sequence[Any]
    ) -> Consensus:
        """The same answers, their confidence taught by the truths: for tasks of known truth by the
        other folds' alone, so that it can be scored."""
        sure = self.taught(truths)
        for fold in folds:
            rest = {task: truth for task, truth in truths.items() if task not in fold}
            held = np.array(sorted(fold))
            sure[held] = self.taught(rest)[held]
        return replace(found, confidence=sure)

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Accuracy with its interval, and how far confidence is off."""
        posterior = self.truth.posterior
        tasks = np.array(list(truths))
        true = np.array(list(truths.values()))
        right = _right(np.asarray(found.answers), posterior, tasks, true)
        low, _, high = gold_interval(round(float(right.sum())), len(right))
        fitted = found.confidence[tasks]
        told = {
            "accuracy": float(right.mean()),
            "accuracy_low": low,
            "accuracy_high": high,
            "calibration_error": calibration_error(fitted, right),
            "calibration_error_raw": calibration_error(posterior[tasks].max(axis=1), right),
            "brier": brier(posterior[tasks], true),
            "calibration": _bins(fitted, right),
        }
        if self.ordinal:
            told["mean_absolute_error"] = float(
                np.abs(np.asarray(found.answers)[tasks] - true).mean()
            )
            middle = self.middle()
            told["mean_absolute_error_of_medians"] = float(np.abs(middle[tasks] - true).mean())
        return told

    def middle(self) -> Any:
        """(n_tasks,) the median class of each posterior: the least error on a scale."""
        return (np.cumsum(self.truth.posterior, axis=1) >= 0.5 - 1e-12).argmax(axis=1)

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results."""
        header: tuple[str, ...] = ("task", "label", "confidence", "judgments")
        rows = [
            (task, self.classes[answer], round(sure, 6), n)
            for task, answer, sure, n in zip(
                self.tasks,
                found.answers,
                found.confidence.tolist(),
                found.judgments.tolist(),
                strict=True,
            )
        ]
        if not self.ordinal:
            return header, rows
        middle = [self.classes[k] for k in self.middle().tolist()]
        return (*header, "median"), [(*r, m) for r, m in zip(rows, middle, strict=True)]

    def confusion(self) -> Confusion | None:
        """What everybody together said to each truth."""
        return Confusion(self.classes, self.truth.counts.sum(axis=0))


def in_order(names: Sequence[str]) -> list[str]:
    """Names by their numbers where all are numbers, else by their letters."""
    try:
        return sorted(set(names), key=float)
    except ValueError:
        return sorted(set(names))


def _of_classes(table: Table, classes: Sequence[str]) -> Table:
    if not classes:
        return table
    label: Column = table.columns["label"]
    unknown = np.array([value not in classes for value in label.values])[label.codes]
    if not unknown.any():
        return table
    rows = table.row[unknown]
    first = label.values[int(label.codes[unknown][0])]
    told = f"A label is not among the classes; the first such is {first!r}."
    return table.kept(~unknown, fault("unknown", rows, told, "set aside", column="label"))


def _bins(confidence: Array, right: Array) -> list[dict[str, float]]:
    """Of answers about equally sure, how many are right, with a 95 % interval; ten bins."""
    place = np.minimum((confidence * BINS + 1e-9).astype(np.intp), BINS - 1)
    found = []
    for at in np.unique(place):
        own = place == at
        low, mid, high = gold_interval(round(float(right[own].sum())), int(own.sum()))
        found.append(
            {
                "confidence": float(confidence[own].mean()),
                "n": int(own.sum()),
                "right": mid,
                "low": low,
                "high": high,
            }
        )
    return found


def _right(answers: Any, posterior: Array, tasks: Any, true: Any) -> Array:
    """(n,) 1 where right, and a share where the truth is one of several equals."""
    best = posterior[tasks] >= posterior[tasks].max(axis=1, keepdims=True) - 1e-12
    hit = best[np.arange(len(tasks)), true]
    shared: Array = hit / best.sum(axis=1)
    return shared
