"""Asking again where a known answer was wrong: the party named in the job's terms makes the buyer's
reserve whole. What workers earned by it is paid as ever and is not touched."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from ujima.base.money import part_of
from ujima.pay.actions.book import post
from ujima.pay.errors import NotEnoughFunds
from ujima.pay.ledger import AccountName, transfer
from ujima.pay.models import Line

_WAGES = """
select provider_id, sum(amount_minor) from pay_accrual
where org_id = %(org)s and job_id = %(job)s and judgment_id = any(%(judgments)s)
  and transaction_id is not null
group by provider_id order by provider_id
"""


def charge(
    *,
    payer: str,
    org_id: UUID,
    job_id: UUID,
    currency: str,
    judgments: list[int],
    shares: Mapping[str, int],
    now: datetime,
) -> int:
    """Charge what these posted judgments cost to the provider whose people made them, or to the
    platform's fee, into the job's reserve; only what was not charged before. Returns minor units.

    payer    provider or platform; the buyer pays by the reserve already
    shares   provider, fee: basis points on top of wages, as the buyer was charged

    An account that cannot pay now is asked again at the next posting.
    """
    if payer == "buyer" or not judgments:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WAGES, {"org": org_id, "job": job_id, "judgments": judgments})
        wages = [(provider, int(minor)) for provider, minor in cursor.fetchall()]
    charged = 0
    for provider, minor in wages:
        cost = minor + part_of(minor, shares["provider"]) + part_of(minor, shares["fee"])
        before = _charged(job_id, provider)
        if cost > before and _pays(payer, org_id, job_id, currency, provider, before, cost, now):
            charged += cost - before
    return charged


def _charged(job_id: UUID, provider: UUID) -> int:
    lines = Line.objects.filter(
        transaction__kind="rework",
        transaction__source__startswith=f"{job_id.hex}:{provider.hex}:",
        amount_minor__gt=0,
    )
    return sum(lines.values_list("amount_minor", flat=True))


def _pays(
    payer: str,
    org_id: UUID,
    job_id: UUID,
    currency: str,
    provider: UUID,
    before: int,
    cost: int,
    now: datetime,
) -> bool:
    out_of = (
        AccountName("provider", currency, provider)
        if payer == "provider"
        else AccountName("fee", currency)
    )
    posting = transfer(
        "rework",
        f"{job_id.hex}:{provider.hex}:{cost}",
        out_of=out_of,
        into=AccountName("reserve", currency, org_id, job_id),
        minor=cost - before,
    )
    try:
        with transaction.atomic():
            return post(posting, by="system", now=now) is not None
    except NotEnoughFunds:
        return False
