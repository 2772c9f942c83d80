"""Step 3, and more units for a running job: a file looked at, matched, brought in, reported."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ujima.base.errors import Refusal
from ujima.flows.intake import Looked, bring_in, labelling_of, look_at
from ujima.people.standing import Principal
from ujima.web.buyer import steps, uploads
from ujima.web.buyer.forms import FileForm, MappingForm
from ujima.web.gates import StaffRequest, staff
from ujima.work.errors import NotReady, WrongState
from ujima.work.export import refused_report_csv
from ujima.work.intake.rows import RefusedRow
from ujima.work.queries.jobs import counts, import_of, imports, job_of, refused_rows

if TYPE_CHECKING:
    from ujima.work.models import Import, Job

#: refused rows shown on the page; all of them are in the file to download
SHOWN = 20


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def units(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Choose a file; before it, what the job has already."""
    job = _open(request.principal, job_id)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name = file.name[-200:]
        try:
            look_at(by=request.principal, job_id=job.id, file=file, name=name)
        except Refusal as refusal:
            form.add_error("file", sentence_of(refusal))
        else:
            mark = uploads.keep(job.org_id, file, clock())
            return redirect(f"/jobs/{job.id}/units/file/{mark}?{urlencode({'name': name})}")
    return _show(request, job, {"form": form}, status=422 if form.errors else 200)


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def match(request: StaffRequest, job_id: UUID, mark: str) -> HttpResponse:
    """The first rows of a file, and which column is what; then bring it in."""
    job = _open(request.principal, job_id)
    name = request.GET.get("name", "")[:200]
    with uploads.opened(job.org_id, mark) as file:
        looked = look_at(by=request.principal, job_id=job.id, file=file, name=name)
    columns = looked.preview.columns
    form = MappingForm(
        request.POST or None,
        labelling=looked.labelling,
        columns=columns,
        initial=MappingForm.initial_from(looked.mapping),
    )
    if request.method == "POST" and form.is_valid():
        brought = _bring(request.principal, job, form, mark, name, looked)
        if brought:
            uploads.forget(job.org_id, mark)
            messages.success(request, _("The file is in."))
            return redirect(f"/jobs/{job.id}/units?report={brought.id}")
    rows = [[row.get(column, "") for column in columns] for row in looked.preview.rows[:8]]
    facts = {"mapping": form, "looked": looked, "rows": rows, "name": name}
    return _show(request, job, facts, status=422 if form.errors else 200)


def _bring(
    by: Principal, job: "Job", form: MappingForm, mark: str, name: str, looked: Looked
) -> "Import | None":
    """The import, or None where the form now says what is wrong."""
    try:
        with uploads.opened(job.org_id, mark) as file:
            return bring_in(
                by=by,
                job_id=job.id,
                file=file,
                name=name,
                format=looked.preview.format,
                mapping=form.mapping(),
                now=clock(),
            )
    except Refusal as refusal:
        column = f"column.{refusal.place.get('column')}"
        form.add_error(column if column in form.fields else None, sentence_of(refusal))
        return None


def sentence_of(refusal: Refusal) -> str:
    """What a refusal says, with the place in the file where it knows one."""
    words = {
        "row": _("row %(n)s"),
        "line": _("line %(n)s"),
        "element": _("element %(n)s"),
        "byte": _("byte %(n)s"),
        "character": _("character %(n)s"),
    }
    places = [words[name] % {"n": refusal.place[name]} for name in words if refusal.place.get(name)]
    return _(refusal.sentence) + (f" ({', '.join(places)})" if places else "")


def _open(by: Principal, job_id: UUID) -> "Job":
    """A buyer's job that takes units. Refuses: NoSuchJob, WrongState."""
    job = job_of(by, job_id)
    if job.state in ("finished", "cancelled"):
        raise WrongState("This job has ended; it takes no more units.")
    return job


def _show(
    request: StaffRequest, job: "Job", facts: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    try:
        labelling = labelling_of(job)
    except NotReady:
        return redirect(f"/jobs/{job.id}/form")
    ordinary, golds = counts(job)
    files = imports(job)
    report = next((one for one in files if str(one.id) == request.GET.get("report")), None)
    context = {
        "labelling": labelling,
        "ordinary": ordinary,
        "golds": golds,
        "imports": files[:10],
        "report": report,
        "refused": list(refused_rows(request.principal, report.id)[:SHOWN]) if report else [],
        **facts,
    }
    return steps.show(request, "units", job, context, status=status)


@staff("make_jobs")
@require_safe
def refused(request: StaffRequest, job_id: UUID, import_id: UUID) -> StreamingHttpResponse:
    """Every row of a file that was not taken, as CSV."""
    job = job_of(request.principal, job_id)
    intake = import_of(request.principal, job, import_id)
    rows = (
        RefusedRow(row.row, row.column, row.code, row.reason)
        for row in refused_rows(request.principal, intake.id).iterator()
    )
    return download(refused_report_csv(rows), "text/csv", "refused-rows.csv")


def download(pieces: Any, kind: str, name: str) -> StreamingHttpResponse:
    """A file that is written while it is sent."""
    return StreamingHttpResponse(
        pieces,
        content_type=f"{kind}; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "private, no-store",
        },
    )
