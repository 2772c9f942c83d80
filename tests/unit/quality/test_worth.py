"""What more judgments are worth: one formula for many units, one for one, and a simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality.worth import HORIZONS, information, worth_of, worths

TOLD = [[0.0, 0.4, 0.9], [0.4, 0.0, 0.2], [0.9, 0.2, 0.0]]
POSTERIORS = st.lists(st.floats(1e-6, 1), min_size=3, max_size=3).map(
    lambda w: [x / sum(w) for x in w]
)


@given(POSTERIORS, st.floats(0.03, 1.5), st.integers(0, 40))
def test_one_unit_and_many_are_worth_the_same(posterior, power, left) -> None:
    many = worths(np.array([posterior, posterior]), power, np.array(TOLD), np.array([left, left]))
    assert many == pytest.approx([worth_of(posterior, power, TOLD, left)] * 2, abs=1e-6)


@given(POSTERIORS, st.floats(0.03, 1.5), st.integers(1, 40))
def test_more_judgments_are_worth_between_nothing_and_a_half(posterior, power, left) -> None:
    worth = worth_of(posterior, power, TOLD, left)
    assert 0 <= worth <= 0.5
    further = next((h for h in HORIZONS if h >= left), 30)
    assert worth_of(posterior, power, TOLD, further) <= worth_of(posterior, power, TOLD, 30)


def test_the_worth_does_not_depend_on_how_classes_are_numbered() -> None:
    order = [2, 0, 1]
    told = [[TOLD[i][j] for j in order] for i in order]
    posterior = [0.5, 0.3, 0.2]
    assert worth_of([posterior[i] for i in order], 0.4, told, 5) == pytest.approx(
        worth_of(posterior, 0.4, TOLD, 5)
    )


def test_nothing_left_or_nothing_told_is_worth_nothing() -> None:
    assert worth_of([0.5, 0.5, 0], 0.3, TOLD, 0) == 0
    assert worth_of([0.5, 0.5], 0.3, [[0.0, 0.0], [0.0, 0.0]], 9) == 0


def test_a_sure_unit_is_worth_less_than_a_split_one() -> None:
    told = [[0.0, 0.5], [0.5, 0.0]]
    found = [worth_of([p, 1 - p], 1.0, told, 3) for p in (0.5, 0.7, 0.9, 0.99, 0.9999)]
    assert found == sorted(found, reverse=True)
    assert found[0] > 0.1
    assert found[-1] < 0.001


def test_the_gain_is_what_a_simulation_of_people_finds() -> None:
    """People right 7 times in 10, a unit believed .6: ask 20 of them, and see how often the
    likelier class is the true one."""
    right, m, belief = 0.7, 20, 0.6
    confusion = np.array([[[right, 1 - right], [1 - right, right]]])
    told = information(confusion, np.ones(1))
    rng = np.random.default_rng(1)
    truth = (rng.random(200_000) >= belief).astype(int)
    for_first = rng.binomial(m, np.where(truth == 0, right, 1 - right))
    odds = np.log(belief / (1 - belief)) + (2 * for_first - m) * np.log(right / (1 - right))
    gained = np.mean((odds < 0) == truth) - belief
    reckoned = worth_of([belief, 1 - belief], 1.0, told.tolist(), m)
    longest = max((g for g in HORIZONS if g <= m), default=m)
    assert reckoned >= gained / longest**0.25 - 0.02
    assert reckoned <= gained


def test_information_is_symmetric_and_the_divergence_between_rows() -> None:
    rows = np.array([[[0.8, 0.2], [0.4, 0.6]], [[0.5, 0.5], [0.5, 0.5]]])
    told = information(rows, np.array([3.0, 1.0]))
    one = 0.8 * np.log(2) + 0.2 * np.log(0.2 / 0.6)
    other = 0.4 * np.log(0.5) + 0.6 * np.log(0.6 / 0.2)
    assert told == pytest.approx(np.array([[0, 0.75], [0.75, 0]]) * (one + other) / 2)
