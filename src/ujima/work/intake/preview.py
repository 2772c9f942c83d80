"""The first rows of a file, to match its columns by before anything is brought in."""

from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

import orjson

from ujima.work.intake.formats import Format, open_rows
from ujima.work.intake.rows import MAX_FILE, Record, RefusedRow

ROWS = 20
#: characters of a cell that are shown
SHOWN = 300


@dataclass(frozen=True)
class Preview:
    """What a file looks like. How many rows it has is not known before it is read.

    columns    as in the file; for JSONL and JSON, those of the rows shown
    rows       up to 20, column -> text, long texts cut at 300 characters and marked with …
    refused    those of the first rows that cannot be read
    warnings   sentences on what to look at before going on
    """

    format: Format
    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    refused: tuple[RefusedRow, ...]
    warnings: tuple[str, ...]


def preview(file: BinaryIO, name: str, *, total: int = MAX_FILE) -> Preview:
    """Look at a file's first 20 rows; reads no further than it must.

    Refuses: BadFile in all its kinds, where the beginning of the file shows it.
    """
    opened = open_rows(file, name=name, total=total)
    first = list(islice(opened.rows, ROWS))
    records = [row for row in first if isinstance(row, Record)]
    refused = tuple(row for row in first if isinstance(row, RefusedRow))
    columns = opened.columns
    if columns is None:
        named = (column for record in records for column in record.values)
        columns = tuple(dict.fromkeys(column for column in named if "\0" not in column))
    rows = tuple({c: _shown(r.values[c]) for c in columns if c in r.values} for r in records)
    return Preview(opened.format, columns, rows, refused, _warnings(columns, refused))


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):  # never a text of a unit, and may be nested very deep
        return "{…}" if isinstance(value, dict) else "[…]"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    return text if len(text) <= SHOWN else text[:SHOWN] + "…"


def _warnings(columns: tuple[str, ...], refused: tuple[RefusedRow, ...]) -> tuple[str, ...]:
    warnings = []
    if len(columns) == 1:
        warnings.append("There is only one column; if you expect more, look at the delimiter.")
    unnamed = [column for column in columns if column.startswith("column_")]
    if unnamed:
        warnings.append("Some columns have no name; they are called " + ", ".join(unnamed) + ".")
    if refused:
        warnings.append(f"{len(refused)} of the first {ROWS} rows cannot be read.")
    return tuple(warnings)
