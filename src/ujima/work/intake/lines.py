"""Cuts chunks of bytes into lines, without ever holding more than one row's worth."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ujima.work.intake.rows import MAX_ROW


class Line(NamedTuple):
    """One line with its line break, if it has one (only the last of a file may lack it).

    offset     bytes before it in the (UTF-8) file
    is_whole   False where it is longer than MAX_ROW; `content` may then be its beginning only
    """

    content: bytes
    offset: int
    is_whole: bool


def lines(chunks: Iterable[bytes]) -> Iterator[Line]:
    """The file's lines, cut after each \\n; what goes beyond MAX_ROW in a line is dropped."""
    rest, offset = b"", 0
    is_dropping = False
    for chunk in chunks:
        if is_dropping:
            dropped, line_break, chunk = chunk.partition(b"\n")
            offset += len(dropped) + len(line_break)
            is_dropping = not line_break
        parts = (rest + chunk).split(b"\n")
        rest = parts.pop()
        for part in parts:
            yield Line(part + b"\n", offset, len(part) <= MAX_ROW)
            offset += len(part) + 1
        if len(rest) > MAX_ROW:
            yield Line(rest, offset, False)
            offset += len(rest)
            rest, is_dropping = b"", True
    if rest:
        yield Line(rest, offset, True)
