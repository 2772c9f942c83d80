"""Every POST carries a key: sent twice it is done once, and answered the same both times."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from ujima.api.errors import BadKey, NoKey
from ujima.api.tokens import ApiRequest
from ujima.audit.actions import keep_receipt, made_before

Out = TypeVar("Out")
_KEY = re.compile(r"[!-~]{1,120}")


class _Quicker(Exception):
    """Another request with the same key was quicker; what this one made is undone."""


def key_of(request: ApiRequest) -> str:
    """The request's idempotency key. Refuses: NoKey, BadKey."""
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        raise NoKey
    if not _KEY.fullmatch(key):
        raise BadKey
    return key


def once(
    request: ApiRequest,
    *,
    make: Callable[[datetime], str],
    read: Callable[[str], Out],
    body: bytes | None = None,
) -> Out:
    """Make something under the request's key, or find what was made under it, and read it.

    make    makes it in the transaction of its receipt; returns its name, up to 120 characters
    read    reads it by that name, so that a replay is answered like the first request
    body    stands for the request's body where that was streamed: its hash

    Refuses: NoKey, BadKey, SameKeyOtherContent, and what `make` and `read` refuse.
    """
    key = key_of(request)
    content = _content(request, body)
    for _ in range(2):
        made = made_before(principal=request.auth.actor, key=key, content=content)
        if made is not None:
            request.is_replay = True
            return read(made)
        try:
            return read(_made(request, key, content, make))
        except _Quicker:
            continue
    raise RuntimeError("a receipt that stopped us was not there to be read")


def _made(request: ApiRequest, key: str, content: bytes, make: Callable[[datetime], str]) -> str:
    now = request.now
    with transaction.atomic():
        made = make(now)
        if not keep_receipt(
            principal=request.auth.actor, key=key, content=content, made=made, now=now
        ):
            raise _Quicker
    return made


def _content(request: ApiRequest, body: bytes | None) -> bytes:
    """What a key stands for: the method, the address with its query, and the body's hash."""
    given = hashlib.sha256(request.body).digest() if body is None else body
    head = f"{request.method} {request.get_full_path()}\n".encode()
    return head + given
