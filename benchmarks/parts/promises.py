"""What must hold once the faults have healed (R1-R5, R10, R16), counted from the tables."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from benchmarks.parts.jobs import DEPOSIT, House, Phone
from benchmarks.parts.outbox import Note
from ujima.base.money import Money
from ujima.pay.queries import cost_of, funds_of, own_days, own_total, payroll_of, reserve_of
from ujima.people.queries import worker_by_token
from ujima.quality.queries import newest_fit
from ujima.work.queries.jobs import job_of

_KEPT = """
select j.device_id, j.device_seq, j.person_id, u.data ->> 'text', j.answer, j.milliseconds
from work_judgment j join work_unit u on u.id = j.unit_id where j.job_id = %(job)s
"""

#: name -> how many rows say otherwise; each is to be 0
_BROKEN = {
    "judged twice by one person": """
        select coalesce(sum(n - 1), 0) from (select count(*) as n from work_judgment
        where job_id = %(job)s group by unit_id, person_id) c
    """,
    "not paid": """
        select count(*) from work_judgment j
        left join pay_accrual a on a.judgment_id = j.id and a.org_id = j.org_id
        where j.job_id = %(job)s and (a.id is null or a.transaction_id is null)
    """,
    "paid twice": """
        select coalesce(sum(n - 1), 0) from (select count(*) as n from pay_accrual
        where job_id = %(job)s group by judgment_id) c
    """,
    "paid for nothing": """
        select count(*) from pay_accrual a left join work_judgment j on j.id = a.judgment_id
        where a.job_id = %(job)s and j.id is null
    """,
    "paid at another price than was shown": """
        select count(*) from pay_accrual a join work_judgment j on j.id = a.judgment_id
        join work_jobversion v on v.job_id = j.job_id and v.number = j.version
        where a.job_id = %(job)s and (a.amount_minor, a.currency, a.person_id)
            is distinct from (v.rate_minor, v.currency, j.person_id)
    """,
    "postings to a worker that differ from what is owed to her": """
        with owed as (
            select transaction_id, provider_id, person_id, sum(amount_minor) as minor
            from pay_accrual group by 1, 2, 3
        ), posted as (
            select l.transaction_id, a.org_id, a.owner_id, sum(l.amount_minor) as minor
            from pay_line l join pay_account a on a.id = l.account_id and a.kind = 'worker'
            group by 1, 2, 3
        )
        select count(*) from owed o full join posted p
            on (o.transaction_id, o.provider_id, o.person_id)
             = (p.transaction_id, p.org_id, p.owner_id)
        where o.minor is distinct from p.minor
    """,
    "currencies in which the ledger does not sum to zero": """
        select count(*) from (select 1 from pay_line group by currency
        having sum(amount_minor) <> 0) c
    """,
    "transactions that do not sum to zero": """
        select count(*) from (select 1 from pay_line group by transaction_id
        having sum(amount_minor) <> 0) c
    """,
    "accounts under their floor, or untrue": """
        select count(*) from pay_account a
        where a.balance_minor < a.floor_minor or a.balance_minor <>
            (select coalesce(sum(amount_minor), 0) from pay_line l where l.account_id = a.id)
    """,
    "units held or judged more often than needed, or counted wrong": """
        select count(*) from work_unit u
        left join lateral (select count(*) filter (where state in (0, 1)) as taken,
            count(*) filter (where state = 1) as judged from work_lease where unit_id = u.id) l
            on true
        where u.job_id = %(job)s and (u.taken > u.need or u.taken <> l.taken
            or u.is_open <> (u.state = 0 and u.taken < u.need) or l.judged <>
            (select count(*) from work_judgment where unit_id = u.id))
    """,
}
#: name -> what is still to be done; each falls to 0 by itself
_UNDONE = {
    "the job runs": "select count(*) from work_job where id = %(job)s and state <> 'finished'",
    "leases": "select count(*) from work_lease where job_id = %(job)s and state = 0",
    "unsettled units": "select count(*) from work_unit where job_id = %(job)s and state = 0",
    "unposted accruals": """
        select count(*) from pay_accrual where job_id = %(job)s and transaction_id is null
    """,
    "tasks": "select count(*) from procrastinate_jobs where status <> 'succeeded'",
    "marks": "select count(*) from quality_dirty",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """Acknowledgements beside the table of judgments.

    lost        acknowledged, but not stored as it was acknowledged
    unheard     stored, but never acknowledged
    """

    lost: int
    unheard: int


def compare(job_id: UUID, acknowledged: dict[tuple[UUID, int], Note]) -> Compared:
    """Whether every acknowledged judgment is stored with its content, and no other one."""
    kept = {
        (device, key): Note(person, text, orjson.loads(answer), milliseconds)
        for device, key, person, text, answer, milliseconds in _rows(_KEPT, job_id)
    }
    lost = sum(kept.get(key) != note for key, note in acknowledged.items())
    return Compared(lost, len(kept.keys() - acknowledged.keys()))


def broken(job_id: UUID) -> dict[str, int]:
    """How many rows break each promise."""
    return {name: int(_rows(query, job_id)[0][0]) for name, query in _BROKEN.items()}


def undone(job_id: UUID) -> dict[str, int]:
    """What a job and the queue still have to do, by name; empty when all is drained."""
    found = {name: int(_rows(query, job_id)[0][0]) for name, query in _UNDONE.items()}
    return {name: n for name, n in found.items() if n}


def disagreements(house: House, job_id: UUID, phones: list[Phone]) -> list[str]:
    """R16: where worker, payroll, buyer and ledger tell different numbers of the only job."""
    job = job_of(house.buyer, job_id)
    terms = {"provider_share_bp": job.provider_share_bp, "fee_bp": job.fee_bp}
    cost = cost_of(job.org_id, job.id, currency=job.currency, **terms)
    owed = {phone.person_id: own_total(worker_by_token(phone.token)) for phone in phones}
    by_day = {
        phone.person_id: sum(
            day.earned.minor for day in own_days(worker_by_token(phone.token), _LONG_AGO)
        )
        for phone in phones
    }
    payroll = {row["person_id"]: row["earned"] for row in payroll_of(house.payroll, _LONG_AGO)}
    ledger = dict(_rows("select kind, sum(balance_minor) from pay_account group by 1", job_id))
    [funds] = funds_of(job.org_id)
    fit = newest_fit(job.org_id, job.id)
    judged, units = _rows(
        "select (select count(*) from work_judgment where job_id = %(job)s),"
        " (select count(*) from work_unit where job_id = %(job)s)",
        job_id,
    )[0]
    told = {
        "worker's total and her days": [
            {person: sum(money.minor for money in total) for person, total in owed.items()},
            by_day,
        ],
        "worker and payroll": [{p: money for p, total in owed.items() for money in total}, payroll],
        "workers and buyer": [sum(by_day.values()), cost.wages.minor],
        "wages and ledger": [cost.wages.minor, ledger["worker"]],
        "provider's share and ledger": [cost.provider_share.minor, ledger["provider"]],
        "fee and ledger": [cost.fee.minor, ledger["fee"]],
        "buyer's funds and cost": [funds.balance, DEPOSIT - cost.total],
        "reserve of a job that ended": [
            reserve_of(job.org_id, job.id, job.currency),
            Money(0, job.currency),
        ],
        "inference and judgments": [fit.judgments, judged],
        "inference and wages": [fit.wages_minor, cost.wages.minor],
        "results and units": [fit.results, units],
    }
    return [f"{name}: {a} / {b}" for name, (a, b) in told.items() if a != b]


_LONG_AGO = date(2000, 1, 1)


def _rows(query: str, job_id: UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"job": job_id})
        return list(cursor.fetchall())
