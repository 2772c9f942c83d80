"""What follows from trust: a known answer corrected with all that hung on it; a case decided."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from ujima.flows.retrying import retried
from ujima.people.standing import Principal, Worker
from ujima.quality.actions import cases, fits
from ujima.quality.errors import CaseClosed
from ujima.quality.queries import own_case
from ujima.work.actions import gold, leases, quizzes, reservations, stops
from ujima.work.actions.gold import Corrected
from ujima.work.envelopes import PageOut

#: known units to practise on after a case
PRACTICE_UNITS = 10


def correct_gold(
    *,
    by: Principal,
    job_id: UUID,
    unit_id: int,
    answer: Mapping[str, Any] | None,
    reason: str,
    now: datetime,
) -> Corrected:
    """Correct a known answer, or set it aside (None), in one transaction with everybody's scores:
    judgments, counts of gold, cases that rested on it (withdrawn), and stops (lifted). The job is
    marked, and the next fit moves results, trust, and the units to be asked again.

    Refuses: NotFound, BadInput, BadAnswer, SameGold, NotADraft.
    """

    @transaction.atomic
    def once() -> Corrected:
        done = gold.correct(
            by=by, job_id=job_id, unit_id=unit_id, answer=answer, reason=reason, now=now
        )
        for case in cases.rescore(org_id=by.org_id, job_id=job_id, moved=done.moved, now=now):
            stops.lift(org_id=case.org_id, job_id=case.job_id, person_id=case.person_id)
            quizzes.release(org_id=case.org_id, job_id=case.job_id, person_id=case.person_id)
        quizzes.rescore(org_id=by.org_id, job_id=job_id, people=done.moved, now=now)
        fits.mark(org_id=by.org_id, job_id=job_id, now=now)
        return done

    return retried(once)


@transaction.atomic
def decide(*, by: Principal, case_id: UUID, decision: str, reason: str, now: datetime) -> None:
    """Decide a case; a stop ends what is offered to her and kept for her of this job, and nothing
    else. Refuses: NoSuchCase, CaseClosed, NotHeardYet, BadInput."""
    case = cases.decide(by=by, case_id=case_id, decision=decision, reason=reason, now=now)
    where = {"job_id": case.job_id, "person_id": case.person_id}
    quizzes.release(org_id=case.org_id, **where)
    if decision == "stop":
        stops.stop(org_id=case.org_id, by=by.actor, now=now, **where)
        reservations.release_person(by=by, why="she was stopped on this job", now=now, **where)


def practise(*, worker: Worker, case_id: UUID, now: datetime) -> PageOut:
    """Hold known units for her to practise on after a case, paid like all others; up to ten for a
    case in all. Refuses: NoSuchCase, CaseClosed where it was withdrawn or she was stopped,
    NotOffered, JobPaused, JobClosed."""
    case = own_case(worker, case_id)
    if case.withdrawn_at or case.decision == "stop":
        raise CaseClosed
    return retried(
        lambda: leases.practice_page(
            worker=worker, job_id=case.job_id, case_id=case.id, most=PRACTICE_UNITS, now=now
        )
    )
