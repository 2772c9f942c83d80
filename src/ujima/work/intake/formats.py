"""Which format a file has, and its rows, whichever it is.

Rows count as the format's people count them: a spreadsheet's rows (header = 1) for CSV, lines
for JSONL, elements for JSON.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Literal

from ujima.work.intake.csv_rows import csv_rows
from ujima.work.intake.encoding import utf8_chunks
from ujima.work.intake.errors import EmptyFile, UnknownFormat
from ujima.work.intake.json_rows import json_rows, jsonl_rows
from ujima.work.intake.rows import MAX_FILE, Record, RefusedRow

Format = Literal["csv", "jsonl", "json"]

_BY_ENDING: dict[str, Format] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
}
#: how spreadsheets, archives and PDF begin; none of them is text
_BINARY = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b", b"%PDF", b"BZh", b"\xfd7zXZ", b"7z\xbc")


@dataclass(frozen=True)
class Opened:
    """A file being read. `columns` is None where only the rows know (JSONL, JSON)."""

    format: Format
    columns: tuple[str, ...] | None
    rows: Iterator[Record | RefusedRow]


def open_rows(
    file: BinaryIO, *, name: str = "", format: Format | None = None, total: int = MAX_FILE
) -> Opened:
    """Begin to read a file; the rows come as they are drawn.

    name       the file's own, whose ending tells the format where `format` is not given
    total      the most bytes the file may have

    Refuses: BadFile in all its kinds, here or while rows are drawn.
    """
    first, chunks = utf8_chunks(file, total=total)
    if first.startswith(_BINARY):
        raise UnknownFormat
    if not first.strip():
        raise EmptyFile
    format = format or _format(name, first)
    if format == "csv":
        columns, rows = csv_rows(first, chunks)
        return Opened(format, columns, _some(rows))
    if format not in ("jsonl", "json"):
        raise UnknownFormat
    return Opened(
        format, None, _some(jsonl_rows(chunks) if format == "jsonl" else json_rows(chunks))
    )


def _format(name: str, first: bytes) -> Format:
    by_ending = _BY_ENDING.get(PurePath(name).suffix.lower())
    if by_ending:
        return by_ending
    # .json is used for arrays and for lines alike; .txt for anything
    begin = first.lstrip()[:1]
    return "json" if begin == b"[" else "jsonl" if begin == b"{" else "csv"


def _some(rows: Iterator[Record | RefusedRow]) -> Iterator[Record | RefusedRow]:
    """The rows, or EmptyFile where there is none."""
    row = None
    for row in rows:
        yield row
    if row is None:
        raise EmptyFile
