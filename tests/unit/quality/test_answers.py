import pytest

from ujima.quality.answers import (
    Problem,
    Question,
    answer_from,
    labels_of,
    problems,
)
from ujima.quality.errors import BadAnswer

QUESTIONS = (
    Question("tone", "single", ("good", "bad", "mixed")),
    Question("about", "multiple", ("price", "staff")),
    Question("why", "text"),
)


def test_a_single_choice_is_one_problem_and_a_multiple_choice_one_a_choice() -> None:
    assert problems(QUESTIONS) == (
        Problem("tone", ("good", "bad", "mixed"), "tone"),
        Problem("about=price", ("no", "yes"), "about", "price"),
        Problem("about=staff", ("no", "yes"), "about", "staff"),
    )


@pytest.mark.parametrize(
    ("answer", "labels"),
    [
        ({"tone": ["bad"], "about": ["staff"], "why": ["slow"]}, [1, 0, 1]),
        ({"tone": ["good"], "about": []}, [0, 0, 0]),
        ({"about": ["staff", "price"]}, [None, 1, 1]),
        ({"tone": []}, [None, None, None]),
        ({}, [None, None, None]),
    ],
)
def test_an_answer_becomes_one_label_a_problem(answer, labels) -> None:
    assert labels_of(answer, QUESTIONS) == labels


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"tone": ["awful"]}, "no choice 'awful'"),
        ({"about": ["staff", "food"]}, "no choice 'food'"),
        ({"tone": ["good", "bad"]}, "one choice, not 2"),
        ({"mood": ["good"]}, "no question 'mood'"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_with_its_field(answer, says) -> None:
    with pytest.raises(BadAnswer, match=says) as refusal:
        labels_of(answer, QUESTIONS)
    assert refusal.value.place["field"] in answer


def test_posteriors_and_texts_become_the_answer() -> None:
    texts = {"why": [["Slow  service"], ["slow service"], ["rude"], [" "]]}
    inferred = answer_from(QUESTIONS, [[0.1, 0.7, 0.2], [0.9, 0.1], [0.2, 0.8]], texts)
    assert inferred["tone"] == (["bad"], pytest.approx(0.7), "ibcc")
    assert inferred["about"] == (["staff"], pytest.approx(0.8), "ibcc")
    assert inferred["why"] == (["Slow  service"], pytest.approx(2 / 3), "medoid")


def test_the_power_tempers_the_confidence_and_not_the_choice() -> None:
    inferred = answer_from(QUESTIONS[:1], [[0.1, 0.7, 0.2]], {}, power=0.3)
    assert inferred["tone"].values == ["bad"]
    assert 1 / 3 < inferred["tone"].confidence < 0.7


def test_a_question_that_nobody_answered_is_left_out() -> None:
    inferred = answer_from(QUESTIONS, [None, None, None], {"why": [[""]]})
    assert inferred == {}


def test_what_was_answered_comes_back() -> None:
    answer = {"tone": ["mixed"], "about": ["price"]}
    certain = [[0.0, 0.0, 1.0], [0.0, 1.0], [1.0, 0.0]]
    assert labels_of(answer, QUESTIONS) == [row.index(1.0) for row in certain]
    back = answer_from(QUESTIONS, certain, {})
    assert {name: one.values for name, one in back.items()} == answer
