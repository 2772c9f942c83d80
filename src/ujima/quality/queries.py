"""Results, fits and trust; the caller has looked up the job for whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from ujima.quality.models import Current, Fit, Result, Skill
from ujima.quality.trust import gold_interval


@dataclass(frozen=True, slots=True)
class Trust:
    """What is believed of one person's accuracy on one job, from gold: low, middle, high."""

    person_id: UUID
    judgments: int
    gold_seen: int
    gold_right: int

    @property
    def interval(self) -> tuple[float, float, float] | None:
        """A 95 % interval, or None before any gold."""
        return tuple(gold_interval(self.gold_right, self.gold_seen)) if self.gold_seen else None  # type: ignore[return-value]


def newest_fit(org_id: UUID, job_id: UUID) -> Fit | None:
    """The newest fit of a job."""
    return Fit.objects.filter(org_id=org_id, job_id=job_id).order_by("-id").first()


def newest_fits(org_id: UUID, job_ids: Sequence[UUID]) -> dict[UUID, Fit]:
    """The newest fit of each of these jobs."""
    found = Fit.objects.filter(org_id=org_id, job_id__in=job_ids)
    return {fit.job_id: fit for fit in found.order_by("job_id", "-id").distinct("job_id")}


def fits(org_id: UUID, job_id: UUID, most: int = 200) -> list[Fit]:
    """A job's fits, oldest first; of many, evenly spread ones and the newest."""
    ids = list(
        Fit.objects.filter(org_id=org_id, job_id=job_id).order_by("id").values_list("id", flat=True)
    )
    step = max(1, -(-len(ids) // most))
    wanted = {*ids[::step], *ids[-1:]}
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


def labels(org_id: UUID, job_id: UUID, most: int = 30) -> list[str]:
    """The answers that occur among a job's results, for a filter."""
    found = Current.objects.filter(org_id=org_id, job_id=job_id)
    return list(found.order_by("label").values_list("label", flat=True).distinct()[:most])


def versions(org_id: UUID, unit_id: int) -> list[Result]:
    """Every result that was given out for a unit, newest first."""
    return list(Result.objects.filter(org_id=org_id, unit_id=unit_id).order_by("-version"))


def trust(org_id: UUID, job_id: UUID, people: Sequence[UUID] | None = None) -> list[Trust]:
    """Trust in the people of a job, in no order of merit."""
    found = Skill.objects.filter(org_id=org_id, job_id=job_id)
    if people is not None:
        found = found.filter(person_id__in=people)
    rows = found.order_by("person_id").values_list(
        "person_id", "judgments", "gold_seen", "gold_right"
    )
    return [Trust(*row) for row in rows]


def trust_on(person_id: UUID, jobs: Sequence[tuple[UUID, UUID]]) -> dict[UUID, Trust]:
    """Trust in one person on each of these jobs, given as (org, job); jobs she did not do are
    left out."""
    found = Skill.objects.filter(
        org_id__in={org for org, _ in jobs},
        job_id__in=[job for _, job in jobs],
        person_id=person_id,
    )
    rows = found.values_list("job_id", "person_id", "judgments", "gold_seen", "gold_right")
    return {job: Trust(person, n, seen, right) for job, person, n, seen, right in rows}
