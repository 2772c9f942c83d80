"""Keys for programs: made, shown once, withdrawn."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ujima.base.errors import NotFound, Refusal
from ujima.people.actions.tokens import issue_token, revoke_token
from ujima.people.queries import tokens_of
from ujima.web import shown_once
from ujima.web.buyer.forms import SCOPE_WORDS, TokenForm, refuse
from ujima.web.gates import StaffRequest, staff


@staff("make_tokens")
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: StaffRequest) -> HttpResponse:
    """The keys that are in force, and a new one; its secret is shown once, on the page after."""
    by, now = request.principal, clock()
    form = TokenForm(request.POST or None, principal=by)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            _made, secret = issue_token(
                by=by,
                name=data["name"],
                scopes=data["scopes"],
                expires_at=now + timedelta(days=data["days"]) if data["days"] else None,
                now=now,
            )
        except Refusal as refusal:
            refuse(form, refusal)
        else:
            shown_once.keep(request, "token", secret)
            return redirect("/tokens")
    listed = [
        {"token": token, "scopes": [SCOPE_WORDS[scope] for scope in token.scopes]}
        for token in tokens_of(by)
    ]
    return render(
        request,
        "ujima/buyer/tokens.html",
        {
            "form": form,
            "tokens": listed,
            "secret": shown_once.take(request, "token"),
            "now": now,
        },
        status=422 if form.errors else 200,
    )


@staff("make_tokens")
@require_http_methods(["GET", "POST"])
def revoke(request: StaffRequest, token_id: UUID) -> HttpResponse:
    """Withdraw a key, after a look at which."""
    token = next((one for one in tokens_of(request.principal) if one.id == token_id), None)
    if not token:
        raise NotFound("There is no such token.")
    if request.method == "POST":
        revoke_token(by=request.principal, token_id=token_id, now=clock())
        messages.success(request, _("The key is withdrawn; it opens nothing any more."))
        return redirect("/tokens")
    return render(
        request,
        "ujima/confirm.html",
        {
            "title": _("Withdraw “%(name)s”?") % {"name": token.name},
            "text": _("Whatever uses this key stops working at once. It cannot be brought back."),
            "facts": [{"label": _("Begins with"), "value": f"{token.hint}…"}],
            "action_label": _("Withdraw"),
            "cancel_url": "/tokens",
            "danger": True,
        },
    )
