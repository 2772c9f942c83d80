"""A person decides units and accepts lots; judgments and pay stay as they are."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from tests.cast import NOW, Cast, assemble, launched_job, says, send, take, work_off

from ujima.audit.models import Entry
from ujima.base.errors import Forbidden
from ujima.flows import review, settle
from ujima.pay.models import Accrual
from ujima.quality import acceptance
from ujima.quality.acceptance import Ruling, Terms
from ujima.quality.errors import (
    AcceptedAlready,
    BadPlan,
    DecidedMeanwhile,
    NotDecidable,
    NotDrawn,
    NothingDecided,
    NothingToAccept,
    NotSettled,
)
from ujima.quality.lots.queries import drawn_at, protocol, standing_of
from ujima.quality.models import Adjudication, Check, Current, Draw, Drawn, Fit, Report, Result
from ujima.quality.review.queries import Place, adjudications_held, given_up, queue
from ujima.work.errors import NoSuchJob
from ujima.work.labelling.problems import BadAnswer
from ujima.work.models import Job, Judgment, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=6)


@pytest.fixture
def job(cast: Cast) -> Job:
    """Six people disagree a little; all is judged and settled."""
    job = launched_job(cast, units=12, golds=2, judgments_min=3, judgments_max=3)
    for number, worker in enumerate(list(cast.workers.values())[:3]):
        key = 0
        while (page := take(worker, job)).units:
            answers = []
            for wire, (at, data) in enumerate(page.units):
                says_no = "0" in str(data) and number == 0
                answers.append(says(at, key + wire, "no" if says_no else "yes"))
            send(worker, page, answers, device=worker.person_id)
            key += len(answers)
    settle.settle(job_id=job.id, now=NOW)
    return job


def decided(cast: Cast, job: Job, unit: int, answer: str = "no", seen: int = 0) -> Adjudication:
    return review.decide(
        by=cast.buyer,
        job_id=job.id,
        unit_id=unit,
        answer={"follows": [answer]},
        reason="the second sentence says so",
        seen=seen,
        now=NOW,
    )


def least(job: Job) -> Current:
    return queue(job.org_id, job.id)[0]


def test_what_a_person_decides_is_the_units_result_at_once(cast: Cast, job: Job) -> None:
    unit = least(job).unit_id
    judged, owed = Judgment.objects.count(), Accrual.objects.count()
    version = Result.objects.filter(unit_id=unit).count()

    made = decided(cast, job, unit)

    now = Current.objects.select_related("result").get(unit_id=unit)
    assert (now.label, now.confidence) == ("no", 1.0)
    assert (now.result.method, now.result.ended) == ("adjudicated", "decided")
    assert now.result.version == version + 1 == made.result_version
    assert (made.role, made.reason) == ("buyer", "the second sentence says so")
    assert Judgment.objects.count() == judged
    assert Accrual.objects.count() == owed
    assert Entry.objects.filter(action="adjudicate", actor=cast.buyer.actor).count() == 1


def test_the_next_fit_holds_it_fixed_and_gives_out_nothing_else(cast: Cast, job: Job) -> None:
    unit = least(job).unit_id
    before = Fit.objects.order_by("-id")[0]
    decided(cast, job, unit)
    settle.settle(job_id=job.id, now=NOW + timedelta(minutes=1))
    fit = Fit.objects.order_by("-id")[0]
    assert fit.input_hash != before.input_hash
    assert fit.judgments == before.judgments
    assert fit.gold_answers == before.gold_answers
    now = Current.objects.select_related("result").get(unit_id=unit)
    assert (now.label, now.result.method) == ("no", "adjudicated")
    assert least(job).unit_id != unit


def test_what_is_decided_while_a_fit_runs_stands(
    cast: Cast, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = queue(job.org_id, job.id, limit=9)
    assert second.label == "yes"
    decided(cast, job, first.unit_id)
    real = settle.fits.keep

    def keep(**given):
        decided(cast, job, second.unit_id)
        return real(**given)

    monkeypatch.setattr(settle.fits, "keep", keep)
    settle.settle(job_id=job.id, now=NOW + timedelta(minutes=1))
    now = Current.objects.select_related("result").get(unit_id=second.unit_id)
    assert (now.label, now.result.method) == ("no", "adjudicated")
    assert now.result.version == Result.objects.filter(unit_id=second.unit_id).count()


def test_a_unit_decided_as_a_fit_opens_it_is_closed_again(
    cast: Cast, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, *_ = queue(job.org_id, job.id, limit=9)
    decided(cast, job, first.unit_id)
    real, unit = settle.move_units, second.unit_id

    def move_units(*, ended, **given):
        monkeypatch.setattr(settle, "move_units", real)
        decided(cast, job, unit)
        real(**given | {"wants": {unit: 5}, "again": {unit}}, ended=ended - {unit})
        assert Unit.objects.get(id=unit).is_open

    monkeypatch.setattr(settle, "move_units", move_units)
    settle.settle(job_id=job.id, now=NOW + timedelta(minutes=1))
    assert not Unit.objects.get(id=unit).is_open


def test_a_unit_that_was_decided_is_no_gold_and_is_not_asked_again(cast: Cast, job: Job) -> None:
    unit = least(job).unit_id
    decided(cast, job, unit)
    found = Unit.objects.get(id=unit)
    assert (found.is_gold, found.is_open, found.state) == (False, False, Unit.State.SETTLED)
    settle.settle(job_id=job.id, now=NOW)
    assert not Unit.objects.get(id=unit).is_open


def test_of_two_who_decide_at_once_the_second_is_told(cast: Cast, job: Job) -> None:
    unit = least(job).unit_id
    decided(cast, job, unit, "no")
    with pytest.raises(DecidedMeanwhile):
        decided(cast, job, unit, "yes")
    assert Current.objects.get(unit_id=unit).label == "no"
    decided(cast, job, unit, "yes", seen=1)
    assert Current.objects.get(unit_id=unit).label == "yes"
    assert Adjudication.objects.filter(unit_id=unit).count() == 2


def test_taking_back_gives_out_what_was_inferred(cast: Cast, job: Job) -> None:
    current = least(job)
    unit, before = current.unit_id, current.result
    decided(cast, job, unit)
    review.take_back(by=cast.buyer, job_id=job.id, unit_id=unit, seen=1, now=NOW)
    now = Current.objects.select_related("result").get(unit_id=unit)
    assert now.result.answer == before.answer
    assert now.result.confidence == before.confidence
    assert now.result.method == before.method
    assert now.result.version == before.version + 2
    assert adjudications_held(job.org_id, job.id) == {}
    assert least(job).unit_id == unit
    with pytest.raises(NothingDecided):
        review.take_back(by=cast.buyer, job_id=job.id, unit_id=unit, seen=2, now=NOW)


def test_adjudications_are_append_only(cast: Cast, job: Job) -> None:
    decided(cast, job, least(job).unit_id)
    for change in (
        lambda: Adjudication.objects.update(reason="other"),
        lambda: Adjudication.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_who_may_decide(cast: Cast, job: Job) -> None:
    unit = least(job).unit_id
    for who, refusal in ((cast.viewer, Forbidden), (cast.other, NoSuchJob),
                         (cast.manager, Forbidden)):  # fmt: skip
        with pytest.raises(refusal):
            review.decide(
                by=who, job_id=job.id, unit_id=unit, answer={"follows": ["no"]}, reason="",
                seen=0, now=NOW,
            )  # fmt: skip
    with pytest.raises(BadAnswer):
        decided(cast, job, unit, "perhaps")
    gold = Unit.objects.filter(job_id=job.id, is_gold=True)[0]
    with pytest.raises(NotSettled):
        decided(cast, job, gold.id)


def test_the_queue_goes_from_the_least_certain_on(cast: Cast, job: Job) -> None:
    every = queue(job.org_id, job.id, limit=50)
    assert [c.confidence for c in every] == sorted(c.confidence for c in every)
    seen, after = [], None
    while found := queue(job.org_id, job.id, after=after):
        seen.append(found[0].unit_id)
        after = Place.read(str(Place(found[0].confidence, found[0].unit_id)))
    assert seen == [c.unit_id for c in every]
    assert queue(job.org_id, job.id, below=0.01) == []
    assert {c.label for c in queue(job.org_id, job.id, label="yes", limit=50)} == {"yes"}


@pytest.mark.parametrize("text", ["", "x", "0.5", "0.5~x", "0.5~-3", "nan~99999999999999999999"])
def test_a_place_that_is_none_is_none(text: str) -> None:
    assert Place.read(text) is None


def test_each_fit_leaves_its_report(cast: Cast, job: Job) -> None:
    report = Report.objects.get(job_id=job.id)
    assert report.input_hash == Fit.objects.order_by("-id")[0].input_hash
    [problem] = report.body["problems"]
    assert problem["classes"] == ["yes", "no"]
    assert problem["known"]["units"] == 2
    assert report.body["people"] is None


# lots


TERMS = Terms(0.95, 0.5)


def asked(cast: Cast, job: Job, terms: Terms = TERMS, seed: int = 5):
    lot = review.ask_for_acceptance(by=cast.buyer, job_id=job.id, terms=terms, seed=seed, now=NOW)
    settle.settle(job_id=job.id, now=NOW + timedelta(minutes=1))
    return lot


def checked(cast: Cast, job: Job, lot, place: int, answer: str | None, seen: int = 0) -> Check:
    return review.check(
        by=cast.buyer,
        job_id=job.id,
        lot_id=lot.id,
        place=place,
        answer=None if answer is None else {"follows": [answer]},
        seen=seen,
        now=NOW,
    )


def test_a_sample_is_drawn_as_planned_and_anybody_can_draw_it_again(cast: Cast, job: Job) -> None:
    import hashlib

    lot = asked(cast, job)
    draw = Draw.objects.get(lot=lot)
    assert draw.units == 10
    drawn = list(Drawn.objects.filter(lot=lot).order_by("place").values_list("unit_id", flat=True))
    units = Current.objects.filter(job_id=job.id).values_list("unit_id", flat=True)
    by_hash = sorted(units, key=lambda u: hashlib.md5(f"5:{u}".encode()).hexdigest())  # noqa: S324
    assert drawn == by_hash[: draw.sample]


def test_a_lot_is_accepted_by_its_plan(cast: Cast, job: Job) -> None:
    lot = asked(cast, job)
    sample = Draw.objects.get(lot=lot).sample
    with pytest.raises(NotDecidable):
        review.accept(by=cast.buyer, job_id=job.id, lot_id=lot.id, remark="", now=NOW)
    for place in range(1, sample + 1):
        label = drawn_at(lot, place).result.answer["follows"][0]
        assert checked(cast, job, lot, place, label).is_right
    standing = standing_of(lot)
    assert (standing.checked, standing.wrong, standing.ruling) == (sample, 0, Ruling.ACCEPT)
    made = review.accept(by=cast.buyer, job_id=job.id, lot_id=lot.id, remark="fine", now=NOW)
    assert (made.ruling, made.remark, made.high) == ("accept", "fine", 1)
    assert made.confidence >= 0.95
    with pytest.raises(AcceptedAlready):
        review.accept(by=cast.buyer, job_id=job.id, lot_id=lot.id, remark="", now=NOW)
    with pytest.raises(AcceptedAlready):
        checked(cast, job, lot, 1, "yes", seen=1)
    assert Counter(row["is_right"] for row in protocol(lot)) == {True: sample}


def test_a_wrong_result_is_decided_anew_and_comes_back_when_taken_back(
    cast: Cast, job: Job
) -> None:
    lot = asked(cast, job)
    drawn = drawn_at(lot, 1)
    label = drawn.result.answer["follows"][0]
    other = {"yes": "no", "no": "yes"}[label]
    assert checked(cast, job, lot, 1, other).is_right is False
    assert Current.objects.get(unit_id=drawn.unit_id).label == other
    assert Adjudication.objects.get(unit_id=drawn.unit_id).lot_id == lot.id
    with pytest.raises(DecidedMeanwhile):
        checked(cast, job, lot, 1, label)
    review.take_check_back(by=cast.buyer, job_id=job.id, lot_id=lot.id, place=1, seen=1, now=NOW)
    assert Current.objects.get(unit_id=drawn.unit_id).label == label
    assert standing_of(lot).checked == 0
    assert standing_of(lot).next_place() == 1
    assert checked(cast, job, lot, 1, None, seen=2).is_right


def test_a_lot_with_too_many_wrong_is_turned_down(cast: Cast, job: Job) -> None:
    lot = asked(cast, job)
    draw = Draw.objects.get(lot=lot)
    for place in range(1, draw.allowed + 2):
        label = drawn_at(lot, place).result.answer["follows"][0]
        checked(cast, job, lot, place, {"yes": "no", "no": "yes"}[label])
    made = review.accept(by=cast.buyer, job_id=job.id, lot_id=lot.id, remark="", now=NOW)
    assert made.ruling == "reject"
    assert made.wrong == draw.allowed + 1


def test_a_check_waits_for_its_sample_and_a_job_without_results_has_none(
    cast: Cast, job: Job
) -> None:
    lot = review.ask_for_acceptance(by=cast.buyer, job_id=job.id, terms=TERMS, seed=1, now=NOW)
    with pytest.raises(NotDrawn):
        standing_of(lot)
    fresh = launched_job(cast, units=2)
    with pytest.raises(NothingToAccept):
        review.ask_for_acceptance(by=cast.buyer, job_id=fresh.id, terms=TERMS, seed=1, now=NOW)
    with pytest.raises(BadPlan):
        Terms(0.9, 0.95)
    with pytest.raises(NoSuchJob):
        review.ask_for_acceptance(by=cast.other, job_id=job.id, terms=TERMS, seed=1, now=NOW)


def test_a_check_that_its_results_no_longer_allow_holds_nothing_up(
    cast: Cast, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    lot = review.ask_for_acceptance(by=cast.buyer, job_id=job.id, terms=TERMS, seed=1, now=NOW)
    monkeypatch.setattr(acceptance, "MOST", 1)
    settle.settle(job_id=job.id, now=NOW + timedelta(minutes=1))
    draw = Draw.objects.get(lot=lot)
    assert (draw.units, draw.sample) == (0, 0)


def test_work_goes_on_beside_a_review(cast: Cast) -> None:
    """A judgment that comes for a decided unit is kept and paid, and changes no result."""
    job = launched_job(cast, units=3, judgments_min=1, judgments_max=2, confidence_target=0.6)
    late = take(cast.workers["w002"], job)
    work_off(cast.workers["w001"], job)
    settle.settle(job_id=job.id, now=NOW)
    for current in queue(job.org_id, job.id, limit=9):
        decided(cast, job, current.unit_id)
    owed = Accrual.objects.count()
    answers = [says(number, number) for number, _ in late.units]
    assert set(send(cast.workers["w002"], late, answers)) == {"kept"}
    assert Accrual.objects.count() == owed + len(answers)
    settle.settle(job_id=job.id, now=NOW + timedelta(minutes=1))
    held = adjudications_held(job.org_id, job.id)
    for unit in held:
        assert Current.objects.get(unit_id=unit).label == "no"


def test_units_that_were_given_up_are_found_by_themselves(cast: Cast, job: Job) -> None:
    first, second, *_ = queue(job.org_id, job.id, limit=9)
    for current, version in ((second, 12), (first, 12), (first, 13)):
        old = current.result
        new = Result.objects.create(
            org_id=job.org_id, job_id=job.id, unit_id=old.unit_id, version=version,
            answer=old.answer, confidence=old.confidence, judgments=old.judgments,
            method=old.method, method_version="1", input_hash="", at=NOW,
            ended="review" if version == 12 else "spent",
        )  # fmt: skip
        Current.objects.filter(unit_id=old.unit_id).update(result=new)
    found = given_up(job.org_id, job.id, limit=9)
    assert [one.unit_id for one in found] == [second.unit_id], "only a newest result counts"
    assert found[0].result.ended == "review"
    assert given_up(job.org_id, job.id, after=Place(1.0, 2**40)) == []
