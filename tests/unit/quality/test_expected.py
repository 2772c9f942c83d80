"""What a job will probably ask, before it starts."""

import pytest

from ujima.quality.expected import ASSUMED, ASSUMED_BEST, ASSUMED_WORST, expected_judgments
from ujima.quality.stopping import Rule


def test_a_higher_target_and_worse_people_take_more_judgments() -> None:
    low = expected_judgments((2,), Rule(0.8, 3, 20), ASSUMED)
    assert low < expected_judgments((2,), Rule(0.95, 3, 20), ASSUMED)
    by_people = [expected_judgments((2,), Rule(0.9, 3, 20), a) for a in (0.6, 0.7, 0.8, 0.9)]
    assert by_people == sorted(by_people, reverse=True)


@pytest.mark.parametrize("sizes", [(2,), (5,), (2, 2, 2), (), (1,), (20,)])
@pytest.mark.parametrize("accuracy", [0.0, 0.5, 0.8, 1.0])
def test_it_stays_between_the_fewest_and_the_most(sizes, accuracy) -> None:
    assert 3 <= expected_judgments(sizes, Rule(0.9, 3, 7), accuracy) <= 7
    assert expected_judgments(sizes, Rule(0.9, 2, 2), accuracy) == 2


@pytest.mark.parametrize(
    ("sizes", "target", "most", "used"),
    [((2,), 0.9, 10, 7.1), ((2,), 0.85, 10, 6.2), ((4,), 0.99, 10, 8.8), ((2,), 0.9, 39, 16.6)],
)
def test_the_range_holds_what_recorded_jobs_used(sizes, target, most, used) -> None:
    rule = Rule(target, 2, most)
    best, worst = (expected_judgments(sizes, rule, a) for a in (ASSUMED_BEST, ASSUMED_WORST))
    assert best <= used <= worst


def test_two_questions_take_more_than_one() -> None:
    rule = Rule(0.8, 3, 20)
    assert expected_judgments((2, 2), rule, ASSUMED) > expected_judgments((2,), rule, ASSUMED)
