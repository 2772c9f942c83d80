"""A file's bytes as chunks of UTF-8, whatever way it says it is written.

UTF-8, with or without its mark, passes through as it is and is checked where it is used; UTF-16
with its mark is turned into UTF-8. Nothing is guessed: a guess that is wrong in one row in a
thousand spoils paid work without anyone seeing it.
"""

import codecs
from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from ujima.work.intake.errors import FileTooLarge, TruncatedFile, WrongEncoding
from ujima.work.intake.rows import CHUNK

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def utf8_chunks(file: BinaryIO, *, total: int) -> tuple[bytes, Iterator[bytes]]:
    """The beginning of the file, up to CHUNK bytes, and then all of it, beginning included.

    total      the most bytes the file may have

    Refuses: WrongEncoding, FileTooLarge, TruncatedFile; some of it while chunks are drawn.
    """
    raw = _raw_chunks(file, total)
    first = next(raw, b"")
    if first.startswith(UTF16_MARKS) and not first.startswith(codecs.BOM_UTF32_LE):
        chunks = _from_utf16(chain([first], raw))
        first = next(chunks, b"")
        return first, chain([first], chunks)
    if b"\0" in first[:4]:  # UTF-16 without its mark, or UTF-32
        raise WrongEncoding(place={"row": 1, "byte": 1})
    first = first.removeprefix(codecs.BOM_UTF8)
    return first, chain([first], raw)


def _raw_chunks(file: BinaryIO, total: int) -> Iterator[bytes]:
    taken = 0
    while chunk := _full_chunk(file):
        taken += len(chunk)
        if taken > total:
            raise FileTooLarge(limit=total)
        yield chunk


def _full_chunk(file: BinaryIO) -> bytes:
    """CHUNK bytes, or what is left: a network's file may give less than was asked for."""
    parts = []
    wanted = CHUNK
    while wanted and (part := file.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _from_utf16(chunks: Iterator[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")()
    line, offset = 1, 0
    for chunk in chunks:
        waiting = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk)
        except UnicodeDecodeError as error:
            line += error.object[: error.start].decode(error.encoding, "ignore").count("\n")
            place = {"row": line, "byte": offset - waiting + error.start + 1}
            raise WrongEncoding(place=place) from error
        line += text.count("\n")
        offset += len(chunk)
        yield text.encode()
    _finish(decoder, line)


def _finish(decoder: codecs.IncrementalDecoder, line: int) -> None:
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise TruncatedFile(place={"row": line}) from error
