"""Signing in and out."""

from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from ujima.people.actions import signing_in
from ujima.people.errors import Resting, WrongSignIn
from ujima.people.queries import staff_places
from ujima.web.account.caller import caller_of
from ujima.web.account.entering import enter_staff, enter_worker, own_path, signed_in_as
from ujima.web.account.forms import StaffSignIn, WorkerSignIn
from ujima.web.gates import public


@public
@never_cache
@sensitive_post_parameters("password", "pin")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as staff or as a worker; says nothing about which part was wrong."""
    is_worker = _as_worker(request)
    form = _form(request, is_worker)
    if request.method == "POST" and form.is_valid():
        try:
            entered = _enter(request, is_worker, form.cleaned_data)
        except WrongSignIn:
            form.add_error(None, _("These do not belong together. Look at each and try again."))
        except Resting:
            form.add_error(None, _resting(is_worker))
        else:
            return entered
    return render(
        request,
        "ujima/account/sign_in.html",
        {
            "form": form,
            "is_worker": is_worker,
            "next": request.POST.get("next") or request.GET.get("next") or "",
            "signed_in": signed_in_as(request),
        },
        status=422 if form.errors else 200,
    )


def _as_worker(request: HttpRequest) -> bool:
    """Which of the two tabs: the one asked for, else the one that fits, else what this phone
    was used for before."""
    asked = request.POST.get("as") or request.GET.get("as")
    if asked in ("worker", "staff"):
        return asked == "worker"
    if own_path(request, "staff"):
        return False
    return bool(own_path(request, "worker")) or "provider" in request.COOKIES


def _form(request: HttpRequest, is_worker: bool) -> StaffSignIn | WorkerSignIn:
    data = request.POST if request.method == "POST" else None
    if not is_worker:
        return StaffSignIn(data)
    known = request.GET.get("provider") or request.COOKIES.get("provider", "")
    return WorkerSignIn(data, initial={"provider": known})


def _enter(request: HttpRequest, is_worker: bool, given: dict[str, Any]) -> HttpResponse:
    now = clock()
    if is_worker:
        membership = signing_in.worker(
            provider_id=given["provider"],
            code=given["code"],
            pin=given["pin"],
            caller=caller_of(request),
            now=now,
        )
        return enter_worker(request, membership)
    person = signing_in.staff(
        email=given["email"], password=given["password"], caller=caller_of(request), now=now
    )
    if not staff_places(person.id):
        raise WrongSignIn  # her memberships have ended
    return enter_staff(request, person)


def _resting(is_worker: bool) -> str:
    if is_worker:
        return _(
            "There were too many wrong tries, so this code rests for a quarter of an hour. Wait, "
            "or ask your team lead for a new PIN. Nothing of yours is lost."
        )
    return _(
        "There were too many wrong tries, so this address rests for a quarter of an hour. Then "
        "you can try again."
    )


@public
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session on this device; work that is held stays held."""
    logout(request)
    return redirect("/sign-in")
