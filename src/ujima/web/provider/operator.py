"""The operator's staff record what buyers paid in, and what they have ordered."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ujima.base.errors import NotFound, Refusal
from ujima.base.money import Money
from ujima.pay.actions.funds import record_deposit, record_order
from ujima.pay.queries import funds_of
from ujima.people.queries import buyers
from ujima.web.account.forms import add_refusal
from ujima.web.gates import StaffRequest, staff
from ujima.web.provider.forms import Amount

KINDS = ("deposit", "order")


@staff("record_funds")
@require_safe
def funds(request: StaffRequest) -> HttpResponse:
    """Every buyer's funds."""
    rows = [{"buyer": buyer, "funds": funds_of(buyer.id)} for buyer in buyers(request.principal)]
    return render(request, "ujima/provider/funds.html", {"rows": rows})


@staff("record_funds")
@require_http_methods(["GET", "HEAD", "POST"])
def record(request: StaffRequest, buyer_id: UUID, kind: str) -> HttpResponse:
    """Record a deposit or a purchase order, after it has been read once more."""
    buyer = next((b for b in buyers(request.principal) if b.id == buyer_id), None)
    if not buyer or kind not in KINDS:
        raise NotFound
    form = Amount(kind, request.POST if request.method == "POST" else None)
    amount = None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            amount = Money.parse(given["amount"], given["currency"])
            if given["sure"]:
                _record(request, buyer_id, kind, amount, given["reference"])
                messages.success(request, _("Recorded: %(amount)s.") % {"amount": amount})
                return redirect("web:operator_funds")
        except Refusal as refusal:
            amount = None
            refusal.place.setdefault("field", "amount")
            add_refusal(form, refusal)
    return render(
        request,
        "ujima/provider/record.html",
        {
            "form": form,
            "buyer": buyer,
            "kind": kind,
            "amount": amount,
            "trail": [
                {"label": _("Buyers' funds"), "url": "/operator/funds"},
                {"label": buyer.name},
            ],
        },
        status=422 if form.errors else 200,
    )


def _record(
    request: StaffRequest, buyer_id: UUID, kind: str, amount: Money, reference: str
) -> None:
    by, now = request.principal, clock()
    if kind == "deposit":
        record_deposit(by=by, buyer_id=buyer_id, amount=amount, reference=reference, now=now)
    else:
        record_order(by=by, buyer_id=buyer_id, number=reference, limit=amount, now=now)
