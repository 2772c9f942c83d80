"""What is known or said of tasks beside the judgments: known truths, model labels, a start."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes, Judgments
from ujima.quality.truth.result import Array, Gold, clamped, vote_shares

# What a model says: a label for each task, -1 for none; or for each task its shares of the labels.
ModelLabels = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Given:
    """Checked, and in the shapes that the methods use.

    held      tasks whose truth is known, and their truths
    models    (n_models, n_tasks, n_labels); rows sum to at most 1
    start     (n_tasks, n_labels); rows sum to 1
    """

    held: tuple[Codes, Codes]
    models: Array
    start: Array


def given(
    judgments: Judgments,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    start: Array | None = None,
) -> Given:
    """Check and shape what was given; without a start, votes' shares (models vote too).

    Raises BadJudgments for what does not fit.
    """
    held = clamped(judgments, gold)
    said = model_rows(judgments, models)
    begin = _votes(judgments, said) if start is None else _started(judgments, start)
    return Given(held, said, hold(begin, held))


def hold(posterior: Array, held: tuple[Codes, Codes]) -> Array:
    """The same posterior, with the tasks whose truth is known as they are."""
    tasks, labels = held
    if len(tasks):
        posterior = posterior.copy()
        posterior[tasks] = 0.0
        posterior[tasks, labels] = 1.0
    return posterior


def model_rows(judgments: Judgments, models: Sequence[ModelLabels]) -> Array:
    """(n_models, n_tasks, n_labels) what each model says of each task; zeros where it is silent."""
    shape = (judgments.n_tasks, judgments.n_labels)
    rows = np.zeros((len(models), *shape))
    for row, model in zip(rows, models, strict=True):
        said = np.asarray(model)
        if said.shape == shape[:1] and said.dtype.kind in "iu":
            if ((said < -1) | (said >= shape[1])).any():
                raise BadJudgments("A model says labels that do not exist.")
            spoken = np.flatnonzero(said >= 0)
            row[spoken, said[spoken]] = 1.0
        elif said.shape == shape and said.dtype.kind == "f":
            row[:] = said
        else:
            raise BadJudgments(
                f"A model's labels are {said.dtype} of shape {said.shape}, neither integers of "
                f"shape {shape[:1]} nor shares of shape {shape}."
            )
    if not ((rows >= 0).all() and (rows.sum(axis=2) <= 1 + 1e-9).all()):
        raise BadJudgments("A model's shares must be 0 or more and sum to at most 1 a task.")
    return rows


def _votes(judgments: Judgments, models: Array) -> Array:
    shares = vote_shares(judgments)
    if not len(models):
        return shares
    votes = shares * judgments.counted()[:, None] + models.sum(axis=0)
    normal: Array = votes / votes.sum(axis=1, keepdims=True)
    return normal


def _started(judgments: Judgments, start: Array) -> Array:
    begin = np.array(start, dtype=np.float64)
    if begin.shape != (judgments.n_tasks, judgments.n_labels):
        raise BadJudgments(
            f"The start has shape {begin.shape}, not ({judgments.n_tasks}, {judgments.n_labels})."
        )
    totals = begin.sum(axis=1, keepdims=True)
    if not (np.isfinite(begin).all() and (begin >= 0).all() and (totals > 0).all()):
        raise BadJudgments("The start's rows must be probabilities.")
    normal: Array = begin / totals
    return normal
