"""Files of units between the look at them and their import: kept as organisation/sha256.

A file is deleted once its rows are in; one that nobody came back to, on the next upload after a
day.
"""

import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from ujima.base.errors import NotFound

KEPT_FOR = timedelta(days=1)
_MARK = re.compile(r"[0-9a-f]{64}")


class UploadGone(NotFound):
    """This file is not here any more; send it again."""

    code = "upload_gone"


def keep(org_id: UUID, file: "UploadedFile[Any]", now: datetime) -> str:
    """Keep a file for its organisation alone; returns its SHA-256 as text."""
    _forget_old(org_id, now)
    mark = sha256()
    for chunk in file.chunks():
        mark.update(chunk)
    place = _place(org_id, mark.hexdigest())
    file.seek(0)
    if not default_storage.exists(place):
        default_storage.save(place, file)
    return mark.hexdigest()


def opened(org_id: UUID, mark: str) -> BinaryIO:
    """A kept file, to be read. Refuses UploadGone."""
    if not _MARK.fullmatch(mark) or not default_storage.exists(_place(org_id, mark)):
        raise UploadGone
    return cast(BinaryIO, default_storage.open(_place(org_id, mark), "rb"))


def forget(org_id: UUID, mark: str) -> None:
    """Delete a kept file."""
    default_storage.delete(_place(org_id, mark))


def _place(org_id: UUID, mark: str) -> str:
    return f"{org_id}/{mark}"


def _forget_old(org_id: UUID, now: datetime) -> None:
    if not default_storage.exists(str(org_id)):
        return
    for name in default_storage.listdir(str(org_id))[1]:
        place = f"{org_id}/{name}"
        if _MARK.fullmatch(name) and default_storage.get_modified_time(place) < now - KEPT_FOR:
            default_storage.delete(place)
