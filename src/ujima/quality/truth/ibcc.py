"""Independent Bayesian classifier combination: a confusion matrix a worker, with priors.

Variational Bayes. Sources: Kim and Ghahramani, AISTATS 2012; Simpson et al. 2013,
doi:10.1007/978-3-642-36406-8_1.
"""

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes, Judgments
from ujima.quality.special import digamma, gammaln
from ujima.quality.truth.result import (
    PRIOR_ACCURACY,
    PRIOR_STRENGTH,
    Array,
    Gold,
    Truth,
    clamped,
    confusion_counts,
    row_prior,
    vote_shares,
)

# One pseudo-unit a class: flat over the classes' shares.
CLASS_PRIOR = 1.0


def ibcc(
    judgments: Judgments,
    *,
    prior_accuracy: float = PRIOR_ACCURACY,
    prior_strength: float = PRIOR_STRENGTH,
    gold: Gold | None = None,
    max_iter: int = 500,
    tol: float = 1e-5,
    start: Array | None = None,
) -> Truth:
    """Infer each task's label and each worker's confusion matrix.

    gold      task -> label, or (n_tasks,) with -1 for unknown; these rows stay as given
    start     (n_tasks, n_labels) a posterior to begin from, say the last refit's; else vote shares
    tol       stop when no probability of the posterior moves by more than this
    history   the evidence lower bound in nats after each step

    Raises BadJudgments (a ValueError) for priors, gold or a start that do not fit.
    """
    if not (0 < prior_accuracy < 1 and prior_strength > 0):
        raise BadJudgments("The prior accuracy lies between 0 and 1, its strength above 0.")
    prior = row_prior(judgments.n_labels, accuracy=prior_accuracy, strength=prior_strength)
    fixed = clamped(judgments, gold)
    posterior = _clamp(_started(judgments, start), fixed)
    history: list[float] = []
    moved = np.inf
    while moved > tol and len(history) < max_iter:
        alpha, shares, bound = _believe(judgments, posterior, prior)
        history.append(bound)
        after = _clamp(_judge(judgments, alpha, shares), fixed)
        moved = float(np.abs(after - posterior).max())
        posterior = after
    alpha, shares, bound = _believe(judgments, posterior, prior)
    return Truth(
        posterior=posterior,
        counts=alpha - prior,
        row_prior=prior,
        class_prior=shares / shares.sum(),
        history=(*history, bound),
        converged=moved <= tol,
        method="ibcc",
        version="1",
    )


def _started(judgments: Judgments, start: Array | None) -> Array:
    if start is None:
        return vote_shares(judgments)
    given = np.array(start, dtype=np.float64)
    if given.shape != (judgments.n_tasks, judgments.n_labels):
        raise BadJudgments(
            f"The start has shape {given.shape}, not ({judgments.n_tasks}, {judgments.n_labels})."
        )
    totals = given.sum(axis=1, keepdims=True)
    if not (np.isfinite(given).all() and (given >= 0).all() and (totals > 0).all()):
        raise BadJudgments("The start's rows must be probabilities.")
    normal: Array = given / totals
    return normal


def _clamp(posterior: Array, fixed: tuple[Codes, Codes]) -> Array:
    tasks, labels = fixed
    posterior[tasks] = 0.0
    posterior[tasks, labels] = 1.0
    return posterior


def _believe(judgments: Judgments, posterior: Array, prior: Array) -> tuple[Array, Array, float]:
    """Dirichlet parameters of the workers' rows and of the classes, and the bound they reach."""
    alpha = confusion_counts(judgments, posterior) + prior
    shares = posterior.sum(axis=0) + CLASS_PRIOR
    entropy = -float((posterior * np.log(np.maximum(posterior, 1e-300))).sum())
    rows = _log_beta(alpha).sum() - judgments.n_workers * _log_beta(prior).sum()
    classes = _log_beta(shares) - _log_beta(np.full(len(shares), CLASS_PRIOR))
    return alpha, shares, float(rows + classes + entropy)


def _log_beta(alpha: Array) -> Array:
    """Logarithm of the Dirichlet's normaliser, over the last axis."""
    normaliser: Array = gammaln(alpha).sum(axis=-1) - gammaln(alpha.sum(axis=-1))
    return normaliser


def _judge(judgments: Judgments, alpha: Array, shares: Array) -> Array:
    """The posterior (n_tasks, n_labels) under what is believed of workers and classes."""
    said = judgments.worker * judgments.n_labels + judgments.label
    expected = digamma(alpha) - digamma(alpha.sum(axis=2, keepdims=True))
    tables = expected.transpose(1, 0, 2).reshape(judgments.n_labels, -1)
    prior = digamma(shares) - digamma(shares.sum())
    evidence: Array = np.stack(
        [
            np.bincount(judgments.task, weights=table[said], minlength=judgments.n_tasks)
            for table in tables
        ],
        axis=1,
    )
    evidence = evidence + prior
    odds = np.exp(evidence - evidence.max(axis=1, keepdims=True))
    posterior: Array = odds / odds.sum(axis=1, keepdims=True)
    return posterior
