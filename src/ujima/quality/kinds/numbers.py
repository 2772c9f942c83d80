"""Numbers: every worker leans to one side and scatters, and both are learned.

A number is the truth plus her bias plus her noise. Biases and variances are shrunk to the crowd's,
so that a newcomer counts like the average; who answers at random counts little. EM on a
hierarchical normal model; source: Raykar et al. 2010, JMLR 11, section 6 (regression), with priors.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes
from ujima.quality.kinds.consensus import Array, Consensus, checked, mean_by, people

#: answers that the crowd's variance counts for beside a worker's own
STRENGTH = 5.0
#: spreads from the mean beyond which a known number's square is none
FAR = 1e100


class Scatter(NamedTuple):
    """What is thought of the workers: (n_workers,) each."""

    bias: Array
    variance: Array


def numbers(
    task: Codes,
    worker: Codes,
    value: Array,
    *,
    n_tasks: int,
    n_workers: int,
    gold: Mapping[int, float] | None = None,
    max_iter: int = 200,
    tol: float = 1e-6,
) -> Consensus:
    """Infer each task's number.

    answers      floats in the judgments' unit
    confidence   1 - the answer's standard error / the spread of the tasks, 0 at the least
    skill        1 / (1 + her variance / the tasks' variance)
    gold         task -> its true number, held as known

    Raises BadJudgments for codes that do not fit and numbers that are not finite, or so far apart
    that what comes of them is not.
    """
    checked(task, worker, n_tasks, n_workers)
    if not np.isfinite(value).all():
        raise BadJudgments(f"{(~np.isfinite(value)).sum()} numbers are not finite.")
    known = dict(gold or {})
    fixed = np.fromiter(known.keys(), np.intp, len(known))
    # in units of their spread, so that nothing depends on the unit of measure
    # (and first by a power of two, as squares of 1e200 are no numbers)
    power = int(np.frexp(np.abs(value).max())[1])
    value = np.ldexp(value, -power)
    centre, unit = float(value.mean()), float(value.std()) or 1.0
    with np.errstate(over="ignore"):
        truths = np.ldexp(np.fromiter(known.values(), np.float64, len(known)), -power)
        truths = (truths - centre) / unit
    if (np.abs(truths) > FAR).any():
        raise BadJudgments("A known number is too far from everybody's to be reckoned with.")
    value = (value - centre) / unit
    found = mean_by(task, value, n_tasks)
    spread = max(float(np.var(found)), 1e-12)
    error, converged, step = np.zeros(n_tasks), False, 0
    while not converged and step < max_iter:
        found[fixed] = truths
        workers = _scatter(worker, value - found[task], n_workers, error[task])
        after, error = _weighed(task, worker, value, workers, found)
        after[fixed], error[fixed] = truths, 0.0
        converged = bool(np.abs(after - found).max() <= tol * spread**0.5)
        found, step = after, step + 1
    counts, judged = people(task, worker, n_tasks, n_workers)
    with np.errstate(over="ignore"):
        answers = np.ldexp(found * unit + centre, power)
    if not np.isfinite(answers).all():
        raise BadJudgments("The numbers are too large: an answer would not be finite.")
    return Consensus(
        answers=[known.get(at, number) for at, number in enumerate(answers.tolist())],
        confidence=np.clip(1 - np.sqrt(error / spread), 0.0, 1.0),
        judgments=counts,
        skill=np.where(judged > 0, 1 / (1 + workers.variance / spread), np.nan),
        judged=judged,
        method="bias_and_variance",
        converged=converged,
    )


def _scatter(worker: Codes, off: Array, n_workers: int, error: Array) -> Scatter:
    """Biases and variances from how far answers are off; `error` is that of the truths."""
    n = np.bincount(worker, minlength=n_workers)
    mean = np.divide(np.bincount(worker, off, n_workers), n, out=np.zeros(n_workers), where=n > 0)
    rest = np.bincount(worker, (off - mean[worker]) ** 2 + error, n_workers)
    crowd = max(float(rest.sum() / max(n.sum(), 1)), 1e-12)
    variance = (rest + STRENGTH * crowd) / (n + STRENGTH)
    between = max(float(np.average(mean**2, weights=n) - crowd / max(n.mean(), 1)), 1e-12)
    bias = mean * n / (n + variance / between)
    return Scatter(bias, variance)


def _weighed(
    task: Codes, worker: Codes, value: Array, workers: Scatter, before: Array
) -> tuple[Array, Array]:
    """Each task's number and its variance: unbiased answers by their precision, and the tasks' own
    mean and spread as one answer more."""
    precision = 1 / workers.variance[worker]
    total = np.bincount(task, precision, len(before))
    mean, spread = float(before.mean()), max(float(np.var(before)), 1e-12)
    sums = np.bincount(task, precision * (value - workers.bias[worker]), len(before))
    number: Array = (sums + mean / spread) / (total + 1 / spread)
    return number, 1 / (total + 1 / spread)
