"""How much a worker's answers tell of the truth, without gold: the information in her confusion.

Who answers at random or always alike tells nothing, however often she agrees with the majority;
who mixes two classes up reliably tells a lot. Source: the mutual information of truth and label, as
Raykar and Yu 2012 (JMLR 13) rank annotators by how far their answers depend on the truth.

An estimate for a person to look at, with its interval; nobody is stopped by it.
"""

from dataclasses import dataclass

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes
from ujima.quality.truth.result import Array, Truth

# What everybody together weighs beside a worker's own answers, in priors' strengths. Of .5, 1, 2
# and 4 the mean of seven public sets was flat (.916 to .920); more helps where people give few
# answers to many classes (web), less where they give many (product).
CROWD = 2.0
# Enough for the ends of a 95 % interval to be those of 94 to 96 %.
DRAWS = 400


@dataclass(frozen=True, eq=False)
class Information:
    """What one answer of each worker tells of a task's truth, in bits, with its 95 % interval.

    low, mid, high   (n_workers,) from 0 to `most`
    judged           (n_workers,) judgments it rests on; with none, it is everybody's
    most             the bits that a right answer always tells: the entropy of the classes
    """

    low: Array
    mid: Array
    high: Array
    judged: Codes
    most: float

    def doubtful(self, least: float, *, judged: int = 10) -> Codes:
        """Workers whose whole interval lies below `least` bits, after at least so many judgments;
        the least informative first."""
        found = np.flatnonzero((self.high < least) & (self.judged >= judged))
        order: Codes = found[np.argsort(self.mid[found], kind="stable")]
        return order


def information(
    counts: Array, row_prior: Array, class_prior: Array, *, rng: np.random.Generator
) -> Information:
    """Measure the information in each worker's confusion matrix.

    counts        (n_workers, n_labels, n_labels); [w, k, l] = times w said l to truth k, her prior
                  not in it
    row_prior     (n_labels, n_labels) Dirichlet parameters; its rows' totals are their strength
    class_prior   (n_labels,) the share of each class; sums to 1

    Her matrix is shrunk to that of everybody together, so that someone with few answers is thought
    to be like the others; under a fixed prior of .7 right, in hard jobs every newcomer would
    look better than all the experienced. The interval is of `DRAWS` of her Dirichlet rows: a
    formula from the derivatives would find a guesser's information surely nothing after eight
    answers, as the derivatives are 0 there. Refuses BadJudgments for shapes that do not fit.
    """
    k = len(class_prior)
    if counts.ndim != 3 or counts.shape[1:] != (k, k) or row_prior.shape != (k, k):
        raise BadJudgments(
            f"Counts {counts.shape}, prior {row_prior.shape} and {k} classes do not fit."
        )
    alpha = counts + _crowd(counts, row_prior)
    most = _entropy(class_prior)
    mid = np.clip(_told(alpha, class_prior), 0.0, most)
    drawn = [_told(rng.standard_gamma(alpha) + 1e-300, class_prior) for _ in range(DRAWS)]
    low, high = np.clip(np.quantile(drawn, [0.025, 0.975], axis=0), 0.0, most)
    judged = np.rint(counts.sum(axis=(1, 2))).astype(np.intp)
    return Information(np.minimum(low, mid), mid, np.maximum(high, mid), judged, most)


def information_of(truth: Truth, *, rng: np.random.Generator) -> Information:
    """Measure it from what a method inferred (see `information`)."""
    return information(truth.counts, truth.row_prior, truth.class_prior, rng=rng)


def _told(weight: Array, class_prior: Array) -> Array:
    """(n_workers,) bits of matrices given as positive weights (n_workers, n_labels, n_labels)."""
    said = weight / weight.sum(axis=2, keepdims=True)
    overall = np.einsum("k,wkl->wl", class_prior, said)
    bits: Array = (said * np.log2(said / overall[:, None, :])).sum(axis=2) @ class_prior
    return bits


def _crowd(counts: Array, row_prior: Array) -> Array:
    """(n_labels, n_labels) everybody's rows together, `CROWD` times as strong as the prior's."""
    alpha = counts.sum(axis=0) + row_prior
    strength = CROWD * row_prior.sum(axis=1, keepdims=True)
    shrunk: Array = alpha / alpha.sum(axis=1, keepdims=True) * strength
    return shrunk


def _entropy(shares: Array) -> float:
    held = shares[shares > 0]
    return max(0.0, float(-(held * np.log2(held)).sum()))
