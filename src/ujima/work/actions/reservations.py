"""Manual assignment: a provider keeps units for named people of its own, until a time.

A reservation ends by hand, when its person leaves, when the offer ends, or when its time is up; its
unit is then offered to everybody again. The row goes; who ended it and why stands in the log.

Gold is kept, counted and given out here like any other unit: a provider that tries keys must learn
nothing of which are gold.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from ujima.audit.actions import record
from ujima.base.errors import Forbidden
from ujima.people.standing import Principal
from ujima.work.errors import JobClosed, KeptByOthers, NotOffered, TooManyKept, UnknownUnits
from ujima.work.models import Channel, Job
from ujima.work.queries.jobs import counts, has_ended

Pairs = Iterable[tuple[str, UUID]]
#: a reservation holds for a week or till the job's closing time: longer than any lease, so that
#: nobody loses what she was promised over a weekend, and short enough that a forgotten one ends
HOLDS = timedelta(days=7)
#: units whose reservations one sweep ends in one transaction
AT_ONCE = 1000

_GIVEN = """
create temp table wanted (row int, key text, person_id uuid, unit_id bigint) on commit drop
"""
_FOUND = """
update wanted w set unit_id = u.id from work_unit u
where u.org_id = %(org)s and u.job_id = %(job)s and u.key = w.key
"""
_UNKNOWN = "select distinct key from wanted where unit_id is null"
#: in the order in which all others lock units
_LOCK = """
select id from work_unit where id in (select unit_id from wanted) order by id for no key update
"""
_OTHERS = """
select distinct w.key from wanted w where exists (
    select from work_reservation r where r.org_id = %(org)s and r.job_id = %(job)s
        and r.unit_id = w.unit_id and r.provider_id <> %(provider)s)
"""
_TOO_MANY_PEOPLE = """
select key from (
    select w.key, w.person_id from wanted w
    union select u.key, r.person_id from work_reservation r join work_unit u on u.id = r.unit_id
    where r.org_id = %(org)s and r.job_id = %(job)s
        and r.unit_id in (select unit_id from wanted)) kept
group by key having count(*) > %(people)s
"""
_UNITS = """
select count(*) from (
    select unit_id from wanted
    union select unit_id from work_reservation
    where org_id = %(org)s and job_id = %(job)s and provider_id = %(provider)s) kept
"""
_KEEP = """
with kept as (
    insert into work_reservation
        (org_id, job_id, person_id, unit_id, provider_id, until, is_waiting)
    select %(org)s::uuid, %(job)s::uuid, w.person_id, w.unit_id, %(provider)s::uuid,
        %(until)s::timestamptz, not exists (
            select from work_lease l where l.org_id = %(org)s and l.unit_id = w.unit_id
                and l.person_id = w.person_id and l.state <> 3)
    from (select person_id, unit_id, min(row) as row from wanted group by 1, 2) w
    order by w.row
    on conflict (org_id, job_id, person_id, unit_id) do update set until = excluded.until
    returning xmax = 0 as is_new
), marked as (
    update work_unit u set is_reserved = true
    where u.id in (select unit_id from wanted) and not u.is_reserved
)
select count(*) from kept where is_new
"""
#: ends reservations (a list of ids); a unit that none is left for is open to everybody again
_END = """
with locked as (
    select id from work_unit
    where id in (select unit_id from work_reservation where id = any(%(ids)s))
    order by id for no key update
), gone as (
    delete from work_reservation r using locked where r.unit_id = locked.id
        and r.id = any(%(ids)s)
    returning r.unit_id
), freed as (
    update work_unit u set is_reserved = false
    where u.id in (select unit_id from gone) and not exists (
        select from work_reservation r
        where r.unit_id = u.id and r.org_id = u.org_id and r.job_id = u.job_id
            and r.id <> all(%(ids)s))
)
select count(*) from gone
"""


@transaction.atomic
def reserve_units(*, by: Principal, job_id: UUID, pairs: Pairs, now: datetime) -> int:
    """Keep units, by the buyer's key, for people: pairs of (key, person). Such units are offered
    to nobody else for a week, or till the job closes; to reserve again begins the time anew.
    Returns how many pairs were new.

    Refuses, and then keeps none: NotOffered without an accepted channel; JobClosed; UnknownUnits;
    KeptByOthers for units that another provider keeps; TooManyKept over a provider's part of the
    job, or for more people than a unit may have judgments.
    """
    channel = _accepted(by, job_id)
    # one reservation at a time in a job, so that what is counted here stays so
    job = Job.objects.select_for_update(no_key=True).get(org_id=channel.org_id, id=job_id)
    if job.state not in ("launched", "paused") or has_ended(job, now):
        raise JobClosed
    where: dict[str, Any] = {
        "org": job.org_id,
        "job": job_id,
        "provider": by.org_id,
        "people": job.judgments_max,
        "until": min(now + HOLDS, job.deadline or now + HOLDS),
    }
    with connection.cursor() as cursor:
        _write_down(cursor, pairs, where)
        cursor.execute(_LOCK)
        cursor.execute(_OTHERS, where)
        if others := [key for (key,) in cursor.fetchall()]:
            raise KeptByOthers(others)
        cursor.execute(_TOO_MANY_PEOPLE, where)
        if crowded := [key for (key,) in cursor.fetchall()]:
            raise TooManyKept(
                f"A unit of this job has at most {job.judgments_max} judgments, so it is kept for "
                f"as many people at most: {', '.join(sorted(crowded)[:10])}. Nothing was done."
            )
        cursor.execute(_UNITS, where)
        [units] = cursor.fetchone()
        if units > (most := part_of_job(job)):
            raise TooManyKept(
                f"This job is offered to more providers than you; you may keep {most} of its "
                f"units, and these would be {units}. Nothing was done."
            )
        cursor.execute(_KEEP, where)
        [kept] = cursor.fetchone()
        cursor.execute("drop table wanted")
    _audit((job.org_id, by.org_id), by.actor, "reserve_units", job_id, now, {"pairs": kept})
    return int(kept)


def part_of_job(job: Job) -> int:
    """How many of a job's units one provider may keep: all if it is offered to none besides, else
    an equal part, so that it cannot keep for its own what others were offered."""
    offered = job.channels.filter(withdrawn_at=None, declined_at=None)
    providers = offered.values("provider_id").distinct().count()
    return -(-sum(counts(job)) // max(1, providers))


@transaction.atomic
def release_units(*, by: Principal, job_id: UUID, pairs: Pairs, now: datetime) -> int:
    """End reservations by hand: pairs of (key, person) as they were given. Returns how many stood.

    Refuses: NotOffered without an accepted channel; UnknownUnits, and then ends none.
    """
    channel = _accepted(by, job_id)
    where = {"org": channel.org_id, "job": job_id, "provider": by.org_id}
    with connection.cursor() as cursor:
        _write_down(cursor, pairs, where)
        cursor.execute(
            "select distinct r.id from work_reservation r join wanted w "
            "on w.unit_id = r.unit_id and w.person_id = r.person_id "
            "where r.org_id = %(org)s and r.job_id = %(job)s and r.provider_id = %(provider)s",
            where,
        )
        ids = [found for (found,) in cursor.fetchall()]
        cursor.execute("drop table wanted")
    return _end(channel.org_id, by.org_id, job_id, ids, by.actor, "by hand", now)


@transaction.atomic
def release_person(
    *, by: Principal, person_id: UUID, job_id: UUID | None = None, why: str, now: datetime
) -> int:
    """End all that a provider keeps for one person, in one job or, when she leaves, in every job.
    Returns how many units. Refuses Forbidden."""
    if not (by.may("assign_units") or by.may("invite")):
        raise Forbidden
    ended = 0
    for org_id, job in _jobs_of(by.org_id, job_id):
        ids = _ids("person_id = %(person)s", org_id, by.org_id, job, {"person": person_id})
        ended += _end(org_id, by.org_id, job, ids, by.actor, why, now)
    return ended


def release_job(
    *, org_id: UUID, provider_id: UUID, job_id: UUID, actor: str, why: str, now: datetime
) -> int:
    """End all that a provider keeps in a job, in the caller's transaction; returns how many."""
    ids = _ids("true", org_id, provider_id, job_id, {})
    return _end(org_id, provider_id, job_id, ids, actor, why, now)


def end_reservations(*, now: datetime) -> int:
    """End the reservations whose time is up, some at a time; for the background's sweep."""
    ended = 0
    while rows := _due(now):
        with transaction.atomic():
            for (org, provider, job), ids in rows.items():
                ended += _end(org, provider, job, ids, "system", "time is up", now)
    return ended


def _due(now: datetime) -> dict[tuple[UUID, UUID, UUID], list[int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select org_id, provider_id, job_id, id from work_reservation where until <= %s "
            "order by until limit %s",
            [now, AT_ONCE],
        )
        found: dict[tuple[UUID, UUID, UUID], list[int]] = {}
        for org, provider, job, row in cursor.fetchall():
            found.setdefault((org, provider, job), []).append(row)
    return found


def _accepted(by: Principal, job_id: UUID) -> Channel:
    if not by.may("assign_units"):
        raise Forbidden
    channel = Channel.objects.filter(
        provider_id=by.org_id, job_id=job_id, accepted_at__isnull=False, withdrawn_at=None
    ).first()
    if not channel:
        raise NotOffered
    return channel


def _write_down(cursor: Any, pairs: Pairs, where: dict[str, Any]) -> None:
    """The pairs in the temporary table `wanted`, with their units. Refuses UnknownUnits."""
    cursor.execute(_GIVEN)
    with cursor.copy("copy wanted (row, key, person_id) from stdin") as copy:
        for row, (key, person) in enumerate(pairs):
            copy.write_row((row, key, person))
    cursor.execute(_FOUND, where)
    cursor.execute(_UNKNOWN)
    if unknown := [key for (key,) in cursor.fetchall()]:
        raise UnknownUnits(unknown)


def _jobs_of(provider_id: UUID, job_id: UUID | None) -> list[tuple[UUID, UUID]]:
    """(org, job) of every job that was ever offered to a provider, or of this one."""
    found = Channel.objects.filter(provider_id=provider_id)
    if job_id:
        found = found.filter(job_id=job_id)
    return list(found.values_list("org_id", "job_id").distinct())


def _ids(
    condition: str, org_id: UUID, provider_id: UUID, job_id: UUID, more: dict[str, Any]
) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select id from work_reservation where org_id = %(org)s and job_id = %(job)s "  # noqa: S608
            f"and provider_id = %(provider)s and {condition}",
            {"org": org_id, "job": job_id, "provider": provider_id} | more,
        )
        return [found for (found,) in cursor.fetchall()]


def _end(
    org_id: UUID,
    provider_id: UUID,
    job_id: UUID,
    ids: list[int],
    actor: str,
    why: str,
    now: datetime,
) -> int:
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_END, {"ids": ids})
        [ended] = cursor.fetchone()
    facts = {"pairs": ended, "why": why}
    if ended:
        _audit((org_id, provider_id), actor, "release_units", job_id, now, facts)
    return int(ended)


def _audit(
    orgs: tuple[UUID, UUID],
    actor: str,
    action: str,
    job_id: UUID,
    now: datetime,
    facts: dict[str, Any],
) -> None:
    for org_id in orgs:  # in the buyer's log and in the provider's own
        record(
            org_id=org_id, actor=actor, action=action, subject=f"job:{job_id}", now=now, facts=facts
        )
