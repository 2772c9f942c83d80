"""A new job: its title, its form and its terms. Each step saves the draft itself."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ujima.base.errors import Refusal
from ujima.pay.queries import funds_of
from ujima.people.standing import Principal
from ujima.web.buyer import steps
from ujima.web.buyer.estimates import told_estimate
from ujima.web.buyer.form_hints import hints_on
from ujima.web.buyer.forms import NEW, ConfigForm, TermsForm, TitleForm, refuse
from ujima.web.buyer.ready_forms import READY, is_own, ready_form
from ujima.web.gates import StaffRequest, staff
from ujima.web.instructions import rendered
from ujima.web.worker.unit import unit_form
from ujima.work.actions.jobs import change_draft, draft_job, make_project
from ujima.work.labelling.config import parse
from ujima.work.labelling.model import Labelling
from ujima.work.queries.jobs import draft_of, projects_of
from ujima.work.queries.units import units_of
from ujima.work.terms import Draft, check

if TYPE_CHECKING:
    from ujima.work.models import Job


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Step 1 before there is a draft."""
    by = request.principal
    projects = [(str(project.id), project.title) for project in projects_of(by)[:200]]
    first = projects[0][0] if projects else NEW
    form = TitleForm(request.POST or None, projects=projects, initial={"project": first})
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        try:
            return steps.go_on(request, "title", _made(by, form.cleaned_data))
        except Refusal as refusal:
            refuse(form, refusal)
    return _show_title(request, None, form)


def _made(by: Principal, data: dict[str, Any]) -> "Job":
    """The draft, in a chosen or a new project, with the currency of the buyer's funds."""
    now = clock()
    funds = funds_of(by.org_id)
    begun = Draft(
        title=data["title"],
        instructions=data["instructions"],
        currency=funds[0].free.currency if funds else "USD",
        rate_minor=5,
    )
    if data["project"] == NEW:
        project_id = make_project(by=by, title=data["new_project"], now=now).id
    else:
        project_id = UUID(data["project"])
    return draft_job(by=by, project_id=project_id, draft=begun, fee_bp=settings.FEE_BP, now=now)


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def title(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Step 1 of a draft."""
    job = steps.draft(request.principal, job_id)
    form = TitleForm(
        request.POST or None, initial={"title": job.title, "instructions": job.instructions}
    )
    if request.method == "POST" and form.is_valid() and "look" not in request.POST:
        data = form.cleaned_data
        if _saved(request, job, form, title=data["title"], instructions=data["instructions"]):
            return steps.go_on(request, "title", job)
    return _show_title(request, job, form)


def _show_title(request: StaffRequest, job: "Job | None", form: TitleForm) -> HttpResponse:
    text = form["instructions"].value() or ""
    return steps.show(
        request,
        "title",
        job,
        {"form": form, "instructions": rendered(text)},
        status=422 if form.errors else 200,
    )


@staff("make_jobs")
@require_POST
def instructions(request: StaffRequest) -> HttpResponse:
    """Instructions as workers will read them, while they are written."""
    text = request.POST.get("instructions", "")[:50_000]
    return render(request, "ujima/buyer/_instructions.html", {"instructions": rendered(text)})


def _saved(request: StaffRequest, job: "Job", form: Any, **chosen: Any) -> bool:
    """Whether the draft took what was chosen; if not, the form says why."""
    try:
        change_draft(
            by=request.principal,
            job_id=job.id,
            draft=replace(draft_of(job), **chosen),
            now=clock(),
        )
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    return True


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def form(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Step 2: the labelling config, chosen or written, beside what it will look like."""
    job = steps.draft(request.principal, job_id)
    ready = ready_form(request.POST.get("ready", ""))
    written = request.POST.get("config", "")
    asks = ready if ready and "sure" not in request.POST and is_own(written) else None
    if asks:  # her own words are not overwritten before she said so
        filled_in = ConfigForm(initial={"config": written})
    elif ready:
        filled_in = ConfigForm(initial={"config": ready.config})
    else:
        begin = job.config or READY[1].config
        filled_in = ConfigForm(request.POST or None, initial={"config": begin})
    if filled_in.is_valid() and "look" not in request.POST:
        config = filled_in.cleaned_data["config"]
        if not problems_in(config) and _saved(request, job, filled_in, config=config):
            return steps.go_on(request, "form", job)
    shown = preview_of(job, filled_in["config"].value() or "")
    return steps.show(
        request,
        "form",
        job,
        {"form": filled_in, "ready_forms": READY, "asks": asks, **shown},
        status=422 if filled_in.is_bound and (shown["problems"] or filled_in.errors) else 200,
    )


@staff("make_jobs")
@require_POST
def preview(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """The unit as workers will see it, while the config is written."""
    job = steps.draft(request.principal, job_id)
    shown = preview_of(job, request.POST.get("config", ""))
    return render(request, "ujima/buyer/_preview.html", shown)


def problems_in(config: str) -> list[dict[str, Any]]:
    """What is wrong with a config, each with its line and column; nothing if it can be used."""
    try:
        parse(config)
    except Refusal as refusal:
        listed: list[dict[str, Any]] = refusal.facts.get("problems", [])
        return listed
    return []


def preview_of(job: "Job", config: str) -> dict[str, Any]:
    """The first unit under this config, or a sample of one, as the worker's form; or problems."""
    problems = problems_in(config)
    if problems:
        return {"problems": problems, "blocks": []}
    labelling = parse(config)
    first = units_of(job, limit=1)
    data = {**_sample(labelling), **(first[0].data if first else {})}
    blocks = unit_form(labelling, data)
    return {
        "problems": [],
        "blocks": blocks,
        "hints": hints_on(blocks),
        "columns": labelling.columns,
        "is_sample": not first,
    }


def _sample(labelling: Labelling) -> dict[str, str]:
    """Words that stand for each column until there are units."""
    picture = static("ujima/buyer_sample.svg")
    return {
        column: picture
        if column in labelling.image_columns
        else _("Here stands the text of your column “%(name)s”.") % {"name": column}
        for column in labelling.columns
    }


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def terms(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Step 4: rate, judgments, quality and time, beside what it will cost."""
    job = steps.draft(request.principal, job_id)
    begin = TermsForm.initial_from(draft_of(job))
    filled_in = TermsForm(request.POST or None, initial=begin)
    wants_it = filled_in.is_valid() and "look" not in request.POST
    if wants_it and _saved(request, job, filled_in, **filled_in.draft_fields()):
        return steps.go_on(request, "terms", job)
    if request.method == "POST" and not filled_in.is_valid():
        _say_rules(job, filled_in)
    return steps.show(
        request,
        "terms",
        job,
        {
            "form": filled_in,
            "told": _told(job, filled_in if filled_in.is_bound else begin_form(begin)),
        },
        status=422 if filled_in.errors else 200,
    )


def _say_rules(job: "Job", filled_in: TermsForm) -> None:
    """Beside fields that cannot be read, say in the same round what is against the rules."""
    try:
        check(replace(draft_of(job), **filled_in.draft_fields()), clock())
    except Refusal as refusal:
        refuse(filled_in, refusal)


def begin_form(values: dict[str, Any]) -> TermsForm:
    """The draft's own terms as a form that was sent, so that they are read in one way."""
    return TermsForm({name: value for name, value in values.items() if value is not None})


def _told(job: "Job", filled_in: TermsForm) -> Any:
    if not filled_in.is_valid():
        return None
    chosen = replace(draft_of(job), **filled_in.draft_fields())
    return told_estimate(job, chosen, filled_in.cleaned_data["seconds"])


@staff("make_jobs")
@require_POST
def estimate(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """What a draft would cost under the terms being written."""
    job = steps.draft(request.principal, job_id)
    told = _told(job, TermsForm(request.POST))
    return render(request, "ujima/buyer/_estimate.html", {"told": told, "job": job})


@staff("make_jobs")
def onward(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """The first step of a draft that is not done yet."""
    job = steps.draft(request.principal, job_id)
    if not job.config:
        return redirect(f"/jobs/{job.id}/form")
    return redirect(f"/jobs/{job.id}/{'terms' if units_of(job, limit=1) else 'units'}")
