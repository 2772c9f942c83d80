"""What a job will take, before it starts: cost from its terms, judgments and time from what is
known of its people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from uuid import UUID

from ujima.flows.judgment import asked_in
from ujima.people.standing import Principal
from ujima.quality.expected import ASSUMED, ASSUMED_BEST, ASSUMED_WORST, expected_judgments
from ujima.quality.queries import newest_fits
from ujima.quality.stopping import GOLD_NEEDED, Rule
from ujima.quality.trust import gold_interval
from ujima.work.labelling.config import parse
from ujima.work.queries.jobs import counts, earlier_jobs, job_of
from ujima.work.terms import Draft, Each, Estimate, Most, Terms, estimate, most

if TYPE_CHECKING:
    from ujima.quality.models import Fit
    from ujima.work.models import Job

#: an earlier job with fewer judgments than this says nothing about a pace
PACE_NEEDED = 50
DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """An estimate with what it rests on.

    accuracy   how often people are right: worst, middle, best; `golds` answers to gold in the
               buyer's earlier jobs with the same providers say so, or it is assumed (0)
    days       by the calendar, low, likely, high: at the pace of `paces` of these jobs; None
               while there is none
    """

    estimate: Estimate
    accuracy: tuple[float, float, float]
    golds: int
    days: tuple[float, float, float] | None
    paces: int


def terms_for(job: "Job") -> Terms:
    """A job's terms as they stand, launched or not."""
    return Terms.of(job, job, job.fee_bp)


def most_for(job: "Job", chosen: Draft | None = None) -> Most:
    """What a job may ask and cost at most with the units it has, under its own or chosen terms."""
    units, golds = counts(job)
    asking = chosen or job
    return most(
        Terms.of(asking, asking, job.fee_bp),
        units=units,
        golds=golds,
        gold_share_bp=asking.gold_share_bp,
        contingency_bp=job.contingency_bp,
    )


def estimate_for(by: Principal, job_id: UUID) -> Outlook:
    """What a job may cost at most and what is likely, with the units it has now."""
    return outlook(job_of(by, job_id))


def outlook(job: "Job", chosen: Draft | None = None) -> Outlook:
    """What a job will take, under its own or chosen terms."""
    asking = chosen or job
    terms = Terms.of(asking, asking, job.fee_bp)
    earlier = earlier_jobs(job)
    fits = newest_fits(job.org_id, [job_id for job_id, _ in earlier])
    accuracy, golds = _accuracy(list(fits.values()))
    units, _ = counts(job)
    each = _each(_sizes(job.config), terms, accuracy)
    reckoned = estimate(terms, most_for(job, chosen), units=units, each=each)
    paces = _paces(earlier, fits)
    return Outlook(reckoned, accuracy, golds, _days(reckoned, paces), len(paces))


@lru_cache(maxsize=256)
def _sizes(config: str) -> tuple[int, ...]:
    """The classes of each problem of a form; of one with two choices while there is none."""
    return asked_in(parse(config)).sizes if config.strip() else (2,)


def _accuracy(fits: "Sequence[Fit]") -> tuple[tuple[float, float, float], int]:
    right, seen = sum(fit.gold_right for fit in fits), sum(fit.gold_seen for fit in fits)
    if seen < GOLD_NEEDED:
        return (ASSUMED_WORST, ASSUMED, ASSUMED_BEST), 0
    low, mid, high = gold_interval(right, seen)
    return (low, mid, high), seen


def _each(sizes: tuple[int, ...], terms: Terms, accuracy: tuple[float, float, float]) -> Each:
    rule = Rule(terms.confidence_target, terms.judgments_min, terms.judgments_max)
    worst, middle, best = (expected_judgments(sizes, rule, one) for one in accuracy)
    return Each(min(best, middle), middle, max(worst, middle))


def _paces(earlier: Sequence[tuple[UUID, datetime]], fits: "dict[UUID, Fit]") -> list[float]:
    """Judgments a day of each earlier job that has enough of them, from its launch on."""
    found = []
    for job_id, launched in earlier:
        fit = fits.get(job_id)
        if fit and fit.judgments >= PACE_NEEDED and fit.at > launched:
            found.append(fit.judgments * DAY / (fit.at - launched).total_seconds())
    return sorted(found)


def _days(reckoned: Estimate, paces: list[float]) -> tuple[float, float, float] | None:
    if not paces:
        return None
    gold = reckoned.gold_likely
    return (
        (reckoned.judgments_low + gold) / paces[-1],
        (reckoned.judgments_likely + gold) / paces[len(paces) // 2],
        (reckoned.judgments_high + gold) / paces[0],
    )
