"""A known answer that was wrong: corrected or set aside, and every answer to it scored anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ujima.audit.actions import record
from ujima.base.errors import BadInput, NotFound
from ujima.people.standing import Principal
from ujima.work.actions.forms import form_of
from ujima.work.actions.jobs import locked, need
from ujima.work.envelopes import says_the_same
from ujima.work.errors import NotADraft, SameGold
from ujima.work.labelling.answers import check_gold
from ujima.work.models import Gold, GoldCorrection, GoldRetirement, Judgment, Lease, Rework, Unit

_SCORE = """
update work_judgment j set gold_right = g.gold_right
from unnest(%(ids)s::bigint[], %(rights)s::boolean[]) as g (id, gold_right)
where j.id = g.id and j.org_id = %(org)s and j.gold_right is distinct from g.gold_right
"""


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction changed. `moved` is person -> (gold seen, gold right), as differences."""

    id: int
    job_id: UUID
    moved: dict[UUID, tuple[int, int]]


@transaction.atomic
def correct(
    *,
    by: Principal,
    job_id: UUID,
    unit_id: int,
    answer: Mapping[str, Any] | None,
    reason: str,
    now: datetime,
) -> Corrected:
    """Change a known answer, or set it aside (None), and score every answer to it anew.

    A unit that was set aside is offered to nobody any more. Answers being kept at this moment hold
    their leases, which are waited for; later ones meet the new answer.

    Refuses: NotFound, BadInput without a reason, BadAnswer, SameGold, NotADraft before launch.
    """
    need(by, "make_jobs")
    job = locked(by, job_id)
    gold = (
        Gold.objects.select_for_update()
        .filter(org_id=job.org_id, job_id=job.id, unit_id=unit_id)
        .first()
    )
    if not gold:
        raise NotFound("This unit has no known answer.")
    if not reason.strip():
        raise BadInput("Say why; the people whom it touches are told.", place={"field": "reason"})
    if not job.version:
        raise NotADraft("Before launch, bring the unit in again with its right answer.")
    form = form_of(job.id, job.version)
    after = None
    if answer is not None:
        checked = {name: check_gold(form, name, words) for name, words in answer.items()}
        after = {name: words for name, words in checked.items() if words}
        if not after:
            raise BadInput("Say what the right answer is.", place={"field": "answer"})
        if after == gold.answer:
            raise SameGold
    before = gold.answer
    list(Lease.objects.select_for_update().filter(org_id=job.org_id, unit_id=unit_id).values("id"))
    if after is None:
        gold.delete()
        units = Unit.objects.filter(org_id=job.org_id, id=unit_id)
        units.update(state=Unit.State.SET_ASIDE, is_open=False)
    else:
        gold.answer, gold.reason = after, reason.strip()[:500]
        gold.save(update_fields=["answer", "reason"])
    moved = score(job.org_id, job.id, unit_id, after)
    written = GoldCorrection.objects.create(
        org_id=job.org_id, job_id=job.id, unit_id=unit_id, before=before, after=after,
        reason=reason.strip()[:500], judgments=sum(1 for one in moved.values() if one),
        by=by.actor, at=now,
    )  # fmt: skip
    record(
        org_id=job.org_id, actor=by.actor, action="correct_gold", subject=f"job:{job.id}", now=now,
        facts={"unit": unit_id, "reason": reason.strip()[:500], "people": len(moved)},
    )  # fmt: skip
    return Corrected(written.id, job.id, {p: by for p, by in moved.items() if by != (0, 0)})


def score(
    org_id: UUID, job_id: UUID, unit_id: int, answer: dict[str, list[str]] | None
) -> dict[UUID, tuple[int, int]]:
    """Score every answer to a unit by this known answer, or by none, in the caller's transaction.
    Returns person -> (gold seen, gold right) as differences."""
    found = Judgment.objects.filter(org_id=org_id, job_id=job_id, unit_id=unit_id)
    ids, rights, moved = [], [], {}
    for one in found.order_by("id"):
        right = None if answer is None else says_the_same(one.answer, answer)
        ids.append(one.id)
        rights.append(right)
        moved[one.person_id] = (
            (right is not None) - (one.gold_right is not None),
            bool(right) - bool(one.gold_right),
        )
    if ids:
        _scored(org_id, ids, rights)
    return moved


def _scored(org_id: UUID, ids: list[int], rights: list[bool | None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SCORE, {"org": org_id, "ids": ids, "rights": rights})


@transaction.atomic
def retire(
    *, org_id: UUID, job_id: UUID, leaked: Mapping[int, tuple[float, int]], now: datetime
) -> None:
    """Offer these gold units no more: unit -> (strength of the evidence, answers it rests on).
    The answers that it has count on: most came before it leaked, and nobody loses by them."""
    for unit, (strength, answers) in sorted(leaked.items()):
        _, is_new = GoldRetirement.objects.get_or_create(
            unit_id=unit,
            defaults={
                "org_id": org_id, "job_id": job_id, "strength": strength, "answers": answers,
                "at": now,
            },
        )  # fmt: skip
        if is_new:
            units = Unit.objects.filter(org_id=org_id, job_id=job_id, id=unit)
            units.update(is_open=False, state=Unit.State.SETTLED)
            record(
                org_id=org_id, actor="system", action="retire_gold", subject=f"job:{job_id}",
                now=now, facts={"unit": unit, "answers": answers},
            )  # fmt: skip


def note_rework(*, org_id: UUID, job_id: UUID, units: set[int], after: int) -> None:
    """Remember the units that a correction opened again, and the last judgment before that: what
    is asked of them from now on is paid by the party that the job's terms name."""
    Rework.objects.bulk_create(
        [
            Rework(org_id=org_id, job_id=job_id, unit_id=unit, after_judgment=after)
            for unit in sorted(units)
        ],
        ignore_conflicts=True,
    )
