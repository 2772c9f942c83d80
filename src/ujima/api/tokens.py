"""The API's gate: a program's token in, its principal on the request, its powers checked."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from ujima.api.limits import Buckets, Standing
from ujima.base.addresses import client_address
from ujima.base.errors import Forbidden, TooMany
from ujima.base.failing import bad_tokens
from ujima.people.errors import BadToken
from ujima.people.queries import principal_by_token
from ujima.people.standing import Principal

buckets = Buckets()


class ApiRequest(HttpRequest):
    """A request from a program: on whose behalf, when, and how many more may follow."""

    auth: Principal
    now: datetime
    standing: Standing | None
    is_replay: bool = False


class Waiting(TooMany):
    """Too many requests; wait as long as Retry-After says."""


class Token(HttpBearer):
    """Lets in the programs that have all these powers; others are told which scope they lack."""

    def __init__(self, *powers: str):
        super().__init__()
        self.powers = powers

    def authenticate(self, request: Any, token: str) -> Principal:
        if not token.startswith("uj_"):
            raise BadToken
        request.now = timezone.now()
        principal = _known(request, token)
        request.standing = _count(principal)
        if request.standing and request.standing.wait:
            raise Waiting
        lacking = [power for power in self.powers if not principal.may(power)]
        if lacking:
            raise Forbidden(f"This token may not do that; it lacks: {', '.join(lacking)}.")
        return principal


def _known(request: Any, token: str) -> Principal:
    """Whom a token speaks for. Refuses: BadToken; Waiting after many bad ones of its address."""
    address = client_address(
        request.META.get("REMOTE_ADDR", ""),
        request.META.get("HTTP_X_FORWARDED_FOR", ""),
        settings.PROXIES,
    )
    most = settings.BAD_TOKENS_A_MINUTE
    if bad_tokens.must_wait(address, token, most, time.monotonic()):
        raise Waiting("This address has sent many bad tokens; wait a minute.")
    try:
        principal = principal_by_token(token, request.now)
    except BadToken:
        bad_tokens.was_bad(address, token, most, time.monotonic())
        raise
    bad_tokens.was_good(token)
    return principal


def _count(principal: Principal) -> Standing | None:
    a_minute = settings.API_REQUESTS_A_MINUTE
    if not a_minute:
        return None
    return buckets.draw(principal.actor, a_minute, time.monotonic())
