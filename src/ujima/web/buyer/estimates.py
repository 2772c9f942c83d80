"""Cost, time and quality of a job before it starts, in the parts that a buyer may ask about."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ujima.base.money import Money, part_of
from ujima.flows.estimating import DAY, outlook
from ujima.quality.trust import gold_interval
from ujima.work.queries.jobs import counts
from ujima.work.terms import Draft

if TYPE_CHECKING:
    from ujima.work.models import Job


@dataclass(frozen=True, slots=True)
class Told:
    """An estimate in the words of the page.

    an_hour        what a worker earns in an hour at the buyer's guess of the pace
    share, fee     on top of 100 judgments' `wages`
    hours          of work in all at that pace, for the likely number of judgments
    judgments_*    with gold; low and high if people are right as often as `accuracy` says at best
                   and at worst, measured on so many answers to gold, or assumed (0)
    calendar       seconds until the last result, low, likely, high; None while no pace is known;
                   `paces` earlier jobs tell it
    margin         how closely gold will tell the accuracy: half of its 95 % interval's width if
                   nine in ten are right; None without gold
    """

    units: int
    golds: int
    judgments_likely: int
    judgments_low: int
    judgments_high: int
    accuracy: tuple[float, float, float]
    measured_on: int
    calendar: tuple[float, ...] | None
    paces: int
    judgments_most: int
    rate: Money
    an_hour: Money
    wages: Money
    share: Money
    fee: Money
    likely: Money
    most: Money
    hours: float
    target: float
    margin: float | None


def told_estimate(job: "Job", draft: Draft, seconds: int) -> Told:
    """What these terms mean for the units that the job has now."""
    units, golds = counts(job)
    seen = outlook(job, draft)
    reckoned = seen.estimate

    def money(minor: int) -> Money:
        return Money(minor, draft.currency)

    likely = reckoned.judgments_likely + reckoned.gold_likely
    wages = draft.rate_minor * 100
    return Told(
        units=units,
        golds=golds,
        judgments_likely=likely,
        judgments_low=reckoned.judgments_low + reckoned.gold_likely,
        judgments_high=reckoned.judgments_high + reckoned.gold_likely,
        accuracy=seen.accuracy,
        measured_on=seen.golds,
        calendar=tuple(days * DAY for days in seen.days) if seen.days else None,
        paces=seen.paces,
        judgments_most=reckoned.judgments_most + reckoned.gold_judgments,
        rate=money(draft.rate_minor),
        an_hour=money(round(draft.rate_minor * 3600 / seconds)),
        wages=money(wages),
        share=money(part_of(wages, draft.provider_share_bp)),
        fee=money(part_of(wages, job.fee_bp)),
        likely=reckoned.likely,
        most=reckoned.reserve,
        hours=likely * seconds,
        target=draft.confidence_target,
        margin=_margin(reckoned.gold_judgments),
    )


def _margin(gold_judgments: int) -> float | None:
    if not gold_judgments:
        return None
    low, _, high = gold_interval(round(0.9 * gold_judgments), gold_judgments)
    return (high - low) / 2
