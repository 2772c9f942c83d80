"""A file read, inferred, scored and written."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ujima.quality.files.asked import Asked, Confusion, Inferred
from ujima.quality.files.choices import Choices, Ordinal
from ujima.quality.files.duels import Pairs
from ujima.quality.files.errors import NotForThis, NoTruthFits
from ujima.quality.files.fitting import fitting
from ujima.quality.files.marks import Boxes, Spans
from ujima.quality.files.repeats import distinct, once
from ujima.quality.files.values import Numbers, Several, Texts
from ujima.quality.kinds.consensus import Consensus
from ujima.quality.readers.judgments_file import Tell, read
from ujima.quality.readers.table import Fault, Table, fault

#: parts into which true answers are cut so that what is fitted on some is scored on others
FOLDS = 5


class Kind(Protocol):
    """One kind of answer, with a file's judgments in it.

    who, columns   the columns that must hold something
    blank          those that must be there and may be empty
    """

    who: tuple[str, ...]
    columns: tuple[str, ...]
    blank: tuple[str, ...]
    table: Table

    def __init__(self, table: Table, asked: Asked) -> None: ...
    @property
    def tasks(self) -> list[str]: ...
    @property
    def workers(self) -> list[str]: ...
    def sound(self, gold: Table) -> Table: ...
    def know(self, gold: Table) -> Mapping[int, Any]: ...
    def infer(self, gold: Mapping[int, Any]) -> Consensus: ...
    def calibrated(
        self, found: Consensus, truths: Mapping[int, Any], folds: Sequence[Any]
    ) -> Consensus: ...
    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any: ...
    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]: ...
    def confusion(self) -> Confusion | None: ...


KINDS: dict[str, Any] = {
    "choice": Choices,
    "ordinal": Ordinal,
    "multi": Several,
    "number": Numbers,
    "text": Texts,
    "spans": Spans,
    "boxes": Boxes,
    "pairs": Pairs,
}


def infer_file(
    labels: Path,
    kind: str,
    asked: Asked,
    *,
    gold: Path | None = None,
    use_gold: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Inferred:
    """Read judgments, infer the answers, and score them where true answers are given.

    gold       a file of true answers, in the same columns without the worker
    use_gold   hold them as known; accuracy is then measured on folds that were not held
    tell       called with a line of progress

    Refuses what readers, kinds and methods refuse, NoMethod for a method that the kind has not,
    NotForThis for other options that would change nothing, and NoTruthFits where no true answer is
    of a task in the file.
    """
    of: type[Kind] = KINDS[kind]
    fitting(kind, asked, {*of.who, *of.columns, *of.blank})
    if use_gold and gold is None:
        raise NotForThis("--use-gold needs the true answers: name their file with --gold.")
    counting: Tell = lambda n: tell(f"{n:,} rows read")  # noqa: E731
    wanted = (*of.who, *of.columns)
    table = read(labels, wanted, blank=of.blank, called=asked.called, tell=counting)
    job = of(table, asked)
    tell(f"{len(job.table):,} judgments of {len(job.tasks):,} tasks by {len(job.workers):,} people")
    true = _true_answers(job, gold, asked) if gold else None
    truths = job.know(true) if true else {}
    folds = _folds(truths, asked.seed)
    scores: dict[str, Any] = {}
    if truths and use_gold:
        tell(f"inferring {len(folds)} times to score on held-out truths")
        scores = job.score(_held_out(job, truths, folds), truths)
    tell("inferring")
    found = job.infer(truths if use_gold else {})
    if truths and not use_gold:
        found = job.calibrated(found, truths, folds)
        scores = job.score(found, truths)
    header, rows = job.written(found)
    if truths:
        scores["true_answers"] = len(truths)
    return Inferred(
        kind,
        header,
        rows,
        job.tasks,
        job.workers,
        found,
        job.confusion(),
        scores,
        (*job.table.faults, *(true.faults if true else ())),
        job.table.read,
        len(job.table),
    )


def _true_answers(job: Kind, gold: Path, asked: Asked) -> Table:
    """The true answers of the file's tasks, each once, and what was wrong with the others."""
    answer = ("label",) if isinstance(job, Pairs) else job.columns
    table = read(gold, ("task", *answer), blank=job.blank, called=asked.called)
    task, known = table.columns["task"], set(job.tasks)
    there = np.array([name in known for name in task.values])[task.codes]
    if not there.any():
        raise NoTruthFits(
            "None of the true answers is of a task in the file: are the tasks' names the same?"
        )
    if not there.all():
        told = "A task is not in the file of judgments."
        table = table.kept(there, fault("unknown_task", table.row[~there], told, "not used"))
    table = job.sound(table)
    # several marks are one answer; of everything else a task has one
    table = (
        distinct(table, ("task", *job.blank))
        if isinstance(job, Spans | Boxes)
        else _one(table, job)
    )
    return replace(table, faults=tuple(_of_truths(one) for one in table.faults))


def _one(table: Table, job: Kind) -> Table:
    answer = [name for name in (*job.columns, *job.blank) if name in table.columns]
    return once(table, ("task",), answer, "last")


def _of_truths(one: Fault) -> Fault:
    sentence = {
        "twice": "a task has the same answer again.",
        "changed": "a task has another answer again.",
    }.get(one.code, one.sentence[:1].lower() + one.sentence[1:])
    return replace(one, sentence=f"True answers: {sentence}")


def _folds(truths: Mapping[int, Any], seed: int) -> list[set[int]]:
    order = np.random.default_rng(seed).permutation(np.array(sorted(truths), np.intp))
    return [set(part.tolist()) for part in np.array_split(order, FOLDS) if len(part)]


def _held_out(job: Kind, truths: Mapping[int, Any], folds: Sequence[set[int]]) -> Consensus:
    """What is found of each fold while the others are held as known, put together."""
    pooled: Consensus | None = None
    for fold in folds:
        one = job.infer({task: truth for task, truth in truths.items() if task not in fold})
        pooled = one if pooled is None else _with(pooled, one, sorted(fold))
    if pooled is None:
        raise ValueError("no folds")
    return pooled


def _with(pooled: Consensus, one: Consensus, tasks: Sequence[int]) -> Consensus:
    """`pooled`, with what `one` says of these tasks."""
    answers, confidence = list(pooled.answers), pooled.confidence.copy()
    posterior = None if pooled.posterior is None else pooled.posterior.copy()
    for task in tasks:
        answers[task] = one.answers[task]
    confidence[tasks] = one.confidence[tasks]
    if posterior is not None and one.posterior is not None:
        posterior[tasks] = one.posterior[tasks]
    return replace(pooled, answers=answers, confidence=confidence, posterior=posterior)
