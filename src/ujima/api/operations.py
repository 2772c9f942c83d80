"""How an operation is declared: the powers it needs, what it answers, what it may refuse."""

from typing import Any

from ninja import Schema

from ujima.api.tokens import Token

_PROBLEM = {
    "default": {
        "description": "Refused: problem details (RFC 9457) with a stable code",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
}
_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": True,
    "description": "A key of your own for this request; sent again with it, it is done once.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 120},
}


class OneProblem(Schema):
    """One of several things that are wrong."""

    code: str | None = None
    sentence: str
    place: dict[str, str | int]


class Problem(Schema):
    """Why a request was refused."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    place: dict[str, str | int]
    retry: bool
    problems: list[OneProblem] | None = None


def reads(*powers: str, answers: Any, **more: Any) -> dict[str, Any]:
    """Declares a GET by programs that have all these powers."""
    return {
        "auth": Token(*powers),
        "response": {200: answers},
        "openapi_extra": _extra(powers, more),
    }


def changes(*powers: str, answers: Any) -> dict[str, Any]:
    """Declares a PATCH, which is harmless to send twice."""
    return reads(*powers, answers=answers)


def writes(*powers: str, answers: Any, status: int = 200, **more: Any) -> dict[str, Any]:
    """Declares a POST, which carries an idempotency key."""
    return {
        "auth": Token(*powers),
        "response": {status: answers},
        "openapi_extra": _extra(powers, {"parameters": [_KEY], **more}),
    }


def _extra(powers: tuple[str, ...], more: dict[str, Any]) -> dict[str, Any]:
    responses = {**_PROBLEM, **more.pop("responses", {})}
    return {"x-powers": list(powers), "responses": responses, **more}
