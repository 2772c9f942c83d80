import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.reliability import held_out, reliability
from ujima.quality.stopping import CAUTIOUS_POWER, power_from_gold, temper


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_the_diagram_counts_by_tenths() -> None:
    found = reliability([0.55, 0.95, 0.91, 1.0], [False, True, True, False], rng=rng())
    assert [(b.low, b.units) for b in found.bins] == [(0.5, 1), (0.9, 3)]
    assert found.bins[1].right.mid == pytest.approx(2 / 3)
    assert found.error == pytest.approx((0.55 + abs(0.95 + 0.91 + 1 - 2)) / 4)
    assert found.brier == pytest.approx((0.55**2 + 0.05**2 + 0.09**2 + 1) / 4)


def test_a_confidence_that_means_what_it_says_errs_as_chance_would() -> None:
    chance = np.random.default_rng(1)
    sure = chance.uniform(0.5, 1, 400)
    honest = reliability(sure, chance.random(400) < sure, rng=rng())
    boastful = reliability(sure, chance.random(400) < 0.5, rng=rng())
    assert honest.error < 2 * honest.perfect
    assert boastful.error > honest.perfect + 0.2


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=60))
def test_bins_hold_every_unit_and_errors_are_shares(known: list[tuple[float, bool]]) -> None:
    found = reliability([c for c, _ in known], [r for _, r in known], rng=rng())
    assert sum(b.units for b in found.bins) == found.units == len(known)
    for share in (found.error, found.perfect, found.brier):
        assert 0 <= share <= 1


def test_few_known_units_are_read_with_the_cautious_power() -> None:
    assert held_out([[0.9, 0.1]], [0])[0] == pytest.approx(max(temper([0.9, 0.1], CAUTIOUS_POWER)))


def test_no_unit_is_read_with_a_power_that_has_seen_it() -> None:
    chance = np.random.default_rng(2)
    top = chance.uniform(0.6, 0.999, 60)
    rows = np.column_stack([top, 1 - top])
    truths = (chance.random(60) > top**0.3).astype(int)
    before = held_out(rows, truths)
    mine = np.arange(60) % 5 == 0
    turned = np.where(mine, 1 - truths, truths)
    assert held_out(rows, turned)[mine] == pytest.approx(before[mine])
    assert power_from_gold(rows, turned) != pytest.approx(power_from_gold(rows, truths))


@pytest.mark.parametrize(("sure", "right"), [([], []), ([0.5], [True, False]), ([1.2], [True])])
def test_what_is_no_confidence_is_refused(sure: list[float], right: list[bool]) -> None:
    with pytest.raises(BadJudgments):
        reliability(sure, right, rng=rng())
