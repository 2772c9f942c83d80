"""The queue's one thin module: background work by name. Everything else calls flows."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateEvent, ProcrastinateJob

from ujima.flows import model_labels, settle

#: work that keeps failing is set aside with its reason after these tries, not retried for ever
RETRY = RetryStrategy(max_attempts=5, exponential_wait=2)
#: what was set aside is tried again after this long: its fault may have been healed
REST = timedelta(hours=1)
#: a queue process says every 10 s that it lives
HEARTBEAT = timedelta(seconds=30)


@app.task(name="settle", retry=RETRY)
def settle_job(job_id: str) -> None:
    """Refit one job, over a connection of its own: a thread of the queue has no request whose
    end would notice that the database went away and came back."""
    try:
        settle.settle(job_id=UUID(job_id), now=timezone.now())
        if model_labels.is_due(UUID(job_id)):
            queue_training(job_id)
    finally:
        connection.close()


@app.task(name="train_model")
def train_model(job_id: str) -> None:
    """Train a job's model, beside its fits and never in their way. It is not tried again before the
    job has grown: its labels are one more opinion, not a need."""
    try:
        model_labels.train(job_id=UUID(job_id), now=timezone.now())
    finally:
        connection.close()


def queue_training(job_id: str) -> None:
    """Queue the training of a job's model, unless it is queued; one runs at a time for a job."""
    lock = f"model:{job_id}"
    known = ProcrastinateJob.objects.filter(task_name=train_model.name, lock=lock)
    if not known.filter(status__in=("todo", "doing")).exists():
        train_model.configure(lock=lock).defer(job_id=job_id)


def queue_settling(job_id: UUID, now: datetime) -> bool:
    """Queue the settling of a job unless it waits already or was set aside lately; one runs at a
    time for a job.

    No queueing lock of procrastinate's: with one, a failed try that finds the next try queued
    cannot be put back and would hold the job's lock for ever.
    """
    lock = str(job_id)
    known = ProcrastinateJob.objects.filter(task_name=settle_job.name, lock=lock)
    if known.filter(status="todo").exists() or _rests(known, now):
        return False
    settle_job.configure(lock=lock).defer(job_id=lock)
    return True


def _rests(known: "QuerySet[ProcrastinateJob]", now: datetime) -> bool:
    return ProcrastinateEvent.objects.filter(
        job__in=known.filter(status="failed"), type="failed", at__gt=now - REST
    ).exists()


def take_up_abandoned(now: datetime) -> int:
    """Put work back that a queue process took and, killed, never finished. Returns how many."""
    alive = Q(worker__last_heartbeat__gt=now - HEARTBEAT)
    abandoned = ProcrastinateJob.objects.filter(status="doing").exclude(alive)
    ids = list(abandoned.values_list("id", flat=True))
    with connection.cursor() as cursor:
        for given in ids:
            cursor.execute(
                "select procrastinate_retry_job_v2(%s, %s, null, null, null)", [given, now]
            )
    return len(ids)
