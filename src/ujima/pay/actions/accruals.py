"""Owing for judgments, one row each at submit; posting the rows into the ledger in batches."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from django.db import transaction

from ujima.base.hot import hot
from ujima.pay.actions.book import post
from ujima.pay.ledger import AccountName, Posting, share_due
from ujima.pay.models import Accrual
from ujima.pay.queries import posted_wages
from ujima.people.standing import Worker

_ACCRUE = """
insert into pay_accrual (org_id, job_id, provider_id, person_id, membership_id, judgment_id,
    amount_minor, currency, milliseconds, at, work_date)
select %(org)s, %(job)s, %(provider)s, %(person)s, %(membership)s, g.judgment_id, g.amount,
    %(currency)s, g.milliseconds, %(now)s, %(date)s
from unnest(%(judgments)s::bigint[], %(amounts)s::int[], %(milliseconds)s::int[])
    as g (judgment_id, amount, milliseconds)
"""
_ADD_POSTED = """
insert into pay_posted (org_id, job_id, provider_id, wages_minor)
values (%(org)s, %(job)s, %(provider)s, %(minor)s)
on conflict (org_id, job_id, provider_id)
do update set wages_minor = pay_posted.wages_minor + excluded.wages_minor
"""
#: accruals in one posting; a batch locks each account it touches until it is committed
BATCH = 2000


def accrue(
    *,
    worker: Worker,
    org_id: UUID,
    job_id: UUID,
    currency: str,
    owed: Sequence[tuple[int, int, int]],
    now: datetime,
) -> None:
    """Owe for judgments, in the transaction that keeps them: (judgment, minor units, ms) each."""
    hot(
        _ACCRUE,
        {
            "org": org_id,
            "job": job_id,
            "provider": worker.provider_id,
            "person": worker.person_id,
            "membership": worker.membership_id,
            "currency": currency,
            "now": now,
            "date": now.astimezone(ZoneInfo(worker.timezone)).date(),
            "judgments": [judgment for judgment, _, _ in owed],
            "amounts": [minor for _, minor, _ in owed],
            "milliseconds": [ms for _, _, ms in owed],
        },
    )


@transaction.atomic
def post_accruals(
    *,
    org_id: UUID,
    job_id: UUID,
    provider_share_bp: int,
    fee_bp: int,
    now: datetime,
) -> int:
    """Post up to 2,000 of a job's unposted accruals as one transaction: out of the reserve, to
    the workers, the provider's share and the fee. Returns how many; 0 when all are posted.

    Only one posting of a job runs at a time: the caller holds the job's lock.
    """
    batch = list(
        Accrual.objects.filter(org_id=org_id, job_id=job_id, transaction=None)
        .order_by("id")[:BATCH]
        .values_list("id", "provider_id", "person_id", "amount_minor", "currency")
    )
    if not batch:
        return 0
    currency = batch[0][4]
    wages: dict[tuple[UUID, UUID], int] = defaultdict(int)
    for _, provider, person, minor, _ in batch:
        wages[provider, person] += minor
    by_provider: dict[UUID, int] = defaultdict(int)
    for (provider, _), minor in wages.items():
        by_provider[provider] += minor
    before = posted_wages(org_id, job_id)
    moves: dict[AccountName, int] = defaultdict(int)
    for (provider, person), minor in wages.items():
        moves[AccountName("worker", currency, provider, person)] += minor
    for provider, minor in by_provider.items():
        moves[AccountName("provider", currency, provider)] += share_due(
            before.get(provider, 0), minor, provider_share_bp
        )
    total = sum(wages.values())
    moves[AccountName("fee", currency)] += share_due(sum(before.values()), total, fee_bp)
    moves[AccountName("reserve", currency, org_id, job_id)] = -sum(moves.values())
    source = uuid5(job_id, f"{batch[0][0]}-{batch[-1][0]}-{len(batch)}")
    written = post(
        Posting("accruals", str(source), {a: m for a, m in moves.items() if m}),
        by="system",
        now=now,
    )
    if not written:
        raise RuntimeError(f"accruals of job {job_id} were posted, but do not say so")
    Accrual.objects.filter(id__in=[row[0] for row in batch]).update(transaction=written)
    for provider, minor in by_provider.items():
        hot(_ADD_POSTED, {"org": org_id, "job": job_id, "provider": provider, "minor": minor})
    return len(batch)
