"""Choosing among several organisations; language and password."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ujima.base.errors import NotSignedIn, Refusal
from ujima.people.actions import signing_in
from ujima.people.queries import live_memberships, principal_in, staff_places
from ujima.web.account.caller import caller_of
from ujima.web.account.entering import gate_of, speak
from ujima.web.account.forms import NewPassword, add_refusal
from ujima.web.gates import StaffRequest, is_by_pin, public, staff
from ujima.web.nav import home_of


@public
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Choose for which organisation to act; only one's own are listed or accepted."""
    if not request.user.is_authenticated or is_by_pin(request):
        raise NotSignedIn
    person = request.user.pk
    if request.method == "POST":
        principal = principal_in(person, _uuid(request.POST.get("org", "")))
        request.session["org"] = str(principal.org_id)
        return redirect(home_of(principal))
    roles: dict[UUID, list[str]] = {}
    for membership in live_memberships(person):
        if membership.role != "worker":
            roles.setdefault(membership.organisation_id, []).append(membership.get_role_display())
    places = [
        {"id": place.id, "name": place.name, "roles": ", ".join(roles[place.id])}
        for place in staff_places(person)
    ]
    return render(
        request,
        "ujima/account/choose.html",
        {"places": places, "chosen": request.session.get("org", "")},
    )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


@public
@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language of the pages, in this browser and, if signed in, for the person."""
    wanted = request.POST.get("language", "")
    if request.user.is_authenticated:
        signing_in.choose_language(person=request.user, language=wanted)
    elif wanted not in dict(settings.LANGUAGES):
        wanted = settings.LANGUAGE_CODE
    return speak(redirect(_back(request)), wanted)


def _back(request: HttpRequest) -> str:
    """The page of ours that the form was on."""
    wanted = request.POST.get("next", "")
    return wanted if gate_of(wanted) else "/"


@staff()
@sensitive_post_parameters("old", "password")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: StaffRequest) -> HttpResponse:
    """A member of staff's own language and password."""
    form = NewPassword(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            signing_in.change_password(
                person=request.user,  # type: ignore[arg-type]
                old=given["old"],
                new=given["password"],
                caller=caller_of(request),
                now=clock(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            update_session_auth_hash(request, request.user)  # type: ignore[arg-type]
            messages.success(request, _("Your password is changed; other devices are signed out."))
            return redirect("/account")
    return render(
        request,
        "ujima/account/account.html",
        {"form": form, "languages": settings.LANGUAGES},
        status=422 if form.errors else 200,
    )
