"""Gold by chance, at a rate that lasts; and answered in the time that anything else takes."""

import random

from hypothesis import given
from hypothesis import strategies as st

from ujima.work.evenly import Evenly
from ujima.work.gold import Supply, drawn, rate

counts = st.integers(0, 5000)


@given(st.floats(0, 0.5), counts, counts, st.integers(1, 20), st.integers(0, 300), counts, counts)
def test_the_rate_is_never_above_the_share_and_nothing_without_gold(
    share: float, golds: int, units: int, most: int, people: int, offered: int, had: int
) -> None:
    found = rate(share, Supply(golds, units, most, people, offered + had, had))
    assert 0 <= found <= share
    if had >= golds:
        assert found == 0


def test_gold_lasts_as_long_as_a_whole_job_of_one_person() -> None:
    chance, met = random.Random(2), []
    offered = had = 0
    while offered - had < 900:
        p = rate(0.5, Supply(100, 900, 1, 1, offered, had))
        is_gold = chance.random() < p
        offered, had = offered + 1, had + is_gold
        met.append(is_gold)
    halves = sum(met[: len(met) // 2]), sum(met[len(met) // 2 :])
    assert 90 <= sum(met) <= 100
    assert abs(halves[0] - halves[1]) < 30


def test_each_unit_is_drawn_by_itself() -> None:
    assert drawn(4, 0.5, [0.1, 0.9, 0.4, 0.6, 0.0]) == 2
    assert drawn(1, 0.2, [0.1]) == 1


def test_gold_takes_the_time_that_others_take() -> None:
    chance, evenly = random.Random(4), Evenly()
    known, others = [], []
    for _ in range(2000):
        quick, slow = chance.gauss(5, 1), chance.gauss(8, 2)
        others.append(slow + evenly.wait(slow, is_known=False))
        known.append(quick + evenly.wait(quick, is_known=True))
    before = sum(k < o for k, o in zip(known[200:], others[200:], strict=True)) / 1800
    assert abs(before - 0.5) < 0.04
