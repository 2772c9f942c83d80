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
#: a unit keeps its place in the file after those that were there; gold is not told apart by it
_KEEP = """
with start as (
    select coalesce(max(seq), 0) as seq from (
        select seq from work_unit where org_id = %(org)s and job_id = %(job)s
        order by id desc limit 1) newest
), kept as (
    insert into work_unit (org_id, job_id, seq, key, data, is_gold, is_reserved, is_open, state,
        need, taken)
    select %(org)s, %(job)s, start.seq + i.row, i.key, i.data, i.gold is not null, false, true, 0,
        %(need)s, 0
    from incoming i, start
    order by i.row
    on conflict (org_id, job_id, key) do nothing
    returning id, key, is_gold
), golden as (
    insert into work_gold (unit_id, org_id, job_id, answer, reason, at)
    select k.id, %(org)s, %(job)s, i.gold, i.reason, %(now)s
    from kept k join incoming i on i.key = k.key where k.is_gold
)
select count(*), count(*) filter (where is_gold) from kept
"""
#: what was there before: the same data again is fine, other data, or
#: another known answer, under the same key is not
_OTHERS = """
select i.row from incoming i join work_unit u
    on u.org_id = %(org)s and u.job_id = %(job)s and u.key = i.key
left join work_gold g on g.unit_id = u.id
where u.data <> i.data or (i.gold is not null and i.gold is distinct from g.answer) order by i.row
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
        cursor.execute(_OTHERS, where)
        refused += [
            Refused(
                row, key_column, "key_has_other_data", "This key stands already, for other data."
            )
            for (row,) in cursor.fetchall()
        ]
        cursor.execute(_KEEP, where)
        kept, golds = cursor.fetchone()
        cursor.execute("drop table incoming")
    intake.kept = kept
    intake.golds = golds
    intake.refused = len(refused)
    intake.already_kept = given - kept - sum(r.code == "key_has_other_data" for r in refused)
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
