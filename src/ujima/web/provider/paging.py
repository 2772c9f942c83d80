"""Keyset paging of lists, newest first: `before` is the last id of the page before."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

PAGE = 50


def before_number(request: HttpRequest) -> int | None:
    """The number after which the list goes on; None for the first page, or what is no number."""
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def links(request: HttpRequest, rows: Sequence[Any]) -> dict[str, str]:
    """Links to the first page and the next, keeping what is filtered by.

    rows    one more than is shown, if there is more
    """
    kept = {k: v for k, v in request.GET.items() if k != "before" and v}
    newer = f"{request.path}?{urlencode(kept)}" if "before" in request.GET else ""
    if len(rows) <= PAGE:
        return {"newer": newer, "older": ""}
    last = rows[PAGE - 1].id
    return {"newer": newer, "older": f"{request.path}?{urlencode(kept | {'before': last})}"}
