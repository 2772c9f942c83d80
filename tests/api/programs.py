"""Programs for tests: a token each, over Django's HTTP client; and every operation there is."""

from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
from django.test import Client
from tests.cast import NOW, Cast

from ujima.api.urls import api
from ujima.people.actions.tokens import issue_token
from ujima.people.standing import SCOPES, Principal

_keys = count(1)


def issued(by: Principal, scopes: list[str] | None = None) -> str:
    """A token that may do what its maker may, or only these scopes."""
    scopes = scopes or [scope for scope, powers in SCOPES.items() if powers <= by.powers]
    return issue_token(by=by, name="test", scopes=scopes, now=NOW)[1]


@dataclass
class Program:
    """Speaks with one token. Each call returns the response; `told` reads its JSON."""

    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def send(
        self, method: str, path: str, body: Any = None, *, key: str | None = "", **headers: str
    ) -> Any:
        """`key` is an idempotency key; a new one for each POST unless given, none where None."""
        given = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        if method == "POST" and key is not None:
            given["Idempotency-Key"] = key or f"key-{next(_keys)}"
        kind = headers.pop("content_type", "application/json")
        raw = body if isinstance(body, bytes) else b"" if body is None else orjson.dumps(body)
        return self.client.generic(
            method, f"/api/v1{path}", raw, content_type=kind, headers=given | headers
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **how: Any) -> Any:
        return self.send("POST", path, body, **how)

    def made(self, path: str, body: Any = None, **how: Any) -> Any:
        """What a POST that must work answers."""
        response = self.post(path, body, **how)
        assert response.status_code in (200, 201), told(response)
        return told(response)

    def read(self, path: str) -> Any:
        """What a GET that must work answers."""
        response = self.get(path)
        assert response.status_code == 200, told(response)
        return told(response)


def told(response: Any) -> Any:
    """The JSON of a response."""
    return orjson.loads(response.content)


def programs(cast: Cast) -> tuple[Program, Program]:
    """The buyer's and the provider's, each with all that their makers may do."""
    return Program(issued(cast.buyer)), Program(issued(cast.manager))


@dataclass(frozen=True)
class Operation:
    """One operation of the API, as its document tells."""

    method: str
    path: str
    powers: frozenset[str]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    def at(self, **ids: object) -> str:
        """Its address, with these in the place of its parameters."""
        return self.path.format(**ids)


def for_whom(operation: Operation, *makers: Principal) -> Program:
    """A program of the first of these who may make one for the operation."""
    return Program(issued(next(m for m in makers if operation.powers <= m.powers)))


def operations() -> list[Operation]:
    """Every operation of the API."""
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    return [
        Operation(method.upper(), path, frozenset(told["x-powers"]))
        for path, methods in paths.items()
        for method, told in methods.items()
    ]
