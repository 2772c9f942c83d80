"""Writing the log, and receipts for writes that may be sent twice."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import IntegrityError, transaction

from ujima.audit.models import Entry, Receipt
from ujima.base.errors import SameKeyOtherContent


def record(
    *,
    org_id: UUID,
    actor: str,
    action: str,
    subject: str,
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> None:
    """Add one entry to the log, in the caller's transaction; facts as canonical JSON."""
    text = orjson.dumps(dict(facts or {}), option=orjson.OPT_SORT_KEYS, default=str).decode()
    Entry.objects.create(
        org_id=org_id, actor=actor, action=action, subject=subject, at=now, facts=text
    )


def made_before(*, principal: str, key: str, content: bytes) -> str | None:
    """What this principal made under this key before; None if nothing.

    Refuses SameKeyOtherContent if the key came with other content then.
    """
    found = Receipt.objects.filter(principal=principal, key=key).first()
    if not found:
        return None
    if bytes(found.content_hash) != hashlib.sha256(content).digest():
        raise SameKeyOtherContent
    return found.made


def keep_receipt(*, principal: str, key: str, content: bytes, made: str, now: datetime) -> bool:
    """Bind the key to what was made, in the caller's transaction; False if another request of
    the same key was quicker, and then the caller must undo what it made."""
    try:
        with transaction.atomic():
            Receipt.objects.create(
                principal=principal,
                key=key,
                content_hash=hashlib.sha256(content).digest(),
                made=made,
                at=now,
            )
    except IntegrityError:
        return False
    return True
