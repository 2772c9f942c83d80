"""MACE: a worker either knows, or answers without looking, in a way of her own."""

from collections import deque
from collections.abc import Sequence

import numpy as np

from ujima.quality.judgments import Judgments
from ujima.quality.truth.climbing import Belief, climb
from ujima.quality.truth.given import ModelLabels, given
from ujima.quality.truth.kernel import Parameters, Sums
from ujima.quality.truth.places import ALONE, How, laid_out
from ujima.quality.truth.result import (
    PRIOR_ACCURACY,
    PRIOR_STRENGTH,
    Array,
    Gold,
    Truth,
    misreadings,
    row_prior,
)
from ujima.quality.truth.tables import split

# On an ordinal scale who knows is off this often, mostly by one.
SLIP = 0.1
# Steps over each worker's two numbers before the first step over tasks, and before each later one.
SETTLED_FIRST, SETTLED_LATER = 50, 3


def mace(
    judgments: Judgments,
    *,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    ordinal: bool = False,
    start: Array | None = None,
    max_iter: int = 500,
    tol: float = 1e-5,
    how: How = ALONE,
) -> Truth:
    """Infer each task's label, and of each worker how often she knows, by EM.

    Arguments as for `infer`. Classes are equally likely beforehand. Two judgments, known 7 times
    in 10, and one of unknown kind a label stand before each worker's first; history is the
    log-likelihood with these in it, in nats. On an ordinal scale who knows may be off by a little.
    Source: Hovy, Berg-Kirkpatrick, Vaswani and Hovy, NAACL 2013; aclanthology.org/N13-1132.
    """
    known = given(judgments, gold, models, start)
    n = judgments.n_labels
    people = judgments.n_workers + len(known.models)
    knows = _knows(n, ordinal)
    state = deque([(np.full(people, PRIOR_ACCURACY), np.full((people, n), 1 / n))], maxlen=2)

    def believe(sums: Sums) -> Belief:
        said = sums.counts.reshape(people, n, n)
        know, habit = state[-1]
        # What she knows and how she guesses depend on each other; from nothing they settle slowly.
        for _ in range(SETTLED_FIRST if len(state) == 1 else SETTLED_LATER):
            know, habit = _improved(said, knows, know, habit)
        state.append((know, habit))
        chance = know[:, None, None] * knows + ((1 - know)[:, None] * habit)[:, :, None]
        before = PRIOR_ACCURACY * np.log(know) + (1 - PRIOR_ACCURACY) * np.log1p(-know)
        penalty = float(PRIOR_STRENGTH * before.sum() + np.log(habit).sum() / n)
        prior = np.full(n, -np.log(n))
        return Belief(Parameters(np.log(chance).reshape(sums.counts.shape), prior), penalty)

    run = laid_out(judgments, known, how)
    end = climb(run, known.start, believe, max_iter=max_iter, tol=tol)
    counts, model_counts = split(end.sums.counts, judgments)
    return Truth(
        posterior=end.posterior,
        counts=counts,
        row_prior=row_prior(n, ordinal=ordinal),
        class_prior=end.sums.shares / end.sums.shares.sum(),
        history=end.history,
        converged=end.converged,
        method="mace",
        version="1",
        model_counts=model_counts,
    )


def _improved(said: Array, knows: Array, know: Array, habit: Array) -> tuple[Array, Array]:
    """One step of EM over whether each worker knew, what she said to each truth being given."""
    n = len(knows)
    looked = know[:, None, None] * knows
    looked = said * looked / (looked + ((1 - know)[:, None] * habit)[:, :, None])
    sure = looked.sum(axis=(1, 2)) + PRIOR_STRENGTH * PRIOR_ACCURACY
    blind = (said - looked).sum(axis=2) + 1 / n
    share = sure / (said.sum(axis=(1, 2)) + PRIOR_STRENGTH)
    return share, blind / blind.sum(axis=1, keepdims=True)


def _knows(n_labels: int, ordinal: bool) -> Array:
    """(said, truth) P(said | truth) of who knows."""
    if not ordinal:
        return np.eye(n_labels)
    slips: Array = SLIP * misreadings(n_labels, ordinal=True).T + (1 - SLIP) * np.eye(n_labels)
    return slips
