"""Reading the log, for one organisation."""

from uuid import UUID

from ujima.audit.models import Entry


def entries(*, org_id: UUID, before: int | None = None, limit: int = 50) -> list[Entry]:
    """The newest entries of an organisation, older than the entry `before`."""
    found = Entry.objects.filter(org_id=org_id).order_by("-id")
    if before:
        found = found.filter(id__lt=before)
    return list(found[:limit])
