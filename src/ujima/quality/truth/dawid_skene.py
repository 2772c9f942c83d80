"""Dawid and Skene: a confusion matrix a worker, by expectation and maximisation."""

from collections.abc import Sequence

import numpy as np

from ujima.quality.judgments import Judgments
from ujima.quality.truth.climbing import Belief, climb
from ujima.quality.truth.given import ModelLabels, given
from ujima.quality.truth.kernel import Parameters, Sums
from ujima.quality.truth.places import ALONE, How, laid_out
from ujima.quality.truth.result import PRIOR_STRENGTH, Array, Gold, Truth, row_prior
from ujima.quality.truth.tables import split

# Enough that no probability is nought, too little to be seen in an answer: the maximum likelihood
# that the method is defined by, but for a hundredth of a judgment a class.
SMOOTHING = 0.01


def dawid_skene(
    judgments: Judgments,
    *,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    ordinal: bool = False,
    start: Array | None = None,
    max_iter: int = 100,
    tol: float = 1e-5,
    how: How = ALONE,
) -> Truth:
    """Infer each task's label and each worker's confusion matrix by EM.

    Arguments as for `infer`. history is the log-likelihood in nats, the smoothing's
    share in it; on an ordinal scale the smoothing is iBCC's prior.
    Source: Dawid and Skene 1979, doi:10.2307/2346806.
    """
    known = given(judgments, gold, models, start)
    # What a scale says of mistakes is a prior's to say, and must weigh something to be heard.
    strength = PRIOR_STRENGTH if ordinal else SMOOTHING
    pseudo = row_prior(judgments.n_labels, strength=strength, ordinal=ordinal)

    def believe(sums: Sums) -> Belief:
        said = sums.counts.reshape(-1, judgments.n_labels, judgments.n_labels) + pseudo.T
        tables = np.log(said)
        tables -= np.log(said.sum(axis=1, keepdims=True))
        shares = sums.shares + SMOOTHING
        prior = np.log(shares / shares.sum())
        penalty = float((pseudo.T * tables).sum() + SMOOTHING * prior.sum())
        return Belief(Parameters(tables.reshape(sums.counts.shape), prior), penalty)

    run = laid_out(judgments, known, how)
    end = climb(run, known.start, believe, max_iter=max_iter, tol=tol)
    counts, model_counts = split(end.sums.counts, judgments)
    return Truth(
        posterior=end.posterior,
        counts=counts,
        row_prior=pseudo,
        class_prior=end.sums.shares / end.sums.shares.sum(),
        history=end.history,
        converged=end.converged,
        method="dawid_skene",
        version="1",
        model_counts=model_counts,
    )
