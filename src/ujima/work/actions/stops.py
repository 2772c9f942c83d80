"""Offering a person no more of one job, and letting her have it again."""

from datetime import datetime
from uuid import UUID

from ujima.work.models import Stop


def stop(*, org_id: UUID, job_id: UUID, person_id: UUID, by: str, now: datetime) -> None:
    """Offer her no more of a job, in the caller's transaction. What she holds she may answer, and
    it is paid; what she has earned stays hers."""
    Stop.objects.get_or_create(
        org_id=org_id, job_id=job_id, person_id=person_id, defaults={"by": by, "at": now}
    )


def lift(*, org_id: UUID, job_id: UUID, person_id: UUID) -> bool:
    """Offer her the job again, in the caller's transaction; whether she had been stopped."""
    found = Stop.objects.filter(org_id=org_id, job_id=job_id, person_id=person_id)
    return bool(found.delete()[0])
