"""A buyer's money: what is free, what is put aside, what moved."""

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ujima.base.money import Money
from ujima.pay.queries import funds_of, movements_of, orders_of
from ujima.web.gates import StaffRequest, staff

if TYPE_CHECKING:
    from ujima.pay.models import Line

#: kind of a transaction -> what it was, for the buyer
KINDS: dict[str, str | Promise] = {
    "deposit": _("Deposit"),
    "reserve": _("Put aside for a job"),
    "release": _("Given back when a job ended"),
    "reversal": _("Corrected"),
}


@staff("see_funds")
@require_safe
def funds(request: StaffRequest) -> HttpResponse:
    """Balances, orders, and the newest movements."""
    org_id = request.principal.org_id
    orders = [
        {"order": order, "limit": Money(order.limit_minor, order.currency)}
        for order in orders_of(org_id)
    ]
    return render(
        request,
        "ujima/buyer/funds.html",
        {
            "funds": funds_of(org_id),
            "orders": orders,
            "movements": [_movement(line) for line in movements_of(org_id)],
        },
    )


def _movement(line: "Line") -> dict[str, Any]:
    kind, source = line.transaction.kind, line.transaction.source
    job = source.partition(":")[2] if source.startswith("launch:") else ""
    job = source if kind == "release" else job
    return {
        "at": line.transaction.at,
        "what": KINDS.get(kind, kind),
        "reference": source.partition(":")[2] if kind == "deposit" else "",
        "job_url": f"/jobs/{job}" if job else "",
        "amount": Money(line.amount_minor, line.currency),
    }
