"""Opening a session for a person, and where she goes from there."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.utils.http import url_has_allowed_host_and_scheme

from ujima.people.actions.signing_in import staff_name, worker_name
from ujima.people.queries import (
    email_of,
    live_memberships,
    name_of,
    principal_in,
    staff_places,
    worker_membership,
)
from ujima.web.account.caller import remember
from ujima.web.gates import is_by_pin, pin_mark
from ujima.web.nav import home_of

if TYPE_CHECKING:
    from ujima.people.models import Membership, Person

A_YEAR = 365 * 24 * 3600


def own_path(request: HttpRequest, gate: str) -> str:
    """The address that somebody wanted before signing in, if it is a page of this site that her
    kind of sign-in opens; otherwise nothing. Never another site's."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    return wanted if gate_of(wanted) == gate else ""


def gate_of(address: str) -> str:
    """The gate of one of this site's own addresses; nothing for another site's, or for none."""
    if not address.startswith("/") or not url_has_allowed_host_and_scheme(address, None):
        return ""
    try:
        found = resolve(address.split("?")[0]).func
    except Http404:
        return ""
    return str(getattr(found, "gate", ""))


def enter_staff(request: HttpRequest, person: "Person") -> HttpResponse:
    """Open a session for a member of staff who has a place; goes where she wanted to."""
    login(request, person)
    places = staff_places(person.id)
    for name in ("provider", "pin"):  # of a worker's session on this device before
        request.session.pop(name, None)
    if len(places) > 1:
        request.session.pop("org", None)
        response = redirect("/choose")
    else:
        request.session["org"] = str(places[0].id)
        home = home_of(principal_in(person.id, places[0].id))
        response = redirect(own_path(request, "staff") or home)
    remember(request, response, staff_name(email_of(person.id)))
    return in_her_language(request, response)


def enter_worker(request: HttpRequest, membership: "Membership") -> HttpResponse:
    """Open a session for a worker at one provider. It ends when her PIN is changed."""
    organisation = membership.organisation_id
    login(request, membership.person)
    request.session.pop("org", None)
    request.session["provider"] = str(organisation)
    request.session["pin"] = pin_mark(membership)
    response = redirect(own_path(request, "worker") or "/work")
    # The next time this phone asks, it knows where she works.
    response.set_cookie(
        "provider",
        str(organisation),
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    remember(request, response, worker_name(organisation, membership.worker_code))
    return in_her_language(request, response)


def in_her_language(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Make the pages that follow speak the language that she has chosen."""
    return speak(response, str(getattr(request.user, "language", "") or settings.LANGUAGE_CODE))


def speak(response: HttpResponse, language: str) -> HttpResponse:
    """Keep a language in this browser."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )
    return response


def signed_in_as(request: HttpRequest) -> dict[str, str] | None:
    """The name of whoever has a session here, and her first page."""
    if not request.user.is_authenticated:
        return None
    person = request.user.pk
    places = [] if is_by_pin(request) else staff_places(person)
    if request.session.get("provider") and worker_membership(person):
        home = "/work"
    elif places:
        home = "/choose" if len(places) > 1 else home_of(principal_in(person, places[0].id))
    else:
        home = "/work" if live_memberships(person) else ""
    return {"name": name_of(person), "home": home} if home else None
