"""A unit's fields as columns: which are texts, numbers, categories, and which belong together."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import isfinite
from typing import Any, Literal, NamedTuple

Kind = Literal["text", "number", "category"]
Row = Mapping[str, Any]

#: a column is of numbers if so large a part of what is filled in reads as one
MOSTLY = 0.9
#: a column with so few different values, met again and again, is a category
FEW = 20
#: a form with more texts than this is compared side by side only where its names say how
MOST_PAIRED = 4
#: names that set two things apart, as parts of column names: `left_name` and `right_name`
SIDES = (
    ("left", "right"),
    ("a", "b"),
    ("1", "2"),
    ("first", "second"),
    ("one", "two"),
    ("source", "target"),
    ("before", "after"),
    ("old", "new"),
    ("ours", "theirs"),
)
#: a sign, a currency ("$", "US$", or letters and a space), digits, a unit; letters that touch the
#: digits from the left make a name of it: AX100
_NUMBER = re.compile(
    r"([-+]?)\s*(?:[^\W\d_]{1,4}\.?\s+|[^\W\d_]{0,3}[^\w\s+.-]\s*)?"
    r"(\d[\d\s,']*(?:\.\d+)?)\s*(?:[^\w\s]{1,2}|[^\W\d_]{1,4})?"
)
_PARTS = re.compile(r"[^\W\d_]+|\d+")


@dataclass(frozen=True, slots=True)
class Column:
    """One field over all units: texts (stripped, "" if missing), and its kind."""

    name: str
    kind: Kind
    texts: tuple[str, ...]

    @property
    def numbers(self) -> list[float]:
        """Each unit's number; not-a-number where there is none."""
        return [number_in(text) for text in self.texts]


class Pair(NamedTuple):
    """Two columns of one kind that say the same of two things."""

    left: Column
    right: Column


def number_in(text: str) -> float:
    """The number that a field is, with its currency or unit: "$1,299.00", "KSh 40", "12 kg";
    not-a-number if it is none."""
    found = _NUMBER.fullmatch(text)
    number = float(found[1] + re.sub(r"[\s,']", "", found[2])) if found else float("nan")
    return number if isfinite(number) else float("nan")


def columns_of(rows: Sequence[Row]) -> list[Column]:
    """The columns of some units' fields, in the order in which the first units have them. Columns
    that say nothing (empty, or the same everywhere) and addresses of files are left out."""
    names = dict.fromkeys(name for row in rows for name in row)
    found = (_column(name, tuple(_text(row.get(name)) for row in rows)) for name in names)
    return [column for column in found if column]


def _text(value: Any) -> str:
    return "" if value is None else str(value).strip()


def _column(name: str, texts: tuple[str, ...]) -> Column | None:
    filled = [text for text in texts if text]
    different = set(texts)
    if len(different) < 2 or all(text.startswith(("http://", "https://")) for text in filled):
        return None
    numbers = sum(number_in(text) == number_in(text) for text in filled)
    if numbers >= MOSTLY * len(filled):
        return Column(name, "number", texts)
    if len(different) <= FEW and len(different) * 5 <= len(filled):
        return Column(name, "category", texts)
    return Column(name, "text", texts)


def pairs_of(columns: Sequence[Column]) -> list[Pair]:
    """Columns to be compared: those whose names differ only in their side; where no name says a
    side, every two of up to four texts."""
    sided = [
        Pair(left, right)
        for left in columns
        for right in columns
        if left.kind == right.kind and _are_sides(left.name, right.name)
    ]
    texts = [column for column in columns if column.kind == "text"]
    if sided or not 2 <= len(texts) <= MOST_PAIRED:
        return sided
    return [Pair(*two) for two in combinations(texts, 2)]


def _are_sides(left: str, right: str) -> bool:
    parts, others = (_PARTS.findall(name.casefold()) for name in (left, right))
    if len(parts) != len(others):
        return False
    differ = [two for two in zip(parts, others, strict=True) if two[0] != two[1]]
    return len(differ) == 1 and differ[0] in SIDES
