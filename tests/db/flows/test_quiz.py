"""The quiz before a job: paid time, drawn from the job's gold, two tries, then a person looks."""

from datetime import timedelta
from typing import Any

import pytest
from tests.cast import NOW, Cast, assemble, draft_job, launched_job, says, send, take

from ujima.flows import judgment, launch, settle, trusting
from ujima.flows.estimating import most_for
from ujima.pay.models import Account, Accrual
from ujima.quality.errors import CaseClosed
from ujima.quality.models import Case
from ujima.work.actions import channels
from ujima.work.envelopes import PageOut
from ujima.work.errors import NotOffered, NotReady, QuizLookedAt
from ujima.work.models import KnownPage, Lease, Quiz, Stop, Unit
from ujima.work.queries import lessons
from ujima.work.terms import gold_need

pytestmark = pytest.mark.django_db
QUIZ = {"quiz_units": 4, "quiz_right": 3}


def quizzed(cast: Cast, **how: Any) -> Any:
    """A job of 30 units with 12 known answers and a quiz of four, three of them to be right."""
    return launched_job(cast, units=42, golds=12, page_size=6, **QUIZ, **how)


def answer(cast: Cast, page: PageOut, right: int, *, code: str = "w001", at: Any = NOW) -> None:
    """Answer a page of known units (all are yes), so many of them rightly."""
    worker = cast.workers[code]
    key = Lease.objects.filter(person_id=worker.person_id).count() * 100
    answers = [says(n, key + n, "yes" if n <= right else "no") for n, _ in page.units]
    assert set(send(worker, page, answers, device=worker.person_id, now=at)) == {"kept"}


def held_units(page: PageOut) -> set[int]:
    return set(Lease.objects.filter(page_id=page.id).values_list("unit_id", flat=True))


def failed(cast: Cast, job: Any) -> Case:
    """w001 stays below the mark twice."""
    for _ in range(2):
        answer(cast, take(cast.workers["w001"], job), 2)
    return Case.objects.get()


def test_her_first_units_are_a_quiz_and_at_the_mark_she_goes_on() -> None:
    cast = assemble(2)
    job = quizzed(cast)
    page = take(cast.workers["w001"], job, 50)
    assert page.is_quiz
    assert len(page.units) == 4, "as many as the quiz has, however many are asked for"
    assert Unit.objects.filter(id__in=held_units(page), is_gold=True).count() == 4
    again = take(cast.workers["w001"], job)
    assert not again.units, "nothing else before it is done"
    assert again.ask_again
    answer(cast, page, 3)
    assert Quiz.objects.get().outcome == "passed"
    ordinary = take(cast.workers["w001"], job, 30)
    assert not ordinary.is_quiz
    assert ordinary.units
    assert not held_units(ordinary) & held_units(page), "what she saw is not hidden gold for her"
    assert not Case.objects.exists()


def test_below_the_mark_once_more_on_others_and_then_a_person_looks() -> None:
    cast = assemble(2)
    job = quizzed(cast)
    first = take(cast.workers["w001"], job)
    answer(cast, first, 2)
    assert Quiz.objects.get().outcome == "again"
    second = take(cast.workers["w001"], job)
    assert second.is_quiz
    assert not held_units(first) & held_units(second)
    assert not Case.objects.exists()
    answer(cast, second, 2)
    case = Case.objects.get()
    assert (case.is_quiz, case.gold_right, case.gold_seen, case.line) == (True, 4, 8, 0.75)
    assert case.person_id == cast.workers["w001"].person_id
    assert not Stop.objects.exists()
    with pytest.raises(QuizLookedAt):
        take(cast.workers["w001"], job)
    later = NOW + timedelta(days=3)
    assert take(cast.workers["w001"], job, now=later).units, "nobody is stopped for good by it"
    assert take(cast.workers["w002"], job).is_quiz, "everybody has a quiz of her own"


@pytest.mark.parametrize("decision", ["continue", "train"])
def test_she_goes_on_when_a_lead_has_looked(decision: str) -> None:
    cast = assemble(2)
    job = quizzed(cast)
    case = failed(cast, job)
    trusting.decide(by=cast.manager, case_id=case.id, decision=decision, reason="So", now=NOW)
    page = take(cast.workers["w001"], job)
    assert page.units
    assert not page.is_quiz


def test_what_she_gives_back_is_not_wrong_she_is_given_others() -> None:
    cast = assemble(2)
    job = quizzed(cast)
    page = take(cast.workers["w001"], job)
    worker = cast.workers["w001"]
    judgment.give_back(worker=worker, org_id=job.org_id, page_id=page.id, reasons={1: "unclear"})
    send(worker, page, [says(n, n) for n in (2, 3, 4)])
    assert Quiz.objects.get().outcome == ""
    more = take(worker, job)
    assert (more.is_quiz, len(more.units)) == (True, 1)
    answer(cast, more, 1)
    assert Quiz.objects.get().outcome == "passed"


def test_a_quiz_is_paid_once_each_within_the_reserve() -> None:
    cast = assemble(3)
    job = quizzed(cast)
    reserve = most_for(job).reserve.minor
    for code in cast.workers:
        for _ in range(40):
            page = take(cast.workers[code], job)
            if not page.units:
                break
            answer(cast, page, 99, code=code)
    judged = Lease.objects.filter(job_id=job.id, state=1).count()
    assert Accrual.objects.count() == judged
    assert Accrual.objects.values("judgment_id").distinct().count() == judged
    for _ in range(2):
        settle.settle(job_id=job.id, now=NOW + timedelta(hours=1))
    assert sum(Account.objects.values_list("balance_minor", flat=True)) == 0
    assert sum(a.amount_minor for a in Accrual.objects.all()) == 5 * judged
    assert 7 * judged <= reserve, "a judgment with its shares costs 7 at most"
    assert most_for(job).gold_judgments >= 2 * 4 * 3


def test_the_reserve_holds_both_tries_of_everybody_who_probably_comes() -> None:
    assert gold_need(1000, 50, 3, 1000) == 6
    # 3,000 judgments are some 60 people, each with two tries of five: 600 more, on 50 units
    assert gold_need(1000, 50, 3, 1000, 5) == 6 + 12
    assert gold_need(1000, 50, 3, 0, 5) == 12


def test_a_quiz_needs_known_answers_for_two_tries() -> None:
    cast = assemble(1)
    job = draft_job(cast, units=20, golds=7, **QUIZ)
    channels.offer(
        by=cast.buyer, job_id=job.id, provider_id=cast.provider.id, centre_id=None, now=NOW
    )
    with pytest.raises(NotReady, match="needs 8 units with known answers"):
        launch.launch(by=cast.buyer, job_id=job.id, now=NOW)


def test_a_corrected_known_answer_passes_who_met_it_and_takes_nothing_back() -> None:
    cast = assemble(3)
    job = quizzed(cast)
    case = failed(cast, job)
    passed = take(cast.workers["w002"], job)
    answer(cast, passed, 3, code="w002")
    wrong = Lease.objects.filter(person_id=case.person_id, number=3, job_id=job.id)
    for unit in wrong.values_list("unit_id", flat=True):
        trusting.correct_gold(
            by=cast.buyer, job_id=job.id, unit_id=unit, answer={"follows": ["no"]},
            reason="I misread it", now=NOW,
        )  # fmt: skip
    case.refresh_from_db()
    assert case.withdrawn_at
    of_hers = Quiz.objects.filter(person_id=case.person_id)
    assert set(of_hers.values_list("outcome", flat=True)) == {"passed"}
    assert Quiz.objects.get(person_id=cast.workers["w002"].person_id).outcome == "passed"
    assert not take(cast.workers["w001"], job).is_quiz


def test_practice_after_a_case_is_paid_and_ends_at_ten() -> None:
    cast = assemble(2)
    job = launched_job(cast, units=50, golds=24, page_size=6, gold_share_bp=5000, **QUIZ)
    case = failed(cast, job)
    worker, paid = cast.workers["w001"], Accrual.objects.count()
    page = trusting.practise(worker=worker, case_id=case.id, now=NOW)
    assert (page.is_quiz, len(page.units)) == (True, 10)
    answer(cast, page, 10)
    assert Accrual.objects.count() == paid + 10
    assert not trusting.practise(worker=worker, case_id=case.id, now=NOW).units
    assert KnownPage.objects.get(page_id=page.id).case_id == case.id
    assert set(Quiz.objects.values_list("outcome", flat=True)) == {"again", "case"}
    Case.objects.update(withdrawn_at=NOW)
    with pytest.raises(CaseClosed):
        trusting.practise(worker=worker, case_id=case.id, now=NOW)


def test_where_no_known_unit_is_left_she_begins_without_a_quiz() -> None:
    cast = assemble(2)
    job = quizzed(cast)
    Unit.objects.filter(job_id=job.id, is_gold=True).update(is_open=False)
    page = take(cast.workers["w001"], job)
    assert page.units
    assert not page.is_quiz
    assert not Quiz.objects.exists()


def test_a_job_without_a_quiz_asks_for_none() -> None:
    cast = assemble(1)
    job = launched_job(cast, units=20, golds=4)
    assert not take(cast.workers["w001"], job).is_quiz
    assert not KnownPage.objects.exists()


def test_another_organisations_people_have_nothing_of_it() -> None:
    cast = assemble(1)
    job = quizzed(cast)
    page = take(cast.workers["w001"], job)
    answer(cast, page, 4)
    with pytest.raises(NotOffered):
        take(cast.other_worker, job)
    assert lessons.known_page(cast.other_worker, page.id) is None
    assert not lessons.taught_on(cast.other_worker, job.org_id, page.id)
    assert not lessons.missed_by(cast.other_worker, job.org_id, job.id)
    assert len(lessons.taught_on(cast.workers["w001"], job.org_id, page.id)) == 4
