"""A buyer's funds."""

from datetime import datetime
from typing import Any

from ninja import Router, Schema

from ujima.api.job_forms import Amount
from ujima.api.operations import reads
from ujima.api.tokens import ApiRequest
from ujima.pay.queries import funds_of, orders_of

router = Router(tags=["funds"])


class FundsOut(Schema):
    """Money in one currency: `free` can be used now, of it `credit` on purchase orders;
    `reserved` is put aside for running jobs."""

    free: Amount
    balance: Amount
    credit: Amount
    reserved: Amount


class OrderOut(Schema):
    """A purchase order, up to whose limit jobs may be launched before paying."""

    number: str
    currency: str
    limit_minor: int
    recorded_at: datetime


class AllFunds(Schema):
    """Funds by currency, and purchase orders, newest first."""

    funds: list[FundsOut]
    orders: list[OrderOut]


@router.get("/funds", **reads("see_funds", answers=AllFunds))
def funds(request: ApiRequest) -> Any:
    """What your organisation can spend, and what is put aside."""
    org_id = request.auth.org_id
    return {
        "funds": [
            {
                name: Amount.of(getattr(found, name))
                for name in ("free", "balance", "credit", "reserved")
            }
            for found in funds_of(org_id)
        ],
        "orders": orders_of(org_id),
    }
