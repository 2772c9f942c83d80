"""Time left, judgments saved and pay for an hour, from a few numbers."""

from datetime import UTC, datetime, timedelta

import pytest

from ujima.quality.expected import saved_share
from ujima.web.buyer.pace import hourly, time_left

NINE = datetime(2026, 6, 8, 9, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return NINE + timedelta(minutes=minutes)


def test_a_steady_pace_says_when_the_last_result_comes() -> None:
    left = time_left([(at(0), 0), (at(30), 50), (at(60), 100)], 200, at(60))

    assert left
    assert left.mid == pytest.approx(3600)
    # 100 results lie within 100 ± 19.6
    assert left.low == pytest.approx(3600 / 1.196)
    assert left.high == pytest.approx(3600 / 0.804)


def test_a_pause_makes_the_pace_slower() -> None:
    points = [(at(0), 0), (at(60), 100)]

    soon, late = time_left(points, 200, at(60)), time_left(points, 200, at(120))

    assert soon
    assert late
    assert late.mid == pytest.approx(2 * soon.mid)


@pytest.mark.parametrize(
    "points",
    [[], [(at(0), 5)], [(at(0), 5), (at(60), 9)], [(at(0), 5), (at(60), 200)]],
    ids=["nothing", "one moment", "too few results", "done"],
)
def test_too_little_is_known_to_say_a_time(points: list[tuple[datetime, int]]) -> None:
    assert time_left(points, 200, at(60)) is None


def test_savings_leave_out_gold_and_count_open_units_as_used() -> None:
    assert saved_share(330, 30, 100, 5) == pytest.approx(0.4)
    assert saved_share(330, 30, 0, 5) is None
    assert saved_share(530, 0, 100, 5) is None


def test_pay_is_said_only_of_enough_people_that_none_can_be_told() -> None:
    paces = [(10, 20.0 + n) for n in range(10)]

    assert hourly(paces[:4], 5) is None
    few, many = hourly(paces[:5], 5), hourly(paces, 5)

    assert few
    assert (few.median, few.lowest_tenth) == (round(5 * 3600 / 22), None)
    assert many
    assert many.lowest_tenth is not None
    assert 5 * 3600 / 29 <= many.lowest_tenth < many.median
