"""A job while it runs and after: its live page, and what its buyer may do with it."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.timezone import now as clock
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ujima.base.errors import Refusal
from ujima.flows.launch import change_state
from ujima.pay.queries import reserve_of
from ujima.web.buyer import live
from ujima.web.buyer.forms import ReasonForm, refuse
from ujima.web.gates import StaffRequest, staff
from ujima.web.instructions import rendered
from ujima.work.errors import WrongState
from ujima.work.queries.jobs import held_now, job_of


@staff("see_jobs")
@require_safe
def job(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """The whole page; a draft goes on with its steps."""
    found = job_of(request.principal, job_id)
    if found.state == "draft" and request.principal.may("make_jobs"):
        return redirect(f"/jobs/{found.id}/draft")
    now = clock()
    context = {
        **live.facts_of(found, now),
        "mark": live.mark_of(found, now),
        "instructions": rendered(found.instructions),
        "trail": [{"label": _("Jobs"), "url": "/jobs"}, {"label": found.title}],
        "may_make": request.principal.may("make_jobs"),
        "may_see_results": request.principal.may("see_results"),
    }
    return render(request, "ujima/buyer/job.html", context)


@staff("see_jobs")
@require_safe
def now_of(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """The part of the page that moves; 304 while nothing has."""
    found = job_of(request.principal, job_id)
    now = clock()
    mark = live.mark_of(found, now)
    tag = f'"{mark}.{get_language()}.{int(request.principal.may("see_results"))}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == tag:
        response = HttpResponseNotModified()
    else:
        context = {
            **live.facts_of(found, now),
            "mark": mark,
            "may_see_results": request.principal.may("see_results"),
        }
        response = render(request, "ujima/buyer/_live.html", context)
    response.headers["ETag"] = tag
    patch_cache_control(response, private=True, no_cache=True)
    return response


#: what a buyer may ask for -> the state it leads to
WAYS = {"pause": "paused", "resume": "launched", "cancel": "cancelled"}


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def change(request: StaffRequest, job_id: UUID, way: str) -> HttpResponse:
    """Pause, resume or cancel, after a look at what follows from it."""
    found = job_of(request.principal, job_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            change_state(
                by=request.principal,
                job_id=found.id,
                state=WAYS[way],
                reason=form.cleaned_data["reason"],
                now=clock(),
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _said(way))
            return redirect(f"/jobs/{found.id}" if way != "cancel" or found.version else "/jobs")
    elif found.state in ("finished", "cancelled"):
        raise WrongState(_("This job has ended already."))
    context = {"form": form, "cancel_url": f"/jobs/{found.id}", **_consequences(found, way)}
    return render(request, "ujima/confirm.html", context, status=422 if form.errors else 200)


def _said(way: str) -> str:
    return {
        "pause": _("The job is paused. Nobody gets new units until you go on."),
        "resume": _("The job goes on."),
        "cancel": _("The job is cancelled."),
    }[way]


def _consequences(found: Any, way: str) -> dict[str, Any]:
    """What a change of state means, before it is made."""
    if way == "resume":
        return {
            "title": _("Let this job go on?"),
            "text": _("People are offered its units again, under the same terms."),
            "action_label": _("Go on"),
        }
    held, people = held_now(found, clock())
    facts = [
        {"label": _("Units held at this moment"), "value": held},
        {"label": _("People who hold them"), "value": people},
    ]
    if way == "pause":
        return {
            "title": _("Pause this job?"),
            "text": _(
                "People finish the units they hold and are paid for them. Nobody gets new ones "
                "until you go on. What is put aside stays put aside."
            ),
            "facts": facts,
            "action_label": _("Pause"),
        }
    left = reserve_of(found.org_id, found.id, found.currency)
    return {
        "title": _("Cancel this job?"),
        "text": _(
            "It cannot be started again. People may still send what they hold, and are paid. "
            "Results that are there stay; what is left of the money comes back to your funds."
        ),
        "facts": [*facts, {"label": _("Left of what was put aside"), "value": left}],
        "action_label": _("Cancel the job"),
        "danger": True,
    }
