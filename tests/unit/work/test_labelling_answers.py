"""An answer is brought into its one form, or refused at its question."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.work.configs import pair, photo

from ujima.work.labelling.answers import MAX_TEXT, check_answer, check_gold
from ujima.work.labelling.config import parse
from ujima.work.labelling.problems import BadAnswer
from ujima.work.labelling.results import from_results, to_results


def test_a_choice_is_kept_as_its_alias_whether_word_or_list_is_sent():
    for sent in ("1", ["1"], "Yes", ["Yes"], ["Yes", "1"]):
        assert check_answer(pair, {"entails": sent}) == {"entails": ["1"]}


def test_the_same_choices_in_another_order_are_the_same_answer():
    sent = {"note": [" a\r\nb\rc "], "seen": ["a bird", "cat", "cat"]}
    kept = check_answer(photo, sent)
    assert kept == {"seen": ["cat", "a bird"], "note": ["a\nb\nc"]}
    assert list(kept) == ["seen", "note"]


def test_an_unanswered_question_that_may_stay_so_is_left_out():
    assert check_answer(photo, {"seen": "dog", "note": "  "}) == {"seen": ["dog"]}
    assert check_answer(photo, {"seen": None, "note": "ok"}) == {"note": ["ok"]}


REFUSED = [
    (pair, {"entails": "maybe"}, "unknown_choice", "entails"),
    (pair, {"entails": ["1", "0"]}, "one_choice_only", "entails"),
    (pair, {"entails": []}, "required", "entails"),
    (pair, {}, "required", "entails"),
    (pair, {"entails": "1", "colour": "red"}, "unknown_question", "colour"),
    (pair, {"entails": 1}, "not_an_answer", "entails"),
    (pair, {"entails": [1]}, "not_an_answer", "entails"),
    (pair, {"entails": {"1": 1}}, "not_an_answer", "entails"),
    (pair, ["1"], "not_an_answer", ""),
    (pair, None, "not_an_answer", ""),
    (photo, {"seen": [], "note": ""}, "nothing_answered", ""),
    (photo, {"note": "x" * (MAX_TEXT + 1)}, "text_too_long", "note"),
    (photo, {"note": ["a", "b"]}, "one_text_only", "note"),
    (photo, {"note": "a\0b"}, "unreadable_text", "note"),
    (photo, {"note": "\ud800"}, "unreadable_text", "note"),
]


@pytest.mark.parametrize(("labelling", "answer", "code", "question"), REFUSED)
def test_an_answer_that_does_not_fit_is_refused_at_its_question(labelling, answer, code, question):
    with pytest.raises(BadAnswer) as refusal:
        check_answer(labelling, answer)
    assert refusal.value.code == "bad_answer"
    assert refusal.value.facts["problem"] == code
    assert refusal.value.place == {"question": question}


def test_every_question_that_is_wrong_is_told_at_once():
    with pytest.raises(BadAnswer) as refusal:
        check_answer(photo, {"seen": "fish", "note": ["a", "b"]})
    places = [problem["place"]["question"] for problem in refusal.value.facts["problems"]]
    assert places == ["seen", "note"]


def test_a_text_of_just_the_longest_length_is_kept():
    assert check_answer(photo, {"note": "x" * MAX_TEXT})["note"] == ["x" * MAX_TEXT]


def test_a_known_answer_may_leave_a_required_question_open():
    assert check_gold(pair, "entails", []) == []
    assert check_gold(pair, "entails", "No") == ["0"]
    with pytest.raises(BadAnswer):
        check_gold(pair, "colour", "red")


answers = st.fixed_dictionaries(
    {"seen": st.lists(st.sampled_from(["cat", "dog", "a bird"]), min_size=1)},
    optional={"note": st.text(alphabet=string.printable, max_size=50)},
)


@given(answers)
def test_checking_a_kept_answer_changes_nothing(answer):
    kept = check_answer(photo, answer)
    assert check_answer(photo, kept) == kept


@given(answers)
def test_an_answer_survives_the_way_through_label_studios_form(answer):
    kept = check_answer(photo, answer)
    assert from_results(photo, to_results(photo, kept)) == kept


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inside: st.lists(inside) | st.dictionaries(st.text(), inside),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from(["seen", "note", "x"]), json_values) | json_values)
def test_any_json_sent_as_an_answer_is_kept_or_refused(sent):
    try:
        kept = check_answer(photo, sent)
    except BadAnswer:
        return
    assert set(kept) <= {"seen", "note"}


@given(json_values)
def test_any_json_sent_as_results_is_kept_or_refused(sent):
    with pytest.raises(BadAnswer):
        from_results(photo, sent)


def test_results_have_label_studios_form():
    answer = {"seen": ["cat", "dog"], "note": ["two"]}
    assert to_results(photo, answer) == [
        {
            "from_name": "seen",
            "to_name": "photo",
            "type": "choices",
            "value": {"choices": ["cat", "dog"]},
        },
        {"from_name": "note", "to_name": "photo", "type": "textarea", "value": {"text": ["two"]}},
    ]


def region(**changes):
    whole = {"from_name": "seen", "to_name": "photo", "type": "choices"}
    return whole | {"value": {"choices": ["cat"]}} | changes


@pytest.mark.parametrize(
    ("results", "code"),
    [
        ([region(type="labels")], "bad_result"),
        ([region(value={"text": ["cat"]})], "bad_result"),
        ([region(), region()], "bad_result"),
        ([region(from_name=7)], "bad_result"),
        ({"seen": "cat"}, "bad_result"),
        ([region(from_name="other")], "unknown_question"),
        ([region(value={"choices": ["fish"]})], "unknown_choice"),
        ([], "nothing_answered"),
    ],
)
def test_results_that_are_not_of_this_config_are_refused(results, code):
    with pytest.raises(BadAnswer) as refusal:
        from_results(photo, results)
    assert refusal.value.facts["problem"] == code


def test_one_word_never_means_two_choices():
    labelling = parse(
        '<View><Text name="t" value="$t"/><Choices name="q" toName="t">'
        '<Choice value="a" alias="x"/><Choice value="b"/></Choices></View>'
    )
    assert check_answer(labelling, {"q": "a"}) == check_answer(labelling, {"q": "x"})
    assert check_answer(labelling, {"q": "b"}) == {"q": ["b"]}
