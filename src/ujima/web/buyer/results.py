"""The table of a job's results, filtered and paged."""

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ujima.quality.queries import labels, results_found
from ujima.quality.queries import results as results_of
from ujima.web import sorting
from ujima.web.buyer.forms import FilterForm
from ujima.web.buyer.live import said_in
from ujima.web.gates import StaffRequest, staff
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import unit_by_key, units_by_id

if TYPE_CHECKING:
    from ujima.quality.models import Current
    from ujima.work.models import Job

PAGE = 50


@staff("see_results")
@require_safe
def results(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Results in the order of the units; a key leads straight to its unit."""
    job = job_of(request.principal, job_id)
    form = FilterForm(request.GET or None, labels=labels(job.org_id, job.id))
    chosen = form.cleaned_data if form.is_valid() else {}
    if chosen.get("key"):
        unit = unit_by_key(job, chosen["key"].strip())
        if unit:
            return redirect(f"/jobs/{job.id}/units/{unit.id}")
        form.add_error("key", _("There is no unit with this key in this job."))
    wanted = {"label": chosen.get("answer") or "", "below": share(chosen.get("below"))}
    order = sorting.Order.asked(request, ("unit", "confidence"), "unit")
    if order.column == "confidence":
        shown, pages = _by_confidence(request, job, order, wanted)
    else:
        shown, pages = _by_unit(request, job, wanted)
    heads = sorting.heads(request, order, {"unit": _("Unit"), "confidence": _("Confidence")})
    return render(
        request,
        "ujima/buyer/results.html",
        {
            "job": job,
            "form": form,
            "is_filtered": any(chosen.get(name) for name in ("answer", "below", "key")),
            "rows": rows_of(job, shown),
            "sort": request.GET.get("sort", "") if order.column == "confidence" else "",
            "unit_head": [replace(heads[0], url=heads[0].url.replace("sort=-unit", "sort=unit"))],
            "confidence_head": [replace(heads[1], css="num")],
            **pages,
            "trail": [
                {"label": _("Jobs"), "url": "/jobs"},
                {"label": job.title, "url": f"/jobs/{job.id}"},
                {"label": _("Results")},
            ],
        },
    )


def _by_unit(
    request: StaffRequest, job: "Job", wanted: dict[str, Any]
) -> tuple[list["Current"], dict[str, str]]:
    """A page in the order of the units, and the links to those before and after."""
    after, before = whole(request.GET.get("after")), whole(request.GET.get("before"))
    found = results_of(job.org_id, job.id, after=after, before=before, limit=PAGE + 1, **wanted)
    more = len(found) > PAGE
    shown = (found[1:] if before else found[:PAGE]) if more else found
    return shown, _pages(request, shown, bool(after or (before and more)), bool(before or more))


def _by_confidence(
    request: StaffRequest, job: "Job", order: sorting.Order, wanted: dict[str, Any]
) -> tuple[list["Current"], dict[str, str]]:
    """A page from the least or the most certain on, and the links from there."""
    found = results_found(job.org_id, job.id, **wanted)
    rows = sorting.page_of(found, order, {"confidence": F("confidence")}, tie="unit_id", size=PAGE)
    return rows[:PAGE], sorting.links(request, order, rows, tie="unit_id", size=PAGE)


def rows_of(job: "Job", shown: list["Current"]) -> list[dict[str, Any]]:
    """Each result with its unit's key and its data in a line."""
    units = units_by_id(job, [current.unit_id for current in shown])
    return [
        {
            "unit": units[current.unit_id],
            "said": said_in(units[current.unit_id].data),
            "current": current,
            "result": current.result,
        }
        for current in shown
    ]


def _pages(
    request: StaffRequest, shown: list["Current"], has_newer: bool, has_older: bool
) -> dict[str, str]:
    kept = {name: request.GET[name] for name in ("answer", "below") if request.GET.get(name)}

    def page(**place: int) -> str:
        return "?" + urlencode(kept | {name: str(unit) for name, unit in place.items()})

    return {
        "newer": page(before=shown[0].unit_id) if shown and has_newer else "",
        "older": page(after=shown[-1].unit_id) if shown and has_older else "",
    }


def whole(text: str | None) -> int:
    """A whole number in the address; 0 where it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0


def share(percent: Decimal | None) -> float | None:
    """Percent as a share of one."""
    return None if percent is None else float(percent / 100)
