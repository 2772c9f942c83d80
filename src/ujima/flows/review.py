"""A person looks where people disagree: a unit decided, or a lot checked and accepted.

Each decision gives its unit a result at once, lets nobody be asked about it any more, and marks
the job, so that the next fit holds it fixed.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from ujima.flows.judgment import asked_of
from ujima.flows.retrying import retried
from ujima.people.standing import Principal
from ujima.quality.acceptance import Terms
from ujima.quality.actions import adjudications, fits, lots
from ujima.quality.actions.adjudications import Reviewer
from ujima.quality.errors import NotSettled
from ujima.quality.lots.queries import drawn_at, lot_of
from ujima.quality.review.queries import newest_of_units, turn_of
from ujima.work.actions.forms import form_of
from ujima.work.actions.jobs import need
from ujima.work.actions.judgments import move_units
from ujima.work.envelopes import says_the_same
from ujima.work.labelling.answers import check_answer
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import unit_of

if TYPE_CHECKING:
    from ujima.quality.models import Acceptance, Adjudication, Check, Lot
    from ujima.work.models import Job


def decide(
    *,
    by: Principal,
    job_id: UUID,
    unit_id: int,
    answer: Mapping[str, Any],
    reason: str,
    seen: int,
    now: datetime,
) -> "Adjudication":
    """Decide a unit's answer. Refuses: Forbidden, NoSuchJob, NotFound, BadAnswer, NotSettled,
    DecidedMeanwhile."""
    job = _job(by, job_id)
    unit = unit_of(by, job, unit_id)

    @transaction.atomic
    def once() -> "Adjudication":
        return _decide(by, job, unit.id, answer, reason, seen, now)

    return retried(once)


def take_back(
    *, by: Principal, job_id: UUID, unit_id: int, seen: int, now: datetime
) -> "Adjudication":
    """Take the decision of a unit back. Refuses as `decide` does, and NothingDecided."""
    job = _job(by, job_id)
    unit = unit_of(by, job, unit_id)

    @transaction.atomic
    def once() -> "Adjudication":
        return _take_back(by, job, unit.id, seen, now)

    return retried(once)


def _decide(
    by: Principal,
    job: "Job",
    unit_id: int,
    answer: Mapping[str, Any],
    reason: str,
    seen: int,
    now: datetime,
    lot_id: UUID | None = None,
) -> "Adjudication":
    if not job.version:
        raise NotSettled
    made = adjudications.adjudicate(
        org_id=job.org_id,
        job_id=job.id,
        unit_id=unit_id,
        answer=check_answer(form_of(job.id, job.version), answer),
        reason=reason.strip()[:500],
        by=Reviewer(by.actor),
        seen=seen,
        now=now,
        lot_id=lot_id,
    )
    move_units(org_id=job.org_id, job_id=job.id, wants={}, ended={unit_id})
    fits.mark(org_id=job.org_id, job_id=job.id, now=now)
    return made


def _take_back(by: Principal, job: "Job", unit_id: int, seen: int, now: datetime) -> "Adjudication":
    made = adjudications.take_back(
        org_id=job.org_id,
        job_id=job.id,
        unit_id=unit_id,
        by=Reviewer(by.actor),
        seen=seen,
        now=now,
    )
    fits.mark(org_id=job.org_id, job_id=job.id, now=now)
    return made


def ask_for_acceptance(
    *, by: Principal, job_id: UUID, terms: Terms, seed: int, now: datetime
) -> "Lot":
    """Ask for a check of what a job has delivered. Refuses: Forbidden, NoSuchJob,
    NothingToAccept, BadPlan."""
    job = _job(by, job_id)

    @transaction.atomic
    def once() -> "Lot":
        lot = lots.ask(
            org_id=job.org_id, job_id=job.id, terms=terms, seed=seed, by=by.actor, now=now
        )
        fits.mark(org_id=job.org_id, job_id=job.id, now=now)
        return lot

    return retried(once)


def is_blind(job: "Job") -> bool:
    """Whether a checker answers without seeing the result, which is then compared. Texts can be
    right in more than one way, so there she sees it and says whether it is."""
    return not asked_of(job.id, job.version).has_texts


def check(
    *,
    by: Principal,
    job_id: UUID,
    lot_id: UUID,
    place: int,
    answer: Mapping[str, Any] | None,
    seen: int,
    now: datetime,
) -> "Check":
    """Check a drawn unit: with the right answer, or with none where the result is right. A result
    that is wrong is decided anew. Refuses: Forbidden, NoSuchJob, NoSuchLot, NotDrawn,
    AcceptedAlready, DecidedMeanwhile, BadAnswer."""
    job = _job(by, job_id)
    lot = lot_of(job.org_id, job.id, lot_id)

    @transaction.atomic
    def once() -> "Check":
        drawn = drawn_at(lot, place)
        given = check_answer(form_of(job.id, job.version), answer) if answer is not None else None
        is_right = given is None or says_the_same(given, drawn.result.answer)
        found = lots.check(
            lot=lot, place=place, is_right=is_right, seen=seen, by=Reviewer(by.actor), now=now
        )
        if given is not None and not is_right and not _stands(job, drawn.unit_id, given):
            turn = turn_of(job.org_id, drawn.unit_id)
            _decide(by, job, drawn.unit_id, given, "", turn, now, lot_id=lot.id)
        return found

    return retried(once)


def _stands(job: "Job", unit_id: int, answer: Mapping[str, list[str]]) -> bool:
    """Whether a person has decided this very answer already."""
    newest = newest_of_units(job.org_id, [unit_id]).get(unit_id)
    return bool(newest and newest.answer == answer)


def take_check_back(
    *, by: Principal, job_id: UUID, lot_id: UUID, place: int, seen: int, now: datetime
) -> None:
    """Take a check back, and what was decided with it. Refuses as `check` does, and
    NothingDecided."""
    job = _job(by, job_id)
    lot = lot_of(job.org_id, job.id, lot_id)

    @transaction.atomic
    def once() -> None:
        lots.take_check_back(lot=lot, place=place, seen=seen, by=Reviewer(by.actor), now=now)
        unit = drawn_at(lot, place).unit_id
        newest = newest_of_units(job.org_id, [unit]).get(unit)
        if newest and newest.answer is not None and newest.lot_id == lot.id:
            _take_back(by, job, unit, newest.turn, now)

    return retried(once)


def accept(
    *, by: Principal, job_id: UUID, lot_id: UUID, remark: str, now: datetime
) -> "Acceptance":
    """Close a check with what its plan says. Nobody's pay hangs on it. Refuses: Forbidden,
    NoSuchJob, NoSuchLot, NotDrawn, AcceptedAlready, NotDecidable."""
    job = _job(by, job_id)
    lot = lot_of(job.org_id, job.id, lot_id)

    @transaction.atomic
    def once() -> "Acceptance":
        return lots.decide(lot=lot, remark=remark.strip()[:500], by=Reviewer(by.actor), now=now)

    return retried(once)


def _job(by: Principal, job_id: UUID) -> "Job":
    job = job_of(by, job_id)
    need(by, "review")
    return job
