"""Acceptance of a lot: the plan in words, the sample checked unit by unit, the decision."""

import secrets
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ujima.base.errors import Forbidden, Refusal
from ujima.flows import review as reviewing
from ujima.flows.export import PROTOCOL_COLUMNS, protocol_rows, protocol_summary
from ujima.quality.acceptance import Plan, Ruling, Terms, plan
from ujima.quality.lots.queries import Standing, drawn_at, lot_of, standing_of
from ujima.quality.lots.queries import lots as lots_of
from ujima.quality.queries import newest_fit
from ujima.web.buyer.bring import download
from ujima.web.buyer.forms import AcceptanceForm, RemarkForm, refuse
from ujima.web.buyer.quality import trail
from ujima.web.buyer.results import whole
from ujima.web.charts import percent
from ujima.web.gates import StaffRequest, staff
from ujima.web.worker.unit import answer_in, problems_of, unit_form
from ujima.work.actions.forms import form_of
from ujima.work.export import write_csv
from ujima.work.labelling.problems import BadAnswer
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import units_by_id

if TYPE_CHECKING:
    from ujima.quality.models import Lot
    from ujima.work.models import Job


@staff("see_results")
@require_http_methods(["GET", "HEAD", "POST"])
def lots(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """The checks of a job, and a new one: its plan is told before it is asked for."""
    job = job_of(request.principal, job_id)
    fit = newest_fit(job.org_id, job.id)
    ready = fit.ready if fit else 0
    sent = request.POST if request.method == "POST" else request.GET or None
    form = AcceptanceForm(sent if sent and "contracted" in sent else None)
    terms = _terms(form)
    if request.method == "POST":
        if not request.principal.may("review"):
            raise Forbidden
        if terms:
            try:
                lot = reviewing.ask_for_acceptance(
                    by=request.principal,
                    job_id=job.id,
                    terms=terms,
                    seed=secrets.randbelow(2**63),
                    now=clock(),
                )
            except Refusal as refusal:
                refuse(form, refusal)
            else:
                return redirect(f"/jobs/{job.id}/lots/{lot.id}")
    planned = _planned(form, terms or Terms(0.95, 0.9), ready)
    return render(
        request,
        "ujima/buyer/lots.html",
        {
            "job": job,
            "form": form,
            "ready": ready,
            "plan": planned,
            "sentences": sentences(planned) if planned else [],
            "curve": curve(planned) if planned else [],
            "marks": _marks(planned) if planned else [],
            "lots": [_row(one) for one in lots_of(job.org_id, job.id)[:50]],
            "may_review": request.principal.may("review"),
            "trail": trail(job, _("Acceptance")),
        },
        status=422 if form.errors else 200,
    )


def _terms(form: AcceptanceForm) -> Terms | None:
    if not form.is_bound or not form.is_valid():
        return None
    shares = {name: float(value) / 100 for name, value in form.cleaned_data.items()}
    try:
        return Terms(**shares)
    except Refusal as refusal:
        refuse(form, refusal)
        return None


def _planned(form: AcceptanceForm, terms: Terms, ready: int) -> Plan | None:
    if not ready or form.errors:
        return None
    try:
        return plan(ready, terms)
    except Refusal as refusal:
        if form.is_bound:
            refuse(form, refusal)
        return None


def sentences(of: Plan) -> list[str]:
    """A plan in words."""
    check = ngettext(
        "Check %(sample)s of %(lot)s result.", "Check %(sample)s of %(lot)s results.", of.lot
    ) % {"sample": f"{of.sample:,}", "lot": f"{of.lot:,}"}
    allowed = (
        _("Accept the lot only if none is wrong.")
        if of.allowed == 0
        else ngettext(
            "Accept the lot if at most %(n)s is wrong.",
            "Accept the lot if at most %(n)s are wrong.",
            of.allowed,
        )
        % {"n": of.allowed}
    )
    consumer = _("A lot that is only %(share)s right would pass with a chance of %(risk)s.") % {
        "share": percent(of.tolerable, 1),
        "risk": percent(of.consumer_risk, 1),
    }
    producer = _(
        "A lot that is %(share)s right would be turned down with a chance of %(risk)s."
    ) % {
        "share": percent(of.contracted, 1),
        "risk": percent(of.producer_risk, 1),
    }
    return [check, allowed, consumer, producer]


def curve(of: Plan, steps: int = 24) -> list[tuple[float, float]]:
    """(accuracy, chance to be accepted), from well below what is tolerable up to all right."""
    least = max(0.0, of.tolerable - 1.5 * (1 - of.tolerable))
    every = [least + (1 - least) * i / steps for i in range(steps + 1)]
    return [(accuracy, of.accepts(accuracy)) for accuracy in every]


def _marks(of: Plan) -> list[tuple[float, str]]:
    return [
        (of.tolerable, _("too low: %(share)s") % {"share": percent(of.tolerable, 1)}),
        (of.contracted, _("agreed: %(share)s") % {"share": percent(of.contracted, 1)}),
    ]


def _row(lot: "Lot") -> dict[str, Any]:
    return {
        "lot": lot,
        "draw": getattr(lot, "draw", None),
        "acceptance": getattr(lot, "acceptance", None),
    }


@staff("see_results")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def lot(request: StaffRequest, job_id: UUID, lot_id: UUID) -> HttpResponse:
    """How a check stands; its decision."""
    job = job_of(request.principal, job_id)
    found = lot_of(job.org_id, job.id, lot_id)
    if request.method == "POST":
        form = RemarkForm(request.POST)
        remark = form.cleaned_data["remark"] if form.is_valid() else ""
        try:
            reviewing.accept(
                by=request.principal, job_id=job.id, lot_id=found.id, remark=remark, now=clock()
            )
        except Forbidden:
            raise
        except Refusal as refusal:
            messages.warning(request, _(refusal.sentence))
        return redirect(f"/jobs/{job.id}/lots/{found.id}")
    row = _row(found)
    standing = standing_of(found) if row["draw"] else None
    context = _standing(standing) if standing and standing.plan.lot else {}
    return render(
        request,
        "ujima/buyer/lot.html",
        {
            "job": job,
            **row,
            "standing": standing,
            **context,
            "form": RemarkForm(),
            "may_review": request.principal.may("review"),
            "trail": _trail(job, _("Check of %(day)s") % {"day": f"{found.at:%Y-%m-%d}"}),
        },
    )


def _trail(job: "Job", here: str) -> list[dict[str, str]]:
    return [
        *trail(job),
        {"label": _("Acceptance"), "url": f"/jobs/{job.id}/lots"},
        {"label": here},
    ]


def _sure(confidence: float) -> str:
    """A confidence in words; nearly one is not told as certainty."""
    if 0.999 < confidence < 1:
        return _("more than %(share)s") % {"share": percent(0.999, 1)}
    return percent(confidence, 1)


def _standing(standing: Standing) -> dict[str, Any]:
    low, high = standing.interval
    return {
        "sentences": sentences(standing.plan),
        "curve": curve(standing.plan),
        "marks": _marks(standing.plan),
        "low": low,
        "high": high,
        "sure": _sure(standing.confidence),
        "right_share": 1 - standing.wrong / standing.checked if standing.checked else None,
        "is_sure": standing.ruling != Ruling.OPEN,
        "accepts": standing.ruling == Ruling.ACCEPT,
        "left": standing.sample - standing.checked,
    }


@staff("see_results", "review")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: StaffRequest, job_id: UUID, lot_id: UUID) -> HttpResponse:
    """The next unit of the sample, or what was found of one."""
    job = job_of(request.principal, job_id)
    found = lot_of(job.org_id, job.id, lot_id)
    here = f"/jobs/{job.id}/lots/{found.id}"
    if request.method != "POST":
        return _show(request, job, found, whole(request.GET.get("after")))
    place = whole(request.POST.get("place"))
    says_right = request.POST.get("says") == "right"
    answer = answer_in(form_of(job.id, job.version), request.POST)
    try:
        reviewing.check(
            by=request.principal,
            job_id=job.id,
            lot_id=found.id,
            place=place,
            answer=None if says_right and not reviewing.is_blind(job) else answer,
            seen=whole(request.POST.get("seen")),
            now=clock(),
        )
    except BadAnswer as refusal:
        return _show(request, job, found, place - 1, answer, problems_of(refusal))
    except Refusal as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect(here)
    return redirect(f"{here}/check?after={place}")


def _show(
    request: StaffRequest,
    job: "Job",
    found: "Lot",
    after: int,
    given: dict[str, list[str]] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    standing = standing_of(found)
    place = standing.next_place(after)
    if place is None or standing.is_closed:
        return redirect(f"/jobs/{job.id}/lots/{found.id}")
    drawn = drawn_at(found, place)
    unit = units_by_id(job, [drawn.unit_id])[drawn.unit_id]
    blind = reviewing.is_blind(job)
    shown = given if given or blind else drawn.result.answer
    return render(
        request,
        "ujima/buyer/check.html",
        {
            "job": job,
            "lot": found,
            "unit": unit,
            "place": place,
            "seen": standing.turn_of(place),
            "standing": standing,
            "at": standing.checked + 1,
            "is_blind": blind,
            "result": None if blind else drawn.result,
            "blocks": unit_form(form_of(job.id, job.version), unit.data, shown, problems),
            "problem": (problems or {}).get("", ""),
            "has_problems": bool(problems),
            "last": _last(standing, after),
            "trail": _trail(job, _("Check")),
        },
        status=422 if problems else 200,
    )


def _last(standing: Standing, place: int) -> dict[str, Any] | None:
    """What was found just now, so that it can be taken back."""
    found = standing.found.get(place)
    if found is None:
        return None
    return {"place": place, "is_right": found, "seen": standing.turn_of(place)}


@staff("see_results", "review")
@require_POST
def undo(request: StaffRequest, job_id: UUID, lot_id: UUID) -> HttpResponse:
    """Take the last check back."""
    job = job_of(request.principal, job_id)
    found = lot_of(job.org_id, job.id, lot_id)
    place = whole(request.POST.get("place"))
    try:
        reviewing.take_check_back(
            by=request.principal,
            job_id=job.id,
            lot_id=found.id,
            place=place,
            seen=whole(request.POST.get("seen")),
            now=clock(),
        )
    except Refusal as refusal:
        messages.warning(request, _(refusal.sentence))
    return redirect(f"/jobs/{job.id}/lots/{found.id}/check?after={max(place - 1, 0)}")


@staff("see_results")
@require_safe
def file(request: StaffRequest, job_id: UUID, lot_id: UUID, kind: str) -> HttpResponseBase:
    """The protocol of a check."""
    job = job_of(request.principal, job_id)
    found = lot_of(job.org_id, job.id, lot_id)
    if kind not in ("csv", "json"):
        raise Http404
    name = f"{slugify(job.title) or 'job'}-acceptance.{kind}"
    rows = protocol_rows(job, found)
    if kind == "csv":
        return download(write_csv(PROTOCOL_COLUMNS, rows), "text/csv", name)
    told = {**protocol_summary(found), "units": list(rows)}
    return download(iter([orjson.dumps(told)]), "application/json", name)
