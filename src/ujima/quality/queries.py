"""Results, fits and trust; the caller has looked up the job for whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, Sum
from django.db.models.functions import Coalesce

from ujima.base.errors import Forbidden
from ujima.people.queries import members_of
from ujima.people.standing import Principal, Worker
from ujima.quality.errors import NoSuchCase
from ujima.quality.models import (
    Belief,
    Case,
    Current,
    Fit,
    ModelLabel,
    Result,
    Shown,
    Skill,
    Training,
)

_SHOWN = ("judgments", "gold_seen", "gold_right", "low", "mid", "high")


@dataclass(frozen=True, slots=True)
class Trust:
    """What is shown of one person's accuracy on one job, from gold and inference: as it stood
    when it was last shown, so that no single answer to gold can be told from it."""

    person_id: UUID
    judgments: int
    gold_seen: int
    gold_right: int
    low: float
    mid: float
    high: float

    @property
    def interval(self) -> tuple[float, float, float] | None:
        """A 95 % interval, or None before any gold."""
        return (self.low, self.mid, self.high) if self.gold_seen else None


def newest_fit(org_id: UUID, job_id: UUID) -> Fit | None:
    """The newest fit of a job."""
    return Fit.objects.filter(org_id=org_id, job_id=job_id).order_by("-id").first()


def is_fitted(org_id: UUID, job_id: UUID) -> bool:
    """Whether the newest fit has seen every judgment of a job."""
    fit = newest_fit(org_id, job_id)
    skills = Skill.objects.filter(org_id=org_id, job_id=job_id)
    judged: int = skills.aggregate(n=Sum("judgments", default=0))["n"]
    return (fit.judgments if fit else 0) == judged


def newest_fits(org_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, Fit]:
    """The newest fit of each of these jobs."""
    found = Fit.objects.filter(org_id=org_id, job_id__in=job_ids)
    return {fit.job_id: fit for fit in found.order_by("job_id", "-id").distinct("job_id")}


#: one fit at or after each of so many moments, evenly spread from a job's first to its newest; each
#: is one look into the index, however many fits there are
_SPREAD = """
with ends as (
    select (select at from quality_fit where org_id = %(org)s and job_id = %(job)s
            order by at limit 1) as first,
           (select at from quality_fit where org_id = %(org)s and job_id = %(job)s
            order by at desc limit 1) as last
)
select distinct f.id from ends cross join generate_series(0, %(most)s - 1) as place
cross join lateral (
    select id from quality_fit where org_id = %(org)s and job_id = %(job)s
      and at >= ends.first + (ends.last - ends.first) * place / (%(most)s - 1)
    order by at limit 1) f
"""
#: the newest fits are all there, as the pace is told from them
NEWEST = 12


def fits(org_id: UUID, job_id: UUID, most: int = 200) -> list[Fit]:
    """A job's fits, oldest first; of more than `most` some evenly spread in time, and the newest
    twelve."""
    newest = Fit.objects.filter(org_id=org_id, job_id=job_id).order_by("-id")
    every = list(newest[: most + 1])
    if len(every) <= most:
        return every[::-1]
    with connection.cursor() as cursor:
        cursor.execute(_SPREAD, {"org": org_id, "job": job_id, "most": most})
        spread = {row[0] for row in cursor.fetchall()}
    wanted = spread | {fit.id for fit in every[:NEWEST]}
    return list(Fit.objects.filter(id__in=wanted).order_by("id"))


def results(
    org_id: UUID,
    job_id: UUID,
    *,
    after: int = 0,
    before: int = 0,
    label: str = "",
    below: float | None = None,
    limit: int = 50,
) -> list[Current]:
    """Newest results in the order of their units: those after the unit `after`, or those just
    before the unit `before`; `label` keeps one answer, `below` those less confident."""
    found = Current.objects.filter(org_id=org_id, job_id=job_id).select_related("result")
    if label:
        found = found.filter(label=label)
    if below is not None:
        found = found.filter(confidence__lt=below)
    if before:
        return list(found.filter(unit_id__lt=before).order_by("-unit_id")[:limit])[::-1]
    return list(found.filter(unit_id__gt=after).order_by("unit_id")[:limit])


def current_of(org_id: UUID, unit_id: int) -> Current | None:
    """The newest result of one unit."""
    found = Current.objects.filter(org_id=org_id, unit_id=unit_id)
    return found.select_related("result").first()


def shares_of_work(org_id: UUID, job_id: UUID) -> list[tuple[UUID, UUID, int]]:
    """(provider, person, judgments) for everybody who has worked on a job; sums of it, never the
    rows, may be shown to its buyer."""
    found = Skill.objects.filter(org_id=org_id, job_id=job_id)
    return list(found.values_list("provider_id", "person_id", "judgments"))


def least_certain(org_id: UUID, job_id: UUID, limit: int = 10) -> list[Current]:
    """The results that rest on the least confidence."""
    found = Current.objects.filter(org_id=org_id, job_id=job_id).select_related("result")
    return list(found.order_by("confidence", "unit_id")[:limit])


def results_found(
    org_id: UUID, job_id: UUID, *, label: str = "", below: float | None = None
) -> QuerySet[Current]:
    """A job's newest results, filtered as `results` does, for whoever orders and pages them."""
    found = Current.objects.filter(org_id=org_id, job_id=job_id).select_related("result")
    if label:
        found = found.filter(label=label)
    return found if below is None else found.filter(confidence__lt=below)


#: from each label straight to the next one, however many results have it
_LABELS = """
with recursive found (label) as (
    (select label from quality_current where org_id = %(org)s and job_id = %(job)s
     order by label limit 1)
    union all
    select (select c.label from quality_current c
            where c.org_id = %(org)s and c.job_id = %(job)s and c.label > found.label
            order by c.label limit 1)
    from found where found.label is not null
)
select label from found where label is not null limit %(most)s
"""


def labels(org_id: UUID, job_id: UUID, most: int = 30) -> list[str]:
    """The answers that occur among a job's results, for a filter."""
    with connection.cursor() as cursor:
        cursor.execute(_LABELS, {"org": org_id, "job": job_id, "most": most})
        return [label for (label,) in cursor.fetchall()]


def versions(org_id: UUID, unit_id: int) -> list[Result]:
    """Every result that was given out for a unit, newest first."""
    return list(Result.objects.filter(org_id=org_id, unit_id=unit_id).order_by("-version"))


def trust(org_id: UUID, job_id: UUID, people: Sequence[UUID] | None = None) -> list[Trust]:
    """Trust in the people of a job, in no order of merit."""
    found = Shown.objects.filter(org_id=org_id, job_id=job_id)
    if people is not None:
        found = found.filter(person_id__in=people)
    rows = found.order_by("person_id").values_list("person_id", *_SHOWN)
    return [Trust(*row) for row in rows]


def trust_on(person_id: UUID, jobs: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Trust]:
    """Trust in one person on each of these jobs, given as (org, job); jobs she did not do are
    left out."""
    found = Shown.objects.filter(
        org_id__in={org for org, _ in jobs},
        job_id__in=[job for _, job in jobs],
        person_id=person_id,
    )
    rows = found.values_list("job_id", "person_id", *_SHOWN)
    return {job: Trust(*shown) for job, *shown in rows}


def cases_at(by: Principal, limit: int = 200) -> list[Case]:
    """The cases of the people whom one may see, a lead those of her centre: those that wait first,
    then the closed ones, the newest first."""
    if not (by.may("see_quality") and by.may("see_people")):
        raise Forbidden
    hers = members_of(by).order_by().values("person_id")
    found = Case.objects.filter(provider_id=by.org_id, person_id__in=hers)
    closed = Coalesce("decided_at", "withdrawn_at").desc(nulls_first=True)
    return list(found.order_by(closed, "-opened_at")[:limit])


def case_at(by: Principal, case_id: UUID) -> Case:
    """One case of one's own organisation's. Refuses NoSuchCase."""
    if not (by.may("see_quality") and by.may("see_people")):
        raise Forbidden
    found = Case.objects.filter(provider_id=by.org_id, id=case_id).first()
    if not found:
        raise NoSuchCase
    return found


def own_cases(worker: Worker, limit: int = 20) -> list[Case]:
    """The cases about a worker's own work, newest first."""
    found = Case.objects.filter(person_id=worker.person_id, provider_id=worker.provider_id)
    return list(found.order_by("-opened_at")[:limit])


def own_case(worker: Worker, case_id: UUID) -> Case:
    """A case about a worker's own work. Refuses NoSuchCase."""
    found = Case.objects.filter(id=case_id, person_id=worker.person_id).first()
    if not found:
        raise NoSuchCase
    return found


def judged_units(org_id: UUID, job_id: UUID) -> int:
    """How many ordinary units of a job people have judged; counted in the background."""
    return Belief.objects.filter(org_id=org_id, job_id=job_id, judgments__gt=0).count()


def newest_training(org_id: UUID, job_id: UUID) -> Training | None:
    """When a model was last trained on a job, or could not be."""
    return Training.objects.filter(org_id=org_id, job_id=job_id).order_by("-id").first()


def model_labels_of(org_id: UUID, job_id: UUID) -> dict[int, list[int | None]]:
    """What the newest model says of a job's units, a label or None for each problem; for the
    inference."""
    found = ModelLabel.objects.filter(org_id=org_id, job_id=job_id).values_list("unit_id", "labels")
    return {unit: [None if k < 0 else k for k in labels] for unit, labels in found.iterator()}
