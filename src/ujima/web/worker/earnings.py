"""What she earned: by day, week and in all, how it is worked out, and as a file of her own."""

import csv
from datetime import date, timedelta
from io import StringIO
from itertools import groupby

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from ujima.pay.queries import own_days, own_total, week_start
from ujima.web.gates import WorkerRequest, worker
from ujima.web.worker.home import sums, week_bars
from ujima.web.worker.tabs import page, today

#: days that the page shows; the file has all of them
SHOWN = timedelta(weeks=8)
EVER = date(2000, 1, 1)


@worker
@require_safe
def earnings(request: WorkerRequest) -> HttpResponse:
    """Her earnings at this provider, the newest first."""
    day = today(request.worker)
    days = own_days(request.worker, week_start(day - SHOWN))
    this_week = [d for d in days if d.date >= week_start(day)]
    weeks = [
        {"start": start, "sums": sums(own), "days": own[::-1]}
        for start, some in groupby(days, key=lambda d: week_start(d.date))
        for own in [list(some)]
    ]
    return page(
        request,
        "earnings.html",
        {
            "week": sums(this_week),
            "bars": week_bars(this_week, day),
            "total": own_total(request.worker),
            "weeks": weeks[::-1],
            "provider": request.membership.organisation.name,
        },
    )


@worker
@require_safe
def earnings_file(request: WorkerRequest) -> HttpResponse:
    """All her days as CSV: date, currency, earned, units, minutes."""
    out = StringIO()
    rows = csv.writer(out)
    rows.writerow(["date", "currency", "earned", "units", "minutes"])
    for day in own_days(request.worker, EVER):
        rows.writerow(
            [
                day.date.isoformat(),
                day.earned.currency,
                day.earned.major,
                day.judgments,
                round(day.milliseconds / 60_000, 1),
            ]
        )
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="my-earnings.csv"'
    return response
