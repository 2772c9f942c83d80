"""A buyer's funds: deposits, purchase orders, and the reserve of a job."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ujima.audit.actions import record
from ujima.base.errors import Forbidden
from ujima.base.money import Money
from ujima.pay.actions.book import account_of, post
from ujima.pay.errors import BadAmount
from ujima.pay.ledger import AccountName, transfer
from ujima.pay.models import Account, PurchaseOrder, Transaction
from ujima.people.standing import Principal


@transaction.atomic
def record_deposit(
    *, by: Principal, buyer_id: UUID, amount: Money, reference: str, now: datetime
) -> Transaction:
    """Record money that came in from a buyer; the operator's staff alone may.

    Refuses: Forbidden; BadAmount for nothing, or a reference that was recorded before.
    """
    _operator(by)
    if amount.minor <= 0:
        raise BadAmount("A deposit is more than nothing.", place={"field": "amount"})
    if not reference.strip():
        raise BadAmount("Give the bank's reference of the deposit.", place={"field": "reference"})
    written = post(
        transfer(
            "deposit",
            f"{buyer_id}:{reference.strip()[:40]}",
            out_of=AccountName("external", amount.currency),
            into=AccountName("buyer", amount.currency, buyer_id),
            minor=amount.minor,
        ),
        by=by.actor,
        now=now,
    )
    if not written:
        raise BadAmount(
            "A deposit with this reference is recorded already.", place={"field": "reference"}
        )
    _audit(by, buyer_id, "record_deposit", now, {"amount": str(amount), "reference": reference})
    return written


@transaction.atomic
def record_order(
    *, by: Principal, buyer_id: UUID, number: str, limit: Money, now: datetime
) -> PurchaseOrder:
    """Record a purchase order: the buyer may launch jobs up to its limit before paying.

    Refuses: Forbidden; BadAmount for nothing, or a number that was recorded before.
    """
    _operator(by)
    if limit.minor <= 0:
        raise BadAmount("An order's limit is more than nothing.", place={"field": "amount"})
    if PurchaseOrder.objects.filter(org_id=buyer_id, number=number.strip()).exists():
        raise BadAmount("This order is recorded already.", place={"field": "reference"})
    account = account_of(AccountName("buyer", limit.currency, buyer_id))
    account = Account.objects.select_for_update(no_key=True).get(id=account.id)
    order = PurchaseOrder.objects.create(
        org_id=buyer_id,
        number=number.strip(),
        currency=limit.currency,
        limit_minor=limit.minor,
        recorded_at=now,
        recorded_by=by.actor,
    )
    account.floor_minor = (account.floor_minor or 0) - limit.minor
    account.save(update_fields=["floor_minor"])
    _audit(by, buyer_id, "record_order", now, {"limit": str(limit), "number": number})
    return order


def reserve(
    *, buyer_id: UUID, job_id: UUID, amount: Money, source: str, by: str, now: datetime
) -> None:
    """Put a job's cost aside from its buyer's funds; the same source twice is once.

    Refuses NotEnoughFunds.
    """
    post(
        transfer(
            "reserve",
            source,
            out_of=AccountName("buyer", amount.currency, buyer_id),
            into=AccountName("reserve", amount.currency, buyer_id, job_id),
            minor=amount.minor,
        ),
        by=by,
        now=now,
    )


def release(*, buyer_id: UUID, job_id: UUID, currency: str, by: str, now: datetime) -> None:
    """Give what is left of an ended job's reserve back to its buyer; the caller holds the job's
    lock. What came into the reserve since an earlier release is given back by a later one."""
    before = Transaction.objects.filter(kind="release", source__startswith=str(job_id)).count()
    account = account_of(AccountName("reserve", currency, buyer_id, job_id))
    if account.balance_minor:
        post(
            transfer(
                "release",
                f"{job_id}:{before}",
                out_of=AccountName("reserve", currency, buyer_id, job_id),
                into=AccountName("buyer", currency, buyer_id),
                minor=account.balance_minor,
            ),
            by=by,
            now=now,
        )


def _operator(by: Principal) -> None:
    if not (by.is_operator and by.may("record_funds")):
        raise Forbidden("Only the staff of this platform's operator record funds.")


def _audit(
    by: Principal, buyer_id: UUID, action: str, now: datetime, facts: dict[str, str]
) -> None:
    record(
        org_id=buyer_id,
        actor=by.actor,
        action=action,
        subject=f"organisation:{buyer_id}",
        now=now,
        facts=facts,
    )
