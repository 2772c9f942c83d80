"""What every method gives back, and what all of them believe of a worker beforehand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes, Judgments

Array = NDArray[np.float64]
Gold = Mapping[int, int] | Sequence[int] | NDArray[np.integer]

# Diagonal mass .7 and total 2 a class: of the settings tried on 19 public sets the best mean. It
# lets a newcomer's first answers count, and a few dozen of them outweigh it.
PRIOR_ACCURACY = 0.7
PRIOR_STRENGTH = 2.0


@dataclass(frozen=True, eq=False)
class Truth:
    """What was inferred.

    posterior     (n_tasks, n_labels); rows sum to 1
    counts        (n_workers, n_labels, n_labels); [w, k, l] = expected times w said l to truth k
    row_prior     (n_labels, n_labels); what stands beside `counts` before a worker's first answer
    class_prior   (n_labels,); sums to 1
    history       the method's objective in nats after each step; never falls
    converged     False if the step limit came first
    seed          what chance began from; None where the method leaves nothing to chance
    model_counts  (n_models, n_labels, n_labels); as `counts`, for each row of model labels
    """

    posterior: Array
    counts: Array
    row_prior: Array
    class_prior: Array
    history: tuple[float, ...]
    converged: bool
    method: str
    version: str
    seed: int | None = None
    model_counts: Array = field(default_factory=lambda: np.empty((0, 0, 0)))

    @property
    def label(self) -> Codes:
        """(n_tasks,) the most probable label of each task; the first of equals."""
        best: Codes = self.posterior.argmax(axis=1)
        return best

    @property
    def confusion(self) -> Array:
        """(n_workers, n_labels, n_labels); [w, k, l] = mean of P(w says l | truth k)."""
        return _mean(self.counts + self.row_prior)

    @property
    def model_confusion(self) -> Array:
        """(n_models, n_labels, n_labels); the same for each row of model labels."""
        return (
            _mean(self.model_counts + self.row_prior)
            if len(self.model_counts)
            else (self.model_counts)
        )


def _mean(alpha: Array) -> Array:
    mean: Array = alpha / alpha.sum(axis=2, keepdims=True)
    return mean


# Of what a worker gets wrong on a scale, a label twice as far off gets a fifth of the share.
ORDINAL_DECAY = 0.2


def misreadings(n_labels: int, *, ordinal: bool = False) -> Array:
    """(n_labels, n_labels) [k, l] = the share of mistakes on truth k that say l; rows sum to 1.

    Every other label alike; or, on a scale, the nearer the likelier.
    """
    apart = np.abs(np.subtract.outer(np.arange(n_labels), np.arange(n_labels)))
    wrong = ORDINAL_DECAY ** (apart - 1.0) if ordinal else np.ones((n_labels, n_labels))
    np.fill_diagonal(wrong, 0.0)
    shares: Array = wrong / wrong.sum(axis=1, keepdims=True)
    return shares


def row_prior(
    n_labels: int,
    *,
    accuracy: float = PRIOR_ACCURACY,
    strength: float = PRIOR_STRENGTH,
    ordinal: bool = False,
) -> Array:
    """(n_labels, n_labels) Dirichlet parameters; each row sums to `strength`."""
    prior = strength * (1 - accuracy) * misreadings(n_labels, ordinal=ordinal)
    np.fill_diagonal(prior, strength * accuracy)
    return prior


def vote_shares(judgments: Judgments) -> Array:
    """(n_tasks, n_labels) the share of each task's votes that each label got."""
    cell = judgments.task.astype(np.int64)
    cell *= judgments.n_labels
    cell += judgments.label
    votes = np.bincount(cell, minlength=judgments.n_tasks * judgments.n_labels)
    votes = votes.reshape(judgments.n_tasks, judgments.n_labels)
    shares: Array = votes / votes.sum(axis=1, keepdims=True)
    return shares


def clamped(judgments: Judgments, gold: Gold | None) -> tuple[Codes, Codes]:
    """The tasks whose truth is known, and their truths.

    `gold` maps a task to its label, or is an array (n_tasks,) with -1 where nothing is known.
    """
    if gold is None:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    if isinstance(gold, Mapping):
        tasks = np.fromiter(gold.keys(), np.intp, len(gold))
        labels = np.fromiter(gold.values(), np.intp, len(gold))
    else:
        given = np.asarray(gold, np.intp)
        if given.shape != (judgments.n_tasks,):
            raise BadJudgments(f"Gold has shape {given.shape}, not ({judgments.n_tasks},).")
        tasks = np.flatnonzero(given != -1)
        labels = given[tasks]
    wrong = (tasks < 0) | (tasks >= judgments.n_tasks)
    wrong |= (labels < 0) | (labels >= judgments.n_labels)
    if wrong.any():
        raise BadJudgments(f"{wrong.sum()} gold answers name a task or label that does not exist.")
    return tasks, labels


def confusion_counts(judgments: Judgments, posterior: Array) -> Array:
    """(n_workers, n_labels, n_labels) expected counts of what each worker said to each truth."""
    said = judgments.worker.astype(np.int64) * judgments.n_labels + judgments.label
    cells = judgments.n_workers * judgments.n_labels
    counts = [
        np.bincount(said, weights=column[judgments.task], minlength=cells)
        for column in np.ascontiguousarray(posterior.T)
    ]
    by_truth: Array = np.stack(counts).astype(np.float64, copy=False)
    return by_truth.reshape(-1, judgments.n_workers, judgments.n_labels).transpose(1, 0, 2)
