"""Manual assignment: a provider keeps units for named people of its own.

Gold is kept, counted and given out here like any other unit: a provider that tries keys must learn
nothing of which are gold.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ujima.audit.actions import record
from ujima.base.errors import Forbidden
from ujima.people.standing import Principal
from ujima.work.errors import NotOffered, UnknownUnits
from ujima.work.models import Channel

_KEEP = """
with known as (
    select u.id, w.person_id from wanted w
    join work_unit u on u.org_id = %(org)s and u.job_id = %(job)s and u.key = w.key
), kept as (
    insert into work_reservation (org_id, job_id, person_id, unit_id, is_waiting)
    select %(org)s, %(job)s, k.person_id, k.id, not exists (
        select from work_lease l where l.org_id = %(org)s and l.unit_id = k.id
            and l.person_id = k.person_id and l.state <> 3)
    from known k
    on conflict (org_id, job_id, person_id, unit_id) do nothing
    returning unit_id
), marked as (
    update work_unit u set is_reserved = true
    from (select distinct unit_id from kept) k where u.id = k.unit_id and not u.is_reserved
)
select count(*) from kept
"""
_UNKNOWN = """
select distinct key from wanted w where not exists (
    select from work_unit u where u.org_id = %(org)s and u.job_id = %(job)s and u.key = w.key)
"""


@transaction.atomic
def reserve_units(
    *, by: Principal, job_id: UUID, pairs: Iterable[tuple[str, UUID]], now: datetime
) -> int:
    """Keep units, by the buyer's key, for people: pairs of (key, person). Such units are offered
    to nobody else. Returns how many pairs were new; a pair known already counts as kept.

    Refuses: NotOffered without an accepted channel; UnknownUnits (none is kept).
    """
    if not by.may("assign_units"):
        raise Forbidden
    channel = Channel.objects.filter(
        provider_id=by.org_id, job_id=job_id, accepted_at__isnull=False, withdrawn_at=None
    ).first()
    if not channel:
        raise NotOffered
    with connection.cursor() as cursor:
        cursor.execute("create temp table wanted (key text, person_id uuid) on commit drop")
        with cursor.copy("copy wanted from stdin") as copy:
            for pair in pairs:
                copy.write_row(pair)
        where = {"org": channel.org_id, "job": job_id}
        cursor.execute(_UNKNOWN, where)
        unknown = {key for (key,) in cursor.fetchall()}
        if unknown:
            raise UnknownUnits(unknown)
        cursor.execute(_KEEP, where)
        [kept] = cursor.fetchone()
        cursor.execute("drop table wanted")
    for org_id in (channel.org_id, by.org_id):  # in the buyer's log and in the provider's own
        record(
            org_id=org_id,
            actor=by.actor,
            action="reserve_units",
            subject=f"job:{job_id}",
            now=now,
            facts={"pairs": kept},
        )
    return int(kept)
