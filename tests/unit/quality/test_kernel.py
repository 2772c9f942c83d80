"""The two forms of a step, threads and a cluster: the same numbers, and those of a naive loop."""

import subprocess
import sys
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments
from ujima.quality.truth import kernel
from ujima.quality.truth.dawid_skene import SMOOTHING, dawid_skene
from ujima.quality.truth.ebcc import Subtypes, ebcc
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.kernel import NoCompiler, Parameters, kernel_for, step, sums_of
from ujima.quality.truth.mace import mace
from ujima.quality.truth.majority import majority
from ujima.quality.truth.one_coin import one_coin
from ujima.quality.truth.places import How
from ujima.quality.truth.result import row_prior
from ujima.quality.truth.shards import sharded

from .crowd import crowd, shuffled
from .test_truth import any_judgments

NOBODY = (np.empty(0, np.intp), np.empty(0, np.intp))


def models(judgments: Judgments, count: int, seed: int = 0) -> np.ndarray:
    shape = (count, judgments.n_tasks)
    return np.random.default_rng(seed).dirichlet(np.ones(judgments.n_labels), shape)


def naive_step(j, held, says, tables, prior, each):
    """Loops over plain numbers, written from the docstrings."""
    states = len(prior)
    counts, evidence, posterior = np.zeros_like(tables), 0.0, []
    for task in range(j.n_tasks):
        rows = [
            (w * j.n_labels + k, 1.0)
            for t, w, k in zip(j.task, j.worker, j.label, strict=True)
            if t == task
        ]
        for m, said in enumerate(says):
            base = (j.n_workers + m) * j.n_labels
            rows += [(base + k, said[task][k]) for k in range(j.n_labels)]
        score = [prior[s] + sum(x * tables[r][s] for r, x in rows) for s in range(states)]
        allowed = [s for s in range(states) if held.get(task, s // each) == s // each]
        most = max(score[s] for s in allowed)
        whole = sum(exp(score[s] - most) for s in allowed)
        share = [exp(score[s] - most) / whole if s in allowed else 0.0 for s in range(states)]
        evidence += most + log(whole)
        for r, x in rows:
            counts[r] += x * np.array(share)
        posterior.append(share)
    return np.array(posterior), counts, evidence


@pytest.mark.parametrize("form", ["scipy", "compiled"])
@given(
    j=any_judgments(),
    seed=st.integers(0, 2**32 - 1),
    each=st.integers(1, 3),
    count=st.integers(0, 2),
    pieces=st.integers(1, 4),
)
@settings(max_examples=60, deadline=None)
def test_a_step_is_what_a_naive_loop_makes_of_it(form, j, seed, each, count, pieces) -> None:
    rng = np.random.default_rng(seed)
    says = models(j, count)
    rows, states = (j.n_workers + count) * j.n_labels, j.n_labels * each
    tables, prior = rng.normal(size=(rows, states)) * 5, rng.normal(size=states)
    held = {t: int(rng.integers(j.n_labels)) for t in range(j.n_tasks) if rng.random() < 0.3}
    known = (np.array(list(held), np.intp), np.array(list(held.values()), np.intp))
    parts = [
        (shard, *step(shard, Parameters(tables, prior), form))
        for shard in sharded(j, known, says, pieces)
    ]
    posterior, counts, evidence = naive_step(j, held, says, tables, prior, each)
    sums = kernel.added([sums for _, _, sums in parts])
    assert np.concatenate([p for _, p, _ in parts]) == pytest.approx(posterior, abs=1e-12)
    assert sums.counts == pytest.approx(counts, abs=1e-10)
    assert sums.shares == pytest.approx(posterior.sum(axis=0))
    assert sums.evidence == pytest.approx(evidence)
    again = kernel.added([sums_of(shard, p, form) for shard, p, _ in parts])
    assert again.counts == pytest.approx(counts, abs=1e-10)


def test_blocks_change_nothing(monkeypatch) -> None:
    j = crowd("rte").judgments
    before = [dawid_skene(j, how=How(form), gold={5: 1, 700: 0}) for form in ("scipy", "compiled")]
    monkeypatch.setattr(kernel, "SPARSE_BLOCK", 7)
    monkeypatch.setattr("ujima.quality.truth.compiled.COMPILED_BLOCK", 7)
    after = [dawid_skene(j, how=How(form), gold={5: 1, 700: 0}) for form in ("scipy", "compiled")]
    for one, other in zip(before, after, strict=True):
        assert one.posterior == pytest.approx(other.posterior, abs=1e-9)
        assert one.counts == pytest.approx(other.counts, abs=1e-9)


HOWS = [How("compiled"), How("scipy", threads=3), How("compiled", threads=3)]


@pytest.mark.parametrize("method", [one_coin, dawid_skene, ibcc, ebcc, mace])
@pytest.mark.parametrize("how", HOWS, ids=str)
def test_compiled_and_in_threads_the_numbers_are_the_same(method, how) -> None:
    j = shuffled(crowd("cf").judgments, 1)
    options = {"gold": {3: 1}, "models": list(models(j, 1)), "max_iter": 20}
    if method is ebcc:
        options["subtypes"] = Subtypes(3, restarts=1)
    one, other = method(j, how=How("scipy"), **options), method(j, how=how, **options)
    assert other.posterior == pytest.approx(one.posterior, abs=1e-9)
    assert other.counts == pytest.approx(one.counts, abs=1e-8)
    assert other.history == pytest.approx(one.history)


@pytest.mark.parametrize("form", ["scipy", "compiled"])
def test_single_precision_agrees_to_three_digits(form) -> None:
    j = crowd("rte").judgments
    double, single = (dawid_skene(j, max_iter=10, how=How(form, single=s)) for s in (False, True))
    assert single.posterior == pytest.approx(double.posterior, abs=2e-3)
    assert single.posterior.dtype == np.float64


def test_narrow_and_wide_arrays_give_the_same_answer_whatever_the_order() -> None:
    j = crowd("cf").judgments
    narrow = Judgments(
        j.task.astype(np.int32),
        j.worker.astype(np.int16),
        j.label.astype(np.uint8),
        j.n_tasks,
        j.n_workers,
        j.n_labels,
    )
    assert narrow.label.dtype == np.uint8
    for method in (majority, dawid_skene, ibcc, ebcc):
        one = method(j).posterior
        assert method(narrow).posterior == pytest.approx(one, abs=1e-9)


def test_the_form_suits_the_size_and_what_is_there(monkeypatch) -> None:
    assert kernel_for(1000, None) == "scipy"
    assert kernel_for(10_000_000, None) == "compiled"
    assert kernel_for(10_000_000, "scipy") == "scipy"
    monkeypatch.setattr(kernel, "find_spec", lambda name: None)
    assert kernel_for(10_000_000, None) == "scipy"
    with pytest.raises(NoCompiler, match=r"ujima\[fast\]"):
        kernel_for(10, "compiled")


def test_no_steps_are_refused() -> None:
    with pytest.raises(BadJudgments, match="0 steps"):
        ibcc(crowd("cf").judgments, max_iter=0)


def naive_dawid_skene(j: Judgments, steps: int) -> np.ndarray:
    """The formulas of the paper, with the same smoothing, on plain lists."""
    rows = list(zip(j.task.tolist(), j.worker.tolist(), j.label.tolist(), strict=True))
    labels = range(j.n_labels)
    belief = [[0.0 for _ in labels] for _ in range(j.n_tasks)]
    for t, _, k in rows:
        belief[t][k] += 1 / sum(task == t for task, _, _ in rows)
    pseudo = row_prior(j.n_labels, strength=SMOOTHING)
    for _ in range(steps):
        said = [pseudo.copy() for _ in range(j.n_workers)]
        for t, w, k in rows:
            for truth in labels:
                said[w][truth, k] += belief[t][truth]
        share = [SMOOTHING + sum(row[k] for row in belief) for k in labels]
        odds = [[share[k] / sum(share) for k in labels] for _ in belief]
        for t, w, k in rows:
            for truth in labels:
                odds[t][truth] *= said[w][truth, k] / said[w][truth].sum()
        belief = [[x / sum(row) for x in row] for row in odds]
    return np.array(belief)


@given(j=any_judgments(), steps=st.integers(1, 6))
@settings(max_examples=40, deadline=None)
def test_dawid_skene_is_what_the_paper_says(j, steps) -> None:
    truth = dawid_skene(j, max_iter=steps, tol=0.0)
    assert truth.posterior == pytest.approx(naive_dawid_skene(j, steps), abs=1e-8)


def test_on_a_cluster_the_numbers_are_the_same() -> None:
    distributed = pytest.importorskip("distributed")
    j = crowd("cf").judgments
    options = {"gold": {3: 1}, "models": list(models(j, 1)), "max_iter": 15}
    with (
        distributed.LocalCluster(2, processes=False, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        for form in ("scipy", "compiled"):
            here = ibcc(j, how=How(form), **options)
            there = ibcc(j, how=How(form, threads=2, cluster=client), **options)
            assert there.posterior == pytest.approx(here.posterior, abs=1e-9)
            assert there.counts == pytest.approx(here.counts, abs=1e-9)
            assert there.history == pytest.approx(here.history)


def test_nothing_heavy_is_loaded_before_it_is_needed() -> None:
    script = (
        "import sys\n"
        "from ujima.quality.truth.infer import infer\n"
        "from ujima.quality.truth.places import How\n"
        "from ujima.quality.judgments import code\n"
        "heavy = ('scipy', 'numba', 'distributed', 'sklearn')\n"
        "j = code([1, 1, 2], ['x', 'y', 'x'], ['a', 'a', 'b'], ['a', 'b']).judgments\n"
        "infer(j, 'majority')\n"
        "print([name for name in heavy if name in sys.modules])\n"
        "infer(j)\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["[]", "['scipy']"]
