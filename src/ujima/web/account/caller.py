"""From where somebody signs in, and what her device keeps so that strangers cannot lock her out."""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from ujima.base.addresses import client_address
from ujima.people.guessing import Caller, mark_of

COOKIE = "signed_in_before"
SALT = "ujima.signed_in_before"
A_YEAR = 365 * 24 * 3600
#: people who share a device; who signed in longest ago is forgotten
MOST_NAMES = 12


def caller_of(request: HttpRequest) -> Caller:
    """The address and the device of a request."""
    address = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.PROXIES,
    )
    device, marks = _kept(request)
    return Caller(address, device, frozenset(marks))


def remember(request: HttpRequest, response: HttpResponse, name: str) -> None:
    """Let the device keep, signed, that this name has signed in on it."""
    device, marks = _kept(request)
    mark = mark_of(name)
    names = [mark, *(one for one in marks if one != mark)][:MOST_NAMES]
    response.set_cookie(
        COOKIE,
        signing.dumps([device or secrets.token_urlsafe(16), *names], salt=SALT),
        max_age=A_YEAR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _kept(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        device, *marks = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=A_YEAR)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return device, marks
