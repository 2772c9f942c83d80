"""A job starts, pauses, goes on and ends: its state and its money together."""

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction

from ujima.audit.actions import record
from ujima.base.ids import uuid7
from ujima.base.money import Money
from ujima.flows.estimating import most_for, terms_for
from ujima.pay.actions import accruals, funds
from ujima.pay.errors import NotEnoughFunds
from ujima.pay.queries import cost_of, shortfall
from ujima.people.standing import Principal
from ujima.quality.actions import fits
from ujima.quality.queries import is_fitted
from ujima.work.actions import jobs
from ujima.work.errors import WrongState
from ujima.work.queries.jobs import has_ended, held_now
from ujima.work.queries.units import tally

if TYPE_CHECKING:
    from ujima.work.models import Job


@transaction.atomic
def launch(*, by: Principal, job_id: UUID, now: datetime) -> "Job":
    """Put the whole cost aside and open the job. Refuses: NotReady, WrongState, NotEnoughFunds."""
    job = jobs.locked(by, job_id)
    jobs.launch(by=by, job=job, now=now)
    funds.reserve(
        buyer_id=job.org_id,
        job_id=job.id,
        amount=most_for(job).reserve,
        source=f"launch:{job.id}",
        by=by.actor,
        now=now,
    )
    return job


@transaction.atomic
def change_state(
    *, by: Principal, job_id: UUID, state: str, reason: str = "", now: datetime
) -> "Job":
    """Pause a job, let it go on, or cancel it. What workers hold may still be sent and is paid;
    a cancelled job's reserve is released in the background once nothing is held any more.

    Refuses: WrongState.
    """
    jobs.need(by, "make_jobs")
    job = jobs.locked(by, job_id)
    if state == "launched" and job.state == "draft":
        raise WrongState("Launch a draft instead.")
    if state == "finished":
        raise WrongState("A job finishes by itself; cancel it to end it early.")
    jobs.move(job=job, state=state, by=by.actor, now=now, reason=reason)
    record(
        org_id=job.org_id,
        actor=by.actor,
        action=f"job_{state}",
        subject=f"job:{job.id}",
        now=now,
        facts={"reason": reason},
    )
    if job.version:
        fits.mark(org_id=job.org_id, job_id=job.id, now=now)
    return job


def has_reached_ceiling(job: "Job", now: datetime) -> bool:
    """Whether what a job has cost, with what is held at this moment, comes to the most that it may
    cost, or leaves no room for one more judgment."""
    if job.ceiling_minor is None:
        return False
    spent = cost_of(
        job.org_id,
        job.id,
        currency=job.currency,
        provider_share_bp=job.provider_share_bp,
        fee_bp=job.fee_bp,
    ).total.minor
    coming = terms_for(job).cost_of((held_now(job, now)[0] + 1) * job.rate_minor)
    return spent + coming > job.ceiling_minor


def stop_spending(job: "Job", now: datetime) -> None:
    """End a locked job that has reached the most it may cost: nobody is offered more, and what
    people hold may still be sent and is paid."""
    if job.state in ("launched", "paused") and has_reached_ceiling(job, now):
        jobs.move(job=job, state="finished", by="system", now=now, reason="it cost the most it may")


def close_if_done(job: "Job", now: datetime) -> bool:
    """End a job of which nobody holds units, once a fit over all its judgments found them settled
    or its deadline has passed: post what is owed and give back the rest of the reserve. In the
    background only, as it counts units; the caller holds the job's lock."""
    stand = tally(job.org_id, job.id)
    if stand.live_leases:
        return False
    reason = _why_done(job, stand.units, stand.pending, now)
    if reason and job.state in ("launched", "paused") and is_fitted(job.org_id, job.id):
        jobs.move(job=job, state="finished", by="system", now=now, reason=reason)
    if job.state not in ("finished", "cancelled") or not job.version:
        return False
    while post_batch(job, now):
        pass
    funds.release(buyer_id=job.org_id, job_id=job.id, currency=job.currency, by="system", now=now)
    return True


def _why_done(job: "Job", units: int, pending: int, now: datetime) -> str:
    if units and not pending:
        return "every unit has its result"
    return "its deadline has passed" if has_ended(job, now) else ""


def post_batch(job: "Job", now: datetime) -> int:
    """Post one batch of a job's accruals; the caller holds the job's lock.

    A unit leased in the very moment its job ended, or shares rounded for many providers, may cost
    more than the reserve still holds: wages do not wait for that, the buyer's funds make it whole.
    """
    try:
        return _post(job, now)
    except NotEnoughFunds:
        short = shortfall(
            job.org_id,
            job.id,
            currency=job.currency,
            provider_share_bp=job.provider_share_bp,
            fee_bp=job.fee_bp,
        )
        funds.reserve(
            buyer_id=job.org_id,
            job_id=job.id,
            amount=short,
            source=f"cover:{uuid7()}",
            by="system",
            now=now,
        )
        return _post(job, now)


def _post(job: "Job", now: datetime) -> int:
    return accruals.post_accruals(
        org_id=job.org_id,
        job_id=job.id,
        provider_share_bp=job.provider_share_bp,
        fee_bp=job.fee_bp,
        now=now,
    )


def reserve_more(*, by: Principal, job: "Job", before: Money, now: datetime, source: str) -> None:
    """Put aside what units added to a running job may cost more than `before`."""
    more = most_for(job).reserve - before
    if more.minor > 0:
        funds.reserve(
            buyer_id=job.org_id,
            job_id=job.id,
            amount=more,
            source=source,
            by=by.actor,
            now=now,
        )
