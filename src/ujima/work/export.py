"""Writes rows out as CSV and JSONL, in pieces, whatever number of them there is.

A cell that a spreadsheet would run as a formula gets a ' before it; nothing else is changed.
Source: OWASP, "CSV Injection"; ASVS 5.0 1.2.10; RFC 4180.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import orjson

from ujima.work.intake.rows import RefusedRow

#: bytes gathered before they are given out; few enough that the first come at once
PIECE = 64 * 1024

#: what spreadsheets take for the beginning of a formula, the wide forms of Asian keyboards
#: among them; a tab or line break before it is passed over by some
_FORMULA = re.compile("[=+\\-@\t\r\n＝＋－＠]")
#: a plain number is read as that number, so -3.5 may stay as it is
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)

REFUSED_COLUMNS = ("row", "column", "code", "reason")


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """UTF-8 CSV with a header, every cell quoted, lines ended by CR LF.

    columns    which values of each row are written, in this order; one that a row lacks is empty

    Every cell is quoted because LibreOffice also cuts at semicolons and tabs, and would make of
    a bare a;=b two cells, the second a formula.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([safe_cell(column) for column in columns])
    for row in rows:
        writer.writerow([safe_cell(row.get(column)) for column in columns])
        if buffer.tell() > PIECE:
            yield _emptied(buffer)
    yield _emptied(buffer)


def write_jsonl(rows: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """One JSON object a line, UTF-8; dates as ISO 8601, UUIDs as text."""
    gathered: list[bytes] = []
    size = 0
    for row in rows:
        line = orjson.dumps(dict(row), option=orjson.OPT_APPEND_NEWLINE, default=str)
        gathered.append(line)
        size += len(line)
        if size > PIECE:
            yield b"".join(gathered)
            gathered, size = [], 0
    if gathered:
        yield b"".join(gathered)


def refused_report_csv(refused: Iterable[RefusedRow]) -> Iterator[bytes]:
    """The rows that an upload left out, with column, code and reason, as CSV."""
    return write_csv(REFUSED_COLUMNS, (row._asdict() for row in refused))


def safe_cell(value: Any) -> str:
    """The value as text that no spreadsheet runs.

    Lists of text (the choices of an answer) are joined by |, other structures written as JSON,
    None is empty, true and false are as in JSON, times as ISO 8601.
    """
    text = value if isinstance(value, str) else _as_text(value)
    # a text that looks guarded already gets one more, so that taking one away gives it back
    bare = text.lstrip("'")
    if _FORMULA.match(bare) and not _NUMBER.fullmatch(bare):
        return "'" + text
    return text


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):  # and datetime, which is one
        return value.isoformat()
    if isinstance(value, list | tuple) and all(isinstance(word, str) for word in value):
        return "|".join(value)
    if isinstance(value, list | tuple | dict):
        return orjson.dumps(value, default=str).decode()
    return str(value)


def _emptied(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode()
    buffer.seek(0)
    buffer.truncate()
    return piece
