"""A refusal as a page: what happened, what it means, what to do; never a stack of code."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ujima.base.errors import NotSignedIn, Refusal
from ujima.people.queries import in_charge
from ujima.web.nav import home_of

#: status -> (heading, icon); what it means stands below, in the refusal's own sentence
TITLES = {
    403: (_("This is not open to you"), "lock"),
    404: (_("There is nothing here for you"), "search"),
    409: (_("This no longer fits"), "clock"),
    429: (_("A short rest, please"), "clock"),
}


class RefusalPages:
    """Turns a refusal that no form caught into a page; whoever is not signed in is asked to."""

    def __init__(self, following: Callable[[HttpRequest], HttpResponse]):
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.following(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if isinstance(error, NotSignedIn):
            return redirect(f"/sign-in?{urlencode({'next': request.path})}")
        return render(request, "ujima/refusal.html", _words(request, error), status=error.status)


def _words(request: HttpRequest, refusal: Refusal) -> dict[str, Any]:
    title, sign = TITLES.get(refusal.status, (_("This was not done"), "circle-alert"))
    principal = getattr(request, "principal", None)
    ask = in_charge(principal) if principal and refusal.status == 403 else []
    home = "/work" if hasattr(request, "worker") else home_of(principal) if principal else "/"
    return {
        "refusal": refusal,
        "title": title,
        "sign": sign,
        "text": gettext(refusal.sentence),
        "ask": ask,
        "home_url": home,
    }
