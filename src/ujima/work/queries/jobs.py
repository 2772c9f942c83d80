"""Projects and jobs, for their buyer."""

from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from django.db.models import F, Min, Q, QuerySet, Sum

from ujima.base.errors import Forbidden, NotFound
from ujima.people.standing import Principal
from ujima.work.errors import NoSuchJob
from ujima.work.models import Bookmark, Channel, Import, Job, JobChange, Lease, Project, RefusedRow
from ujima.work.terms import Draft


def projects_of(by: Principal) -> QuerySet[Project]:
    """The projects of a buyer, newest first."""
    _may_see(by)
    return Project.objects.filter(org_id=by.org_id).order_by("-id")


def project_of(by: Principal, project_id: UUID) -> Project:
    """One project of a buyer. Refuses NotFound."""
    found = projects_of(by).filter(id=project_id).first()
    if not found:
        raise NotFound("There is no such project for you.")
    return found


def jobs_of(
    by: Principal, *, before: UUID | None = None, after: UUID | None = None, limit: int = 50
) -> list[Job]:
    """The jobs of a buyer, newest first: those older than `before`, or those just newer than
    `after`."""
    _may_see(by)
    found = Job.objects.filter(org_id=by.org_id).select_related("project")
    if after:
        return list(found.filter(id__gt=after).order_by("id")[:limit])[::-1]
    if before:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def draft_of(job: Job) -> Draft:
    """What a buyer chose so far, to be changed in part."""
    return Draft(**{field.name: getattr(job, field.name) for field in fields(Draft)})


def job_of(by: Principal, job_id: UUID) -> Job:
    """One job of a buyer. Refuses NoSuchJob, for another's job too."""
    _may_see(by)
    found = Job.objects.filter(org_id=by.org_id, id=job_id).select_related("project").first()
    if not found:
        raise NoSuchJob
    return found


def logged_titles(by: Principal, subjects: Iterable[str]) -> dict[str, str]:
    """Titles of the jobs and projects that one's own organisation's log tells of: its own, and the
    jobs that are offered to it. Refuses Forbidden.

    subjects    such as `job:01a0…`; of other kinds nothing is told
    """
    if not by.may("see_audit"):
        raise Forbidden
    wanted: dict[str, list[str]] = {"job": [], "project": []}
    for subject in dict.fromkeys(subjects):
        kind, _, text = subject.partition(":")
        if kind in wanted:
            wanted[kind].append(text)
    offered = Channel.objects.filter(provider_id=by.org_id, job_id__in=wanted["job"])
    own = Q(org_id=by.org_id) | Q(id__in=offered.values("job_id"))
    jobs = Job.objects.filter(own, id__in=wanted["job"]).values_list("id", "title")
    projects = Project.objects.filter(org_id=by.org_id, id__in=wanted["project"])
    return {
        **{f"job:{job}": title for job, title in jobs},
        **{f"project:{project.id}": project.title for project in projects},
    }


def history(job: Job) -> list[JobChange]:
    """The states a job came through, oldest first."""
    return list(job.changes.order_by("id"))


def channels(job: Job) -> list[Channel]:
    """To whom a job is offered, in order."""
    return list(job.channels.filter(withdrawn_at=None).order_by("offered_at"))


def imports(job: Job) -> list[Import]:
    """The files taken into a job, newest first."""
    return list(job.imports.order_by("-at"))


def import_of(by: Principal, job: Job, import_id: UUID) -> Import:
    """One file taken into a buyer's job. Refuses NotFound."""
    _may_see(by)
    found = Import.objects.filter(org_id=by.org_id, job=job, id=import_id).first()
    if not found:
        raise NotFound("There is no such file in this job.")
    return found


def units_brought(by: Principal, jobs: Sequence[Job]) -> dict[UUID, int]:
    """How many ordinary units each of these jobs was given, from the files' own counts."""
    _may_see(by)
    kept = Import.objects.filter(org_id=by.org_id, job__in=jobs).values_list("job_id")
    return dict(kept.annotate(units=Sum(F("kept") - F("golds"))))


def refused_rows(by: Principal, import_id: UUID) -> QuerySet[RefusedRow]:
    """The rows of one file that were not taken, in the file's order."""
    _may_see(by)
    return RefusedRow.objects.filter(org_id=by.org_id, intake_id=import_id).order_by("id")


def counts(job: Job) -> tuple[int, int]:
    """How many ordinary units and how many gold units a job has, from its files' own counts."""
    brought = job.imports.aggregate(kept=Sum("kept"), golds=Sum("golds"))
    golds = brought["golds"] or 0
    return (brought["kept"] or 0) - golds, golds


def held_now(job: Job, now: datetime) -> tuple[int, int]:
    """How many units are held at this moment, and by how many people."""
    live = Lease.objects.filter(org_id=job.org_id, job_id=job.id, state=0, expires_at__gt=now)
    return live.count(), live.values("person_id").distinct().count()


def earlier_jobs(job: Job, most: int = 20) -> list[tuple[UUID, datetime]]:
    """(id, when launched) of its buyer's other jobs with the same providers, newest first."""
    providers = job.channels.filter(withdrawn_at=None).values("provider_id")
    found = JobChange.objects.filter(
        org_id=job.org_id,
        state=Job.State.LAUNCHED,
        job__channels__provider_id__in=providers,
        job__channels__accepted_at__isnull=False,
    )
    launched = found.exclude(job=job).values_list("job_id").annotate(at=Min("at"))
    return list(launched.order_by("-job_id")[:most])


def people_at(job: Job) -> int:
    """How many people have come for a job's work, whether there was any for them or not."""
    return Bookmark.objects.filter(org_id=job.org_id, job_id=job.id).count()


def job_for_system(job_id: UUID) -> Job:
    """A job, for the background's own housekeeping."""
    return Job.objects.get(id=job_id)


def has_ended(job: Job, now: datetime) -> bool:
    """Whether a job's deadline has passed: nobody is offered its units, and none are held."""
    return job.deadline is not None and job.deadline <= now


def jobs_past_deadline(now: datetime) -> list[tuple[UUID, UUID]]:
    """(org, job) of every job that has not ended though its deadline has passed."""
    found = Job.objects.filter(state__in=("launched", "paused"), deadline__lte=now)
    return list(found.values_list("org_id", "id"))


def jobs_with_expired_leases(now: datetime) -> list[tuple[UUID, UUID]]:
    """(org, job) of every job that has leases to end, for the background's sweep."""
    return list(
        Lease.objects.filter(state=0, expires_at__lte=now)
        .values_list("org_id", "job_id")
        .distinct()
    )


def _may_see(by: Principal) -> None:
    if not by.may("see_jobs"):
        raise Forbidden


def titles_of(job_ids: list[UUID]) -> dict[UUID, str]:
    """The titles of jobs, for people to whom something about them is told already."""
    return dict(Job.objects.filter(id__in=job_ids).values_list("id", "title"))
