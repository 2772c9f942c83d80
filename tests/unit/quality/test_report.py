import json

import numpy as np
import pytest

from ujima.quality.answers import Question
from ujima.quality.asked import Asked
from ujima.quality.refit import refit
from ujima.quality.report import is_ordered, report_of

ASKED = Asked((Question("follows", "single", ("yes", "no")), Question("why", "text")))
Row = tuple[int, str, dict[str, list[str]]]


def rows_of(units: int, people: int, right: float = 0.85) -> tuple[list[Row], dict[int, str]]:
    chance = np.random.default_rng(4)
    truth = {unit: ("yes", "no")[int(chance.random() < 0.5)] for unit in range(units)}
    other = {"yes": "no", "no": "yes"}
    rows: list[Row] = [
        (u, f"p{p}", {"follows": [t if chance.random() < right else other[t]]})
        for u, t in truth.items()
        for p in range(people)
    ]
    return rows, truth


def test_a_report_says_what_known_answers_show() -> None:
    rows, truth = rows_of(80, 6)
    golds = {unit: {"follows": [truth[unit]]} for unit in range(40)}
    found = report_of(ASKED, refit(ASKED, rows, golds, 4))
    [one] = found["problems"]
    assert one["classes"] == ["yes", "no"]
    assert one["known"]["units"] == 40
    low, mid, high = one["known"]["accuracy"]
    assert low < mid < high
    assert mid > 0.85
    assert sum(map(sum, one["known"]["table"])) == 40
    assert 0.3 < one["agreement"][0]["alpha"] < 0.7
    assert one["agreement"][0]["units"] == 80
    assert found["people"]["people"] == 6
    assert sum(found["people"]["tenths"]) == 6
    assert json.loads(json.dumps(found)) == found


def test_without_known_answers_nothing_is_said_of_accuracy() -> None:
    rows, _ = rows_of(20, 5)
    [one] = report_of(ASKED, refit(ASKED, rows, {}, 4))["problems"]
    assert one["known"] is None
    assert one["agreement"][0]["alpha"] is not None


def test_of_few_people_nothing_is_told() -> None:
    rows, _ = rows_of(20, 4)
    assert report_of(ASKED, refit(ASKED, rows, {}, 4))["people"] is None


def test_a_job_without_judgments_has_an_empty_report() -> None:
    [one] = report_of(ASKED, refit(ASKED, [], {}, 4))["problems"]
    assert (one["known"], one["agreement"][0]["alpha"]) == (None, None)


@pytest.mark.parametrize(
    ("classes", "ordered"),
    [(("0", "1", "2"), True), (("0", "1"), False), (("2", "1", "3"), False), (("a", "b"), False)],
)
def test_classes_that_are_rising_numbers_have_an_order(
    classes: tuple[str, ...], ordered: bool
) -> None:
    assert is_ordered(classes) is ordered


def test_what_a_person_decided_is_held_fixed_and_fits_no_power() -> None:
    rows, truth = rows_of(80, 5, right=0.7)
    decided = {unit: {"follows": [truth[unit]]} for unit in range(40)}
    plain = refit(ASKED, rows, {}, 4)
    held = refit(ASKED, rows, {}, 4, adjudicated=decided)
    assert (held.power, held.gold_answers) == (plain.power, 0)
    assert held.input_hash != plain.input_hash
    for unit in range(40):
        row = held.units[unit].posteriors[0]
        assert row is not None
        assert row[("yes", "no").index(truth[unit])] == pytest.approx(1)
    assert held.judgments == plain.judgments
    assert held.blind == [([], [])]
