"""Accepting a lot: asked for, its sample drawn in the background, checked unit by unit, decided."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ujima.audit.actions import record
from ujima.quality import acceptance
from ujima.quality.acceptance import Ruling
from ujima.quality.actions.adjudications import Reviewer
from ujima.quality.errors import (
    AcceptedAlready,
    BadPlan,
    DecidedMeanwhile,
    NotDecidable,
    NothingDecided,
    NothingToAccept,
)
from ujima.quality.lots.queries import Standing, standing_of
from ujima.quality.models import Acceptance, Check, Draw, Lot
from ujima.quality.queries import newest_fit

#: the units of a lot: results given out till now, but for those that are asked again; in an order
_SAMPLE = """
insert into quality_drawn (org_id, lot_id, place, unit_id, result_id)
select %(org)s, %(lot)s, row_number() over (), unit_id, result_id from (
    select c.unit_id, c.result_id from quality_current c join quality_result r on r.id = c.result_id
    where c.org_id = %(org)s and c.job_id = %(job)s and r.ended <> 'unsure'
      and r.at <= %(now)s
    order by md5(%(seed)s || ':' || c.unit_id), c.unit_id limit %(sample)s) as first
"""
_STANDING = """
select count(*) from quality_current c join quality_result r on r.id = c.result_id
where c.org_id = %(org)s and c.job_id = %(job)s and r.ended <> 'unsure' and r.at <= %(now)s
"""


@transaction.atomic
def ask(
    *, org_id: UUID, job_id: UUID, terms: "acceptance.Terms", seed: int, by: str, now: datetime
) -> Lot:
    """Ask for a check of a job's results as they stand; the next settling draws the sample.

    seed    chance from outside, from 0 to 2^63 - 1

    Refuses: NothingToAccept, BadPlan.
    """
    fit = newest_fit(org_id, job_id)
    if not fit or fit.ready < 1:
        raise NothingToAccept
    acceptance.plan(fit.ready, terms)
    lot = Lot.objects.create(
        org_id=org_id,
        job_id=job_id,
        contracted=terms.contracted,
        tolerable=terms.tolerable,
        producer_risk=terms.producer,
        consumer_risk=terms.consumer,
        seed=seed,
        by=by,
        at=now,
    )
    _audit(lot, by, "ask_for_acceptance", now, seed=seed)
    return lot


def draw_waiting(*, org_id: UUID, job_id: UUID, now: datetime) -> None:
    """Draw the samples that a job's checks wait for."""
    for lot in Lot.objects.filter(org_id=org_id, job_id=job_id, draw=None).order_by("id"):
        _draw(lot, now)


@transaction.atomic
def _draw(lot: Lot, now: datetime) -> None:
    where: dict[str, Any] = {"org": lot.org_id, "job": lot.job_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, where)
        units = cursor.fetchone()[0]
        terms = acceptance.Terms(
            lot.contracted, lot.tolerable, lot.producer_risk, lot.consumer_risk
        )
        found = _planned(units, terms)
        units = units if found else 0
        Draw.objects.create(
            lot=lot,
            org_id=lot.org_id,
            units=units,
            sample=found.sample if found else 0,
            allowed=found.allowed if found else 0,
            producer_risk=found.producer_risk if found else 0,
            consumer_risk=found.consumer_risk if found else 0,
            at=now,
        )
        if found:
            cursor.execute(
                _SAMPLE, where | {"lot": lot.id, "seed": str(lot.seed), "sample": found.sample}
            )


def _planned(units: int, terms: "acceptance.Terms") -> "acceptance.Plan | None":
    """The plan over the results that stand now; None if there is none for so many or so few any
    more: such a check has nothing to look at, and holds no settling up."""
    try:
        return acceptance.plan(units, terms)
    except BadPlan:
        return None


@transaction.atomic
def check(
    *,
    lot: Lot,
    place: int,
    is_right: bool,
    seen: int,
    by: Reviewer,
    now: datetime,
) -> Check:
    """Keep that a drawn result is right, or wrong.

    seen    how many turns this place had when it was shown

    Refuses: NotDrawn, AcceptedAlready, DecidedMeanwhile.
    """
    standing = _open(lot)
    if not 1 <= place <= standing.sample or standing.turn_of(place) != seen:
        raise DecidedMeanwhile
    return Check.objects.create(
        org_id=lot.org_id,
        lot=lot,
        place=place,
        turn=seen + 1,
        is_right=is_right,
        by=by.actor,
        at=now,
    )


@transaction.atomic
def take_check_back(*, lot: Lot, place: int, seen: int, by: Reviewer, now: datetime) -> Check:
    """Take back what was found of a drawn result; the row before says which decision went with
    it. Refuses: NotDrawn, AcceptedAlready, DecidedMeanwhile, NothingDecided."""
    standing = _open(lot)
    if standing.turn_of(place) != seen:
        raise DecidedMeanwhile
    if standing.found.get(place) is None:
        raise NothingDecided
    before = Check.objects.get(org_id=lot.org_id, lot=lot, place=place, turn=seen)
    Check.objects.create(
        org_id=lot.org_id, lot=lot, place=place, turn=seen + 1, by=by.actor, at=now
    )
    return before


@transaction.atomic
def decide(*, lot: Lot, remark: str, by: Reviewer, now: datetime) -> Acceptance:
    """Close a check with what its plan says: accepted, or turned down.

    Refuses: NotDrawn, AcceptedAlready, NotDecidable.
    """
    standing = _open(lot)
    if standing.ruling == Ruling.OPEN or standing.checked < 1:
        raise NotDecidable
    low, high = standing.interval
    made = Acceptance.objects.create(
        lot=lot,
        org_id=lot.org_id,
        ruling=standing.ruling.value,
        checked=standing.checked,
        wrong=standing.wrong,
        low=low,
        high=high,
        confidence=standing.confidence,
        remark=remark,
        by=by.actor,
        at=now,
    )
    facts = {"checked": made.checked, "wrong": made.wrong, "ruling": made.ruling}
    _audit(lot, by.actor, "decide_acceptance", now, **facts)
    return made


def _open(lot: Lot) -> Standing:
    standing = standing_of(lot)
    if standing.is_closed:
        raise AcceptedAlready
    return standing


def _audit(lot: Lot, by: str, action: str, now: datetime, **facts: object) -> None:
    record(
        org_id=lot.org_id,
        actor=by,
        action=action,
        subject=f"job:{lot.job_id}",
        now=now,
        facts={"lot": lot.id, **facts},
    )
