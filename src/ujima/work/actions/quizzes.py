"""The quiz before a job, and practice after a case: pages of known units that say what they are.

A quiz is paid time. A person answers `quiz_units` known units; with `quiz_right` met she goes on to
the job's work, and below it she tries once more, on units that she has not had. Below it again, a
person looks at it, and she waits three days at most: no number stops anybody for good.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from ujima.base.hot import hot
from ujima.work import statements
from ujima.work.errors import QuizLookedAt
from ujima.work.models import Job, KnownPage, Quiz
from ujima.work.terms import QUIZ_TRIES, Terms

#: for how long she is given nothing of the job while a person looks at her quiz
LOOKED_AT_FOR = timedelta(days=3)
PRACTICE = 0

Units = list[tuple[int, dict[str, Any]]]


class Due(NamedTuple):
    """An attempt that she is at, and the units that it still lacks beside those that she holds."""

    attempt: int
    missing: int


def due(claim: dict[str, Any], units: int) -> Due | None:
    """What a person has to answer before the job; None if nothing.

    claim   org, job, person and now of a claim whose bookmark is locked

    Refuses QuizLookedAt while a person looks at her quiz.
    """
    of_hers = Quiz.objects.filter(
        org_id=claim["org"], job_id=claim["job"], person_id=claim["person"]
    )
    newest = of_hers.order_by("-attempt").first()
    if not newest:
        return Due(1, units)
    if newest.outcome == Quiz.Outcome.AGAIN:
        return Due(newest.attempt + 1, units)
    if newest.outcome == Quiz.Outcome.CASE and (newest.waits_until or claim["now"]) > claim["now"]:
        raise QuizLookedAt
    if newest.outcome:
        return None
    answered, _, held = _so_far(claim, newest.attempt)
    return Due(newest.attempt, units - answered - held)


def begin(claim: dict[str, Any], due: Due) -> Units:
    """Hold the units that an attempt lacks, as a page that says that it is a quiz. None where no
    known unit is left for her: she goes on without, rather than wait for nothing."""
    units = _hold(claim, due.attempt, due.missing)
    if units:
        Quiz.objects.get_or_create(
            org_id=claim["org"],
            job_id=claim["job"],
            person_id=claim["person"],
            attempt=due.attempt,
            defaults={"at": claim["now"]},
        )
    return units


def practise(claim: dict[str, Any], case_id: UUID, most: int) -> Units:
    """Hold known units to practise on, at most so many for this case in all."""
    pages = KnownPage.objects.filter(
        org_id=claim["org"], job_id=claim["job"], person_id=claim["person"], case_id=case_id
    )
    left = most - sum(page.units for page in pages)
    return _hold(claim, PRACTICE, left, case_id) if left > 0 else []


def _hold(claim: dict[str, Any], attempt: int, wanted: int, case_id: UUID | None = None) -> Units:
    rows = hot(statements.CLAIM_KNOWN, claim | {"wanted": wanted})
    units: Units = [(number, data) for number, data in orjson.loads(rows[0][0])]
    if units:
        KnownPage.objects.create(
            page_id=claim["page"],
            org_id=claim["org"],
            job_id=claim["job"],
            person_id=claim["person"],
            attempt=attempt,
            case_id=case_id,
            units=len(units),
            at=claim["now"],
        )
    return units


def _so_far(where: dict[str, Any], attempt: int) -> tuple[int, int, int]:
    """(answered, right, held) of an attempt, over all of its pages."""
    answered, right, held = hot(statements.KNOWN_SO_FAR, where | {"attempt": attempt})[0]
    return answered, right, held


def close(
    *, org_id: UUID, job_id: UUID, person_id: UUID, page_id: UUID, terms: Terms, now: datetime
) -> Quiz | None:
    """End the attempt that this page is of, if all of its units are answered, in the caller's
    transaction. None if it is of none, or goes on, or had ended before."""
    where = {"org": org_id, "job": job_id, "person": person_id, "now": now}
    page = KnownPage.objects.filter(page_id=page_id, person_id=person_id).first()
    if not page or page.attempt == PRACTICE:
        return None
    quiz = Quiz.objects.select_for_update().get(
        org_id=org_id, job_id=job_id, person_id=person_id, attempt=page.attempt
    )
    answered, right, _ = _so_far(where, quiz.attempt)
    if quiz.outcome or answered < terms.quiz_units:
        return None
    quiz.right = right
    if right >= terms.quiz_right:
        quiz.outcome = Quiz.Outcome.PASSED
    elif quiz.attempt < QUIZ_TRIES:
        quiz.outcome = Quiz.Outcome.AGAIN
    else:
        quiz.outcome, quiz.waits_until = Quiz.Outcome.CASE, now + LOOKED_AT_FOR
    quiz.save(update_fields=["outcome", "right", "waits_until"])
    return quiz


def missed(quiz: Quiz) -> tuple[int, int]:
    """(right, answered) over all of a person's attempts, when the last of them has ended."""
    where = {"org": quiz.org_id, "job": quiz.job_id, "person": quiz.person_id, "now": quiz.at}
    every = [_so_far(where, attempt) for attempt in range(1, quiz.attempt + 1)]
    return sum(right for _, right, _ in every), sum(answered for answered, _, _ in every)


def release(*, org_id: UUID, job_id: UUID, person_id: UUID) -> None:
    """Let her go on to the job's work: a person has looked at her quiz."""
    found = Quiz.objects.filter(org_id=org_id, job_id=job_id, person_id=person_id)
    found.filter(outcome=Quiz.Outcome.CASE).update(waits_until=None)


def rescore(*, org_id: UUID, job_id: UUID, people: Collection[UUID], now: datetime) -> None:
    """After a known answer was corrected: an attempt that reaches the mark by the right answers is
    passed. None that was passed is taken back."""
    mark = Job.objects.values_list("quiz_right", flat=True).get(id=job_id)
    tried = Quiz.objects.select_for_update().filter(
        org_id=org_id, job_id=job_id, person_id__in=list(people)
    )
    ended = tried.filter(outcome__in=[Quiz.Outcome.AGAIN, Quiz.Outcome.CASE])
    for quiz in ended.order_by("id"):
        where = {"org": org_id, "job": job_id, "person": quiz.person_id, "now": now}
        _, right, _ = _so_far(where, quiz.attempt)
        if right >= mark:
            quiz.right, quiz.outcome, quiz.waits_until = right, Quiz.Outcome.PASSED, None
            quiz.save(update_fields=["right", "outcome", "waits_until"])
