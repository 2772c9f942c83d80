"""Taking in units: streamed through COPY into a temporary table, then kept by the buyer's key.

What a file costs depends on its rows, not on how many units the job has.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from ujima.audit.actions import record
from ujima.people.standing import Principal
from ujima.work.actions.jobs import need
from ujima.work.errors import WrongState
from ujima.work.intake.rows import RefusedRow as Refused
from ujima.work.intake.rows import UnitRow
from ujima.work.models import Import, Job, RefusedRow

#: refused rows kept with their reasons; of more, only the count
REASONS_KEPT = 10_000

_TEMPORARY = """
create temp table incoming (
    row int, key text collate "C", data jsonb, gold jsonb, reason text
) on commit drop
"""
#: a unit keeps its place in the file after those that were there; gold is not told apart by it.
#: What stands under a key already is found by the key's own index and by no join, which the planner
#: would answer by reading all units of a large job. A unit that stands with the same data is passed
#: over; with other data, or as one without a known answer, it is touched (xmax) and so returned.
_KEEP = """
with start as (
    select coalesce(max(seq), 0) as seq from (
        select seq from work_unit where org_id = %(org)s and job_id = %(job)s
        order by id desc limit 1) newest
), once as (
    select distinct on (key) row, key, data, gold from incoming order by key, row
), met as (
    insert into work_unit (org_id, job_id, seq, key, data, is_gold, is_reserved, is_open, state,
        need, taken)
    select %(org)s, %(job)s, start.seq + i.row, i.key, i.data, i.gold is not null, false, true, 0,
        %(need)s, 0
    from once i, start
    order by i.row
    on conflict (org_id, job_id, key) do update set need = work_unit.need
        where work_unit.data <> excluded.data or (excluded.is_gold and not work_unit.is_gold)
    returning id, key, is_gold, xmax = 0 as is_new
), golden as (
    insert into work_gold (unit_id, org_id, job_id, answer, reason, at)
    select m.id, %(org)s, %(job)s, i.gold, i.reason, %(now)s
    from met m join incoming i on i.key = m.key where m.is_new and m.is_gold
)
select count(*) filter (where is_new), count(*) filter (where is_new and is_gold),
    array(select i.row from incoming i join met m on m.key = i.key and not m.is_new)
from met
"""
#: another known answer than the one that stands; golds are few
_OTHER_GOLDS = """
select i.row from work_gold g join work_unit u on u.id = g.unit_id
join incoming i on i.key = u.key
where g.org_id = %(org)s and g.job_id = %(job)s and i.gold <> g.answer
"""


@transaction.atomic
def take_in(
    *,
    by: Principal,
    job: Job,
    rows: Iterable[UnitRow | Refused],
    file_name: str,
    key_column: str = "",
    now: datetime,
) -> Import:
    """Keep a file's units; a row that cannot be kept is reported, the others are not held up.

    A key known already with the same data counts as already kept; with other data it is refused.
    Whatever the reader raises undoes the whole file. Refuses: WrongState.
    """
    need(by, "make_jobs")
    if job.state in ("finished", "cancelled"):
        raise WrongState("This job has ended; it takes no more units.")
    intake = Import.objects.create(
        org_id=job.org_id, job=job, file_name=file_name[:200], by=by.actor, at=now
    )
    refused: list[Refused] = []
    given = 0
    where: dict[str, Any] = {
        "org": job.org_id,
        "job": job.id,
        "need": job.judgments_min,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TEMPORARY)
        with cursor.copy("copy incoming from stdin") as copy:
            for row in rows:
                if isinstance(row, Refused):
                    refused.append(row)
                    continue
                gold = orjson.dumps(row.gold).decode() if row.gold else None
                copy.write_row(
                    (row.row, row.key, orjson.dumps(row.data).decode(), gold, row.reason)
                )
                given += 1
        cursor.execute("analyze incoming")
        cursor.execute(_OTHER_GOLDS, where)
        others = {row for (row,) in cursor.fetchall()}
        cursor.execute(_KEEP, where)
        kept, golds, other_data = cursor.fetchone()
        cursor.execute("drop table incoming")
    others |= set(other_data)
    refused += [
        Refused(row, key_column, "key_has_other_data", "This key stands already, for other data.")
        for row in sorted(others)
    ]
    intake.kept = kept
    intake.golds = golds
    intake.refused = len(refused)
    intake.already_kept = given - kept - len(others)
    intake.save()
    RefusedRow.objects.bulk_create(
        (
            RefusedRow(
                org_id=job.org_id,
                intake=intake,
                row=r.row,
                column=r.column[:200],
                code=r.code,
                reason=r.reason[:500],
            )
            for r in refused[:REASONS_KEPT]
        ),
        batch_size=1000,
    )
    record(
        org_id=job.org_id,
        actor=by.actor,
        action="take_in_units",
        subject=f"job:{job.id}",
        now=now,
        facts={"kept": kept, "gold": golds, "refused": len(refused)},
    )
    return intake
