"""What happens to every request: a line in the log and a strict content policy."""

import time
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

log = structlog.get_logger("ujima.request")
PHONE = "/api/v1/phone/"
Next = Callable[[HttpRequest], HttpResponse]

POLICY = (
    "default-src 'self'; img-src 'self' https: data:; style-src 'self'; script-src 'self'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


class RequestLog:
    """One line a request: what, how it ended, how long. No query, no body, no name."""

    def __init__(self, following: Next):
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began = time.perf_counter()
        response = self.following(request)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.route if match else "",
            status=response.status_code,
            ms=round(1000 * (time.perf_counter() - began), 1),
        )
        return response


class ContentSecurityPolicy:
    """No script, style or frame but our own; images also from https, as units show them."""

    def __init__(self, following: Next):
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.following(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), microphone=(), geolocation=()"
        )
        return response


class PhoneFirst:
    """Answers the phone's addresses at once: they know no session, language, cookie or page, and
    what follows in the list would cost them a tenth of their time."""

    def __init__(self, following: Next):
        self.following = following

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PHONE):
            return self.following(request)
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return self.following(request)
        request.resolver_match = match
        response: HttpResponse = match.func(request, *match.args, **match.kwargs)
        return response
