"""Stopping on recorded judgments: what is saved, and where nothing may be."""

import numpy as np
import pytest

from ujima.quality.judgments import Judgments
from ujima.quality.rounds import Policy, in_rounds, until_led
from ujima.quality.steady import Drift, drift, is_warm
from ujima.quality.truth.ibcc import ibcc

from .crowd import crowd


def _gold(name: str, rng: np.random.Generator) -> dict[int, int]:
    truth = crowd(name).truth
    return {int(t): int(truth[t]) for t in rng.choice(len(truth), 50, replace=False)}


def test_a_third_of_rte_is_saved_and_less_than_a_point_lost() -> None:
    data = crowd("rte")
    full = data.accuracy(ibcc(data.judgments).posterior)
    saved, lost = [], []
    for seed in range(2):
        rng = np.random.default_rng(seed)
        tried = in_rounds(data.judgments, _gold("rte", rng), rng)
        assert tried.saved == 1 - (tried.asked.sum() + 50) / 8000
        saved.append(tried.saved)
        lost.append(full - data.accuracy(tried.posterior))
    assert np.mean(saved) > 0.28
    assert np.mean(lost) < 0.01


def test_nobody_is_known_on_cf_so_every_judgment_is_bought() -> None:
    rng = np.random.default_rng(0)
    tried = in_rounds(crowd("cf").judgments, _gold("cf", rng), rng)
    assert tried.asked.sum() == 1720
    assert tried.saved == pytest.approx(-50 / 1720)


def test_a_policy_that_wants_more_worth_saves_more() -> None:
    rng = np.random.default_rng(0)
    gold = _gold("rte", rng)
    saved = [
        in_rounds(crowd("rte").judgments, gold, np.random.default_rng(4), Policy(worth)).saved
        for worth in (0.002, 0.01, 0.05)
    ]
    assert saved == sorted(saved)


def test_the_same_seed_gives_the_same_trial() -> None:
    data = crowd("bluebird").judgments
    one, two = (in_rounds(data, {0: 1}, np.random.default_rng(7)) for _ in range(2))
    assert (one.asked == two.asked).all()
    assert (one.posterior == two.posterior).all()


def test_a_margin_of_votes_ends_a_task_and_no_sooner() -> None:
    task = np.repeat([0, 1], 4)
    label = np.array([0, 0, 0, 0, 1, 0, 1, 0])
    split = Judgments(task, np.tile(np.arange(4), 2), label, 2, 4, 2)
    used = until_led(split, 2, np.random.default_rng(0))
    assert used.counted()[0] == 2
    assert len(until_led(split, 5, np.random.default_rng(0))) == 8


def test_people_are_known_when_the_median_judgment_is_by_one_with_ten_answers() -> None:
    assert not is_warm(np.repeat(np.arange(9), 9))
    assert is_warm(np.repeat(np.arange(9), 10))
    assert not is_warm(np.concatenate([np.zeros(20, int), np.arange(1, 30)]))
    assert is_warm(np.concatenate([np.zeros(30, int), np.arange(1, 20)]))


def test_answers_that_hang_on_other_units_are_found() -> None:
    """Answers by chance: who is right is a toss, and each judgment sways it."""
    rng = np.random.default_rng(2)
    worker = np.array([rng.choice(40, 5, replace=False) for _ in range(300)]).ravel()
    noise = Judgments(np.repeat(np.arange(300), 5), worker, rng.integers(0, 2, 1500), 300, 40, 2)
    found = drift(noise, ibcc(noise).posterior, np.random.default_rng(0))
    assert found.share > 0.1
    assert not found.is_steady
    rte = crowd("rte").judgments
    assert drift(rte, ibcc(rte).posterior, np.random.default_rng(0)).is_steady


def test_before_any_trial_nothing_is_steady_and_older_trials_fade() -> None:
    assert not Drift().is_steady
    rte = crowd("rte").judgments
    posterior = ibcc(rte).posterior
    after = drift(rte, posterior, np.random.default_rng(0), Drift(changed=800, tried=800))
    assert 0.3 < after.share < 0.4
