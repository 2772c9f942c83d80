"""The list of a buyer's jobs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ujima.base.money import Money
from ujima.flows.estimating import terms_for
from ujima.quality.queries import newest_fits
from ujima.quality.trust import Interval, gold_interval
from ujima.web.gates import StaffRequest, staff
from ujima.work.queries.jobs import jobs_of, units_brought

if TYPE_CHECKING:
    from ujima.quality.models import Fit
    from ujima.work.models import Job

PAGE = 20


@dataclass(frozen=True, slots=True)
class Standing:
    """How a job stands, as the list shows it; `units` and `results` count gold too."""

    job: "Job"
    units: int
    results: int
    spent: Money | None
    accuracy: Interval | None
    gold_seen: int


@staff("see_jobs")
@require_safe
def jobs(request: StaffRequest) -> HttpResponse:
    """Every job of the organisation, newest first."""
    before, after = uuid_in(request, "before"), uuid_in(request, "after")
    found = jobs_of(request.principal, before=before, after=after, limit=PAGE + 1)
    more = len(found) > PAGE
    shown = (found[1:] if after else found[:PAGE]) if more else found
    fits = newest_fits(request.principal.org_id, [job.id for job in shown])
    units = units_brought(request.principal, shown)
    newer = shown and (before or (after and more))
    older = shown and (after or more)
    return render(
        request,
        "ujima/buyer/jobs.html",
        {
            "rows": [_standing(job, units.get(job.id, 0), fits.get(job.id)) for job in shown],
            "newer": f"/jobs?after={shown[0].id}" if newer else "",
            "older": f"/jobs?before={shown[-1].id}" if older else "",
            "may_make": request.principal.may("make_jobs"),
        },
    )


def _standing(job: "Job", units: int, fit: "Fit | None") -> Standing:
    if not fit:
        spent = Money(0, job.currency) if job.version else None
        return Standing(job, units, 0, spent, None, 0)
    return Standing(
        job,
        units,
        fit.ready,
        Money(terms_for(job).cost_of(fit.wages_minor), job.currency),
        gold_interval(fit.gold_right, fit.gold_seen) if fit.gold_seen else None,
        fit.gold_seen,
    )


def uuid_in(request: StaffRequest, name: str) -> UUID | None:
    """An id in the address; None where it is missing or is no id."""
    try:
        return UUID(request.GET.get(name, ""))
    except ValueError:
        return None
