"""Reads JSON: one object a line (JSONL), or one array of objects, never held as a whole.

Rows count lines in JSONL and elements in an array, both from 1. Label Studio's form
{"data": {…}, …} is opened: the names within `data` come first, those beside it are kept.
"""

import codecs
import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import orjson

from ujima.work.intake.errors import (
    BadJson,
    EmptyFile,
    NotAnArray,
    RowTooLong,
    TruncatedFile,
    WrongEncoding,
)
from ujima.work.intake.lines import Line, lines
from ujima.work.intake.rows import MAX_COLUMNS, MAX_ROW, Record, RefusedRow, refused

_STRING_OR_BRACKET = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["{}\[\]]', re.DOTALL)
_SPACE = re.compile(r"[ \t\r\n]*")
#: finds where an element ends. It converts nothing: numbers stay text, since a number of a
#: million digits would take minutes
_FINDER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
#: an error this near to the end of what has been read may be due to the end (the longest word
#: of JSON, an escaped pair of surrogates, has 12 characters)
_NEAR = 16


def jsonl_rows(chunks: Iterable[bytes]) -> Iterator[Record | RefusedRow]:
    """The objects, one a line; empty lines count and are passed over.

    Refuses, while rows are drawn: WrongEncoding, TruncatedFile.
    """
    for row, line in enumerate(lines(chunks), start=1):
        if not line.is_whole:
            yield refused(row, "row_too_long", limit=MAX_ROW)
            continue
        try:
            found = orjson.loads(line.content)
        except orjson.JSONDecodeError as error:
            if line.content.strip():
                yield _bad_line(row, line, error)
        else:
            yield _record(row, found)


def json_rows(chunks: Iterable[bytes]) -> Iterator[Record | RefusedRow]:
    """The elements of the file's one array.

    Refuses, while rows are drawn: EmptyFile, NotAnArray, BadJson, RowTooLong, TruncatedFile,
    WrongEncoding.
    """
    text = _Text(chunks)
    begin = text.next_sign()
    if begin != "[":
        raise NotAnArray if begin else EmptyFile
    if text.next_sign() == "]":
        return
    text.put_back()
    sign = ","
    while sign == ",":
        text.row += 1
        yield _element(text.row, text.element())
        sign = text.next_sign()
    if not sign:
        raise TruncatedFile(place={"row": text.row})
    if sign != "]" or text.next_sign():
        raise BadJson(place={"row": text.row})


def is_cut_off(text: str) -> bool:
    """Whether a piece of JSON ends within a string or an open bracket."""
    depth = 0
    for found in _STRING_OR_BRACKET.finditer(text):
        sign = found[0]
        if sign == '"':
            return True
        depth += (sign in "{[") - (sign in "}]")
    return depth > 0


def _bad_line(row: int, line: Line, error: orjson.JSONDecodeError) -> RefusedRow:
    is_last = not line.content.endswith(b"\n")
    try:
        text = line.content.decode()
    except UnicodeDecodeError as bad:
        if is_last and bad.reason == "unexpected end of data":
            raise TruncatedFile(place={"row": row}) from bad
        place = {"row": row, "byte": line.offset + bad.start + 1}
        raise WrongEncoding(place=place) from bad
    if is_last and is_cut_off(text):
        raise TruncatedFile(place={"row": row}) from error
    return refused(row, "bad_json", detail=error.msg)


def _element(row: int, text: str) -> Record | RefusedRow:
    try:
        return _record(row, orjson.loads(text))
    except orjson.JSONDecodeError as error:
        return refused(row, "bad_json", detail=error.msg)


def _record(row: int, found: Any) -> Record | RefusedRow:
    if not isinstance(found, dict):
        return refused(row, "not_an_object")
    inner = found.get("data")
    if isinstance(inner, dict):
        del found["data"]
        found |= inner
    if len(found) > MAX_COLUMNS:
        return refused(row, "too_many_fields", found=len(found), limit=MAX_COLUMNS)
    return Record(row, found)


class _Text:
    """The part of the file that is being looked at; grows as needed, drops what is done.

    pos        where the next sign or element begins in `text`
    row        the element being read, from 1
    offset     bytes of the file that have been decoded
    broken     the byte, from 1, that is no UTF-8, once it has been met; 0 before
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = iter(chunks)
        self.decoder = codecs.getincrementaldecoder("utf-8")()
        self.text = ""
        self.pos = 0
        self.row = 0
        self.offset = 0
        self.broken = 0
        self.has_ended = False

    def next_sign(self) -> str:
        """The next character that is not space, passing over it; empty at the end."""
        while True:
            space = _SPACE.match(self.text, self.pos)
            self.pos = space.end() if space else self.pos
            if self.pos < len(self.text):
                self.pos += 1
                return self.text[self.pos - 1]
            if not self.grow():
                return ""

    def put_back(self) -> None:
        """Undo the last next_sign, which must have found something."""
        self.pos -= 1

    def element(self) -> str:
        """The JSON text of the element that begins here."""
        if not self.next_sign():
            raise TruncatedFile(place={"row": self.row})
        self.put_back()
        while (end := self.find_end()) is None:
            if len(self.text) - self.pos > MAX_ROW:
                raise RowTooLong(place={"row": self.row})
            if not self.grow() and self.find_end() is None:
                raise self.unfinished()
        begin, self.pos = self.pos, end
        return self.text[begin:end]

    def find_end(self) -> int | None:
        """Where the element ends, or None if more must be read to know."""
        try:
            _, end = _FINDER.raw_decode(self.text, self.pos)
        except json.JSONDecodeError as error:
            if self.is_hopeless(error):
                raise self.bad(error.pos) from error
            return None
        except RecursionError as error:
            raise self.bad(self.pos) from error
        # a number may go on beyond what has been read
        return end if end < len(self.text) or self.has_ended else None

    def is_hopeless(self, error: json.JSONDecodeError) -> bool:
        may_close = error.msg.startswith("Unterminated string")
        return not may_close and error.pos < len(self.text) - _NEAR

    def unfinished(self) -> TruncatedFile | BadJson:
        if is_cut_off(self.text[self.pos :]):
            return TruncatedFile(place={"row": self.row})
        return self.bad(self.pos)

    def bad(self, pos: int) -> BadJson:
        return BadJson(place={"row": self.row, "character": pos - self.pos + 1})

    def grow(self) -> bool:
        """Read on, as much again as is held, so that a long element is not searched too often."""
        self.text, self.pos = self.text[self.pos :], 0
        if self.broken:
            raise WrongEncoding(place={"row": self.row, "byte": self.broken})
        parts: list[str] = []
        wanted = len(self.text) + 1
        while wanted > 0 and not (self.has_ended or self.broken):
            parts.append(self.decoded())
            wanted -= len(parts[-1])
        self.text += "".join(parts)
        return any(parts)

    def decoded(self) -> str:
        """The next chunk as text, or as much of it as can be read."""
        chunk = next(self.chunks, None)
        self.has_ended = chunk is None
        waiting = len(self.decoder.getstate()[0])
        try:
            text = self.decoder.decode(chunk or b"", final=chunk is None)
        except UnicodeDecodeError as error:
            if self.has_ended:
                raise TruncatedFile(place={"row": self.row}) from error
            # told when it is reached: the elements before it are not to blame
            self.broken = self.offset - waiting + error.start + 1
            return error.object[: error.start].decode()
        self.offset += len(chunk or b"")
        return text
