"""Majority and iBCC: what must hold for any judgments, and figures on public data."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments, code
from ujima.quality.truth.dawid_skene import dawid_skene
from ujima.quality.truth.ebcc import Subtypes, ebcc
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.infer import METHODS as BY_NAME
from ujima.quality.truth.infer import infer
from ujima.quality.truth.mace import mace
from ujima.quality.truth.majority import majority
from ujima.quality.truth.one_coin import one_coin

from .crowd import crowd

METHODS = pytest.mark.parametrize("method", [majority, one_coin, dawid_skene, ibcc, ebcc, mace])
CLIMBING = pytest.mark.parametrize("method", [one_coin, dawid_skene, ibcc, ebcc, mace])


@st.composite
def any_judgments(draw: st.DrawFn) -> Judgments:
    """Up to 12 tasks, 6 workers, 4 labels; workers from always right to always wrong."""
    n_tasks, n_workers = draw(st.integers(1, 12)), draw(st.integers(1, 6))
    n_labels = draw(st.integers(2, 4))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    task, worker = np.divmod(np.flatnonzero(rng.random(n_tasks * n_workers) < 0.7), n_workers)
    bare = np.setdiff1d(np.arange(n_tasks), task)
    task, worker = np.r_[task, bare], np.r_[worker, np.zeros(len(bare), np.intp)]
    truth, skill = rng.integers(n_labels, size=n_tasks), rng.random(n_workers)
    label = np.where(
        rng.random(len(task)) < skill[worker],
        truth[task],
        rng.integers(n_labels, size=len(task)),
    )
    return Judgments(task, worker, label, n_tasks, n_workers, n_labels)


@METHODS
@given(judgments=any_judgments())
@settings(max_examples=60, deadline=None)
def test_posterior_rows_and_the_class_prior_sum_to_one(method, judgments) -> None:
    truth = method(judgments)
    assert truth.posterior.sum(axis=1) == pytest.approx(1)
    assert truth.class_prior.sum() == pytest.approx(1)
    assert truth.confusion.sum(axis=2) == pytest.approx(1)
    assert (truth.posterior >= 0).all()
    assert truth.counts.sum() == pytest.approx(len(judgments))


@METHODS
@given(judgments=any_judgments(), seed=st.integers(0, 1000))
@settings(max_examples=60, deadline=None)
def test_renaming_tasks_workers_and_labels_renames_the_answer(method, judgments, seed) -> None:
    j, rng = judgments, np.random.default_rng(seed)
    rows = rng.permutation(len(j))
    t, w, k = (rng.permutation(n) for n in (j.n_tasks, j.n_workers, j.n_labels))
    renamed = Judgments(
        t[j.task[rows]], w[j.worker[rows]], k[j.label[rows]], j.n_tasks, j.n_workers, j.n_labels
    )
    # Rounding can tip a perfectly symmetric start once it has been doubled often enough.
    limit = {} if method is majority else {"max_iter": 12}
    if method is ebcc:
        # Of two starts with the same bound rounding would choose one or the other.
        limit["subtypes"] = Subtypes(3, restarts=1)
    before, after = method(j, **limit), method(renamed, **limit)
    assert after.posterior[np.ix_(t, k)] == pytest.approx(before.posterior, abs=1e-6)
    assert after.counts[np.ix_(w, k, k)] == pytest.approx(before.counts, abs=1e-6)
    assert after.class_prior[k] == pytest.approx(before.class_prior, abs=1e-6)


@METHODS
@given(judgments=any_judgments())
@settings(max_examples=40, deadline=None)
def test_a_scale_read_from_the_other_end_gives_the_same_answer(method, judgments) -> None:
    j = judgments
    turned = replace(j, label=j.n_labels - 1 - j.label)
    limit = {} if method is majority else {"max_iter": 12}
    if method is ebcc:
        limit["subtypes"] = Subtypes(3, restarts=1)
    before, after = (method(one, ordinal=True, **limit) for one in (j, turned))
    assert after.posterior[:, ::-1] == pytest.approx(before.posterior, abs=1e-6)


@METHODS
def test_on_a_scale_a_vote_counts_for_what_lies_near_it(method) -> None:
    # Of labels 0, 3 and 4, one vote each, only the scale says that one of the last two is likelier.
    j = code([1, 1, 1, 2], list("xyzv"), [0, 3, 4, 1], range(5)).judgments
    plain, scale = method(j).posterior[0], method(j, ordinal=True).posterior[0]
    assert plain[3] == pytest.approx(plain[0])
    assert scale[3] > scale[0] * 1.001


@CLIMBING
@given(
    judgments=any_judgments(), with_gold=st.booleans(), with_model=st.booleans(), on=st.booleans()
)
@settings(max_examples=60, deadline=None)
def test_the_objective_never_falls(method, judgments, with_gold, with_model, on) -> None:
    j = judgments
    says = np.random.default_rng(len(j)).dirichlet(np.ones(j.n_labels), j.n_tasks)
    truth = method(
        j, gold={0: 1} if with_gold else None, models=[says] if with_model else (), ordinal=on
    )
    steps = np.diff(truth.history)
    assert len(truth.history) > 0
    assert (steps >= -1e-9 * np.abs(truth.history[1:]) - 1e-9).all()


@pytest.mark.parametrize("name", ["rte", "cf", "bluebird"])
@CLIMBING
def test_the_objective_never_falls_on_real_data(method, name: str) -> None:
    truth = method(crowd(name).judgments)
    assert truth.converged or method is ebcc
    assert (np.diff(truth.history) >= -1e-7).all()


@METHODS
@given(
    truth=st.lists(st.integers(0, 2), min_size=1, max_size=15),
    n_workers=st.integers(1, 6),
)
@settings(max_examples=60, deadline=None)
def test_where_everybody_agrees_on_every_unit_each_keeps_its_label(
    method, truth, n_workers
) -> None:
    # Each class as often as any other: a class seen once among many may be taken for a slip.
    balanced = np.array([*truth, *((t + 1) % 3 for t in truth), *((t + 2) % 3 for t in truth)])
    task, worker = np.divmod(np.arange(len(balanced) * n_workers), n_workers)
    j = Judgments(task, worker, balanced[task], len(balanced), n_workers, 3)
    assert (method(j).label == balanced).all()


@pytest.mark.parametrize("name", ["rte", "cf"])
def test_unanimous_units_of_four_and_more_keep_their_label_on_real_data(name: str) -> None:
    j = crowd(name).judgments
    shares = majority(j).posterior
    unanimous = (shares.max(axis=1) == 1) & (j.counted() >= 4)
    assert unanimous.sum() > 50
    assert (ibcc(j).label == shares.argmax(axis=1))[unanimous].all()


@METHODS
def test_gold_stands_as_given_against_every_vote(method) -> None:
    j = code([1, 1, 1, 2, 2, 2], [1, 2, 3, 1, 2, 3], list("bbbaaa"), "ab").judgments
    for gold in ({0: 0}, [0, -1]):
        truth = method(j, gold=gold)
        assert truth.posterior[0].tolist() == [1, 0]
        assert truth.counts[0, 0].sum() >= 1


@METHODS
def test_a_model_is_one_more_worker(method) -> None:
    j = code([1, 1, 2, 2, 3, 3], list("xyxyxy"), list("ababab"), "ab").judgments
    alone, silent = method(j), method(j, models=[np.full(3, -1)])
    assert silent.posterior == pytest.approx(alone.posterior, abs=1e-6)
    truth = method(j, models=[np.array([0, 1, -1])])
    assert truth.posterior[0, 0] > alone.posterior[0, 0] + 0.01
    assert truth.posterior[1, 1] > alone.posterior[1, 1] + 0.01
    assert truth.model_counts.sum() == pytest.approx(2)
    assert truth.counts.sum() == pytest.approx(6)
    soft = method(j, models=[np.array([[1.0, 0], [0, 1], [0, 0]])])
    assert soft.posterior == pytest.approx(truth.posterior)
    assert truth.model_confusion.shape == (1, 2, 2)


@METHODS
@given(judgments=any_judgments(), seed=st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_hard_model_labels_do_what_a_worker_who_says_the_same_does(method, judgments, seed) -> None:
    j = judgments
    says = np.random.default_rng(seed).integers(j.n_labels, size=j.n_tasks)
    more = Judgments(
        np.r_[j.task, np.arange(j.n_tasks)],
        np.r_[j.worker, np.full(j.n_tasks, j.n_workers)],
        np.r_[j.label, says],
        j.n_tasks,
        j.n_workers + 1,
        j.n_labels,
    )
    limit = {} if method is majority else {"max_iter": 10}
    if method is ebcc:
        limit["subtypes"] = Subtypes(1, restarts=1)
    as_model, as_worker = method(j, models=[says], **limit), method(more, **limit)
    assert as_model.posterior == pytest.approx(as_worker.posterior, abs=1e-7)
    assert as_model.model_counts[0] == pytest.approx(as_worker.counts[-1], abs=1e-7)


@pytest.mark.parametrize(
    "says",
    [[0], [0, 5], [0, -2], [[0.5, 0.4], [0.9, 0.3]], [[-0.1, 0.4], [0.5, 0.5]], [0.5, 0.5]],
)
def test_model_labels_that_fit_nothing_are_refused(says) -> None:
    j = code([1, 2], [1, 1], ["a", "b"], ["a", "b"]).judgments
    with pytest.raises(BadJudgments):
        infer(j, models=[np.array(says)])


def test_gold_teaches_whom_to_believe() -> None:
    # Ten units on which two people always differ; gold on eight says that the first is right.
    tasks = [t for t in range(10) for _ in "xy"]
    j = code(tasks, ["x", "y"] * 10, ["a", "b", "b", "a"] * 5, "ab").judgments
    truth = ibcc(j, gold={t: t % 2 for t in range(8)})
    assert truth.label[8:].tolist() == [0, 1]
    assert (truth.posterior[8:].max(axis=1) > 0.9).all()
    assert truth.confusion[0, 0, 0] > 0.75 > 0.25 > truth.confusion[1, 0, 0]


@pytest.mark.parametrize("gold", [{9: 0}, {0: 2}, [0], {-1: 0}])
def test_gold_for_what_does_not_exist_is_refused(gold) -> None:
    j = code([1, 2], [1, 1], ["a", "b"], ["a", "b"]).judgments
    with pytest.raises(BadJudgments):
        ibcc(j, gold=gold)


@pytest.mark.parametrize(
    "start",
    [np.ones((3, 2)), np.zeros((2, 2)), np.array([[1, -1], [1, 0]]), np.full((2, 2), np.nan)],
)
def test_a_start_that_is_no_posterior_is_refused(start) -> None:
    j = code([1, 2], [1, 1], ["a", "b"], ["a", "b"]).judgments
    with pytest.raises(BadJudgments):
        ibcc(j, start=start)


@pytest.mark.parametrize("method", [one_coin, dawid_skene, ibcc, mace])
def test_a_warm_start_from_the_end_ends_at_once_in_the_same_place(method) -> None:
    j = crowd("rte").judgments
    cold = method(j)
    warm = method(j, start=cold.posterior)
    assert len(warm.history) < len(cold.history) * 2 / 3
    assert warm.posterior == pytest.approx(cold.posterior, abs=1e-3)


def test_infer_has_one_door_for_all() -> None:
    j = crowd("rte").judgments
    assert infer(j).method == "ibcc"
    assert infer(j, "careful", max_iter=3).method == "ebcc"
    assert {name for name in BY_NAME if name not in ("default", "careful")} == {
        infer(j, name).method for name in BY_NAME
    }
    with pytest.raises(BadJudgments, match="no method 'oracle'; there are majority"):
        infer(j, "oracle")


def test_the_same_seed_gives_the_same_answer() -> None:
    j = crowd("bluebird").judgments
    one, same, other = (ebcc(j, seed=seed, max_iter=20) for seed in (1, 1, 2))
    assert (one.posterior == same.posterior).all()
    assert (one.posterior != other.posterior).any()
    assert (one.seed, other.seed) == (1, 2)


def test_the_careful_method_sees_that_a_group_answers_as_one() -> None:
    # Five who answer alone are right 8 times in 10; six copy one another and are right 6 in 10.
    rng = np.random.default_rng(5)
    truth = rng.integers(2, size=300)
    alone = np.where(rng.random((5, 300)) < 0.8, truth, 1 - truth)
    copied = np.where(rng.random(300) < 0.6, truth, 1 - truth)
    label = np.concatenate([alone, np.tile(copied, (6, 1))])
    worker, task = np.indices(label.shape)
    j = Judgments(task.ravel(), worker.ravel(), label.ravel(), 300, 11, 2)
    right = {name: (infer(j, name).label == truth).mean() for name in ("default", "careful")}
    assert right["default"] < 0.65
    assert right["careful"] >= right["default"]


def test_too_few_steps_are_said_to_be_too_few() -> None:
    truth = ibcc(crowd("rte").judgments, max_iter=2)
    assert not truth.converged
    assert len(truth.history) == 2


def test_arguments_are_not_changed() -> None:
    j = code([1, 2], [1, 1], ["a", "b"], ["a", "b"]).judgments
    start = np.full((2, 2), 0.5)
    ibcc(j, start=start, gold={0: 0})
    assert (start == 0.5).all()


# Figures of docs/quality.md; the same as independent prototypes of the same model had.
@pytest.mark.parametrize(
    ("name", "by_majority", "by_ibcc"),
    [("rte", 0.8969, 0.9287), ("cf", 0.8822, 0.8967), ("bluebird", 0.7593, 0.8981)],
)
def test_accuracy_on_public_data(name: str, by_majority: float, by_ibcc: float) -> None:
    data = crowd(name)
    assert data.accuracy(majority(data.judgments).posterior) == pytest.approx(by_majority, abs=1e-4)
    assert data.accuracy(ibcc(data.judgments).posterior) == pytest.approx(by_ibcc, abs=0.005)


def test_accuracy_on_rte_is_at_least_that_of_the_demo() -> None:
    data = crowd("rte")
    assert data.accuracy(ibcc(data.judgments).posterior) >= 0.9285


def test_the_kernel_needs_no_django() -> None:
    script = (
        "import sys; sys.modules['django'] = None\n"
        "from ujima.quality.truth import ibcc, majority\n"
        "from ujima.quality import answers, online, replay, stopping, trust\n"
        "from ujima.quality.judgments import code\n"
        "j = code([1, 1, 2], ['x', 'y', 'x'], ['a', 'a', 'b'], ['a', 'b']).judgments\n"
        "print(ibcc.ibcc(j).label.tolist())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[0, 1]"
