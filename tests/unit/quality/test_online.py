import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality import online
from ujima.quality.replay import replay
from ujima.quality.special import digamma
from ujima.quality.stopping import Rule
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import row_prior

from .crowd import crowd, shuffled

EVEN = online.belief_of([0.5, 0.5])
COUNTS = [[6.0, 1.0], [2.0, 5.0]]


def test_a_vote_moves_the_belief_by_her_expected_log_confusion() -> None:
    belief, _ = online.observe(EVEN, COUNTS, 1)
    column = [row[1] for row in online.expected_log_confusion(COUNTS)]
    assert belief == pytest.approx(np.add(EVEN, column))


@given(
    st.integers(2, 6).flatmap(
        lambda k: st.lists(
            st.lists(st.floats(0, 1e4), min_size=k, max_size=k), min_size=k, max_size=k
        )
    )
)
def test_expected_log_confusion_is_that_of_the_batch(counts: list[list[float]]) -> None:
    alpha = np.array(counts) + row_prior(len(counts))
    batch = digamma(alpha) - digamma(alpha.sum(axis=1, keepdims=True))
    assert np.array(online.expected_log_confusion(counts)) == pytest.approx(batch, abs=1e-9)


def test_her_own_vote_is_left_out_when_she_is_judged() -> None:
    surely_first = online.belief_of([0.9, 0.1])
    _, counts = online.observe(surely_first, COUNTS, 1)
    assert counts[0] == pytest.approx([6.0, 1.9])
    assert counts[1] == pytest.approx([2.0, 5.1])


def test_a_gold_answer_counts_wholly_to_its_known_truth() -> None:
    assert online.observe_gold(COUNTS, truth=0, label=1) == [[6.0, 2.0], [2.0, 5.0]]


def test_arguments_are_not_changed() -> None:
    belief, counts = [0.0, 0.0], online.no_counts(2)
    online.observe(belief, counts, 0)
    online.observe_gold(counts, 1, 0)
    assert belief == [0.0, 0.0]
    assert counts == [[0.0, 0.0], [0.0, 0.0]]


def test_a_label_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(IndexError):
        online.observe(EVEN, COUNTS, 2)


@given(st.lists(st.floats(-700, 700), min_size=2, max_size=8))
def test_a_posterior_sums_to_one_and_comes_back_from_its_belief(belief: list[float]) -> None:
    p = online.posterior(belief)
    assert sum(p) == pytest.approx(1)
    assert online.posterior(online.belief_of(p)) == pytest.approx(p)


def test_renaming_labels_renames_the_step() -> None:
    belief, counts = online.observe([0.3, -0.2], COUNTS, 0)
    other = [row[::-1] for row in COUNTS[::-1]]
    renamed_belief, renamed_counts = online.observe([-0.2, 0.3], other, 1)
    assert renamed_belief[::-1] == pytest.approx(belief)
    assert [row[::-1] for row in renamed_counts[::-1]] == counts


def test_one_pass_on_rte_comes_within_a_point_of_the_batch() -> None:
    data = crowd("rte")
    batch = data.accuracy(ibcc(data.judgments).posterior)
    everything = Rule(target=1.0, minimum=10, maximum=10)
    once = replay(shuffled(data.judgments, 1), everything, refit_every=0)
    assert len(once.used) == len(data.judgments)
    assert data.accuracy(once.live) == pytest.approx(batch, abs=0.01)
    assert data.accuracy(once.posterior) == pytest.approx(batch, abs=1e-3)
