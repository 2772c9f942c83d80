"""The phone's gate: a device token in, JSON out, and every refusal as problem details."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import orjson
import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt

from ujima.base.addresses import client_address
from ujima.base.errors import NotSignedIn, Refusal, TooMany
from ujima.base.failing import bad_tokens
from ujima.base.problems import CONTENT_TYPE, Away, CutOff, Trouble, problem
from ujima.people.errors import BadToken
from ujima.people.queries import worker_by_token
from ujima.people.standing import Worker
from ujima.phone.errors import WrongMethod

log = structlog.get_logger("ujima.phone")
Rest = ParamSpec("Rest")
#: what a view gives back: a value to be written as JSON, and how long it may be kept
Answer = tuple[Any, str]

NO_STORE = "no-store"
FOR_EVER = "private, max-age=31536000, immutable"


def phone(
    method: str,
) -> Callable[[Callable[Concatenate[HttpRequest, Worker, Rest], Answer]], Callable[..., Any]]:
    """Lets in a phone that speaks for a worker, by this method alone.

    A token in a header is no cookie, so a forged form cannot use it: no CSRF token is asked for.
    """

    def gate(
        view: Callable[Concatenate[HttpRequest, Worker, Rest], Answer],
    ) -> Callable[..., HttpResponse]:
        @csrf_exempt
        @wraps(view)
        def inside(request: HttpRequest, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
            try:
                if request.method != method:
                    raise WrongMethod(f"This address knows {method} alone.")
                value, keep = view(request, _worker(request), *args, **kwargs)
            except Refusal as refusal:
                return _refused(refusal)
            except UnreadablePostError:
                return _refused(CutOff())
            except (OperationalError, InterfaceError):
                log.exception("phone_database_away")
                return _refused(Away())
            except Exception:
                # the outer edge: a phone understands a problem, not a page of HTML
                log.exception("phone_failed")
                return _refused(Trouble())
            return _json(value, 200, "application/json", keep)

        inside.gate = "phone"  # type: ignore[attr-defined]
        return inside

    return gate


def _worker(request: HttpRequest) -> Worker:
    kind, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise NotSignedIn("Send the phone's token: Authorization: Bearer dev_….")
    if not token.startswith("dev_"):
        raise BadToken
    # Django would ask an idle connection first whether it lives; this look-up tells as well,
    # and costs no round trip of its own
    connection.health_check_done = True  # type: ignore[attr-defined]
    address, most = _address(request), settings.BAD_TOKENS_A_MINUTE
    if bad_tokens.must_wait(address, token, most, time.monotonic()):
        raise TooMany("This address has sent many bad tokens; wait a minute.")
    try:
        worker = _by_token(token)
    except BadToken:
        bad_tokens.was_bad(address, token, most, time.monotonic())
        raise
    bad_tokens.was_good(token)
    return worker


def _by_token(token: str) -> Worker:
    try:
        return worker_by_token(token)
    except (OperationalError, InterfaceError):
        connection.close()
        return worker_by_token(token)


def _address(request: HttpRequest) -> str:
    meta = request.META
    forwarded = meta.get("HTTP_X_FORWARDED_FOR", "")
    return client_address(meta.get("REMOTE_ADDR", ""), forwarded, settings.PROXIES)


def _refused(refusal: Refusal) -> HttpResponse:
    response = _json(problem(refusal), refusal.status, CONTENT_TYPE, NO_STORE)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _json(value: Any, status: int, kind: str, keep: str) -> HttpResponse:
    response = HttpResponse(orjson.dumps(value), content_type=kind, status=status)
    response.headers["Cache-Control"] = keep
    return response
