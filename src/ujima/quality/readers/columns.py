"""Which columns of a file are meant, what their fields are as text, and rows without a value."""

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import orjson

from ujima.quality.readers.errors import MissingColumns, NothingLeft
from ujima.quality.readers.table import Table, fault

#: names under which files from elsewhere hold the same thing
ALSO = {
    "task": ("unit", "item", "question", "task_id", "unit_id", "item_id"),
    "worker": ("annotator", "performer", "user", "worker_id", "annotator_id", "user_id"),
    "label": ("answer", "response", "judgment", "truth", "gold"),
    "text": ("transcription", "output", "label", "answer"),
}


class Wanted(NamedTuple):
    """The columns that must be there, those that may hold nothing, and their names in the file."""

    columns: tuple[str, ...]
    blank: tuple[str, ...]
    called: Mapping[str, str]
    trim: bool


def columns_of(there: Sequence[str], wanted: Wanted, *, strict: bool = True) -> list[str | None]:
    """What the columns wanted are called in the file; None for one that is not there.

    Refuses MissingColumns, naming what is missing and what is there, unless more may come.
    """
    by_name = {name.strip().casefold(): name for name in reversed(there)}
    every = (*wanted.columns, *wanted.blank)
    found = {name: _found(name, by_name, wanted.called) for name in every}
    missing = [name for name in every if found[name] is None]
    if missing and strict:
        raise MissingColumns(
            f"The file has no column {' and no '.join(missing)}; it has {', '.join(there)}. "
            "Name the ones that mean the same with --column, as in --column task=image.",
            place={"row": 1, "columns": missing},
        )
    return list(found.values())


def _found(name: str, by_name: Mapping[str, str], called: Mapping[str, str]) -> str | None:
    if name in called:
        return by_name.get(called[name].strip().casefold())
    return next((by_name[one] for one in (name, *ALSO.get(name, ())) if one in by_name), None)


def without_gaps(table: Table, wanted: Sequence[str]) -> Table:
    """The rows that have a value in every column wanted; the others are told.

    Refuses NothingLeft where that leaves none.
    """
    for name in wanted:
        empty = table.columns[name].codes == -1
        if empty.any():
            rows = table.row[empty]
            sentence = f"Nothing stands in the column {name}."
            table = table.kept(~empty, fault("missing", rows, sentence, "set aside", column=name))
    if not len(table):
        told = " ".join(one.sentence for one in table.faults)
        raise NothingLeft(f"No row of the file can be used. {told}".strip())
    return table


def as_text(value: Any, trim: bool = True) -> str:
    """A field as text: a whole number without a point, a list or an object as JSON, NaN as none."""
    if isinstance(value, str):
        return value.strip() if trim else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and isnan(value):
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    return str(value)
