"""A worker's first page: what the week brought, what she holds, what she may take."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.http import HttpResponse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ujima.base.money import Money
from ujima.pay.queries import Day, own_days, week_start
from ujima.people.queries import name_of
from ujima.people.standing import Worker
from ujima.quality.queries import own_cases
from ujima.web.charts import Bar
from ujima.web.gates import WorkerRequest, worker
from ujima.web.worker.tabs import page, today
from ujima.work.queries.jobs import titles_of
from ujima.work.queries.worker import held_by, offers, version_for

#: an hour's pay reckoned from a few seconds would say nothing
LEAST_MS = 60_000


@worker
@require_safe
def home(request: WorkerRequest) -> HttpResponse:
    """Greeting, this week, held units, offers."""
    now = clock()
    day = today(request.worker)
    days = own_days(request.worker, week_start(day))
    return page(
        request,
        "home.html",
        {
            "name": name_of(request.worker.person_id),
            "greeting": greeting(localtime(now).hour),
            "week": sums(days),
            "bars": week_bars(days, day),
            "held": held_pages(request.worker, now),
            "offers": offers(request.worker, now),
            "about": about_her(request.worker, now),
        },
    )


def about_her(worker: Worker, now: datetime) -> list[dict[str, Any]]:
    """What there is to read about her own work: open cases, and those closed within two weeks."""
    found = [
        case
        for case in own_cases(worker)
        if (case.withdrawn_at or case.decided_at or now) > now - timedelta(weeks=2)
    ]
    titles = titles_of([case.job_id for case in found])
    return [{"id": case.id, "job": titles[case.job_id]} for case in found]


def greeting(hour: int) -> str:
    """The greeting of the hour, where she is."""
    if hour < 12:
        return _("Good morning")
    return _("Good afternoon") if hour < 17 else _("Good evening")


def sums(days: Sequence[Day]) -> list[dict[str, Any]]:
    """Days added up, by currency: earned, seconds, units, and what that makes in an hour."""
    found = []
    for currency, some in groupby(
        sorted(days, key=lambda d: d.earned.currency), key=lambda d: d.earned.currency
    ):
        own = list(some)
        minor = sum(d.earned.minor for d in own)
        ms = sum(d.milliseconds for d in own)
        found.append(
            {
                "earned": Money(minor, currency),
                "seconds": ms / 1000,
                "units": sum(d.judgments for d in own),
                "an_hour": Money(round(minor * 3_600_000 / ms), currency)
                if ms >= LEAST_MS
                else None,
            }
        )
    return found


def week_bars(days: Sequence[Day], day: date) -> list[Bar]:
    """A bar for each day of the week of `day`, of the currency earned first; none without pay."""
    if not days:
        return []
    currency = days[0].earned.currency
    earned = {d.date: d.earned for d in days if d.earned.currency == currency}
    week = [week_start(day) + timedelta(days=n) for n in range(7)]
    return [
        Bar(
            date_format(each, "D"),
            earned[each].minor if each in earned else 0,
            str(earned[each]) if each in earned else "",
            is_now=each == day,
        )
        for each in week
    ]


def held_pages(worker: Worker, now: datetime) -> list[dict[str, Any]]:
    """The pages of which she still holds units, to go on with."""
    found = []
    for page_id, units in groupby(held_by(worker, now), key=lambda h: h.page_id):
        own = list(units)
        version = version_for(worker, own[0].job_id, own[0].version)
        found.append(
            {
                "page_id": page_id,
                "title": version.title,
                "units": len(own),
                "expires_at": own[0].expires_at,
            }
        )
    return found
