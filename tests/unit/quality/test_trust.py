import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.trust import accuracy_from_confusion, gold_interval
from ujima.quality.truth.ibcc import ibcc

from .crowd import crowd


# Values of R's prop.test(x, n, correct = FALSE).
@pytest.mark.parametrize(
    ("right", "seen", "low", "high"),
    [
        (0, 10, 0.0, 0.2775328),
        (10, 10, 0.7224672, 1.0),
        (5, 10, 0.2365931, 0.7634069),
        (8, 10, 0.4901625, 0.9433178),
        (90, 100, 0.8256343, 0.9447708),
    ],
)
def test_wilson_has_its_known_values(right: int, seen: int, low: float, high: float) -> None:
    assert gold_interval(right, seen) == pytest.approx((low, right / seen, high), abs=1e-6)


def test_without_gold_nothing_is_known() -> None:
    assert gold_interval(0, 0) == (0, 0.5, 1)


@pytest.mark.parametrize(("right", "seen"), [(2, 1), (-1, 3)])
def test_more_right_than_seen_is_refused(right: int, seen: int) -> None:
    with pytest.raises(BadJudgments):
        gold_interval(right, seen)


def test_someone_new_is_thought_right_seven_times_in_ten_with_a_wide_interval() -> None:
    low, mid, high = accuracy_from_confusion(np.zeros((3, 3)), [0.2, 0.3, 0.5])
    assert mid == pytest.approx(0.7)
    assert high - low > 0.4


def test_the_interval_closes_in_on_what_she_does() -> None:
    counts = np.array([[90.0, 10.0], [20.0, 80.0]])
    for times, width in ((1, 0.12), (100, 0.012)):
        low, mid, high = accuracy_from_confusion(counts * times, [0.5, 0.5])
        assert low < 0.85 < high
        assert mid == pytest.approx(0.85, abs=0.01)
        assert high - low < width


def test_the_mix_of_classes_matters() -> None:
    counts = [[90.0, 10.0], [50.0, 50.0]]
    assert accuracy_from_confusion(counts, [1.0, 0.0]).mid > 0.88
    assert accuracy_from_confusion(counts, [0.0, 1.0]).mid < 0.52


def test_counts_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(BadJudgments):
        accuracy_from_confusion([[1.0, 0.0]], [0.5, 0.5])


@given(
    st.integers(2, 5).flatmap(
        lambda k: st.lists(
            st.lists(st.floats(0, 1000), min_size=k, max_size=k), min_size=k, max_size=k
        )
    )
)
def test_the_interval_lies_within_zero_and_one_around_its_middle(counts) -> None:
    low, mid, high = accuracy_from_confusion(counts, [1 / len(counts)] * len(counts))
    assert 0 <= low < mid < high <= 1


def test_most_intervals_on_rte_hold_the_workers_true_accuracy() -> None:
    data = crowd("rte")
    j, truth = data.judgments, ibcc(data.judgments)
    right = j.label == data.truth[j.task]
    held = []
    for worker in range(j.n_workers):
        low, _, high = accuracy_from_confusion(truth.counts[worker], truth.class_prior)
        held.append(low <= right[j.worker == worker].mean() <= high)
    assert np.mean(held) > 0.85
