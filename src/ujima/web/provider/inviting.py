"""Inviting people, and the invitations that wait; adding a centre."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ujima.base.errors import Forbidden, Refusal
from ujima.people.actions.inviting import invite as invite_person
from ujima.people.actions.inviting import renew as renew_invitation
from ujima.people.actions.inviting import withdraw as withdraw_invitation
from ujima.people.actions.organisations import add_centre
from ujima.people.errors import InvitationGone
from ujima.people.queries import invitations_of
from ujima.people.standing import Principal
from ujima.web import shown_once
from ujima.web.account.forms import add_refusal
from ujima.web.gates import StaffRequest, staff
from ujima.web.provider.forms import Invite, NewCentre


@staff()
@require_safe
def invitations(request: StaffRequest) -> HttpResponse:
    """Invitations that nobody has accepted yet."""
    return render(
        request,
        "ujima/provider/invitations.html",
        {
            "invitations": invitations_of(request.principal),
            "now": clock(),
            "trail": _trail(request.principal, _("Invitations")),
        },
    )


@staff()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: StaffRequest) -> HttpResponse:
    """Invite somebody; the link that lets her in is shown once and not kept."""
    by = request.principal
    if not (by.may("invite") or by.may("run_team")):
        raise Forbidden
    as_staff = request.GET.get("as") == "staff"
    form = Invite(by, as_staff, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form, "trail": _trail(by, _("Invite"))}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            invitation, token = invite_person(
                by=by,
                role=given["role"],
                name=given["name"],
                email=given.get("email", ""),
                worker_code=given.get("worker_code", ""),
                centre_id=UUID(given["centre"]) if given.get("centre") else None,
                now=clock(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            return _made(request, invitation, token)
    return render(
        request, "ujima/provider/invite.html", context, status=422 if form.errors else 200
    )


@staff()
@never_cache
@require_POST
def renew(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """A new link for an invitation, shown once; the one before opens no more."""
    by = request.principal
    invitation, token = renew_invitation(by=by, invitation_id=invitation_id, now=clock())
    return _made(request, invitation, token)


@staff()
@never_cache
@require_safe
def invited(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """The link of an invitation that was just made; who comes again finds it gone."""
    by = request.principal
    invitation = next((i for i in invitations_of(by) if i.id == invitation_id), None)
    if not invitation:
        raise InvitationGone
    token = shown_once.take(request, f"invitation:{invitation_id}")
    if not token:
        messages.info(request, _("The link was shown once. If it is lost, make a new one here."))
        return redirect("web:invitations")
    return render(
        request,
        "ujima/provider/invited.html",
        {
            "invitation": invitation,
            "link": request.build_absolute_uri(f"/join/{token}"),
            "trail": _trail(by, _("Invitations")),
        },
    )


@staff()
@require_POST
def withdraw(request: StaffRequest, invitation_id: UUID) -> HttpResponse:
    """Take an invitation back; its link opens no more."""
    withdraw_invitation(by=request.principal, invitation_id=invitation_id, now=clock())
    messages.success(request, _("The invitation is withdrawn; its link opens no more."))
    return redirect("web:invitations")


@staff("see_people", "invite")
@require_http_methods(["GET", "HEAD", "POST"])
def new_centre(request: StaffRequest) -> HttpResponse:
    """Add a delivery centre or a home-based group."""
    form = NewCentre(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            add_centre(by=request.principal, now=clock(), **form.cleaned_data)
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, _("The centre is added."))
            return redirect("web:centres")
    trail = [
        {"label": _("People"), "url": "/people"},
        {"label": _("Centres"), "url": "/people/centres"},
        {"label": _("New centre")},
    ]
    return render(
        request,
        "ujima/provider/new_centre.html",
        {"form": form, "trail": trail},
        status=422 if form.errors else 200,
    )


def _made(request: StaffRequest, invitation: Any, token: str) -> HttpResponse:
    shown_once.keep(request, f"invitation:{invitation.id}", token)
    return redirect("web:invited", invitation_id=invitation.id)


def _trail(by: Principal, here: str) -> list[dict[str, str]]:
    top = (_("People"), "/people") if by.may("see_people") else (_("Team"), "/team")
    return [{"label": top[0], "url": top[1]}, {"label": here}]
