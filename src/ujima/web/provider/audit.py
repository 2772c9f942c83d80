"""The log of what was done, and whether the books balance, for auditors."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ujima.audit.queries import entries
from ujima.base.money import Money
from ujima.pay.queries import trial_balance
from ujima.people.queries import actor_names
from ujima.web.gates import StaffRequest, staff
from ujima.web.provider.paging import PAGE, before_number, links


@staff("see_audit")
@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """One's organisation's log, newest first; for the operator's auditor also the trial balance."""
    by = request.principal
    rows = entries(org_id=by.org_id, before=before_number(request), limit=PAGE + 1)
    names = actor_names(by, [row.actor for row in rows])
    sees_ledger = by.is_operator and by.may("see_ledger")
    shown = [
        {
            "entry": row,
            "name": names.get(row.actor, ""),
            "is_outside": row.actor.startswith("membership:"),
        }
        for row in rows[:PAGE]
    ]
    return render(
        request,
        "ujima/provider/audit.html",
        {
            "entries": shown,
            "balance": by_currency(trial_balance(by)) if sees_ledger else [],
            **links(request, rows),
        },
    )


def by_currency(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The trial balance as (currency, kinds of account, their sum), which must be zero."""
    found = []
    for currency, some in groupby(rows, key=lambda row: str(row["currency"])):
        kinds = [
            {
                "kind": row["kind"],
                "accounts": row["accounts"],
                "sum": Money(row["minor"], currency),
            }
            for row in some
        ]
        total = sum(kind["sum"].minor for kind in kinds)
        found.append({"currency": currency, "kinds": kinds, "total": Money(total, currency)})
    return found
