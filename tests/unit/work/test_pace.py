"""When a pace may be told as measured."""

import pytest

from ujima.work.pace import LEAST_ANSWERS, LEAST_PEOPLE, measured_seconds


def test_a_pace_of_enough_people_and_answers_is_told() -> None:
    assert measured_seconds(25_000.0, LEAST_PEOPLE, LEAST_ANSWERS) == 25.0


@pytest.mark.parametrize(
    ("middle", "people", "answers"),
    [
        (400.0, 1, 500),
        (25_000.0, LEAST_PEOPLE - 1, 500),
        (25_000.0, LEAST_PEOPLE, LEAST_ANSWERS - 1),
        (None, 0, 0),
        (0.0, 9, 90),
    ],
)
def test_few_people_few_answers_or_no_time_are_no_measurement(
    middle: float | None, people: int, answers: int
) -> None:
    assert measured_seconds(middle, people, answers) is None
