"""The methods beside versions of their papers' formulas, written as loops and sharing no code."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import digamma

from ujima.quality.judgments import Judgments
from ujima.quality.truth.dawid_skene import SMOOTHING
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.one_coin import one_coin


@st.composite
def small(draw: st.DrawFn) -> Judgments:
    """Up to six tasks that up to four workers judged, two or three labels."""
    n_tasks, n_workers, n_labels = (draw(st.integers(*ends)) for ends in ((1, 6), (1, 4), (2, 3)))
    rows = [
        (task, worker, draw(st.integers(0, n_labels - 1)))
        for task in range(n_tasks)
        for worker in range(n_workers)
        if worker == task % n_workers or draw(st.booleans())
    ]
    return Judgments(*np.array(rows).T, n_tasks, n_workers, n_labels)


def rows_of(j: Judgments) -> list[tuple[int, int, int]]:
    return list(zip(j.task.tolist(), j.worker.tolist(), j.label.tolist(), strict=True))


def votes(j: Judgments) -> list[list[float]]:
    shares = [[0.0] * j.n_labels for _ in range(j.n_tasks)]
    for task, _, label in rows_of(j):
        shares[task][label] += 1
    return [[v / sum(row) for v in row] for row in shares]


def judged(j: Judgments, table, prior: list[float]) -> list[list[float]]:
    """The posterior under table(worker, truth, said) and prior, both logarithms."""
    logs = [list(prior) for _ in range(j.n_tasks)]
    for task, worker, label in rows_of(j):
        for k in range(j.n_labels):
            logs[task][k] += table(worker, k, label)
    odds = [[exp(v - max(row)) for v in row] for row in logs]
    return [[o / sum(row) for o in row] for row in odds]


def naive_ibcc(j: Judgments, steps: int) -> list[list[float]]:
    n, p = j.n_labels, votes(j)
    for _ in range(steps):
        alpha = {
            (w, k, said): 1.4 if k == said else 0.6 / (n - 1)
            for w in range(j.n_workers)
            for k in range(n)
            for said in range(n)
        }
        for task, worker, label in rows_of(j):
            for k in range(n):
                alpha[worker, k, label] += p[task][k]
        nu = [1 + sum(row[k] for row in p) for k in range(n)]

        def table(worker: int, k: int, label: int, alpha=alpha) -> float:
            whole = sum(alpha[worker, k, said] for said in range(n))
            return float(digamma(alpha[worker, k, label]) - digamma(whole))

        p = judged(j, table, [float(digamma(v) - digamma(sum(nu))) for v in nu])
    return p


def naive_one_coin(j: Judgments, steps: int) -> list[list[float]]:
    n, p = j.n_labels, votes(j)
    for _ in range(steps):
        right = [1.4] * j.n_workers
        total = [2.0] * j.n_workers
        for task, worker, label in rows_of(j):
            right[worker] += p[task][label]
            total[worker] += 1
        share = [SMOOTHING + sum(row[k] for row in p) for k in range(n)]

        def table(worker: int, k: int, label: int, right=right, total=total) -> float:
            hit = right[worker] / total[worker]
            return log(hit) if k == label else log((1 - hit) / (n - 1))

        p = judged(j, table, [log(v / sum(share)) for v in share])
    return p


@pytest.mark.parametrize(
    ("method", "naive"), [(ibcc, naive_ibcc), (one_coin, naive_one_coin)], ids=["ibcc", "one_coin"]
)
@settings(max_examples=60, deadline=None)
@given(j=small(), steps=st.integers(1, 8))
def test_a_method_is_what_its_formulas_say(method, naive, j: Judgments, steps: int) -> None:
    truth = method(j, max_iter=steps, tol=1e-300)
    assert truth.posterior == pytest.approx(np.array(naive(j, len(truth.history))), abs=1e-8)
