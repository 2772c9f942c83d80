"""Enhanced Bayesian classifier combination: classes have subtypes, so that workers who share a
misreading are not counted as if each had come to it alone.

Variational Bayes from several starts. Source: Li, Rubinstein and Cohn, ICML 2019;
proceedings.mlr.press/v97/li19i.html.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments
from ujima.quality.truth.climbing import Climb, climb
from ujima.quality.truth.given import ModelLabels, given
from ujima.quality.truth.places import ALONE, How, laid_out
from ujima.quality.truth.result import Array, Gold, Truth, row_prior
from ujima.quality.truth.tables import split
from ujima.quality.truth.variational import CLASS_PRIOR, Dirichlets

# The paper's: each worker's row begins with four answers on the truth and one on each other label.
RIGHT, WRONG = 4.0, 1.0

# Each start climbs so many steps; then only the one with the highest bound goes on.
SCOUT = 30
# Shares are hashed with nine digits.
ROUND = 1e9


class Subtypes(NamedTuple):
    """How EBCC looks for subtypes.

    each      subtypes a class; those that the data do not need stay empty
    prior     a class's subtypes together weigh as much as this share of one task
    restarts  random starts; the one with the highest bound is kept
    """

    each: int = 10
    prior: float = 0.1
    restarts: int = 10


def ebcc(
    judgments: Judgments,
    *,
    subtypes: Subtypes = Subtypes(),  # noqa: B008 (frozen)
    seed: int = 0,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    ordinal: bool = False,
    start: Array | None = None,
    max_iter: int = 500,
    tol: float = 1e-4,
    how: How = ALONE,
) -> Truth:
    """Infer each task's label where workers may share their mistakes: the careful method.

    Arguments as for `infer`. history is the evidence lower bound of the start that was kept, in
    nats; counts and confusion are over all subtypes together. The same seed gives the same answer,
    whatever the order of tasks, workers and labels.
    """
    if subtypes.each < 1 or subtypes.restarts < 1 or subtypes.prior <= 0:
        raise BadJudgments("EBCC needs a subtype, a start and a prior above 0.")
    if seed < 0:
        raise BadJudgments(f"The seed is {seed}; it is a whole number from 0 up.")
    known = given(judgments, gold, models, start)
    n = judgments.n_labels
    strength = RIGHT + WRONG * (n - 1)
    prior = row_prior(n, accuracy=RIGHT / strength, strength=strength, ordinal=ordinal)
    model = Dirichlets(prior, subtypes.each, subtypes.prior)
    run = laid_out(judgments, known, how)
    starts = _Starts(judgments, known.start)
    scouts = min(SCOUT, max_iter)
    seeds = range(seed * subtypes.restarts, (seed + 1) * subtypes.restarts)
    best = max(
        (
            climb(run, starts.subtyped(subtypes.each, s), model.believe, max_iter=scouts, tol=tol)
            for s in seeds
        ),
        key=lambda end: end.history[-1],
    )
    if not best.converged and max_iter > scouts:
        more = max_iter - scouts
        end = climb(run, best.posterior, model.believe, max_iter=more, tol=tol)
        best = end._replace(history=best.history + end.history)
    return _truth(judgments, best, prior, seed)


def _truth(judgments: Judgments, end: Climb, prior: Array, seed: int) -> Truth:
    n = judgments.n_labels
    counts, model_counts = split(end.sums.counts, judgments)
    shares = end.sums.shares.reshape(n, -1).sum(axis=1) + CLASS_PRIOR
    return Truth(
        posterior=end.posterior.reshape(judgments.n_tasks, n, -1).sum(axis=2),
        counts=counts,
        row_prior=prior,
        class_prior=shares / shares.sum(),
        history=end.history,
        converged=end.converged,
        method="ebcc",
        version="1",
        seed=seed,
        model_counts=model_counts,
    )


class _Starts:
    """Random starts that know nothing of the order of tasks, workers or labels.

    Chance is drawn for each (task, label) by hashing what does not change when things are renamed:
    how many judgments each of its people made, and how often the others agreed with them. Tasks
    on which the same people said the same start alike. Sums are of whole numbers, so that the
    order of adding up changes nothing.
    """

    def __init__(self, judgments: Judgments, shares: Array) -> None:
        self.shares = shares
        agreed = np.round(shares[judgments.task, judgments.label] * ROUND).astype(np.int64)
        people = np.zeros((2, judgments.n_workers), np.int64)
        np.add.at(people[0], judgments.worker, 1)
        np.add.at(people[1], judgments.worker, agreed)
        person = _mixed(people[0].view(np.uint64) + _mixed(people[1].view(np.uint64)))
        said = _mixed(person[judgments.worker] + _mixed(agreed.view(np.uint64)))
        self.keys = np.zeros(shares.shape, np.uint64)
        np.add.at(self.keys, (judgments.task, judgments.label), said)
        self.keys += _mixed(self.keys.sum(axis=1, keepdims=True))

    def subtyped(self, each: int, seed: int) -> Array:
        """(n_tasks, n_labels * each) the shares of votes, each class's divided among its subtypes
        by a flat Dirichlet."""
        salt = _mixed(np.arange(each, dtype=np.uint64) + np.uint64(seed * each))
        drawn = _mixed(self.keys[:, :, None] + salt)
        parts = -np.log((drawn >> np.uint64(11)) * 2.0**-53 + 2.0**-54)
        parts *= (self.shares / parts.sum(axis=2))[:, :, None]
        flat: Array = parts.reshape(len(parts), -1)
        return flat


def _mixed(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Each number as another one, as if drawn by chance. Source: Steele, Lea and Flood 2014
    (SplitMix64), doi:10.1145/2660193.2660195."""
    z = keys + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))
