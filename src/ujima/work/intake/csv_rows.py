"""Reads CSV: comma, semicolon, tab or | between fields, quotation marks as in RFC 4180.

Rows count as a spreadsheet shows them: the header is row 1, an empty line counts.
"""

import csv
from collections.abc import Iterable, Iterator

from ujima.work.intake.errors import (
    BadHeader,
    EmptyFile,
    RowTooLong,
    TruncatedFile,
    WrongEncoding,
)
from ujima.work.intake.lines import Line, lines
from ujima.work.intake.rows import MAX_COLUMNS, MAX_ROW, Record, RefusedRow, refused

#: in order of preference where the first rows fit several equally well
DELIMITERS = ",;\t|"
#: rows looked at to find the delimiter
SNIFFED_ROWS = 20


def csv_rows(
    first: bytes, chunks: Iterable[bytes]
) -> tuple[tuple[str, ...], Iterator[Record | RefusedRow]]:
    """The header's columns, and the rows after it.

    first      the beginning of the file, to find the delimiter by
    chunks     all of the file, UTF-8

    Refuses: EmptyFile, BadHeader, WrongEncoding, RowTooLong, TruncatedFile; the last three also
    while rows are drawn.
    """
    # the module's limit is for the whole process and smaller; _Feed holds back longer rows
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
    feed = _Feed(lines(chunks))
    reader = csv.reader(feed, delimiter=sniff_delimiter(first), strict=True)
    columns = _header(reader, feed)
    return columns, _rows(reader, feed, columns)


def sniff_delimiter(first: bytes) -> str:
    """The delimiter that cuts the first rows into equally many fields, and into the most."""
    text = first.decode("utf-8", "replace").splitlines(keepends=True)[: SNIFFED_ROWS + 1]
    # the last line may be cut off by the end of the sample
    sample = text[:-1] if len(text) > 1 else text
    return max(DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: list[str], delimiter: str) -> tuple[bool, float, int]:
    """How well a delimiter fits: does it cut the header, how many rows agree, how many fields."""
    widths = []
    reader = csv.reader(sample, delimiter=delimiter)
    try:
        widths = [len(fields) for fields in reader if fields]
    except csv.Error:
        return False, 0.0, 0
    if not widths or widths[0] < 2:
        return False, 0.0, 0
    return True, widths.count(widths[0]) / len(widths), widths[0]


class _Feed:
    """Gives the csv module its lines, and holds how much the row being read has taken so far."""

    def __init__(self, source: Iterator[Line]) -> None:
        self.source = source
        self.row = 1
        self.taken = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = next(self.source)
        self.taken += len(line.content)
        if self.taken > MAX_ROW:
            raise RowTooLong(place={"row": self.row})
        try:
            return line.content.decode()
        except UnicodeDecodeError as error:
            raise self.bad_line(line, error) from error

    def bad_line(self, line: Line, error: UnicodeDecodeError) -> WrongEncoding | TruncatedFile:
        if error.reason == "unexpected end of data" and not line.content.endswith(b"\n"):
            return TruncatedFile(place={"row": self.row})
        return WrongEncoding(place={"row": self.row, "byte": line.offset + error.start + 1})

    def next_row(self) -> None:
        self.row += 1
        self.taken = 0


def _header(reader: Iterator[list[str]], feed: _Feed) -> tuple[str, ...]:
    try:
        fields = next(reader)
        while not fields:  # empty lines before the header
            feed.next_row()
            fields = next(reader)
    except StopIteration:
        raise EmptyFile from None
    except csv.Error as error:
        if _is_cut_off(error):
            raise TruncatedFile(place={"row": feed.row}) from error
        raise BadHeader(place={"row": feed.row}, detail=_detail(error)) from error
    columns = tuple(
        field.strip() or f"column_{number}" for number, field in enumerate(fields, start=1)
    )
    _check_header(columns, feed.row)
    feed.next_row()
    return columns


def _check_header(columns: tuple[str, ...], row: int) -> None:
    if len(columns) > MAX_COLUMNS:
        raise BadHeader(
            f"The file has {len(columns)} columns; the most is {MAX_COLUMNS}.", place={"row": row}
        )
    for number, column in enumerate(columns):
        if column in columns[:number] or "\0" in column:
            raise BadHeader(place={"row": row, "column": column})


def _rows(
    reader: Iterator[list[str]], feed: _Feed, columns: tuple[str, ...]
) -> Iterator[Record | RefusedRow]:
    width = len(columns)
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if _is_cut_off(error):
                raise TruncatedFile(place={"row": feed.row}) from error
            yield refused(feed.row, "bad_quoting", detail=_detail(error))
        else:
            if len(fields) == width:
                yield Record(feed.row, dict(zip(columns, fields, strict=True)))
            elif fields:
                yield _misfit(feed.row, len(fields), width)
        feed.next_row()


def _misfit(row: int, found: int, width: int) -> RefusedRow:
    code = "too_few_fields" if found < width else "too_many_fields"
    return refused(row, code, found=found, limit=width)


def _is_cut_off(error: csv.Error) -> bool:
    return "unexpected end of data" in str(error)


def _detail(error: csv.Error) -> str:
    """The csv module's own words are for programmers; these are for whoever made the file."""
    if "new-line" in str(error):
        return "a line break stands outside quotation marks"
    return "text follows a closing quotation mark"
