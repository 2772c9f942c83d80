"""Choices, ordered or not: task, worker, label in; task, label, confidence, judgments out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ujima.quality.calibration import confidence, looked
from ujima.quality.errors import BadJudgments
from ujima.quality.files.asked import Asked, Confusion
from ujima.quality.files.repeats import once
from ujima.quality.judgments import Judgments
from ujima.quality.kinds.consensus import Array, Consensus
from ujima.quality.readers.table import Column, Table, fault, number
from ujima.quality.reliability import Bin, binned, brier, calibration_error
from ujima.quality.stopping import CAUTIOUS_POWER, GOLD_NEEDED, power_from_gold
from ujima.quality.trust import gold_interval
from ujima.quality.truth.ebcc import Subtypes
from ujima.quality.truth.infer import infer
from ujima.quality.truth.result import Truth

#: judgments up to which confidence is read from halves of them; beyond, from one power
HALVED = 200_000


#: bytes of workers' tables above which a job is refused rather than begun
MOST_BYTES = 4_000_000_000


class Choices:
    """Single choices."""

    who: tuple[str, ...] = ("task", "worker")
    columns: tuple[str, ...] = ("label",)
    blank: tuple[str, ...] = ()
    ordinal = False

    def __init__(self, table: Table, asked: Asked) -> None:
        self.asked = asked
        table = _of_classes(table, asked.classes)
        self.table = once(table, ("task", "worker"), ("label",), asked.repeats)
        self.labels = self.table.columns["label"].values
        self.classes = list(asked.classes) or self.sorted(self.labels)
        self.unseen: list[str] = []
        self._truth: Truth | None = None
        self._seen: Array | None = None

    def sorted(self, names: Sequence[str]) -> list[str]:
        """Classes in the order that they have without --classes."""
        return in_order(names)

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

    def sound(self, gold: Table) -> Table:
        """The true answers that can be used."""
        return gold

    def know(self, gold: Table) -> dict[int, Any]:
        """task -> true class; those that nobody chose count on behind the others."""
        code = {task: at for at, task in enumerate(self.tasks)}
        said = zip(gold.columns["task"].texts(), gold.columns["label"].texts(), strict=True)
        truths = {code[task]: label for task, label in said if task in code}
        new = [label for label in sorted(set(truths.values())) if label not in set(self.classes)]
        if new and self.asked.classes:
            raise BadJudgments(f"True answers are of classes that are not listed: {min(new)}.")
        self.unseen = new
        place = {label: at for at, label in enumerate([*self.classes, *new])}
        return {task: place[label] for task, label in truths.items()}

    def judgments(self) -> Judgments:
        """The file as coded judgments."""
        if len(self.classes) < 2:
            raise BadJudgments(
                f"Everybody chose {self.classes[0]!r}: there is nothing to infer. "
                "--classes names what else there was to choose."
            )
        self._refuse_large()
        place_of = {label: at for at, label in enumerate(self.classes)}
        place = np.array([place_of[label] for label in self.labels], np.int32)
        columns = self.table.columns
        return Judgments(
            columns["task"].codes,
            columns["worker"].codes,
            place[columns["label"].codes],
            len(self.tasks),
            len(self.workers),
            len(self.classes),
        )

    def _refuse_large(self) -> None:
        n, k = len(self.workers), len(self.classes)
        each = Subtypes().each if self.asked.method in ("careful", "ebcc") else 1
        size = n * k * k * each * 8
        if size > MOST_BYTES:
            raise BadJudgments(
                f"{k:,} classes and {n:,} people would need {size / 1e9:,.0f} GB of tables; at "
                f"most {MOST_BYTES / 1e9:.0f} are tried. Are these labels really classes? "
                "--type text takes free texts, --type multi several choices at once."
            )

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer with these tasks held as known."""
        judgments = self.judgments()
        gold = {task: k for task, k in gold.items() if k < len(self.classes)}
        options: dict[str, Any] = {"ordinal": self.ordinal, "how": self.asked.how}
        if self.asked.method in ("careful", "ebcc"):
            options["seed"] = self.asked.seed
        truth = self._truth = infer(judgments, self.asked.method, gold=gold or None, **options)
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
            posterior=truth.posterior,
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
        fits = (gold >= 0) & (gold < posterior.shape[1])
        if fits.sum() >= GOLD_NEEDED:
            power = power_from_gold(posterior[fits], gold[fits])
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
        posterior = np.pad(_posterior(found), ((0, 0), (0, len(self.unseen))))
        tasks = np.array(list(truths))
        true = np.array(list(truths.values()))
        right = _right(np.asarray(found.answers), posterior, tasks, true)
        low, _, high = gold_interval(round(float(right.sum())), len(right))
        fitted = found.confidence[tasks]
        return {
            "accuracy": float(right.mean()),
            "accuracy_low": low,
            "accuracy_high": high,
            "calibration_error": calibration_error(fitted, right),
            "calibration_error_raw": calibration_error(posterior[tasks].max(axis=1), right),
            "brier": brier(posterior[tasks], true),
            "calibration": [_told(one) for one in binned(fitted, right)],
        }

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results."""
        rows: list[tuple[Any, ...]] = [
            (task, self.classes[answer], round(sure, 6), n)
            for task, answer, sure, n in zip(
                self.tasks,
                found.answers,
                found.confidence.tolist(),
                found.judgments.tolist(),
                strict=True,
            )
        ]
        return ("task", "label", "confidence", "judgments"), rows

    def confusion(self) -> Confusion | None:
        """What everybody together said to each truth."""
        return Confusion(self.classes, self.truth.counts.sum(axis=0))


class Ordinal(Choices):
    """Single choices whose classes have an order."""

    ordinal = True

    def sorted(self, names: Sequence[str]) -> list[str]:
        """Numbers by their size. Refuses BadJudgments for words, whose order nobody knows."""
        odd = sorted(name for name in set(names) if np.isnan(number(name)))
        if odd:
            raise BadJudgments(
                f"{odd[0]!r} is no number: --classes must name the classes in their order."
            )
        return in_order(names)

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """As of choices, and how many classes the answers are off."""
        every = [*self.classes, *self.unseen]
        scale = {name: at for at, name in enumerate(self.sorted(every) if self.unseen else every)}
        place = np.array([scale[name] for name in every])
        tasks, true = np.array(list(truths)), place[list(truths.values())]
        said = place[np.asarray(found.answers)[tasks]]
        middle = place[_middle(found)[tasks]]
        return {
            **super().score(found, truths),
            "mean_absolute_error": float(np.abs(said - true).mean()),
            "mean_absolute_error_of_medians": float(np.abs(middle - true).mean()),
        }

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results."""
        header, rows = super().written(found)
        middle = [self.classes[k] for k in _middle(found).tolist()]
        return (*header, "median"), [(*r, m) for r, m in zip(rows, middle, strict=True)]


def _posterior(found: Consensus) -> Array:
    if found.posterior is None:
        raise TypeError("there are no classes in this consensus")
    return found.posterior


def _middle(found: Consensus) -> Any:
    """(n_tasks,) the median class of each posterior: the least error on a scale."""
    return (np.cumsum(_posterior(found), axis=1) >= 0.5 - 1e-12).argmax(axis=1)


def in_order(names: Sequence[str]) -> list[str]:
    """Names by their numbers where all are finite numbers, else by their letters."""
    some = set(names)
    return sorted(some) if any(np.isnan(number(n)) for n in some) else sorted(some, key=number)


def _of_classes(table: Table, classes: Sequence[str]) -> Table:
    if not classes:
        return table
    label: Column = table.columns["label"]
    listed = set(classes)
    unknown = np.array([value not in listed for value in label.values])[label.codes]
    if not unknown.any():
        return table
    rows = table.row[unknown]
    first = label.values[int(label.codes[unknown][0])]
    told = f"A label is not among the classes; the first such is {first!r}."
    return table.kept(~unknown, fault("unknown", rows, told, "set aside", column="label"))


def _told(one: Bin) -> dict[str, float]:
    """A bin as the summary has it."""
    low, right, high = one.right
    return {
        "confidence": one.confidence, "n": one.units, "right": right, "low": low, "high": high,
    }  # fmt: skip


def _right(answers: Any, posterior: Array, tasks: Any, true: Any) -> Array:
    """(n,) 1 where right, and a share where the truth is one of several equals."""
    best = posterior[tasks] >= posterior[tasks].max(axis=1, keepdims=True) - 1e-12
    hit = best[np.arange(len(tasks)), true]
    shared: Array = hit / best.sum(axis=1)
    return shared
