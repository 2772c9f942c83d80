"""Balances and earnings, each for those who may see them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Sum

from ujima.base.errors import Forbidden
from ujima.base.money import Money, part_of
from ujima.pay.errors import NotForYou
from ujima.pay.models import Account, Accrual, Line, Posted, PurchaseOrder
from ujima.people.standing import Principal, Worker


@dataclass(frozen=True, slots=True)
class Funds:
    """A buyer's money in one currency: what is free to use, of it credit, and what is reserved."""

    free: Money
    balance: Money
    credit: Money
    reserved: Money


def funds_of(buyer_id: UUID) -> list[Funds]:
    """A buyer's funds, by currency; the caller has checked who asks."""
    found = []
    for account in Account.objects.filter(kind="buyer", org_id=buyer_id).order_by("currency"):
        reserved = Account.objects.filter(
            kind="reserve", org_id=buyer_id, currency=account.currency
        ).aggregate(total=Sum("balance_minor"))["total"]
        credit = -(account.floor_minor or 0)
        found.append(
            Funds(
                Money(account.balance_minor + credit, account.currency),
                Money(account.balance_minor, account.currency),
                Money(credit, account.currency),
                Money(reserved or 0, account.currency),
            )
        )
    return found


def orders_of(buyer_id: UUID) -> list[PurchaseOrder]:
    """A buyer's purchase orders, newest first."""
    return list(PurchaseOrder.objects.filter(org_id=buyer_id).order_by("-recorded_at"))


def movements_of(buyer_id: UUID, limit: int = 100) -> list[Line]:
    """What moved a buyer's own account, newest first."""
    found = Line.objects.filter(account__kind="buyer", account__org_id=buyer_id)
    return list(found.select_related("transaction", "account").order_by("-id")[:limit])


def reserve_of(org_id: UUID, job_id: UUID, currency: str) -> Money:
    """What is left in a job's reserve."""
    account = Account.objects.filter(
        kind="reserve", org_id=org_id, owner_id=job_id, currency=currency
    ).first()
    return Money(account.balance_minor if account else 0, currency)


def reserved_for(org_id: UUID, job_id: UUID, currency: str) -> Money:
    """All that was ever put aside for a job, whether spent, left or given back since."""
    put = Line.objects.filter(
        account__kind="reserve",
        account__org_id=org_id,
        account__owner_id=job_id,
        account__currency=currency,
        transaction__kind="reserve",
    ).aggregate(total=Sum("amount_minor"))["total"]
    return Money(put or 0, currency)


@dataclass(frozen=True, slots=True)
class Cost:
    """What a job cost so far, in parts."""

    wages: Money
    provider_share: Money
    fee: Money

    @property
    def total(self) -> Money:
        return self.wages + self.provider_share + self.fee


def posted_wages(org_id: UUID, job_id: UUID) -> dict[UUID, int]:
    """The wages on a job that stand in the ledger, in minor units, by provider."""
    found = Posted.objects.filter(org_id=org_id, job_id=job_id)
    return dict(found.values_list("provider_id", "wages_minor"))


def cost_of(
    org_id: UUID, job_id: UUID, *, currency: str, provider_share_bp: int, fee_bp: int
) -> Cost:
    """What a job cost so far, posted or not yet, by the same rounding as the ledger's."""
    wages = Counter(posted_wages(org_id, job_id))
    waiting = Accrual.objects.filter(org_id=org_id, job_id=job_id, transaction=None)
    wages.update(dict(waiting.values_list("provider_id").annotate(Sum("amount_minor"))))
    total = sum(wages.values())
    share = sum(part_of(minor, provider_share_bp) for minor in wages.values())
    return Cost(
        Money(total, currency), Money(share, currency), Money(part_of(total, fee_bp), currency)
    )


def shortfall(
    org_id: UUID, job_id: UUID, *, currency: str, provider_share_bp: int, fee_bp: int
) -> Money:
    """What a job's reserve lacks to pay all that is owed but not posted yet."""
    cost = cost_of(
        org_id, job_id, currency=currency, provider_share_bp=provider_share_bp, fee_bp=fee_bp
    )
    paid = Line.objects.filter(
        account__kind="reserve",
        account__org_id=org_id,
        account__owner_id=job_id,
        transaction__kind="accruals",
    ).aggregate(total=Sum("amount_minor"))["total"]
    return cost.total + Money(paid or 0, currency) - reserve_of(org_id, job_id, currency)


@dataclass(frozen=True, slots=True)
class Day:
    """One day's work of one person in one currency."""

    date: date
    earned: Money
    milliseconds: int
    judgments: int

    @property
    def seconds(self) -> float:
        return self.milliseconds / 1000


def own_days(worker: Worker, since: date) -> list[Day]:
    """What a worker earned at this provider, day by day, for herself."""
    return _days(worker.provider_id, worker.person_id, since)


def own_total(worker: Worker) -> list[Money]:
    """All that is owed to a worker by this provider, by currency."""
    return _total(worker.provider_id, worker.person_id)


def earnings_of(by: Principal, person_id: UUID, since: date) -> list[Day]:
    """A person's days, for payroll. Refuses NotForYou to everybody else."""
    _payroll(by)
    return _days(by.org_id, person_id, since)


def payroll_of(by: Principal, since: date) -> list[dict[str, Any]]:
    """Each person's earnings at a provider since a day, for payroll. Refuses NotForYou."""
    _payroll(by)
    rows = (
        Accrual.objects.filter(provider_id=by.org_id, work_date__gte=since)
        .values("person_id", "currency")
        .annotate(minor=Sum("amount_minor"), ms=Sum("milliseconds"), judgments=Count("id"))
        .order_by("person_id", "currency")
    )
    return [
        {
            "person_id": row["person_id"],
            "earned": Money(row["minor"], row["currency"]),
            "milliseconds": row["ms"],
            "judgments": row["judgments"],
        }
        for row in rows
    ]


def provider_share_of(by: Principal) -> list[Money]:
    """What a provider has earned on top of its workers' wages, posted so far."""
    _payroll(by)
    found = Account.objects.filter(kind="provider", org_id=by.org_id)
    return [Money(account.balance_minor, account.currency) for account in found]


def trial_balance(by: Principal) -> list[dict[str, Any]]:
    """Sums over the whole ledger by kind of account, for an auditor: they are zero together."""
    if not by.may("see_ledger") or not by.is_operator:
        raise Forbidden
    rows = Account.objects.values("currency", "kind").annotate(
        minor=Sum("balance_minor"), accounts=Count("id")
    )
    return [dict(row) for row in rows.order_by("currency", "kind")]


def week_start(day: date) -> date:
    """The Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def _payroll(by: Principal) -> None:
    if not by.may("see_pay"):
        raise NotForYou


def _days(provider_id: UUID, person_id: UUID, since: date) -> list[Day]:
    rows = (
        Accrual.objects.filter(provider_id=provider_id, person_id=person_id, work_date__gte=since)
        .values("work_date", "currency")
        .annotate(minor=Sum("amount_minor"), ms=Sum("milliseconds"), n=Count("id"))
        .order_by("work_date")
    )
    return [Day(r["work_date"], Money(r["minor"], r["currency"]), r["ms"], r["n"]) for r in rows]


def _total(provider_id: UUID, person_id: UUID) -> list[Money]:
    rows = (
        Accrual.objects.filter(provider_id=provider_id, person_id=person_id)
        .values("currency")
        .annotate(minor=Sum("amount_minor"))
    )
    return [Money(row["minor"], row["currency"]) for row in rows]
