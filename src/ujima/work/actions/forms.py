"""The form under which a lease was given, read once a process: versions never change."""

from functools import lru_cache
from uuid import UUID

from ujima.work.labelling.config import parse
from ujima.work.labelling.model import Labelling
from ujima.work.models import JobVersion
from ujima.work.terms import Terms


@lru_cache(maxsize=256)
def form_of(job_id: UUID, version: int) -> Labelling:
    """The labelling of one version of a job."""
    return parse(JobVersion.objects.get(job_id=job_id, number=version).config)


@lru_cache(maxsize=1024)
def terms_of(job_id: UUID, version: int) -> Terms:
    """The price, and how many judgments are wanted, under one version of a job."""
    found = JobVersion.objects.select_related("job").get(job_id=job_id, number=version)
    return Terms.of(found, found.job, found.fee_bp)
