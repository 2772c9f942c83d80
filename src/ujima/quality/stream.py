"""The online step over a whole stream of judgments at once, compiled: for replaying jobs.

What `online.observe` does in the service for one answer at a time, in plain Python on nested
sequences, this does for arrays of codes in one pass; a test holds the two together. Needs numba,
which is in the extra [fast].
"""

from collections.abc import Callable
from functools import cache
from math import exp, log
from typing import Any, NamedTuple

import numpy as np

from ujima.quality.errors import NoNumba
from ujima.quality.judgments import Judgments
from ujima.quality.truth.result import PRIOR_ACCURACY, PRIOR_STRENGTH, Array


class Passed(NamedTuple):
    """What is believed after a stream: posterior (n_tasks, n_labels) and the people's counts
    (n_workers, n_labels, n_labels), [w, k, l], the prior not in them."""

    posterior: Array
    counts: Array


def observe_all(judgments: Judgments) -> Passed:
    """Take the judgments in the order in which they stand, each once.

    Her own vote is left out when she is judged: counts move by the unit's posterior from before it.
    Refuses NoNumba without numba.
    """
    k = judgments.n_labels
    belief = np.zeros((judgments.n_tasks, k))
    counts = np.zeros((judgments.n_workers, k, k))
    totals = np.zeros((judgments.n_workers, k))
    task, worker, label = (
        np.ascontiguousarray(codes, np.int64)
        for codes in (judgments.task, judgments.worker, judgments.label)
    )
    _kernel()(task, worker, label, belief, counts, totals)
    odds = np.exp(belief - belief.max(axis=1, keepdims=True))
    return Passed(odds / odds.sum(axis=1, keepdims=True), counts)


@cache
def _kernel() -> Callable[..., None]:
    try:
        from numba import njit
    except ImportError as missing:
        raise NoNumba from missing

    right = PRIOR_STRENGTH * PRIOR_ACCURACY

    @njit(cache=True, fastmath=True)
    def digamma(x: float) -> float:
        # the recurrence over x, x+1, x+2, x+3 in one division, then the series at x+4: 1e-8
        y = x * (x + 3.0)
        below = (2.0 * x + 3.0) * (2.0 * y + 2.0) / (y * (y + 2.0))
        high = x + 4.0
        part = 1.0 / (high * high)
        series = part * (1 / 12 - part * (1 / 120 - part * (1 / 252 - part * (1 / 240))))
        return float(log(high) - 0.5 / high - series - below)

    @njit(cache=True, fastmath=True)
    def run(task: Any, worker: Any, label: Any, belief: Any, counts: Any, totals: Any) -> None:
        n_labels = belief.shape[1]
        wrong = PRIOR_STRENGTH * (1 - PRIOR_ACCURACY) / (n_labels - 1)
        share = np.empty(n_labels)
        for at in range(len(task)):
            unit, who, said = task[at], worker[at], label[at]
            own, table, total = belief[unit], counts[who], totals[who]
            top = own[0]
            for k in range(1, n_labels):
                top = max(top, own[k])
            whole = 0.0
            for k in range(n_labels):
                share[k] = exp(own[k] - top)
                whole += share[k]
            for k in range(n_labels):
                weight = share[k] / whole
                before = right if k == said else wrong
                own[k] += digamma(table[k, said] + before) - digamma(total[k] + PRIOR_STRENGTH)
                table[k, said] += weight
                total[k] += weight

    kernel: Callable[..., None] = run
    return kernel
