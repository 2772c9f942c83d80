"""Accepting an invitation: its letter carries an address that works once, for two weeks."""

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as clock
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from ujima.base.errors import Refusal
from ujima.people.actions.inviting import Already, accept
from ujima.people.errors import InvitationGone, WrongSignIn
from ujima.people.queries import invitation_by_token
from ujima.web.account.caller import caller_of
from ujima.web.account.entering import enter_staff, enter_worker
from ujima.web.account.forms import KnownWorkerJoin, StaffJoin, WorkerJoin, add_refusal
from ujima.web.gates import public


@public
@never_cache
@sensitive_post_parameters("password", "pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Join an organisation; a worker chooses name, PIN and language, or tells how she signs in
    for another provider; staff choose name and password."""
    invitation = invitation_by_token(token, clock())
    if not invitation:
        return render(request, "ujima/account/invitation_gone.html", status=404)
    is_worker = invitation.role == "worker"
    is_known = is_worker and "known" in request.GET
    kind = KnownWorkerJoin if is_known else WorkerJoin if is_worker else StaffJoin
    form: Form = kind(
        request.POST if request.method == "POST" else None,
        initial={"name": invitation.name, "language": get_language() or settings.LANGUAGE_CODE},
    )
    if request.method == "POST" and form.is_valid():
        try:
            return _join(request, token, form.cleaned_data)
        except InvitationGone:
            return render(request, "ujima/account/invitation_gone.html", status=404)
        except WrongSignIn:
            form.add_error(None, _("These do not belong together. Look at each and try again."))
        except Refusal as refusal:
            add_refusal(form, refusal)
    return render(
        request,
        "ujima/account/join.html",
        {"form": form, "invitation": invitation, "is_worker": is_worker, "is_known": is_known},
        status=422 if form.errors else 200,
    )


def _join(request: HttpRequest, token: str, given: dict[str, Any]) -> HttpResponse:
    already = None
    if "code" in given:
        already = Already(given["provider"], given["code"], given["pin"])
    membership = accept(
        token=token,
        already=already,
        name=given.get("name", ""),
        password=given.get("password", ""),
        pin=given.get("pin", ""),
        language=given.get("language", ""),
        caller=caller_of(request),
        now=clock(),
    )
    if membership.role == "worker":
        return enter_worker(request, membership)
    return enter_staff(request, membership.person)
