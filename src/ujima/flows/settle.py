"""In the background: a job inferred anew, its results refreshed, its accruals posted, its end."""

from collections.abc import Collection, Hashable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from ujima.flows.judgment import asked_of, audited_of, goal_of
from ujima.flows.launch import close_if_done, has_reached_ceiling, post_batch, stop_spending
from ujima.pay.actions import rework
from ujima.pay.queries import cost_of
from ujima.quality.actions import fits, lots, reports, showing
from ujima.quality.gold_leaks import Watch
from ujima.quality.inputs import weight
from ujima.quality.queries import model_labels_of, newest_fit
from ujima.quality.refit import refit
from ujima.quality.review.queries import adjudications_held
from ujima.work.actions import leases
from ujima.work.actions.gold import note_rework, retire
from ujima.work.actions.jobs import locked_for_system
from ujima.work.actions.judgments import move_units
from ujima.work.queries.jobs import (
    counts,
    has_ended,
    job_for_system,
    jobs_past_deadline,
    jobs_with_expired_leases,
    people_at,
)
from ujima.work.queries.units import (
    golds_of,
    judgments_of,
    latest_correction,
    retired_golds,
    rework_judgments,
)

if TYPE_CHECKING:
    from ujima.work.models import Job


def settle(*, job_id: UUID, now: datetime) -> None:
    """Refit a job, post what is owed, and end the job if it is done. Running it twice is once."""
    fits.clean(job_id)
    job = job_for_system(job_id)
    if job.version:
        _refit(job, now)
        lots.draw_waiting(org_id=job.org_id, job_id=job.id, now=now)
        _post(job.id, now)


def _refit(job: "Job", now: datetime) -> None:
    asked, goal = asked_of(job.id, job.version), goal_of(job.id, job.version)
    golds = golds_of(job.org_id, job.id)
    adjudicated = adjudications_held(job.org_id, job.id)
    last, seen, right = 0, 0, 0
    totals: dict[int, int] = {}
    watch = Watch()

    def rows() -> Iterator[tuple[int, Hashable, dict[str, list[str]]]]:
        nonlocal last, seen, right
        for row in judgments_of(job.org_id, job.id):
            last = row.id
            watch.see(row.unit_id, row.person_id, row.gold_right, row.milliseconds)
            weighed = weight(row.id, row.person_id, row.content_hash)
            totals[row.unit_id] = totals.get(row.unit_id, 0) + weighed
            seen, right = seen + (row.gold_right is not None), right + bool(row.gold_right)
            yield row.unit_id, row.person_id, row.answer

    usual = round((goal.minimum + goal.maximum) / 2)
    model = model_labels_of(job.org_id, job.id) if job.model_labels else {}
    fit = refit(asked, rows(), golds, usual, model, adjudicated=adjudicated)
    before = newest_fit(job.org_id, job.id)
    ends = {"is_over": has_ended(job, now), "is_spent": has_reached_ceiling(job, now)}
    if before and before.input_hash == fit.input_hash and not any(ends.values()):
        return
    audited = audited_of((unit for unit in fit.units if unit not in golds), job.audit_bp)
    kept = fits.keep(
        org_id=job.org_id,
        job_id=job.id,
        asked=asked,
        goal=goal,
        fit=fit,
        # what a person decided stands: no fit gives it out anew
        golds=golds.keys() | adjudicated.keys(),
        totals=totals,
        audited=audited,
        now=now,
        **ends,
    )
    again = _again(job, kept, now)
    corrected = latest_correction(job)
    is_corrected = bool(corrected and before and corrected >= before.at)
    move_units(
        org_id=job.org_id,
        job_id=job.id,
        wants={
            unit: min(n + 1, goal.maximum)
            for unit, (n, outcome) in kept.decisions.items()
            if outcome.asks and n >= goal.minimum
        },
        ended={unit for unit, (_, o) in kept.decisions.items() if not o.asks},
        again=again,
    )
    # decided between the keeping and the moving: closed again, in case that opened it
    late = adjudications_held(job.org_id, job.id).keys() - adjudicated.keys()
    if late:
        move_units(org_id=job.org_id, job_id=job.id, wants={}, ended=late)
    reports.keep_report(org_id=job.org_id, job_id=job.id, asked=asked, fit=fit, now=now)
    if is_corrected:
        note_rework(org_id=job.org_id, job_id=job.id, units=again, after=last)
    showing.show(
        org_id=job.org_id,
        job_id=job.id,
        asked=asked,
        priors=fit.priors,
        line=job.accuracy_least,
        whole=any(ends.values()) or is_corrected,
        now=now,
    )
    _retire(job, watch, golds, now)
    # Last, as it says that all of the above was done: an unfinished settling is done again.
    fits.record_fit(
        org_id=job.org_id,
        job_id=job.id,
        asked=asked,
        fit=fit,
        mean_confidence=kept.mean_confidence,
        units=counts(job)[0],
        last_judgment_id=last,
        gold_stats=(right, seen),
        audit=fits.audit_of(job.org_id, audited),
        wages_minor=cost_of(
            job.org_id,
            job.id,
            currency=job.currency,
            provider_share_bp=job.provider_share_bp,
            fee_bp=job.fee_bp,
        ).wages.minor,
        model=kept.model,
        now=now,
    )


def _retire(job: "Job", watch: Watch, golds: Collection[int], now: datetime) -> None:
    """Offer no more of the gold whose late answers say that it has leaked."""
    offered = set(golds) - retired_golds(job.org_id, job.id).keys()
    found = watch.leaked(showing.accuracies(job.org_id, job.id), offered)
    leaked = {unit: (z, len(watch.answers[unit])) for unit, z in found.items()}
    if leaked:
        retire(org_id=job.org_id, job_id=job.id, leaked=leaked, now=now)


def _again(job: "Job", kept: fits.Swapped, now: datetime) -> set[int]:
    """The units to open again: their results fell below the target, the job can still ask, and
    not everybody who came for its work has judged them already. The reserve covers them, as it
    covers the most judgments of every unit. Of a paused job nobody is offered them until it goes
    on."""
    if job.state not in ("launched", "paused") or has_ended(job, now):
        return set()
    if has_reached_ceiling(job, now):
        return set()
    people = people_at(job)
    return {unit for unit in kept.unsure if kept.decisions[unit][0] < people}


@transaction.atomic
def _post(job_id: UUID, now: datetime) -> None:
    job = locked_for_system(job_id)
    while post_batch(job, now):
        pass
    stop_spending(job, now)
    _charge_rework(job, now)
    close_if_done(job, now)


def _charge_rework(job: "Job", now: datetime) -> None:
    """What was asked again because a known answer was wrong is paid by whom the terms name."""
    if job.rework_payer != "buyer":
        rework.charge(
            payer=job.rework_payer,
            org_id=job.org_id,
            job_id=job.id,
            currency=job.currency,
            judgments=rework_judgments(job.org_id, job.id),
            shares={"provider": job.provider_share_bp, "fee": job.fee_bp},
            now=now,
        )


def sweep(*, now: datetime) -> int:
    """Return the units of leases that ran out, and mark their jobs, which may be done then, and
    the jobs whose deadline has passed, which end. A job that cannot be settled keeps no other
    one's units. Returns how many came back."""
    swept = 0
    for org_id, job_id in jobs_with_expired_leases(now):
        while gone := leases.expire(org_id=org_id, job_id=job_id, now=now):
            swept += gone
        fits.mark(org_id=org_id, job_id=job_id, now=now)
    for org_id, job_id in jobs_past_deadline(now):
        fits.mark(org_id=org_id, job_id=job_id, now=now)
    return swept
