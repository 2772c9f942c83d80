"""One file of judgments, whatever its format, as a `Table`.

CSV (comma, semicolon, tab or |), JSONL and JSON are read by the same readers that take a buyer's
units; Parquet by pyarrow (the extra `parquet`), by its columns' own codes.
"""

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from ujima.quality.readers.errors import MissingColumns, NoSuchFile, NothingLeft
from ujima.quality.readers.table import PLACES, Fault, Filling, Table, fault
from ujima.work.intake.errors import UnknownFormat
from ujima.work.intake.formats import open_rows
from ujima.work.intake.rows import Record, RefusedRow

#: names under which files from elsewhere hold the same thing
ALSO = {
    "task": ("unit", "item", "question", "task_id", "unit_id", "item_id"),
    "worker": ("annotator", "performer", "user", "worker_id", "annotator_id", "user_id"),
    "label": ("answer", "response", "judgment", "truth", "gold"),
    "text": ("transcription", "output", "label", "answer"),
}
#: rows between two words about progress
STEP = 200_000

Tell = Callable[[int], None]


class Wanted(NamedTuple):
    """The columns that must be there and those that may, and what they are called in the file."""

    columns: tuple[str, ...]
    optional: tuple[str, ...]
    called: Mapping[str, str]
    trim: bool


def read(
    path: Path,
    wanted: Sequence[str],
    *,
    optional: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
    trim: bool = True,
    tell: Tell = lambda _: None,
) -> Table:
    """Read the columns wanted (and those optional ones that are there).

    called    column wanted -> its name in this file, where that is another one
    trim      leave out the space around each value; not where characters are counted
    tell      called with the number of rows read, every so often

    Refuses NoSuchFile, MissingColumns, NothingLeft, NeedsExtra, and what the readers of files
    refuse: a file that is cut off, not UTF-8, or none of the formats.
    """
    if path.suffix.lower() in (".parquet", ".pq"):
        from ujima.quality.readers.parquet import parquet_table

        return parquet_table(path, Wanted(tuple(wanted), tuple(optional), called or {}, trim))
    with _opened(path) as file:
        name = path.name.removesuffix(".gz")
        opened = open_rows(file, name=name, total=2**62)
        columns = Wanted(tuple(wanted), tuple(optional), called or {}, trim)
        return _filled(opened.columns, opened.rows, columns, tell)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        file = path.open("rb")
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise NoSuchFile(f"{path}: {reason}.", place={"file": str(path)}) from error
    with file:
        if file.read(2) != b"\x1f\x8b":
            file.seek(0)
            yield file
            return
        file.seek(0)
        with gzip.open(file) as unpacked:
            try:
                yield unpacked  # type: ignore[misc]  # a GzipFile reads bytes as any file
            except (gzip.BadGzipFile, zlib.error, EOFError) as error:
                raise UnknownFormat(f"{path} is not whole as a gzip file.") from error


def _filled(
    columns: Sequence[str] | None,
    rows: Iterable[Record | RefusedRow],
    wanted: Wanted,
    tell: Tell,
) -> Table:
    broken: Counter[tuple[str, str]] = Counter()
    places: dict[tuple[str, str], list[int]] = {}
    names = [*wanted.columns, *wanted.optional]
    found: list[str] = []
    if columns is not None:
        names, found = columns_of(columns, wanted)
    filling = Filling(names)
    read = 0
    for read, row in enumerate(rows, start=1):
        if isinstance(row, RefusedRow):
            kind = (row.code, row.reason)
            broken[kind] += 1
            places.setdefault(kind, []).append(row.row) if broken[kind] <= PLACES else None
            continue
        if columns is None and not found:
            _, found = columns_of(tuple(row.values), wanted, strict=False)
        filling.add(row.row, [as_text(row.values.get(name), wanted.trim) for name in found])
        if read % STEP == 0:
            tell(read)
    faults = [
        Fault(code, "", n, tuple(places[code, reason]), reason, "set aside")
        for (code, reason), n in broken.items()
    ]
    return without_gaps(filling.table(faults, read), wanted.columns)


def columns_of(
    there: Sequence[str], wanted: Wanted, *, strict: bool = True
) -> tuple[list[str], list[str]]:
    """The columns that are there, of those wanted and optional, and their names in the file.

    Refuses MissingColumns, naming what is missing and what is there.
    """
    by_name = {name.strip().casefold(): name for name in reversed(there)}
    every = (*wanted.columns, *wanted.optional)
    found = {name: _found(name, by_name, wanted.called) for name in every}
    missing = [name for name in wanted.columns if found[name] is None]
    if missing and strict:
        raise MissingColumns(
            f"The file has no column {' and no '.join(missing)}; it has {', '.join(there)}. "
            "Name the ones that mean the same with --column, as in --column task=image.",
            place={"row": 1, "columns": missing},
        )
    names = [name for name in every if not strict or found[name] is not None]
    return names, [found[name] or name for name in names]


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
            sentence = f"{len(rows)} rows have nothing in the column {name}."
            table = table.kept(~empty, fault("missing", rows, sentence, "set aside", column=name))
    if not len(table):
        told = " ".join(one.sentence for one in table.faults)
        raise NothingLeft(f"No row of the file can be used. {told}".strip())
    return table


def as_text(value: Any, trim: bool = True) -> str:
    """A field as text: a whole number without a point, a list or an object as JSON."""
    if isinstance(value, str):
        return value.strip() if trim else value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, list | dict):
        return orjson.dumps(value).decode()
    return str(value)
