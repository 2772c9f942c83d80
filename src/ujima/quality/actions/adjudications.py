"""What a person decides of a unit, and takes back. Judgments stay as they are: this is kept apart,
gives the unit a result of its own, and is held fixed by the next fit."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
from django.db import transaction

from ujima.audit.actions import record
from ujima.quality.actions.results import Finding, give_out
from ujima.quality.errors import DecidedMeanwhile, NothingDecided, NotSettled
from ujima.quality.inputs import input_hash
from ujima.quality.models import Adjudication, Belief, Result

#: the method of a result that a person decided, and how its unit ended
ADJUDICATED, DECIDED = "adjudicated", "decided"

Answer = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who decides: as the log names it, and for which side."""

    actor: str
    role: str = "buyer"


@transaction.atomic
def adjudicate(
    *,
    org_id: UUID,
    job_id: UUID,
    unit_id: int,
    answer: Answer,
    reason: str,
    by: Reviewer,
    seen: int,
    now: datetime,
    lot_id: UUID | None = None,
) -> Adjudication:
    """Decide a unit's answer and give it out at once.

    answer   checked against the job's form by the caller
    seen     the unit's turn when it was shown, 0 before anybody decided it

    Refuses: NotSettled, DecidedMeanwhile.
    """
    belief, _ = _held(org_id, job_id, unit_id, seen)
    made = Adjudication(
        org_id=org_id,
        job_id=job_id,
        unit_id=unit_id,
        turn=seen + 1,
        answer=dict(answer),
        reason=reason,
        by=by.actor,
        role=by.role,
        result_version=belief.version + 1,
        lot_id=lot_id,
        at=now,
    )
    _give_out(belief, _decided(made, dict(answer), belief), now)
    made.save(force_insert=True)
    _audit(made, "adjudicate", now)
    return made


@transaction.atomic
def take_back(
    *, org_id: UUID, job_id: UUID, unit_id: int, by: Reviewer, seen: int, now: datetime
) -> Adjudication:
    """Take the decision of a unit back: what was inferred before anybody decided it is given out
    anew, and the next fit goes on from there. Refuses: NotSettled, DecidedMeanwhile,
    NothingDecided."""
    belief, newest = _held(org_id, job_id, unit_id, seen)
    if not newest or newest.answer is None:
        raise NothingDecided
    inferred = _newest_inferred(org_id, unit_id)
    made = Adjudication(
        org_id=org_id,
        job_id=job_id,
        unit_id=unit_id,
        turn=seen + 1,
        answer=None,
        by=by.actor,
        role=by.role,
        result_version=belief.version + 1,
        lot_id=newest.lot_id,
        at=now,
    )
    _give_out(belief, inferred, now)
    made.save(force_insert=True)
    _audit(made, "take_adjudication_back", now)
    return made


def _held(
    org_id: UUID, job_id: UUID, unit_id: int, seen: int
) -> tuple[Belief, Adjudication | None]:
    """The unit's belief, locked, so that of two who decide at once the second is told."""
    found = Belief.objects.select_for_update().filter(
        org_id=org_id, job_id=job_id, unit_id=unit_id, version__gt=0
    )
    belief = found.first()
    if not belief:
        raise NotSettled
    of_unit = Adjudication.objects.filter(org_id=org_id, unit_id=unit_id)
    newest = of_unit.order_by("-turn").first()
    if (newest.turn if newest else 0) != seen:
        raise DecidedMeanwhile
    return belief, newest


def _decided(made: Adjudication, answer: dict[str, list[str]], belief: Belief) -> Finding:
    """The result; the second half of its hash is over the decision, as no fit is behind it."""
    told = f"{made.id},{made.unit_id},{made.turn},".encode() + orjson.dumps(
        answer, option=orjson.OPT_SORT_KEYS
    )
    digest = hashlib.sha256(told).hexdigest()
    return Finding(
        unit_id=made.unit_id,
        version=made.result_version,
        answer=answer,
        confidence=1.0,
        judgments=belief.judgments,
        method=ADJUDICATED,
        ended=DECIDED,
        input_hash=input_hash(int.from_bytes(belief.total or b""), digest),
    )


def _newest_inferred(org_id: UUID, unit_id: int) -> Finding:
    found = Result.objects.filter(org_id=org_id, unit_id=unit_id).exclude(method=ADJUDICATED)
    before = found.order_by("-version")[0]
    return Finding(
        unit_id=unit_id,
        version=0,
        answer=before.answer,
        confidence=before.confidence,
        judgments=before.judgments,
        method=before.method,
        ended=before.ended,
        input_hash=before.input_hash,
    )


def _give_out(belief: Belief, finding: Finding, now: datetime) -> None:
    belief.version += 1
    given = Finding(
        unit_id=finding.unit_id,
        version=belief.version,
        answer=finding.answer,
        confidence=finding.confidence,
        judgments=finding.judgments,
        method=finding.method,
        ended=finding.ended,
        input_hash=finding.input_hash,
    )
    give_out(org_id=belief.org_id, job_id=belief.job_id, findings=[given], now=now)
    belief.save(update_fields=["version"])


def _audit(made: Adjudication, action: str, now: datetime) -> None:
    record(
        org_id=made.org_id,
        actor=made.by,
        action=action,
        subject=f"job:{made.job_id}",
        now=now,
        facts={"unit": made.unit_id, "turn": made.turn},
    )
