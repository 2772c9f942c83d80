"""What the API refuses beyond what the domains refuse, and how any refusal is told."""

import errno
from typing import Any

import orjson
import structlog
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from ujima.base.errors import BadInput, NotFound, NotSignedIn, Refusal
from ujima.base.problems import CONTENT_TYPE, Away, CutOff, Trouble, problem

log = structlog.get_logger("ujima.api")


class NoKey(BadInput):
    """Every POST needs an Idempotency-Key header; a random UUID will do."""

    code = "idempotency_key_missing"
    status = 400


class BadKey(BadInput):
    """An idempotency key has 1 to 120 visible characters of ASCII."""

    code = "idempotency_key_bad"
    status = 400


class NotUnderstood(BadInput):
    """The body is not the JSON that is expected here."""

    code = "bad_json"
    status = 400


class WrongMethod(Refusal):
    """This address does not take that method; the header Allow names those that it takes."""

    code = "wrong_method"
    status = 405


class NoLength(BadInput):
    """Say with Content-Length how long the body is; it cannot come in chunks of unknown number."""

    code = "length_missing"
    status = 411


class BadRequest(BadInput):
    """Something in the request is not right; `problems` says what."""

    code = "bad_input"


class NoRoom(Trouble):
    """There is no room to keep this at the moment; nothing of it was kept."""

    code = "no_room"
    status = 507


def told(refusal: Refusal, headers: dict[str, str] | None = None) -> HttpResponse:
    """A refusal as a response."""
    response = HttpResponse(
        orjson.dumps(problem(refusal), default=str),
        content_type=CONTENT_TYPE,
        status=refusal.status,
        headers={"Cache-Control": "no-store", **(headers or {})},
    )
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def refusal_of(error: Exception) -> Refusal:
    """The refusal that an exception comes down to; a bug is `Trouble`, logged, without details."""
    match error:
        case Refusal():
            return error
        case ValidationError():
            return _invalid(error.errors)
        case AuthenticationError():
            return NotSignedIn("Send your token: Authorization: Bearer uj_….")
        case HttpError() if error.status_code == 400:
            return NotUnderstood()
        case Http404():
            return NotFound()
        case UnreadablePostError():
            return CutOff()
        case OperationalError() | InterfaceError():
            log.exception("api_database_away", exc_info=error)
            return Away()
        case OSError() if error.errno in (errno.ENOSPC, errno.EDQUOT):
            log.exception("api_no_room", exc_info=error)
            return NoRoom()
    log.exception("api_failed", exc_info=error)
    return Trouble()


def _invalid(errors: list[dict[str, Any]]) -> BadRequest:
    problems = [{"sentence": e["msg"], "place": _place(e["loc"])} for e in errors]
    return BadRequest(problems[0]["sentence"], place=problems[0]["place"], problems=problems)


def _place(where: tuple[Any, ...]) -> dict[str, Any]:
    """("body", "body", "pairs", 3, 0) -> {"in": "body", "field": "pairs.3.0"}."""
    source, *names = where
    if source == "body" and names and names[0] == "body":
        names = names[1:]
    return {"in": source, "field": ".".join(map(str, names))}


def tell_refusals(api: NinjaAPI) -> None:
    """Let every exception of an API's operations end as problem details."""

    def handler(request: HttpRequest, error: Exception | type[Exception]) -> HttpResponse:
        standing = getattr(request, "standing", None)
        raised = error if isinstance(error, Exception) else error()
        return told(refusal_of(raised), standing.headers if standing else None)

    for kind in (Exception, ValidationError, HttpError, AuthenticationError, Http404):
        api.add_exception_handler(kind, handler)
