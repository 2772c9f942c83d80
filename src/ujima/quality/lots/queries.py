"""How the check of a lot stands; the caller has looked up the job for whoever asks."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from ujima.quality import acceptance
from ujima.quality.acceptance import Plan, Ruling
from ujima.quality.errors import NoSuchLot, NotDrawn
from ujima.quality.models import Acceptance, Check, Draw, Drawn, Lot


@dataclass(frozen=True)
class Standing:
    """A check so far.

    found    place -> right, wrong, or None where that was taken back; places without a row are
             not looked at yet
    turns    place -> its newest turn
    """

    plan: Plan
    found: dict[int, bool | None]
    turns: dict[int, int]
    is_closed: bool

    @property
    def sample(self) -> int:
        return self.plan.sample

    @property
    def checked(self) -> int:
        return sum(one is not None for one in self.found.values())

    @property
    def wrong(self) -> int:
        return sum(one is False for one in self.found.values())

    @cached_property
    def ruling(self) -> Ruling:
        return acceptance.ruling(self.plan, self.checked, self.wrong)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The exact 95 % interval of the lot's accuracy, by what is checked so far."""
        return acceptance.accuracy_interval(self.plan.lot, self.checked, self.wrong)

    @cached_property
    def confidence(self) -> float:
        """That the lot is at least as accurate as what could just be tolerated."""
        plan = self.plan
        return acceptance.confidence_of(plan.lot, self.checked, self.wrong, plan.tolerable)

    def turn_of(self, place: int) -> int:
        return self.turns.get(place, 0)

    def next_place(self, after: int = 0) -> int | None:
        """The first place that nobody has checked after this one, or, of none, from the start."""
        left = [p for p in range(1, self.sample + 1) if self.found.get(p) is None]
        return next((p for p in left if p > after), left[0] if left else None)


def lots(org_id: UUID, job_id: UUID) -> QuerySet[Lot]:
    """The checks of a job, newest first."""
    found = Lot.objects.filter(org_id=org_id, job_id=job_id)
    return found.select_related("draw", "acceptance").order_by("-id")


def lot_of(org_id: UUID, job_id: UUID, lot_id: UUID) -> Lot:
    """One check of a job. Refuses NoSuchLot."""
    found = lots(org_id, job_id).filter(id=lot_id).first()
    if not found:
        raise NoSuchLot
    return found


def plan_of(lot: Lot) -> Plan:
    """The plan under which a lot is checked. Refuses NotDrawn."""
    draw = Draw.objects.filter(lot=lot).first()
    if not draw:
        raise NotDrawn
    return Plan(
        lot=draw.units,
        sample=draw.sample,
        allowed=draw.allowed,
        contracted=lot.contracted,
        tolerable=lot.tolerable,
        producer_risk=draw.producer_risk,
        consumer_risk=draw.consumer_risk,
    )


def standing_of(lot: Lot) -> Standing:
    """How far a check is. Reads as many rows as the sample has, not the lot. Refuses NotDrawn."""
    plan = plan_of(lot)
    newest = newest_checks(lot)
    return Standing(
        plan,
        {place: one.is_right for place, one in newest.items()},
        {place: one.turn for place, one in newest.items()},
        Acceptance.objects.filter(lot=lot).exists(),
    )


def newest_checks(lot: Lot) -> dict[int, Check]:
    """What holds of each place that was looked at."""
    found = Check.objects.filter(org_id=lot.org_id, lot=lot)
    return {one.place: one for one in found.order_by("place", "-turn").distinct("place")}


def drawn_at(lot: Lot, place: int) -> Drawn:
    """The unit at a place of the sample. Refuses NoSuchLot."""
    found = Drawn.objects.filter(org_id=lot.org_id, lot=lot, place=place)
    one = found.select_related("result").first()
    if not one:
        raise NoSuchLot
    return one


def protocol(lot: Lot, *, after: int = 0, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """The drawn units after a place, in the order of the draw, with what was found of each."""
    newest = newest_checks(lot)
    drawn = Drawn.objects.filter(org_id=lot.org_id, lot=lot, place__gt=after)
    for one in drawn.select_related("result").order_by("place")[:limit]:
        check = newest.get(one.place)
        yield {
            "place": one.place,
            "unit_id": one.unit_id,
            "result": one.result,
            "is_right": check.is_right if check else None,
            "at": check.at if check and check.is_right is not None else None,
            "turn": check.turn if check else 0,
        }
