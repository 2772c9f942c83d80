"""A job's fit with model labels: one more opinion beside people's, and no judgment."""

from random import Random

import pytest

from ujima.quality.answers import Question
from ujima.quality.asked import Asked
from ujima.quality.judgments import code
from ujima.quality.model_labels.units import is_due, single_choices, train
from ujima.quality.refit import MODEL, _as_if_unknown, _votes_on, refit
from ujima.quality.truth.ibcc import ibcc

ASKED = Asked((Question("same", "single", ("no", "yes")), Question("why", "text")))
TRUTH = {unit: unit % 2 for unit in range(1, 61)}


def rows(accuracy=0.75, people=3, seed=1):
    chance = Random(seed)
    return [
        (
            unit,
            f"p{person}",
            {"same": [("no", "yes")[right if chance.random() < accuracy else 1 - right]]},
        )
        for unit, right in TRUTH.items()
        for person in range(people)
    ]


def right(fit):
    hits = [fit.units[u].posteriors[0][k] > 0.5 for u, k in TRUTH.items()]
    return sum(hits) / len(hits)


def test_a_good_model_betters_the_answers_and_its_share_is_told():
    model = {unit: [label] for unit, label in TRUTH.items()}
    alone, together = refit(ASKED, rows(), {}, 3), refit(ASKED, rows(), {}, 3, model)
    assert right(together) > right(alone)
    for unit in together.units.values():
        assert 0 <= unit.model_share <= 1
        assert unit.is_turned == ((unit.by_people[0][1] > 0.5) != (unit.posteriors[0][1] > 0.5))
    assert any(unit.is_turned for unit in together.units.values())
    assert all(unit.model_share is None for unit in alone.units.values())
    assert [unit.by_people for unit in alone.units.values()] == [
        unit.posteriors for unit in alone.units.values()
    ]


def test_a_model_is_no_person_and_its_labels_are_no_judgments():
    model = {unit: [label] for unit, label in TRUTH.items()}
    alone, together = refit(ASKED, rows(), {}, 3), refit(ASKED, rows(), {}, 3, model)
    assert together.judgments == alone.judgments
    assert together.judged == alone.judged
    assert together.counts.keys() == alone.counts.keys()
    assert [u.judgments for u in together.units.values()] == [3] * len(TRUTH)


def test_a_model_never_judges_alone():
    """Neither a unit that nobody judged, nor a question that nobody answered."""
    given = [*rows(), (61, "p0", {"why": ["as it says"]})]
    fit = refit(ASKED, given, {}, 3, {61: [1], 62: [1], 1: [1]})
    assert 62 not in fit.units
    assert fit.units[61].posteriors == [None]
    assert fit.units[61].model_share is None
    assert fit.units[1].model_share is not None


def test_the_power_is_fitted_on_peoples_judgments_alone():
    """A model's labels are not among the evidence that gold's confidence is read from."""
    people = [(u, person, int(answer["same"] == ["yes"])) for u, person, answer in rows()]
    votes = people + [(unit, MODEL, label) for unit, label in TRUTH.items()]
    coded = code(*zip(*votes, strict=True), [0, 1])
    assert sorted(_votes_on(coded, TRUTH)) == sorted(v for v in people if v[0] in TRUTH)
    evidence, truths = _as_if_unknown(coded, TRUTH, ibcc(coded.judgments), 100)
    assert len(evidence) == len(truths) == len(TRUTH)


def test_a_fits_hash_tells_the_model_apart_and_order_does_not_matter():
    model = {unit: [label] for unit, label in TRUTH.items()}
    fit = refit(ASKED, rows(), {}, 3, model)
    again = refit(ASKED, rows()[::-1], {}, 3, dict(reversed(model.items())))
    assert fit.input_hash == again.input_hash
    assert fit.input_hash != refit(ASKED, rows(), {}, 3).input_hash
    assert fit.input_hash != refit(ASKED, rows(), {}, 3, model | {1: [0]}).input_hash


def test_a_model_learns_single_choices_alone():
    asked = Asked(
        (
            Question("tags", "multiple", ("a", "b")),
            Question("same", "single", ("no", "yes")),
            Question("only", "single", ("one",)),
            Question("why", "text"),
        )
    )
    assert single_choices(asked) == [2]


@pytest.mark.parametrize(
    ("judged", "before", "due"),
    [(199, None, False), (200, None, True), (239, 200, False), (240, 200, True)],
)
def test_a_model_is_trained_on_enough_units_and_anew_once_a_job_has_grown_by_a_fifth(
    judged, before, due
):
    assert is_due(judged, before) == due


def units():
    return {
        unit: {"left_name": f"thing {unit}", "right_name": f"thing {unit if k else 7 * unit} new"}
        for unit, k in TRUTH.items()
    }


def test_known_answers_and_what_people_said_of_them_teach_a_model_nothing():
    answers = [(unit, answer) for unit, _, answer in rows(0.9)]
    golds = {1, 2, 3, 4}
    turned = [
        (u, {"same": ["yes" if a["same"] == ["no"] else "no"]}) if u in golds else (u, a)
        for u, a in answers
    ]
    one, other = (train(ASKED, units(), given, golds) for given in (answers, turned))
    assert one == other
    assert one.labels.keys() == TRUTH.keys()
    assert train(ASKED, units(), turned, ()).input_hash != one.input_hash


def test_whatever_order_answers_come_in_the_model_says_the_same():
    answers = [(unit, answer) for unit, _, answer in rows(0.9)]
    assert train(ASKED, units(), answers, ()) == train(ASKED, units(), answers[::-1], ())
