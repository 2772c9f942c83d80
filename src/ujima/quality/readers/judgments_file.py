"""One file of judgments, whatever its format, as a `Table`.

CSV (comma, semicolon, tab or |), JSONL and JSON are read by the same readers that take a buyer's
units; Parquet by pyarrow (the extra `parquet`), by its columns' own codes.
"""

import gzip
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from ujima.quality.readers.columns import Wanted, as_text, columns_of, without_gaps
from ujima.quality.readers.errors import NoSuchFile
from ujima.quality.readers.table import PLACES, Fault, Filling, Table
from ujima.work.intake.errors import UnknownFormat
from ujima.work.intake.formats import open_rows
from ujima.work.intake.rows import Record, RefusedRow

#: records that tell which columns there are, where no header does
LOOKED = 1_000
#: rows between two words about progress
STEP = 200_000

Tell = Callable[[int], None]


def read(
    path: Path,
    wanted: Sequence[str],
    *,
    blank: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
    trim: bool = True,
    tell: Tell = lambda _: None,
) -> Table:
    """Read the columns wanted.

    blank     more columns, whose fields may be empty: that says something
    called    column wanted -> its name in this file, where that is another one
    trim      leave out the space around each value; not where characters are counted
    tell      called with the number of rows read, every so often

    Refuses NoSuchFile, MissingColumns, NothingLeft, NeedsExtra, and what the readers of files
    refuse: a file that is cut off, not UTF-8, or none of the formats.
    """
    if path.suffix.lower() in (".parquet", ".pq"):
        from ujima.quality.readers.parquet import parquet_table

        return parquet_table(path, Wanted(tuple(wanted), tuple(blank), called or {}, trim))
    with _opened(path) as file:
        name = path.name.removesuffix(".gz")
        opened = open_rows(file, name=name, total=2**62)
        columns = Wanted(tuple(wanted), tuple(blank), called or {}, trim)
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
    rows = iter(rows)
    first = [] if columns is not None else list(islice(rows, LOOKED))
    there = columns if columns is not None else _keys(first)
    found = columns_of(there, wanted, strict=columns is not None)
    names = [*wanted.columns, *wanted.blank]
    called = [name or plain for name, plain in zip(found, names, strict=True)]
    filling = Filling(names)
    read = 0
    for read, row in enumerate(chain(first, rows), start=1):
        if isinstance(row, RefusedRow):
            kind = (row.code, row.reason)
            broken[kind] += 1
            places.setdefault(kind, []).append(row.row) if broken[kind] <= PLACES else None
            continue
        filling.add(row.row, [as_text(row.values.get(name), wanted.trim) for name in called])
        if read % STEP == 0:
            tell(read)
    lost = [
        n for n, name in zip(names, found, strict=True) if name is None and not filling.known[n]
    ]
    if there and lost:
        columns_of(there, wanted)
    faults = [
        Fault(code, "", n, tuple(places[code, reason]), reason, "set aside")
        for (code, reason), n in broken.items()
    ]
    return without_gaps(filling.table(faults, read), wanted.columns)


def _keys(rows: Sequence[Record | RefusedRow]) -> list[str]:
    return list(dict.fromkeys(k for r in rows if isinstance(r, Record) for k in r.values))
