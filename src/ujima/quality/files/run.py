"""A file read, inferred, scored and written."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from ujima.quality.files.asked import Asked, Confusion, Inferred
from ujima.quality.files.choices import Choices
from ujima.quality.files.duels import Pairs
from ujima.quality.files.errors import NoMethod, NoTruthFits
from ujima.quality.files.marks import Boxes, Spans
from ujima.quality.files.values import Numbers, Several, Texts
from ujima.quality.kinds.consensus import Consensus
from ujima.quality.readers.judgments_file import Tell, read
from ujima.quality.readers.table import Table

#: parts into which true answers are cut so that what is fitted on some is scored on others
FOLDS = 5


class Kind(Protocol):
    """One kind of answer, with a file's judgments in it."""

    table: Table

    @property
    def tasks(self) -> list[str]: ...
    @property
    def workers(self) -> list[str]: ...
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
    "ordinal": partial(Choices, ordinal=True),
    "multi": Several,
    "number": Numbers,
    "text": Texts,
    "spans": Spans,
    "boxes": Boxes,
    "pairs": Pairs,
}
_COLUMNS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "choice": (("task", "worker", "label"), ()),
    "ordinal": (("task", "worker", "label"), ()),
    "multi": (("task", "worker", "label"), ()),
    "number": (("task", "worker", "label"), ()),
    "text": (("task", "worker", "text"), ()),
    "spans": (("task", "worker"), ("start", "end")),
    "boxes": (("task", "worker"), ("x", "y", "w", "h")),
    "pairs": (("worker", "left", "right", "label"), ()),
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
    and NoTruthFits where no true answer is of a task in the file.
    """
    if kind not in ("choice", "ordinal") and asked.method not in ("default", "careful"):
        raise NoMethod(f"Answers of type {kind} have one method; leave --method out.")
    wanted, optional = _COLUMNS[kind]
    counting: Tell = lambda n: tell(f"{n:,} rows read")  # noqa: E731
    table = read(labels, wanted, optional=optional, called=asked.called, tell=counting)
    job: Kind = KINDS[kind](table, asked)
    tell(f"{len(job.table):,} judgments of {len(job.tasks):,} tasks by {len(job.workers):,} people")
    truths = _truths(job, gold, kind, asked) if gold else {}
    folds = _folds(truths, asked.seed)
    scores: dict[str, Any] = {}
    if truths and use_gold:
        tell(f"inferring {len(folds)} times to score on held-out truths")
        scores = _held_out(job, truths, folds)
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
        job.table.faults,
        job.table.read,
        len(job.table),
    )


def _truths(job: Kind, gold: Path, kind: str, asked: Asked) -> Mapping[int, Any]:
    wanted, optional = _COLUMNS[kind]
    if kind == "pairs":
        wanted = ("task", "worker", "label")
    columns = tuple(name for name in wanted if name != "worker")
    truths = job.know(read(gold, columns, optional=optional, called=asked.called))
    if not truths:
        raise NoTruthFits(
            "None of the true answers is of a task in the file: are the tasks' names the same?"
        )
    return truths


def _folds(truths: Mapping[int, Any], seed: int) -> list[set[int]]:
    order = np.random.default_rng(seed).permutation(np.array(sorted(truths), np.intp))
    return [set(part.tolist()) for part in np.array_split(order, FOLDS) if len(part)]


def _held_out(job: Kind, truths: Mapping[int, Any], folds: Sequence[set[int]]) -> dict[str, Any]:
    """The mean score of each fold while the others are held as known, weighed by its size."""
    told = []
    for fold in folds:
        rest = {task: truth for task, truth in truths.items() if task not in fold}
        own = {task: truths[task] for task in fold}
        told.append((len(own), job.score(job.infer(rest), own)))
    total = sum(n for n, _ in told)
    names = [name for name, value in told[0][1].items() if isinstance(value, float)]
    return {name: sum(n * (one[name] or 0.0) for n, one in told) / total for name in names}
