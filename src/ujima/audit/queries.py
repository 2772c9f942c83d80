"""Reading the log, for one organisation."""

from datetime import datetime
from uuid import UUID

from ujima.audit.models import Entry


def entries(
    *,
    org_id: UUID,
    before: int | None = None,
    limit: int = 50,
    action: str = "",
    actor: str = "",
    start: datetime | None = None,
    end: datetime | None = None,
) -> list[Entry]:
    """The newest entries of an organisation, older than the entry `before`; of one action, of one
    actor, of [start, end), where these are given."""
    found = Entry.objects.filter(org_id=org_id).order_by("-id")
    if before:
        found = found.filter(id__lt=before)
    if action:
        found = found.filter(action=action)
    if actor:
        found = found.filter(actor=actor)
    if start:
        found = found.filter(at__gte=start)
    if end:
        found = found.filter(at__lt=end)
    return list(found[:limit])
