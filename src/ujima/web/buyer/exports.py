"""Taking a job's results and judgments away as files."""

from uuid import UUID

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ujima.flows.export import adjudication_rows, columns_of, gold_rows, judgment_rows, result_rows
from ujima.quality.queries import newest_fit
from ujima.web.buyer.bring import download
from ujima.web.gates import StaffRequest, staff
from ujima.work.export import write_csv, write_jsonl
from ujima.work.queries.jobs import counts, job_of

ROWS = {
    "results": result_rows,
    "judgments": judgment_rows,
    "gold": gold_rows,
    "adjudications": adjudication_rows,
}
KINDS = {"csv": "text/csv", "jsonl": "application/x-ndjson"}


@staff("see_results")
@require_safe
def export(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """What can be taken away, and in which form."""
    job = job_of(request.principal, job_id)
    return render(
        request,
        "ujima/buyer/export.html",
        {
            "job": job,
            "fit": newest_fit(job.org_id, job.id),
            "golds": counts(job)[1],
            "has_form": bool(job.config),
            "result_columns": columns_of(request.principal, job.id, "results")
            if job.config
            else [],
            "judgment_columns": columns_of(request.principal, job.id, "judgments")
            if job.config
            else [],
            "trail": [
                {"label": _("Jobs"), "url": "/jobs"},
                {"label": job.title, "url": f"/jobs/{job.id}"},
                {"label": _("Download")},
            ],
        },
    )


@staff("see_results")
@require_safe
def file(request: StaffRequest, job_id: UUID, what: str, kind: str) -> StreamingHttpResponse:
    """One export, written while it is sent."""
    job = job_of(request.principal, job_id)
    if what not in ROWS or kind not in KINDS or not job.config:
        raise Http404
    rows = ROWS[what](request.principal, job.id)
    pieces = (
        write_csv(columns_of(request.principal, job.id, what), rows)
        if kind == "csv"
        else write_jsonl(rows)
    )
    name = slugify(job.title) or "job"
    return download(pieces, KINDS[kind], f"{name}-{what}.{kind}")
