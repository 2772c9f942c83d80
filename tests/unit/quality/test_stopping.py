from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.replay import replay
from ujima.quality.stopping import (
    CAUTIOUS_POWER,
    GOLD_NEEDED,
    HIGHEST_POWER,
    POWER_SPREAD,
    Outcome,
    Rule,
    decide,
    decide_unit,
    default_target,
    power_from_gold,
    temper,
)
from ujima.quality.truth.ibcc import ibcc

from .crowd import crowd, shuffled

TOLD = (((0.0, 0.5), (0.5, 0.0)),)
#: people not known yet: no power bolder than the cautious one
FEW = Rule(target=0.9, minimum=2, maximum=6, power=1.0, gold_answers=GOLD_NEEDED)
ENOUGH = replace(FEW, told=TOLD, worth=0.0)


@pytest.mark.parametrize(
    ("judgments", "posterior", "rule", "outcome"),
    [
        (1, [0.99, 0.01], ENOUGH, "more"),
        (2, [0.89, 0.11], ENOUGH, "more"),
        (2, [0.91, 0.09], ENOUGH, "confident"),
        (6, [0.91, 0.09], ENOUGH, "confident"),
        (6, [0.89, 0.11], ENOUGH, "spent"),
        (2, [1.0, 0.0], FEW, "more"),  # before people are known three are asked
        (3, [1.0, 0.0], FEW, "confident"),
        (3, [0.99, 0.01], FEW, "more"),  # .99 ^ .3 is only .80 sure
        (3, [0.9995, 0.0005], FEW, "confident"),
        (2, [0.9995, 0.0005], Rule(target=0.9, minimum=1, maximum=2), "confident"),
        (2, [0.5, 0.5], Rule(target=0.9, minimum=1, maximum=2), "spent"),
    ],
)
def test_a_unit_stops_when_it_is_sure_or_its_budget_is_spent(
    judgments, posterior, rule, outcome
) -> None:
    assert decide(judgments, posterior, rule).outcome == outcome


def test_the_confidence_is_the_tempered_one() -> None:
    assert decide(3, [0.99, 0.01], ENOUGH).confidence == pytest.approx(0.99)
    cautious = 0.99**0.3 / (0.99**0.3 + 0.01**0.3)
    assert decide(3, [0.99, 0.01], FEW).confidence == pytest.approx(cautious)


def test_a_unit_is_as_sure_as_its_least_sure_question() -> None:
    both = decide_unit(3, [[0.99, 0.01], [0.4, 0.6]], ENOUGH, shares=[0.95])
    assert both == (Outcome.MORE, pytest.approx(0.6))
    assert decide_unit(3, [[0.99, 0.01]], ENOUGH, shares=[0.5]).outcome is Outcome.MORE
    assert decide_unit(3, [[0.99, 0.01]], ENOUGH, shares=[1.0]).outcome is Outcome.CONFIDENT
    assert decide_unit(6, [], ENOUGH) == (Outcome.SPENT, 0.0)


@pytest.mark.parametrize(
    ("target", "minimum", "maximum"), [(0, 1, 3), (1.1, 1, 3), (0.9, 0, 3), (0.9, 4, 3)]
)
def test_a_rule_that_makes_no_sense_is_refused(target, minimum, maximum) -> None:
    with pytest.raises(BadJudgments, match="is no rule"):
        Rule(target=target, minimum=minimum, maximum=maximum)


@given(
    st.lists(st.floats(0.001, 1), min_size=2, max_size=6),
    st.floats(0.05, 1),
)
def test_tempering_keeps_the_order_and_never_adds_confidence(weights, power) -> None:
    p = [w / sum(weights) for w in weights]
    tempered = temper(p, power)
    assert sum(tempered) == pytest.approx(1)
    assert max(tempered) <= max(p) + 1e-12
    order = np.argsort(p, kind="stable")
    assert (np.diff(np.array(tempered)[order]) >= -1e-12).all()


def test_tempering_by_one_changes_nothing_and_a_sure_zero_stays_zero() -> None:
    assert temper([0.7, 0.2, 0.1], 1.0) == pytest.approx([0.7, 0.2, 0.1])
    assert temper([1.0, 0.0], 0.3) == [1.0, 0.0]


@pytest.mark.parametrize("power", [0.2, 0.5, 1.0])
def test_the_power_is_recovered_from_gold(power: float) -> None:
    rng = np.random.default_rng(3)
    honest = rng.dirichlet([0.5] * 3, size=4000)
    truths = (honest.cumsum(axis=1) > rng.random((4000, 1))).argmax(axis=1)
    overconfident = np.array([temper(p, 1 / power) for p in honest.tolist()])
    assert power_from_gold(overconfident, truths) == pytest.approx(power, rel=0.08)


def test_gold_that_was_always_right_ends_at_the_highest_power() -> None:
    assert power_from_gold([[0.9, 0.1]] * 5, [0] * 5) == pytest.approx(HIGHEST_POWER, abs=1e-3)


def test_a_little_gold_moves_the_power_a_little_and_much_gold_all_the_way() -> None:
    rng = np.random.default_rng(3)
    honest = rng.dirichlet([0.5] * 3, size=1000)
    truths = (honest.cumsum(axis=1) > rng.random((1000, 1))).argmax(axis=1)
    sure = np.array([temper(p, 10) for p in honest.tolist()])  # the right power is .1
    fitted = [power_from_gold(sure[:n], truths[:n], spread=POWER_SPREAD) for n in (1, 5, 30, 1000)]
    assert fitted == sorted(fitted, reverse=True)
    assert CAUTIOUS_POWER >= fitted[0] > 0.15
    assert fitted[-1] == pytest.approx(0.1, rel=0.1)
    once = power_from_gold([[0.9, 0.1]], [0], spread=POWER_SPREAD)
    assert CAUTIOUS_POWER < once < 0.4


@pytest.mark.parametrize(
    ("judgments", "posterior", "change", "outcome"),
    [
        (4, [0.6, 0.4], {}, "more"),
        (4, [0.6, 0.4], {"worth": 0.3}, "review"),
        (4, [0.85, 0.15], {"worth": 0.3}, "enough"),  # hardly wrong, so nobody need look
        (4, [0.6, 0.4], {"worth": 0.3, "told": ()}, "more"),  # people are not known
        (1, [0.6, 0.4], {"worth": 0.3}, "more"),  # too few asked
        (6, [0.6, 0.4], {"worth": 0.3}, "spent"),
        (4, [0.95, 0.05], {"worth": 0.3}, "confident"),
        (4, [0.6, 0.4], {"told": (((0.0, 1e-5), (1e-5, 0.0)),), "worth": 0.01}, "review"),
        (4, [0.6, 0.4], {"is_spent": True}, "ceiling"),
        (4, [0.6, 0.4], {"is_spent": True, "is_over": True}, "over"),
        (4, [0.95, 0.05], {"is_spent": True}, "confident"),
    ],
)
def test_a_unit_is_given_up_when_more_judgments_would_not_help(
    judgments, posterior, change, outcome
) -> None:
    assert decide(judgments, posterior, replace(ENOUGH, **change)).outcome == outcome


def test_a_unit_goes_on_while_one_of_its_questions_gains() -> None:
    rule = replace(ENOUGH, told=(*TOLD, *TOLD), worth=0.01)
    assert decide_unit(4, [[0.5, 0.5], [1.0, 0.0]], rule).outcome is Outcome.MORE
    settled = [[0.89, 0.11], [1.0, 0.0]]
    weak = replace(rule, told=(((0.0, 1e-6), (1e-6, 0.0)), *TOLD))
    assert decide_unit(4, settled, weak).outcome is Outcome.ENOUGH
    # texts say nothing of what more are worth
    assert decide_unit(4, settled, weak, shares=[0.5]).outcome is Outcome.MORE


def test_gold_that_does_not_pair_up_is_refused() -> None:
    with pytest.raises(BadJudgments):
        power_from_gold([[0.5, 0.5]], [0, 1])
    with pytest.raises(BadJudgments):
        power_from_gold(np.empty((0, 2)), [])


def test_fitting_on_50_gold_units_brings_confidence_nearer_the_truth_on_rte() -> None:
    data = crowd("rte")
    posterior = ibcc(data.judgments).posterior
    raw, fitted = [], []
    for seed in range(10):
        seen = np.random.default_rng(seed).permutation(len(data.truth))
        gold, rest = seen[:50], seen[50:]
        power = power_from_gold(posterior[gold], data.truth[gold])
        right = np.mean(posterior[rest].argmax(axis=1) == data.truth[rest])
        for off, p in ((raw, 1.0), (fitted, power)):
            sure = np.mean([max(temper(row, p)) for row in posterior[rest].tolist()])
            off.append(abs(sure - right))
    assert np.mean(fitted) < 0.03
    assert np.mean(fitted) < np.mean(raw) / 1.5


@pytest.mark.parametrize(
    ("name", "points", "share"),
    [("cf", 0.02, 0.80), ("rte", 0.005, 0.75), ("bluebird", 0.03, 0.50)],
)
def test_stopping_loses_little_against_using_every_label(name, points, share) -> None:
    data = crowd(name)
    j = data.judgments
    rule = Rule(default_target(j.n_labels), minimum=2, maximum=int(j.counted().max()))
    assert rule.power_now == CAUTIOUS_POWER
    replays = [replay(shuffled(j, seed), rule) for seed in range(5 if name == "cf" else 3)]
    for one in replays:
        assert np.isfinite(one.posterior).all()
        assert one.share_used < share
        assert one.asked.sum() == len(one.used)
        assert sum(one.outcomes.values()) == j.n_tasks
    kept = np.mean([data.accuracy(one.posterior) for one in replays])
    assert data.accuracy(ibcc(j).posterior) - kept <= points


@pytest.mark.parametrize("name", ["rte", "cf", "bluebird"])
def test_whatever_ends_as_confident_has_reached_the_target_at_the_end(name) -> None:
    data = crowd(name)
    j = data.judgments
    rule = Rule(default_target(j.n_labels), minimum=2, maximum=int(j.counted().max()))
    one = replay(shuffled(j, 1), rule)
    sure = [decide(int(n), p, rule) for n, p in zip(one.asked, one.live.tolist(), strict=True)]
    confident = [d for d in sure if d.confidence >= rule.target]
    assert one.outcomes["confident"] == len(confident)
    assert all(d.outcome is Outcome.CONFIDENT for d in confident)
    assert one.outcomes["spent"] == sum(d.outcome is Outcome.SPENT for d in sure)
