"""A provider's people: the list, one person, a new PIN, the end of a membership."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import F, Value
from django.db.models.functions import Coalesce, Lower
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.formats import date_format
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ujima.base.errors import Forbidden
from ujima.flows.leaving import end_membership
from ujima.pay.queries import earnings_of, week_start
from ujima.people.actions.signing_in import is_locked_out, reset_pin
from ujima.people.actions.signing_in import release as release_sign_in
from ujima.people.queries import centres_of, member_of, members_of, name_of, workers_at
from ujima.quality.queries import trust_on
from ujima.web import shown_once, sorting
from ujima.web.charts import Estimate
from ujima.web.gates import StaffRequest, staff
from ujima.web.provider.forms import BUYERS, PROVIDERS, ROLES
from ujima.web.provider.trusting import estimate_of
from ujima.web.worker.home import sums
from ujima.work.queries.worker import channels_to

#: what the list of people can be sorted by
COLUMNS = {
    "name": Coalesce(Lower("person__identity__chosen_name"), Value("")),
    "role": F("role"),
    "code": Coalesce(Lower("worker_code"), Value("")),
    "centre": Coalesce(Lower("centre__name"), Value("")),
    "since": F("started_at"),
}


@staff("see_people")
@require_safe
def people(request: StaffRequest) -> HttpResponse:
    """The people of one's organisation; a team lead sees her own centre's."""
    role, search = request.GET.get("role", ""), request.GET.get("search", "").strip()
    found = members_of(request.principal, role=role if role in ROLES else "", search=search)
    centres = {str(centre.id): centre.name for centre in centres_of(request.principal)}
    centre = request.GET.get("centre", "")
    if centre in centres:
        found = found.filter(centre_id=centre)
    order = sorting.Order.asked(request, list(COLUMNS), "name")
    rows = sorting.page_of(found, order, COLUMNS)
    heads = {
        "name": _("Name"),
        "role": _("Role"),
        "code": _("Code"),
        "centre": _("Centre or group"),
        "since": _("Since"),
    }
    return render(
        request,
        "ujima/provider/people.html",
        {
            "people": rows[: sorting.PAGE],
            "heads": sorting.heads(request, order, heads),
            "sort": request.GET.get("sort", ""),
            "role": role,
            "roles": [(r, ROLES[r]) for r in dict.fromkeys((*PROVIDERS, *BUYERS))],
            "centres": list(centres.items()),
            "centre": centre if centre in centres else "",
            "search": search,
            "may_invite": request.principal.may("invite"),
            **sorting.links(request, order, rows),
        },
    )


@staff("see_people")
@require_safe
def person(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """One person: place and contract; quality for those who see it; pay for payroll alone."""
    by = request.principal
    membership = member_of(by, membership_id)
    is_worker = membership.role == "worker"
    context: dict[str, Any] = {"membership": membership, "trail": _trail(membership)}
    if is_worker and by.may("see_quality"):
        context["quality"] = quality_of(by, membership.person_id)
        context["sees_quality"] = True
    if is_worker and by.may("see_pay"):
        today = clock().date()
        days = earnings_of(by, membership.person_id, week_start(today) - timedelta(weeks=8))
        context["sees_pay"] = True
        context["week"] = sums([d for d in days if d.date >= week_start(today)])
        context["days"] = days[::-1][:60]
    context["may_reset"] = is_worker and by.may("reset_pins")
    context["locked_out"] = context["may_reset"] and is_locked_out(membership, clock())
    context["may_end"] = by.may("invite") and membership.id != by.membership_id
    return render(request, "ujima/provider/person.html", context)


def quality_of(by: Any, person_id: UUID) -> list[Estimate]:
    """One person's accuracy on known answers on each job offered to the provider, by title."""
    jobs = {channel.job_id: channel for channel in channels_to(by)}
    found = trust_on(person_id, [(c.org_id, job) for job, c in jobs.items()])
    rows = [estimate_of(jobs[job].job.title, t) for job, t in found.items()]
    return sorted(rows, key=lambda row: row.name)


def _trail(membership: Any, *further: str) -> list[dict[str, str]]:
    name = membership.person.identity.chosen_name
    trail = [{"label": _("People"), "url": "/people"}]
    if further:
        trail.append({"label": name, "url": f"/people/{membership.id}"})
    return [*trail, {"label": further[0] if further else name}]


@staff("see_people", "reset_pins")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """Give a worker a new PIN, which this page shows once and nothing keeps."""
    membership = member_of(request.principal, membership_id)
    if membership.role != "worker":
        raise Forbidden(_("Only workers sign in with a PIN."))
    waiting = f"pin:{membership_id}"
    if request.method == "POST":
        made = reset_pin(by=request.principal, membership_id=membership_id, now=clock())
        shown_once.keep(request, waiting, made)
        return redirect("web:new_pin", membership_id=membership_id)
    return render(
        request,
        "ujima/provider/pin.html",
        {
            "membership": membership,
            "pin": shown_once.take(request, waiting),
            "trail": _trail(membership, _("New PIN")),
        },
    )


@staff("see_people", "reset_pins")
@require_POST
def release(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """Let a worker who was locked out try her PIN again at once."""
    release_sign_in(by=request.principal, membership_id=membership_id, now=clock())
    messages.success(request, _("She may try her PIN again now."))
    return redirect("web:person", membership_id=membership_id)


@staff("see_people", "invite")
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: StaffRequest, membership_id: UUID) -> HttpResponse:
    """End a membership, once somebody has said that she is sure."""
    membership = member_of(request.principal, membership_id)
    name = name_of(membership.person_id)
    if request.method == "POST":
        end_membership(by=request.principal, membership_id=membership_id, now=clock())
        messages.success(request, _("The membership of %(name)s has ended.") % {"name": name})
        return redirect("web:people")
    return render(
        request,
        "ujima/confirm.html",
        {
            "title": _("End the membership of %(name)s?") % {"name": name},
            "text": _(
                "She can no longer sign in here, and her phones stop. Units that she holds go "
                "back. What she has earned stays owed to her, and payroll still sees it. To come "
                "back she needs a new invitation."
            ),
            "facts": [
                {"label": _("Role"), "value": ROLES[membership.role]},
                {"label": _("Since"), "value": date_format(membership.started_at, "j F Y")},
            ],
            "action_label": _("End the membership"),
            "cancel_url": f"/people/{membership_id}",
            "danger": True,
        },
    )


@staff("see_people")
@require_safe
def centres(request: StaffRequest) -> HttpResponse:
    """The centres and home-based groups, and how many work at each."""
    workers = workers_at(request.principal)
    rows = [
        {"centre": centre, "workers": workers.get(centre.id, 0)}
        for centre in centres_of(request.principal)
    ]
    return render(
        request,
        "ujima/provider/centres.html",
        {
            "rows": rows,
            "may_invite": request.principal.may("invite"),
            "trail": [{"label": _("People"), "url": "/people"}, {"label": _("Centres")}],
        },
    )
