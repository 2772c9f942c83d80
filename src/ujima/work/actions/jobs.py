"""Projects and jobs: made, changed while drafts, and taken through their states."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden
from ujima.people.standing import Principal
from ujima.work.errors import NotADraft, NotReady, WrongState
from ujima.work.labelling.config import parse
from ujima.work.models import Job, JobChange, JobVersion, Project, Unit
from ujima.work.queries.jobs import counts, job_of, project_of
from ujima.work.terms import AUDIT_UNITS, QUIZ_TRIES, Draft, check, gold_need

#: from which states each state can be reached
WAYS = {
    "launched": {"draft", "paused"},
    "paused": {"launched"},
    "finished": {"launched", "paused"},
    "cancelled": {"draft", "launched", "paused"},
}


def need(principal: Principal, power: str) -> None:
    """Refuses Forbidden if the principal lacks a power."""
    if not principal.may(power):
        raise Forbidden


@transaction.atomic
def make_project(*, by: Principal, title: str, now: datetime) -> Project:
    """Make a folder for jobs. Refuses BadInput without a title."""
    need(by, "make_jobs")
    if not title.strip() or len(title) > 200:
        raise BadInput(
            "Give the project a title of up to 200 characters.", place={"field": "title"}
        )
    project = Project.objects.create(org_id=by.org_id, title=title.strip(), made_at=now)
    _audit(by, "make_project", f"project:{project.id}", now)
    return project


@transaction.atomic
def draft_job(*, by: Principal, project_id: UUID, draft: Draft, fee_bp: int, now: datetime) -> Job:
    """Make a draft of a job. Refuses NotFound, BadJob."""
    need(by, "make_jobs")
    check(draft, now)
    project = project_of(by, project_id)
    job = Job.objects.create(
        org_id=by.org_id, project=project, fee_bp=fee_bp, made_at=now, **asdict(draft)
    )
    _changed(job, "draft", by.actor, now)
    _audit(by, "draft_job", f"job:{job.id}", now)
    return job


@transaction.atomic
def change_draft(*, by: Principal, job_id: UUID, draft: Draft, now: datetime) -> Job:
    """Change a job that has not been launched. Refuses NotADraft, BadJob."""
    need(by, "make_jobs")
    check(draft, now)
    job = locked(by, job_id)
    if job.state != Job.State.DRAFT:
        raise NotADraft
    if (
        draft.config != job.config
        and Unit.objects.filter(org_id=job.org_id, job_id=job.id).exists()
    ):
        lacking = set(parse(draft.config).columns) - set(_columns(job))
        if lacking:
            raise NotReady(
                f"The units taken in have no column {', '.join(sorted(lacking))}.",
                place={"field": "config"},
            )
    for name, value in asdict(draft).items():
        setattr(job, name, value)
    job.save()
    _audit(by, "change_job", f"job:{job.id}", now)
    return job


def _columns(job: Job) -> list[str]:
    unit = Unit.objects.filter(org_id=job.org_id, job_id=job.id).order_by("id").first()
    return list(unit.data) if unit else []


def launch(*, by: Principal, job: Job, now: datetime) -> JobVersion:
    """Fix the job's form and terms as its first version and open its units.

    The caller holds the job's lock and reserves its cost in the same transaction.
    Refuses NotReady, WrongState.
    """
    need(by, "make_jobs")
    if job.state != Job.State.DRAFT:
        raise WrongState("Only a draft can be launched.")
    labelling = parse(job.config) if job.config.strip() else None
    if not labelling or not labelling.questions:
        raise NotReady(
            "The job asks nothing yet; its form needs a question.", place={"field": "config"}
        )
    units = Unit.objects.filter(org_id=job.org_id, job_id=job.id)
    ordinary, golds = counts(job)
    if not ordinary:
        raise NotReady("The job has no units yet.", place={"field": "units"})
    if golds < QUIZ_TRIES * job.quiz_units:
        raise NotReady(
            f"A quiz that may be tried twice needs {QUIZ_TRIES * job.quiz_units} units with known "
            f"answers; the job has {golds}.",
            place={"field": "quiz_units"},
        )
    if not job.channels.filter(withdrawn_at=None).exists():
        raise NotReady("Offer the job to a provider first.", place={"field": "channels"})
    units.filter(is_gold=False).exclude(need=job.judgments_min).update(need=job.judgments_min)
    set_gold_need(job)
    if ordinary < AUDIT_UNITS:
        job.audit_bp = 0
    job.version = 1
    version = JobVersion.objects.create(
        org_id=job.org_id,
        job=job,
        number=1,
        title=job.title,
        instructions=job.instructions,
        config=job.config,
        currency=job.currency,
        rate_minor=job.rate_minor,
        provider_share_bp=job.provider_share_bp,
        fee_bp=job.fee_bp,
        made_at=now,
    )
    move(job=job, state="launched", by=by.actor, now=now)
    _audit(by, "launch_job", f"job:{job.id}", now)
    return version


def set_gold_need(job: Job) -> None:
    """Let each gold unit of a locked job get its part of the judgments that gold may take."""
    units, golds = counts(job)
    need = gold_need(units, golds, job.judgments_max, job.gold_share_bp, job.quiz_units)
    Unit.objects.filter(org_id=job.org_id, job_id=job.id, is_gold=True).update(
        need=need, is_open=Q(taken__lt=need)
    )


def move(*, job: Job, state: str, by: str, now: datetime, reason: str = "") -> None:
    """Take a locked job into another state, and keep who did it, when and why.

    Refuses WrongState where no way leads there.
    """
    if job.state not in WAYS[state]:
        raise WrongState(f"A job that is {job.get_state_display()} cannot become {state}.")
    job.state = state
    job.save(update_fields=["state", "version", "audit_bp"])
    _changed(job, state, by, now, reason)


def locked(by: Principal, job_id: UUID) -> Job:
    """The buyer's job, locked until the transaction ends. Refuses NoSuchJob."""
    job_of(by, job_id)
    return Job.objects.select_for_update().get(org_id=by.org_id, id=job_id)


def locked_for_system(job_id: UUID) -> Job:
    """A job, locked, for the background's own housekeeping."""
    return Job.objects.select_for_update().get(id=job_id)


def _changed(job: Job, state: str, by: str, now: datetime, reason: str = "") -> None:
    JobChange.objects.create(
        org_id=job.org_id, job=job, state=state, by=by, at=now, reason=reason[:300]
    )


def _audit(by: Principal, action: str, subject: str, now: datetime) -> None:
    record(org_id=by.org_id, actor=by.actor, action=action, subject=subject, now=now)
