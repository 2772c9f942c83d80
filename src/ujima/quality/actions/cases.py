"""A case: the person is asked to be heard, she answers, a lead decides. Nothing stops by itself."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden
from ujima.people.standing import Principal, Worker
from ujima.quality.errors import CaseClosed, NoSuchCase, NotHeardYet
from ujima.quality.models import Case
from ujima.quality.trust import gold_interval

#: how long she has to answer: a working week-end and a day
TO_ANSWER = timedelta(days=3)
DECISIONS = ("continue", "train", "stop")
_MOVE_SKILL = """
update quality_skill set gold_seen = gold_seen + %(seen)s, gold_right = gold_right + %(right)s
where org_id = %(org)s and job_id = %(job)s and person_id = %(person)s
"""


@transaction.atomic
def ask(*, by: Principal, case_id: UUID, now: datetime) -> Case:
    """Ask her to be heard; asked again, the first time stands. Refuses: NoSuchCase, CaseClosed."""
    case = _open(by, case_id)
    if not case.asked_at:
        case.asked_at, case.asked_by, case.answer_by = now, by.actor, now + TO_ANSWER
        case.save(update_fields=["asked_at", "asked_by", "answer_by"])
        _audit(case, by.actor, "ask_to_be_heard", now)
    return case


def open_after_quiz(
    *,
    worker: Worker,
    org_id: UUID,
    job_id: UUID,
    right: int,
    seen: int,
    line: float,
    now: datetime,
) -> None:
    """Let a person look at a quiz that stayed below its mark twice, in the caller's transaction.
    An open case of hers on this job stands for it.

    right, seen   over both tries
    line          the share that the mark asks for
    """
    low, mid, high = gold_interval(right, seen)
    case, is_new = Case.objects.get_or_create(
        org_id=org_id, job_id=job_id, person_id=worker.person_id, decided_at=None,
        withdrawn_at=None,
        defaults={
            "provider_id": worker.provider_id, "opened_at": now, "line": line, "low": low,
            "mid": mid, "high": high, "gold_seen": seen, "gold_right": right, "is_quiz": True,
        },
    )  # fmt: skip
    if is_new:
        facts = {"job": job_id, "gold_seen": seen, "gold_right": right, "quiz": True}
        _audit(case, "system", "open_case", now, facts)


@transaction.atomic
def hear(*, worker: Worker, case_id: UUID, words: str, now: datetime) -> Case:
    """Keep what she says; she may answer before she is asked, and add to it until it is decided.

    Refuses: NoSuchCase for another one's, CaseClosed, BadInput for nothing said.
    """
    case = Case.objects.select_for_update().filter(id=case_id, person_id=worker.person_id).first()
    if not case:
        raise NoSuchCase
    if case.decided_at or case.withdrawn_at:
        raise CaseClosed
    if not words.strip():
        raise BadInput("Write what you want to say.", place={"field": "words"})
    case.heard = "\n\n".join(filter(None, [case.heard, words.strip()[:5000]]))[:20_000]
    case.heard_at = case.heard_at or now
    case.save(update_fields=["heard", "heard_at"])
    _audit(case, worker.actor, "be_heard", now)
    return case


@transaction.atomic
def decide(*, by: Principal, case_id: UUID, decision: str, reason: str, now: datetime) -> Case:
    """Decide a case, with a reason that she reads.

    Refuses: NoSuchCase, CaseClosed, BadInput; NotHeardYet for a stop before she answered or the
    time she was given has passed.
    """
    case = _open(by, case_id)
    if decision not in DECISIONS:
        raise BadInput("Choose: continue, train or stop.", place={"field": "decision"})
    if not reason.strip():
        raise BadInput("Give the reason; she reads it.", place={"field": "reason"})
    may_stop = case.heard_at or (case.answer_by and case.answer_by <= now)
    if decision == "stop" and not may_stop:
        raise NotHeardYet
    case.decision, case.reason = decision, reason.strip()[:5000]
    case.decided_at, case.decided_by = now, by.actor
    case.save(update_fields=["decision", "reason", "decided_at", "decided_by"])
    _audit(case, by.actor, f"decide_{decision}", now, {"reason": case.reason})
    return case


def rescore(
    *, org_id: UUID, job_id: UUID, moved: dict[UUID, tuple[int, int]], now: datetime
) -> list[Case]:
    """After a known answer was corrected: move each touched person's counts, and withdraw the
    open cases that it helped to open. In the caller's transaction. Returns every case of theirs
    that it touches, decided ones too, for somebody to look at again."""
    with connection.cursor() as cursor:
        for person, (seen, right) in sorted(moved.items(), key=str):
            cursor.execute(
                _MOVE_SKILL,
                {"org": org_id, "job": job_id, "person": person, "seen": seen, "right": right},
            )
    touched = list(
        Case.objects.select_for_update()
        .filter(org_id=org_id, job_id=job_id, person_id__in=list(moved), withdrawn_at=None)
        .order_by("id")
    )
    for case in touched:
        case.withdrawn_at = now
        case.save(update_fields=["withdrawn_at"])
        _audit(case, "system", "withdraw_case", now)
    return touched


def _open(by: Principal, case_id: UUID) -> Case:
    """A case of one's own organisation's, locked, for those who may decide."""
    if not (by.may("see_quality") and by.may("see_people") and by.may("assign_units")):
        raise Forbidden
    found = Case.objects.select_for_update().filter(id=case_id, provider_id=by.org_id).first()
    if not found:
        raise NoSuchCase
    if found.decided_at or found.withdrawn_at:
        raise CaseClosed
    return found


def _audit(
    case: Case, actor: str, action: str, now: datetime, facts: dict[str, Any] | None = None
) -> None:
    record(
        org_id=case.provider_id,
        actor=actor,
        action=action,
        subject=f"case:{case.id}",
        now=now,
        facts=facts,
    )
