"""The kinds of values that requests carry, and pages of what they answer."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

from ninja import Query, Schema
from pydantic import StringConstraints

Item = TypeVar("Item")
Row = TypeVar("Row")

#: text as a database can keep it
Words = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=100_000)]
Short = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=300)]
#: how many items of a list to answer with
Limit = Annotated[int, Query(ge=1, le=200, description="How many items, at most.")]
#: the number that the last answer gave as `next`
AfterNumber = Annotated[int, Query(ge=0, le=2**63 - 1, description="`next` of the page before.")]
Answer = dict[str, list[str]]


class Page(Schema, Generic[Item]):
    """Some items of a list, in its order; `next` is the `after` of the page that follows."""

    items: list[Item]
    next: str | None


#: the word that the last answer gave as `next`
AfterWord = Annotated[
    str, Query(max_length=300, pattern=r"^[^\x00]*$", description="`next` of the page before.")
]


def listed(
    rows: Iterable[Row],
    after: str,
    limit: int,
    cursor: Callable[[Row], Any],
    shown: Callable[[Row], Any] = lambda row: row,
) -> dict[str, Any]:
    """A page of a list that is short enough to be read whole, in the order of its cursors."""
    rest = sorted((row for row in rows if str(cursor(row)) > after), key=lambda r: str(cursor(r)))
    return page(rest[: limit + 1], limit, cursor, shown)


def page(
    found: Sequence[Row],
    limit: int,
    cursor: Callable[[Row], Any],
    shown: Callable[[Row], Any] = lambda row: row,
) -> dict[str, Any]:
    """A page of up to `limit` rows; `found` holds one more if there is more to come."""
    rows = found[:limit]
    more = len(found) > limit
    return {
        "items": [shown(row) for row in rows],
        "next": str(cursor(rows[-1])) if more else None,
    }
