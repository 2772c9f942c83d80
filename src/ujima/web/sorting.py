"""Lists in an order that the reader chooses, paged by keyset.

A page goes on after the last row's value and id, so that it costs the same wherever it is, and rows
that come or go meanwhile shift nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest

#: rows of a page: a phone shows each as a card of five lines
PAGE = 25


@dataclass(frozen=True, slots=True)
class Column:
    """A column's head: its words, the link that sorts by it, and how the list is sorted by it now.

    now    "ascending", "descending" or "" where the list is sorted by another
    """

    label: str
    url: str
    now: str
    css: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """Which column a list is sorted by, which way, and after which row this page begins.

    after    (value, id) of the last row of the page before, as JSON has them
    """

    column: str
    is_down: bool
    after: tuple[Any, Any] | None

    @classmethod
    def asked(cls, request: HttpRequest, columns: Sequence[str], first: str) -> "Order":
        """What the address asks for: `?sort=-name&after=[…]`; what is no column is not heard."""
        asked = request.GET.get("sort", "")
        name = asked.removeprefix("-")
        if name not in columns:
            asked, name = first, first.removeprefix("-")
        try:
            value, id = json.loads(request.GET.get("after", ""))
            after = (value, id) if isinstance(value, str | int | float) else None
        except (ValueError, TypeError):
            after = None
        return cls(name, asked.startswith("-"), after)


def page_of(
    found: QuerySet[Any],
    order: Order,
    columns: Mapping[str, Any],
    *,
    tie: str = "id",
    size: int | None = None,
) -> list[Any]:
    """One page of rows in this order, and one row more if there are more; each row carries what it
    was sorted by as `sorted_by`.

    columns    name -> expression; text in small letters, never null
    tie        what orders rows of the same value; unique
    """
    rows = found.annotate(sorted_by=columns[order.column])
    down = "-" if order.is_down else ""
    ordered = rows.order_by(f"{down}sorted_by", f"{down}{tie}")
    if order.after is None:
        return list(ordered[: (size or PAGE) + 1])
    value, id = order.after
    way = "lt" if order.is_down else "gt"
    try:
        beyond = Q(**{f"sorted_by__{way}": value}) | Q(sorted_by=value, **{f"{tie}__{way}": id})
        return list(ordered.filter(beyond)[: (size or PAGE) + 1])
    except (ValidationError, ValueError, TypeError):  # an address that somebody wrote by hand
        return list(ordered[: (size or PAGE) + 1])


def page_of_list(
    rows: Sequence[dict[str, Any]],
    order: Order,
    columns: Mapping[str, Callable[[dict[str, Any]], Any]],
    *,
    size: int | None = None,
) -> list[dict[str, Any]]:
    """The same for rows that are summed up already; each has an `id` that is a text."""

    def place(row: dict[str, Any]) -> tuple[Any, str]:
        return columns[order.column](row), row["id"]

    ordered = sorted(rows, key=place, reverse=order.is_down)
    if order.after is not None:
        with suppress(TypeError):  # a value of another kind, written by hand
            ordered = [
                row
                for row in ordered
                if (place(row) < order.after if order.is_down else place(row) > order.after)
            ]
    return [row | {"sorted_by": place(row)[0]} for row in ordered[: (size or PAGE) + 1]]


def heads(
    request: HttpRequest, order: Order, labels: Mapping[str, Any], numbers: Sequence[str] = ()
) -> list[Column]:
    """The heads of a table's columns, in order; a second click turns the order round.

    numbers    columns of figures, which stand at the end of their cell
    """
    kept = {k: v for k, v in request.GET.items() if k not in ("sort", "after", "before") and v}
    found = []
    for name, label in labels.items():
        is_now = name == order.column
        sort = f"-{name}" if is_now and not order.is_down else name
        now = ("descending" if order.is_down else "ascending") if is_now else ""
        css = "num" if name in numbers else ""
        found.append(Column(label, f"?{urlencode(kept | {'sort': sort})}", now, css))
    return found


def links(
    request: HttpRequest,
    order: Order,
    rows: Sequence[Any],
    *,
    tie: str = "id",
    size: int | None = None,
) -> dict[str, str]:
    """Links to the first page and the next, keeping the order and what is filtered by.

    rows    one more than is shown, if there is more
    """
    kept = {k: v for k, v in request.GET.items() if k != "after" and v}
    start = f"?{urlencode(kept)}" if order.after is not None else ""
    size = size or PAGE
    if len(rows) <= size:
        return {"start": start, "next": ""}
    last = rows[size - 1]
    of = last.get if isinstance(last, dict) else partial(getattr, last)
    after = json.dumps([of("sorted_by"), of(tie)], default=str)
    return {"start": start, "next": f"?{urlencode(kept | {'after': after})}"}
