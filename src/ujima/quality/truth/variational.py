"""Variational Bayes over confusion matrices: what iBCC and EBCC share.

A task has a class, and within the class one of `subtypes` kinds; a worker has a row of
probabilities of what she says for each kind. One kind a class is iBCC.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ujima.quality.truth.climbing import Belief
from ujima.quality.truth.kernel import Parameters, Sums
from ujima.quality.truth.result import Array

# One pseudo-task a class: flat over the classes' shares.
CLASS_PRIOR = 1.0


@dataclass(frozen=True, eq=False)
class Dirichlets:
    """The priors.

    rows       (n_labels, n_labels) of each worker's row [truth, said], the same for all kinds
    subtypes   kinds a class
    kind       one pseudo-task a class is worth this much, shared among its kinds
    """

    rows: Array
    subtypes: int = 1
    kind: float = 1.0

    def believe(self, sums: Sums) -> Belief:
        """The best belief for a posterior with these sums, and minus its divergence from the
        priors."""
        labels = len(self.rows)
        counts = sums.counts.reshape(-1, labels, sums.counts.shape[1])
        tables, rows = _expected(counts, self._prior, axis=1)
        by_class = sums.shares.reshape(labels, self.subtypes)
        classes, of_classes = _expected(by_class.sum(axis=1), np.full(labels, CLASS_PRIOR), axis=0)
        kinds, of_kinds = _expected(
            by_class, np.full(by_class.shape, self.kind / self.subtypes), axis=1
        )
        prior = (classes[:, None] + kinds).ravel()
        parameters = Parameters(tables.reshape(sums.counts.shape), prior)
        return Belief(parameters, rows + of_classes + of_kinds)

    @cached_property
    def _prior(self) -> Array:
        """(said, states)"""
        return np.repeat(self.rows.T, self.subtypes, axis=1)


def _expected(counts: Array, prior: Array, axis: int) -> tuple[Array, float]:
    """E ln p under Dirichlets of prior + counts, and minus their divergence from the prior."""
    # Here, as the web process imports this package and must not carry SciPy.
    from scipy.special import gammaln, psi

    alpha = counts + prior
    total = alpha.sum(axis=axis, keepdims=True)
    expected = psi(alpha)
    expected -= psi(total)
    reached = float(gammaln(alpha).sum() - gammaln(total).sum())
    each = float(gammaln(prior).sum() - gammaln(prior.sum(axis=axis - counts.ndim)).sum())
    copies = counts.size / prior.size
    return expected, reached - copies * each - float(np.vdot(counts, expected))
