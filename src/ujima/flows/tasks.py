"""The queue's one thin module: background work by name. Everything else calls flows."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from ujima.flows import settle

#: work that keeps failing is set aside with its reason after these tries, not retried for ever
RETRY = RetryStrategy(max_attempts=5, exponential_wait=2)


@app.task(name="settle", retry=RETRY)
def settle_job(job_id: str) -> None:
    """Refit one job."""
    settle.settle(job_id=UUID(job_id), now=timezone.now())


def queue_settling(job_id: UUID) -> bool:
    """Queue the settling of a job unless it is queued already; one runs at a time for a job."""
    return _defer(settle_job, str(job_id), job_id=str(job_id))


def _defer(task: Any, lock: str, **arguments: str) -> bool:
    try:
        task.configure(lock=lock, queueing_lock=lock).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True
