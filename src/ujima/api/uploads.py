"""Uploads: streamed to disk while they are hashed, never held in memory."""

import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.http import UnreadablePostError

from ujima.api.tokens import ApiRequest
from ujima.base.errors import BadInput
from ujima.work.intake.errors import FileTooLarge, TruncatedFile

PIECE = 256 * 1024
#: what a body without a name is called, by its content type
_NAMES = {
    "text/csv": "units.csv",
    "text/tab-separated-values": "units.tsv",
    "application/x-ndjson": "units.jsonl",
    "application/jsonl": "units.jsonl",
    "application/json": "units.json",
}


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A file on disk. `digest` stands for its name and content where a request is compared."""

    file: BinaryIO
    name: str
    digest: bytes


@contextmanager
def uploaded(request: ApiRequest, name: str) -> Iterator[Uploaded]:
    """The file that a request brings, as its body or as the part `file` of a form.

    Refuses: FileTooLarge, TruncatedFile, BadInput for a form without a file.
    """
    length = int(request.META.get("CONTENT_LENGTH") or 0)
    if length > settings.UPLOAD_LIMIT:
        raise FileTooLarge
    with tempfile.TemporaryFile() as file:
        try:
            part = _part(request) if request.content_type == "multipart/form-data" else None
            digest = _spool(request if part is None else part, file)
        except UnreadablePostError:
            raise TruncatedFile from None
        name = name or (part.name if part else "") or ""
        file.seek(0)
        name = name or _NAMES.get(request.content_type or "", "units")
        yield Uploaded(cast("BinaryIO", file), name, digest + name.encode())


def _part(request: ApiRequest) -> Any:
    part = request.FILES.get("file")
    if part is None:
        raise BadInput("The form needs a part “file”.", place={"field": "file"})
    return part


def _spool(source: Any, file: Any) -> bytes:
    hashed = hashlib.sha256()
    size = 0
    while piece := source.read(PIECE):
        size += len(piece)
        if size > settings.UPLOAD_LIMIT:
            raise FileTooLarge
        hashed.update(piece)
        file.write(piece)
    return hashed.digest()
