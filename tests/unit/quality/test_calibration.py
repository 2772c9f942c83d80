"""Confidence against what is known: the error's measure, and the confidence that has little."""

import numpy as np
import pytest

from ujima.quality.calibration import estimated, sure
from ujima.quality.errors import BadJudgments
from ujima.quality.reliability import brier, calibration_error, chance_error
from ujima.quality.truth.ibcc import ibcc

from .crowd import crowd


def test_the_error_is_the_gap_of_each_bin_weighted_by_its_units() -> None:
    confidence = np.array([0.95, 0.95, 0.95, 0.95, 0.65, 0.65])
    right = np.array([1.0, 1, 1, 0, 1, 0])
    expected = (4 * abs(0.95 - 0.75) + 2 * abs(0.65 - 0.5)) / 6
    assert calibration_error(confidence, right) == pytest.approx(expected)
    assert calibration_error(np.ones(3), np.ones(3)) == 0
    assert calibration_error(np.ones(3), np.zeros(3)) == 1


def test_a_perfect_predictor_errs_by_chance_the_less_the_more_units() -> None:
    rng = np.random.default_rng(0)
    few, many = (chance_error(rng.uniform(0.5, 1, n), rng) for n in (50, 5000))
    assert 0.05 < few < 0.2
    assert many < few / 5


def test_what_does_not_pair_up_is_refused() -> None:
    with pytest.raises(BadJudgments):
        calibration_error(np.ones(2), np.ones(3))
    with pytest.raises(BadJudgments):
        calibration_error(np.empty(0), np.empty(0))
    with pytest.raises(BadJudgments):
        brier(np.full((2, 2), 0.5), np.array([0]))


def test_brier_is_nothing_when_sure_and_right_and_two_when_sure_and_wrong() -> None:
    assert brier(np.array([[1.0, 0.0]]), np.array([0])) == 0
    assert brier(np.array([[1.0, 0.0]]), np.array([1])) == 2
    assert brier(np.array([[0.5, 0.5]]), np.array([1])) == pytest.approx(0.5)


@pytest.mark.parametrize(("name", "most"), [("rte", 0.03), ("bluebird", 0.03), ("cf", 0.03)])
def test_after_50_gold_units_confidence_means_what_it_says(name, most) -> None:
    data = crowd(name)
    posterior = ibcc(data.judgments).posterior
    beyond = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        gold = np.full(len(data.truth), -1)
        drawn = rng.choice(len(gold), 50, replace=False)
        gold[drawn] = data.truth[drawn]
        confidence = sure(data.judgments, posterior, gold, rng)
        assert ((confidence > 0) & (confidence < 1)).all()
        rest = gold < 0
        right = posterior.argmax(axis=1)[rest] == data.truth[rest]
        beyond.append(
            calibration_error(confidence[rest], right) - chance_error(confidence[rest], rng, 20)
        )
    assert np.mean(beyond) <= most


def test_gold_that_is_mostly_wrong_takes_confidence_away_and_no_gold_leaves_the_usual() -> None:
    data = crowd("rte")
    posterior = ibcc(data.judgments).posterior
    none = np.full(len(data.truth), -1)
    wrong = none.copy()
    wrong[:50] = 1 - posterior[:50].argmax(axis=1)
    usual, doubtful = (
        sure(data.judgments, posterior, gold, np.random.default_rng(1)).mean()
        for gold in (none, wrong)
    )
    assert 0.8 < usual < 1
    assert doubtful < 0.6


def test_the_estimate_holds_the_truth_and_gold_makes_it_narrower() -> None:
    data = crowd("rte")
    posterior = ibcc(data.judgments).posterior
    none = np.full(len(data.truth), -1)
    some = none.copy()
    drawn = np.random.default_rng(5).choice(len(none), 100, replace=False)
    some[drawn] = data.truth[drawn]
    wide, narrow = (
        estimated(data.judgments, posterior, gold, np.random.default_rng(1))
        for gold in (none, some)
    )
    right = np.mean(posterior.argmax(axis=1)[some < 0] == data.truth[some < 0])
    assert 0 <= wide.low < wide.mid < wide.high <= 1
    assert narrow.low < right < narrow.high
    assert narrow.high - narrow.low < (wide.high - wide.low) / 2


def test_the_estimate_can_be_made_when_every_unit_is_gold() -> None:
    data = crowd("bluebird")
    posterior = ibcc(data.judgments).posterior
    every = estimated(data.judgments, posterior, data.truth, np.random.default_rng(1))
    assert every.low < 0.9 < every.high
