"""The queue of a review, a job's adjudications and its report; the caller has looked up the job
for whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from ujima.quality.actions.adjudications import ADJUDICATED
from ujima.quality.models import Adjudication, Current, Report, Result

#: how a unit ended of which more judgments would not help: these come to review first
GIVEN_UP = "review"


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has come in the queue: past this unit, at this confidence."""

    confidence: float
    unit_id: int

    def __str__(self) -> str:
        return f"{self.confidence!r}~{self.unit_id}"

    @classmethod
    def read(cls, text: str) -> "Place | None":
        """The place that an address carries; None if it carries none."""
        confidence, _, unit = text.partition("~")
        try:
            return cls(float(confidence), int(unit)) if 0 < int(unit) < 2**63 else None
        except ValueError:
            return None


def queue(
    org_id: UUID,
    job_id: UUID,
    *,
    below: float | None = None,
    label: str = "",
    after: Place | None = None,
    limit: int = 1,
) -> list[Current]:
    """The least certain results that nobody has decided, least first, of those after a place;
    `below` keeps those less confident, `label` those with one answer."""
    found = Current.objects.filter(org_id=org_id, job_id=job_id).select_related("result")
    if label:
        found = found.filter(label=label)
    if below is not None:
        found = found.filter(confidence__lt=below)
    if after:
        past = Q(confidence__gt=after.confidence)
        found = found.filter(past | Q(confidence=after.confidence, unit_id__gt=after.unit_id))
    # what a person decided has confidence 1 and so comes last; it is passed over without a join
    found = found.order_by("confidence", "unit_id")
    return [one for one in found[:limit] if one.result.method != ADJUDICATED]


def given_up(
    org_id: UUID, job_id: UUID, *, after: Place | None = None, limit: int = 1
) -> list[Current]:
    """The results of units that were given up, which nobody has decided, least certain first."""
    found = Result.objects.filter(org_id=org_id, job_id=job_id, ended=GIVEN_UP)
    if after:
        past = Q(confidence__gt=after.confidence)
        found = found.filter(past | Q(confidence=after.confidence, unit_id__gt=after.unit_id))
    # from the few results that say so to those of them that are their units' newest
    newest = found.filter(current__isnull=False).order_by("confidence", "unit_id")[:limit]
    at = Current.objects.filter(org_id=org_id, result__in=[one.id for one in newest])
    return list(at.select_related("result").order_by("confidence", "unit_id"))


def adjudications_held(org_id: UUID, job_id: UUID) -> dict[int, dict[str, list[str]]]:
    """unit -> the answer that a person decided and nobody took back; for the inference."""
    found = Adjudication.objects.filter(org_id=org_id, job_id=job_id)
    newest = found.order_by("unit_id", "-turn").distinct("unit_id")
    return {unit: a for unit, a in newest.values_list("unit_id", "answer") if a is not None}


def newest_of_units(org_id: UUID, units: Sequence[int]) -> dict[int, Adjudication]:
    """unit -> its newest adjudication, for those of these units that have one."""
    found = Adjudication.objects.filter(org_id=org_id, unit_id__in=units)
    return {one.unit_id: one for one in found.order_by("unit_id", "-turn").distinct("unit_id")}


def turns_of(org_id: UUID, unit_id: int) -> list[Adjudication]:
    """Every decision of a unit, and every taking back, oldest first."""
    return list(Adjudication.objects.filter(org_id=org_id, unit_id=unit_id).order_by("turn"))


def turn_of(org_id: UUID, unit_id: int) -> int:
    """How often a unit was decided or taken back."""
    newest = newest_of_units(org_id, [unit_id]).get(unit_id)
    return newest.turn if newest else 0


def adjudications(
    org_id: UUID, job_id: UUID, *, after: UUID | None = None, limit: int = 50
) -> list[Adjudication]:
    """A job's adjudications and takings back, oldest first, after the one `after`."""
    found = Adjudication.objects.filter(org_id=org_id, job_id=job_id)
    if after:
        found = found.filter(id__gt=after)
    return list(found.order_by("id")[:limit])


def report(org_id: UUID, job_id: UUID) -> Report | None:
    """The report of a job's newest fit."""
    return Report.objects.filter(org_id=org_id, job_id=job_id).first()
