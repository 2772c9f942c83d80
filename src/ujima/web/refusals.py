"""A refusal as a page: what happened, what it means, what to do; never a stack of code."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ujima.base.errors import NotSignedIn, Refusal
from ujima.base.problems import CutOff
from ujima.people.queries import in_charge
from ujima.web.nav import home_of
from ujima.work.intake.errors import FileTooLarge

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
        try:
            if not request.path_info.startswith("/api/"):
                _read_form(request)
        except Refusal as refusal:
            return self._page(request, refusal)
        return self.following(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refusal):
            return None
        if isinstance(error, NotSignedIn):
            return redirect(f"/sign-in?{urlencode({'next': request.path})}")
        return self._page(request, error)

    def _page(self, request: HttpRequest, refusal: Refusal) -> HttpResponse:
        words = _words(request, refusal)
        return render(request, "ujima/refusal.html", words, status=refusal.status)


def _read_form(request: HttpRequest) -> None:
    """Read what was sent, as the look for its CSRF token would do next. Refuses: FileTooLarge
    before it is written to the disk, CutOff, which that look would take for a missing token."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > settings.UPLOAD_LIMIT:
        raise FileTooLarge
    try:
        _ = request.POST
    except UnreadablePostError:
        raise CutOff from None


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
