"""Independent Bayesian classifier combination: a confusion matrix a worker, with priors.

Variational Bayes. Sources: Kim and Ghahramani, AISTATS 2012; Simpson et al. 2013,
doi:10.1007/978-3-642-36406-8_1.
"""

from collections.abc import Sequence

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments
from ujima.quality.truth.climbing import climb
from ujima.quality.truth.given import ModelLabels, given
from ujima.quality.truth.places import ALONE, How, laid_out
from ujima.quality.truth.result import (
    PRIOR_ACCURACY,
    PRIOR_STRENGTH,
    Array,
    Gold,
    Truth,
    row_prior,
)
from ujima.quality.truth.tables import split
from ujima.quality.truth.variational import CLASS_PRIOR, Dirichlets


def ibcc(
    judgments: Judgments,
    *,
    prior_accuracy: float = PRIOR_ACCURACY,
    prior_strength: float = PRIOR_STRENGTH,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    ordinal: bool = False,
    start: Array | None = None,
    max_iter: int = 500,
    tol: float = 1e-5,
    how: How = ALONE,
) -> Truth:
    """Infer each task's label and each worker's confusion matrix.

    Arguments as for `infer`. history is the evidence lower bound in nats after each step.

    Raises BadJudgments (a ValueError) for priors, gold, models or a start that do not fit.
    """
    if not (0 < prior_accuracy < 1 and prior_strength > 0):
        raise BadJudgments("The prior accuracy lies between 0 and 1, its strength above 0.")
    prior = row_prior(
        judgments.n_labels, accuracy=prior_accuracy, strength=prior_strength, ordinal=ordinal
    )
    known = given(judgments, gold, models, start)
    run = laid_out(judgments, known, how)
    end = climb(run, known.start, Dirichlets(prior).believe, max_iter=max_iter, tol=tol)
    counts, model_counts = split(end.sums.counts, judgments)
    shares = end.sums.shares + CLASS_PRIOR
    return Truth(
        posterior=end.posterior,
        counts=counts,
        row_prior=prior,
        class_prior=shares / shares.sum(),
        history=end.history,
        converged=end.converged,
        method="ibcc",
        version="2",
        model_counts=model_counts,
    )
