import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.informative import CROWD, information, information_of
from ujima.quality.judgments import Judgments
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import row_prior

EVEN = np.full(2, 0.5)
PRIOR = row_prior(2)


def _of(*tables):
    return information(np.array(tables, float), PRIOR, EVEN, rng=np.random.default_rng(0))


@settings(deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    k=st.integers(2, 5),
    workers=st.integers(1, 6),
    scale=st.floats(0, 1e4),
)
def test_information_is_what_its_definition_says_between_nothing_and_the_entropy(
    seed, k, workers, scale
) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.gamma(0.5, size=(workers, k, k)) * scale
    shares = rng.dirichlet(np.ones(k))
    found = information(counts, row_prior(k), shares, rng=rng)
    crowd = counts.sum(axis=0) + row_prior(k)
    crowd = 2 * CROWD * crowd / crowd.sum(axis=1, keepdims=True)
    for w in range(workers):
        alpha = counts[w] + crowd
        joint = shares[:, None] * alpha / alpha.sum(axis=1, keepdims=True)
        apart = joint.sum(axis=1, keepdims=True) * joint.sum(axis=0)
        told = sum(
            joint[i, j] * np.log2(joint[i, j] / apart[i, j])
            for i in range(k)
            for j in range(k)
            if joint[i, j] > 0
        )
        assert found.mid[w] == pytest.approx(told, abs=1e-9)
    ends = np.stack([np.zeros(workers), found.low, found.mid, found.high])
    assert (np.diff(ends, axis=0) >= -1e-12).all()
    assert (found.high <= found.most).all()


def test_random_and_constant_answers_tell_nothing_reliable_mix_ups_as_much_as_right_ones() -> None:
    right, mixed = [[500, 0], [0, 500]], [[0, 500], [500, 0]]
    guessed, constant = [[250, 250], [250, 250]], [[500, 0], [500, 0]]
    found = _of(right, mixed, guessed, constant)
    assert found.mid[0] == pytest.approx(found.mid[1], abs=1e-3)
    assert found.mid[0] > 0.95
    assert (found.mid[2:] < 0.01).all()
    assert found.judged.tolist() == [1000] * 4


def test_few_answers_leave_a_wide_interval_near_the_crowd() -> None:
    seasoned, newcomer = [[180, 20], [20, 180]], [[0, 1], [0, 0]]
    found = _of(seasoned, newcomer, [[0, 0], [0, 0]])
    width = found.high - found.low
    assert width[1] > 3 * width[0]
    assert found.mid[2] == pytest.approx(found.mid[0], abs=0.02)


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    rng, true = np.random.default_rng(1), np.array([[0.8, 0.2], [0.3, 0.7]])
    counts = np.array([[rng.multinomial(60, row) for row in true] for _ in range(2000)])
    found = information(counts.astype(float), PRIOR, EVEN, rng=rng)
    joint = EVEN[:, None] * true
    told = (joint * np.log2(joint / (EVEN[:, None] * joint.sum(axis=0)))).sum()
    assert 0.93 <= ((found.low <= told) & (told <= found.high)).mean() <= 0.99


def test_a_guesser_is_not_surely_worthless_after_a_few_answers() -> None:
    few, many = [[5, 5], [5, 5]], [[250, 250], [250, 250]]
    found = _of([[90, 10], [10, 90]], few, many)
    assert found.high[1] > 0.1
    assert found.high[2] < 0.03
    assert found.doubtful(0.05).tolist() == [2]


def test_only_who_surely_tells_little_after_enough_answers_is_doubtful() -> None:
    guessed = [[250, 250], [250, 250]]
    unsure = [[4, 3], [3, 4]]
    found = _of([[90, 10], [10, 90]], guessed, [[2, 2], [2, 2]], [[90, 0], [80, 0]], unsure)
    assert found.mid[4] < 0.05 < found.high[4]
    assert sorted(found.doubtful(0.05).tolist()) == [1, 3]
    assert found.mid[found.doubtful(0.05)].tolist() == sorted(found.mid[found.doubtful(0.05)])


def test_permuting_workers_and_labels_permutes_the_information() -> None:
    rng = np.random.default_rng(2)
    counts, shares = rng.gamma(1, size=(4, 3, 3)) * 9, np.array([0.5, 0.3, 0.2])
    found = information(counts, row_prior(3), shares, rng=rng)
    order, labels = [2, 0, 3, 1], [1, 2, 0]
    other = information(
        counts[order][:, labels][:, :, labels], row_prior(3), shares[labels], rng=rng
    )
    assert other.mid == pytest.approx(found.mid[order])
    assert other.high == pytest.approx(found.high[order], abs=0.1)


def test_answers_injected_at_random_are_the_least_informative_without_gold() -> None:
    rng, tasks, workers = np.random.default_rng(3), 200, 8
    truth = rng.integers(2, size=tasks)
    said = np.where(rng.random((tasks, workers)) < 0.8, truth[:, None], 1 - truth[:, None])
    said[:, 0], said[:, 1] = rng.integers(2, size=tasks), 1
    task, worker = np.divmod(np.arange(tasks * workers), workers)
    found = information_of(ibcc(Judgments(task, worker, said.ravel(), tasks, workers, 2)), rng=rng)
    assert set(np.argsort(found.mid)[:2].tolist()) == {0, 1}
    assert set(found.doubtful(0.1).tolist()) == {0, 1}


def test_a_class_that_never_occurs_and_a_job_of_one_class_are_no_error() -> None:
    found = information(
        np.array([[[5.0, 1.0], [0.0, 0.0]]]),
        PRIOR,
        np.array([1.0, 0.0]),
        rng=np.random.default_rng(0),
    )
    assert (found.most, found.mid.tolist()) == (0, [0.0])


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(BadJudgments, match="do not fit"):
        information(np.zeros((2, 3, 3)), PRIOR, EVEN, rng=np.random.default_rng(0))
