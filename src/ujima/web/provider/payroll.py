"""What each person earned, for payroll and nobody else."""

import csv
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ujima.base.money import Money
from ujima.pay.queries import payroll_of, provider_share_of, week_start
from ujima.people.queries import payees
from ujima.people.standing import Principal
from ujima.web import sorting
from ujima.web.gates import StaffRequest, staff
from ujima.work.export import safe_cell

#: what the list can be sorted by
COLUMNS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "name": lambda row: row["payee"].name.casefold(),
    "code": lambda row: row["payee"].code,
    "centre": lambda row: row["payee"].centre.casefold(),
    "units": lambda row: row["judgments"],
    "time": lambda row: row["milliseconds"],
    "earned": lambda row: row["earned"].minor,
}


@staff("see_pay")
@never_cache
@require_safe
def payroll(request: StaffRequest) -> HttpResponse:
    """Each person's earnings since a day, and the provider's own share so far."""
    by = request.principal
    today = clock().astimezone(ZoneInfo(by.timezone)).date()
    since = since_in(request, today)
    rows = rows_of(by, since)
    totals: dict[str, int] = {}
    for row in rows:
        earned = row["earned"]
        totals[earned.currency] = totals.get(earned.currency, 0) + earned.minor
    monday = week_start(today)
    order = sorting.Order.asked(request, list(COLUMNS), "name")
    shown = sorting.page_of_list(rows, order, COLUMNS)
    heads = {
        "name": _("Name"),
        "code": _("Code"),
        "centre": _("Centre or group"),
        "units": _("Units"),
        "time": _("Time"),
        "earned": _("Earned"),
    }
    return render(
        request,
        "ujima/provider/payroll.html",
        {
            "rows": shown[: sorting.PAGE],
            "heads": sorting.heads(request, order, heads, numbers=("units", "time", "earned")),
            **sorting.links(request, order, shown),
            "since": since,
            "totals": [Money(minor, currency) for currency, minor in sorted(totals.items())],
            "people": len({row["person_id"] for row in rows}),
            "share": provider_share_of(by),
            "weeks": [monday, monday - timedelta(weeks=1), today.replace(day=1)],
        },
    )


def since_in(request: StaffRequest, today: date) -> date:
    """The day asked for, or this week's Monday."""
    try:
        return date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        return week_start(today)


def rows_of(by: Principal, since: date) -> list[dict[str, Any]]:
    """Each person's earnings since a day with her name, code and centre, by name."""
    rows = payroll_of(by, since)
    known = payees(by, [row["person_id"] for row in rows])
    for row in rows:
        row["payee"] = known[row["person_id"]]
        row["seconds"] = row["milliseconds"] / 1000
        row["id"] = f"{row['person_id']}:{row['earned'].currency}"
    return sorted(rows, key=lambda row: (row["payee"].name, row["payee"].code))


@staff("see_pay")
@never_cache
@require_safe
def payroll_file(request: StaffRequest) -> HttpResponse:
    """The same as CSV."""
    by = request.principal
    since = since_in(request, clock().astimezone(ZoneInfo(by.timezone)).date())
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["since", "code", "name", "centre", "currency", "earned", "units", "minutes"])
    for row in rows_of(by, since):
        payee, earned = row["payee"], row["earned"]
        words = [safe_cell(word) for word in (payee.code, payee.name, payee.centre)]
        minutes = round(row["seconds"] / 60, 1)
        rows.writerow(
            [since.isoformat(), *words, earned.currency, earned.major, row["judgments"], minutes]
        )
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="payroll-{since.isoformat()}.csv"'
    return response
