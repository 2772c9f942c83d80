"""One coin: a worker is right with one probability, whatever the truth."""

from collections.abc import Sequence

import numpy as np

from ujima.quality.judgments import Judgments
from ujima.quality.truth.climbing import Belief, climb
from ujima.quality.truth.dawid_skene import SMOOTHING
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


def one_coin(
    judgments: Judgments,
    *,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    ordinal: bool = False,
    start: Array | None = None,
    max_iter: int = 200,
    tol: float = 1e-5,
    how: How = ALONE,
) -> Truth:
    """Infer each task's label and each worker's accuracy by EM.

    Arguments as for `infer`. A mistake is any other label alike, or on an ordinal scale the
    nearer the likelier. Two judgments, right 7 times in 10, stand before each worker's first.
    history is the log-likelihood with these in it, in nats. For few judgments a worker, where a
    whole confusion matrix cannot be learned.
    Source: Zhang, Chen, Zhou and Jordan 2014, arXiv:1406.3824 (section 3.2).
    """
    known = given(judgments, gold, models, start)
    n = judgments.n_labels
    wrong = misreadings(n, ordinal=ordinal)
    right = np.eye(n, dtype=bool)
    with np.errstate(divide="ignore"):
        slips = np.where(right, 0.0, np.log(wrong.T))

    def believe(sums: Sums) -> Belief:
        said = sums.counts.reshape(-1, n, n)
        hits = np.trace(said, axis1=1, axis2=2) + PRIOR_STRENGTH * PRIOR_ACCURACY
        misses = said.sum(axis=(1, 2)) + PRIOR_STRENGTH - hits
        hit, miss = (np.log(part / (hits + misses)) for part in (hits, misses))
        tables = np.where(right, hit[:, None, None], miss[:, None, None] + slips)
        shares = sums.shares + SMOOTHING
        prior = np.log(shares / shares.sum())
        before = PRIOR_ACCURACY * hit.sum() + (1 - PRIOR_ACCURACY) * miss.sum()
        penalty = float(PRIOR_STRENGTH * before + SMOOTHING * prior.sum())
        return Belief(Parameters(tables.reshape(sums.counts.shape), prior), penalty)

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
        method="one_coin",
        version="1",
        model_counts=model_counts,
    )
