"""What a worker learns from known units that she has answered: her answer, the right one, why.

Only of units that she has answered herself: an answer that she still may give stays hidden.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ujima.people.standing import Worker
from ujima.work.envelopes import Answer
from ujima.work.models import Gold, Judgment, KnownPage, Lease, Quiz, Unit

#: a lesson shows the newest of what she missed
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Taught:
    """One known unit that she answered."""

    data: dict[str, Any]
    version: int
    said: Answer
    known: Answer
    reason: str
    is_right: bool


@dataclass(frozen=True, slots=True)
class QuizSoFar:
    """A page of known units, and how the attempt stands of which it is.

    attempt   1 or 2; 0 where it is practice
    outcome   empty while the attempt goes on; passed, again, or case
    """

    org_id: UUID
    attempt: int
    case_id: UUID | None
    outcome: str
    right: int


def known_page(worker: Worker, page_id: UUID) -> QuizSoFar | None:
    """What a page of hers is if it says that its units are known; None for any other page."""
    page = KnownPage.objects.filter(page_id=page_id, person_id=worker.person_id).first()
    if not page:
        return None
    quiz = Quiz.objects.filter(
        org_id=page.org_id, job_id=page.job_id, person_id=page.person_id, attempt=page.attempt
    ).first()
    return QuizSoFar(
        page.org_id,
        page.attempt,
        page.case_id,
        quiz.outcome if quiz else "",
        quiz.right if quiz else 0,
    )


def taught_on(worker: Worker, org_id: UUID, page_id: UUID) -> list[Taught]:
    """The lesson of a page of known units, in its order; none for any other page, and of hers only
    what she has answered."""
    page = KnownPage.objects.filter(page_id=page_id, person_id=worker.person_id)
    if not page.exists():
        return []
    leases = Lease.objects.filter(
        page_id=page_id, person_id=worker.person_id, state=Lease.State.JUDGED
    )
    return _taught(
        worker, org_id, list(leases.order_by("number").values_list("unit_id", flat=True))
    )


def missed_by(worker: Worker, org_id: UUID, job_id: UUID) -> list[Taught]:
    """The known units of a job that she answered otherwise, the newest of them, oldest first."""
    missed = Judgment.objects.filter(
        org_id=org_id, job_id=job_id, person_id=worker.person_id, gold_right=False
    )
    newest = missed.order_by("-id").values_list("unit_id", flat=True)[:MOST_SHOWN]
    return _taught(worker, org_id, list(newest)[::-1])


def _taught(worker: Worker, org_id: UUID, units: list[int]) -> list[Taught]:
    golds = {g.unit_id: g for g in Gold.objects.filter(org_id=org_id, unit_id__in=units)}
    data = dict(Unit.objects.filter(org_id=org_id, id__in=units).values_list("id", "data"))
    answered = Judgment.objects.filter(org_id=org_id, unit_id__in=units, person_id=worker.person_id)
    said = {j.unit_id: j for j in answered}
    return [
        Taught(
            data[unit],
            said[unit].version,
            said[unit].answer,
            golds[unit].answer,
            golds[unit].reason,
            bool(said[unit].gold_right),
        )
        for unit in units
        if unit in said and unit in golds
    ]
