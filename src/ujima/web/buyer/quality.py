"""How good a job's results are: what its newest fit says, summed up, and the files of it."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ujima.quality.queries import newest_fit
from ujima.quality.report import COLUMNS, rows_of
from ujima.quality.review.queries import report
from ujima.web.buyer.bring import download
from ujima.web.buyer.live import uncertain
from ujima.web.gates import StaffRequest, staff
from ujima.web.plots import Bin
from ujima.work.export import write_csv
from ujima.work.queries.jobs import counts, job_of

if TYPE_CHECKING:
    from ujima.work.models import Job


@staff("see_results")
@require_safe
def quality(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Accuracy, agreement, classes and calibration of a job, one question at a time."""
    job = job_of(request.principal, job_id)
    found = report(job.org_id, job.id)
    problems = found.body["problems"] if found else []
    chosen = next((p for p in problems if p["name"] == request.GET.get("part")), None)
    one = chosen or (problems[0] if problems else None)
    return render(
        request,
        "ujima/buyer/quality.html",
        {
            "job": job,
            "fit": newest_fit(job.org_id, job.id),
            "report": found,
            "parts": [p["name"] for p in problems] if len(problems) > 1 else [],
            "problem": one,
            **(_shown(one) if one else {}),
            "people": found.body["people"] if found else None,
            "heads": (_("Accuracy"), _("People")),
            "golds": counts(job)[1],
            "uncertain": uncertain(job),
            "may_review": request.principal.may("review"),
            "trail": trail(job, _("Quality")),
        },
    )


def trail(job: "Job", *here: str) -> list[dict[str, str]]:
    """The way to a page of a job."""
    return [
        {"label": _("Jobs"), "url": "/jobs"},
        {"label": job.title, "url": f"/jobs/{job.id}"},
        *({"label": words} for words in here),
    ]


def _shown(problem: dict[str, Any]) -> dict[str, Any]:
    """One problem made ready for the page."""
    known = problem["known"]
    agreement = problem["agreement"][0]
    ordinal = next((a for a in problem["agreement"] if a["scale"] == "ordinal"), None)
    if not known:
        return {"agreement": agreement, "ordinal": ordinal}
    return {
        "agreement": agreement,
        "ordinal": ordinal,
        "known": known,
        "classes": known["classes"],
        "names": [one["name"] for one in known["classes"]],
        "matrix": [[n / sum(row) if sum(row) else 0.0 for n in row] for row in known["table"]],
        "bins": [
            Bin(b["units"], b["confidence"], *b["right"]) for b in known["reliability"]["bins"]
        ],
    }


@staff("see_results")
@require_safe
def file(request: StaffRequest, job_id: UUID, kind: str) -> HttpResponseBase:
    """The report as a file."""
    job = job_of(request.principal, job_id)
    found = report(job.org_id, job.id)
    if kind not in ("csv", "json") or not found:
        raise Http404
    name = f"{slugify(job.title) or 'job'}-quality.{kind}"
    if kind == "csv":
        return download(write_csv(COLUMNS, rows_of(found.body)), "text/csv", name)
    told = {
        "method_version": found.method_version,
        "input_hash": found.input_hash,
        "judgments": found.judgments,
        "at": found.at,
        **found.body,
    }
    return download(iter([orjson.dumps(told)]), "application/json", name)
