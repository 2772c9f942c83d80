"""In the background, for jobs whose buyer wants it: a model learns from people's answers, and what
it says joins them at the next fit as one more opinion."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import structlog

from ujima.base.errors import Refusal
from ujima.flows.judgment import asked_of
from ujima.quality.actions import fits
from ujima.quality.actions.model_labels import keep_labels, record_failure
from ujima.quality.model_labels import units as learning
from ujima.quality.queries import judged_units, newest_training
from ujima.work.actions.forms import form_of
from ujima.work.queries.jobs import counts, job_for_system
from ujima.work.queries.units import golds_of, judgments_of, units_of

if TYPE_CHECKING:
    from ujima.work.models import Job

log = structlog.get_logger("ujima.model_labels")
PAGE = 5000


def is_due(job_id: UUID) -> bool:
    """Whether a job's model is to be trained: its buyer wants it, it asks a single choice, people
    have judged enough units, and a fifth more than at the last training."""
    job = job_for_system(job_id)
    if not job.model_labels or not job.version:
        return False
    if not learning.single_choices(asked_of(job.id, job.version)):
        return False
    before = newest_training(job.org_id, job.id)
    return learning.is_due(judged_units(job.org_id, job.id), before.judged if before else None)


def train(*, job_id: UUID, now: datetime) -> None:
    """Train a job's model, keep what it says, and mark the job for its next fit. What goes wrong
    is kept for its page, and disturbs nothing else."""
    if not is_due(job_id):
        return
    job = job_for_system(job_id)
    judged = judged_units(job.org_id, job.id)
    if sum(counts(job)) > learning.MOST_UNITS:
        _failed(job, judged, "too_many_units", now)
        return
    try:
        trained = _trained(job)
    except Refusal as refusal:
        _failed(job, judged, refusal.code, now)
    except Exception:
        # the outer edge: said on the page, and raised for the queue's own record
        log.exception("training_failed", job=str(job.id))
        _failed(job, judged, "failed", now)
        raise
    else:
        keep_labels(org_id=job.org_id, job_id=job.id, trained=trained, judged=judged, now=now)
        fits.mark(org_id=job.org_id, job_id=job.id, now=now)


def _failed(job: "Job", judged: int, problem: str, now: datetime) -> None:
    record_failure(org_id=job.org_id, job_id=job.id, judged=judged, problem=problem, now=now)


def _trained(job: "Job") -> learning.Trained:
    rows = judgments_of(job.org_id, job.id)
    return learning.train(
        asked_of(job.id, job.version),
        _fields(job),
        ((row.unit_id, row.answer) for row in rows),
        golds_of(job.org_id, job.id).keys(),
    )


def _fields(job: "Job") -> dict[int, dict[str, Any]]:
    """Of each unit what its form shows to people, and nothing else that was brought with it."""
    shown = form_of(job.id, job.version).columns
    found: dict[int, dict[str, Any]] = {}
    after = 0
    while units := units_of(job, after=after, limit=PAGE):
        found |= {unit.id: {name: unit.data.get(name) for name in shown} for unit in units}
        after = units[-1].id
    return found
