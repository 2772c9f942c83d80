"""Offering a job to providers, and their answers."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ujima.audit.actions import record
from ujima.base.errors import Conflict
from ujima.people.standing import Principal
from ujima.work.actions.jobs import need
from ujima.work.actions.reservations import release_job
from ujima.work.errors import NoSuchOffer, OfferedAlready
from ujima.work.models import Channel, Job
from ujima.work.queries.jobs import job_of


@transaction.atomic
def offer(
    *, by: Principal, job_id: UUID, provider_id: UUID, centre_id: UUID | None, now: datetime
) -> Channel:
    """Offer a job to a provider or one of its centres; offering twice is offering once.

    Refuses: NoSuchJob; Conflict for a job that has ended; OfferedAlready where all of the
    provider's people and one of its centres would be offered it side by side.
    """
    need(by, "make_jobs")
    job = job_of(by, job_id)
    if job.state in ("finished", "cancelled"):
        raise Conflict("This job has ended; it cannot be offered any more.")
    _refuse_overlap(job, provider_id, centre_id)
    channel, made = Channel.objects.get_or_create(
        org_id=job.org_id,
        job=job,
        provider_id=provider_id,
        centre_id=centre_id,
        defaults={"offered_at": now, "offered_by": by.actor},
    )
    if channel.withdrawn_at:
        channel.withdrawn_at = None
        channel.save(update_fields=["withdrawn_at"])
    if made:
        _audit(channel, by, "offer_job", now)
    return channel


def _refuse_overlap(job: Job, provider_id: UUID, centre_id: UUID | None) -> None:
    others = job.channels.filter(provider_id=provider_id, withdrawn_at=None)
    if centre_id and others.filter(centre_id=None).exists():
        raise OfferedAlready
    if not centre_id and others.exclude(centre_id=None).exists():
        raise OfferedAlready(
            "This job is offered to centres or groups of this provider. Withdraw these offers "
            "first, and then offer it to all its people."
        )


@transaction.atomic
def withdraw(*, by: Principal, job_id: UUID, channel_id: UUID, now: datetime) -> None:
    """Offer a job no longer; units held under the offer may still be answered and are paid."""
    need(by, "make_jobs")
    job = job_of(by, job_id)
    channel = Channel.objects.filter(org_id=job.org_id, job=job, id=channel_id).first()
    if not channel:
        raise NoSuchOffer("There is no such offer.")
    channel.withdrawn_at = now
    channel.save(update_fields=["withdrawn_at"])
    _audit(channel, by, "withdraw_offer", now)
    _free(channel, by, now)


@transaction.atomic
def answer(
    *, by: Principal, channel_id: UUID, accepts: bool, reason: str = "", now: datetime
) -> Channel:
    """The provider accepts or declines an offer; an accepted one may be declined later.

    Refuses: NoSuchOffer for another provider's offer, one that was withdrawn, or one of a job
    that is a draft still.
    """
    need(by, "answer_offers")
    channel = (
        Channel.objects.select_for_update(of=("self",))
        .filter(provider_id=by.org_id, id=channel_id, withdrawn_at=None)
        .exclude(job__state="draft")
        .first()
    )
    if not channel:
        raise NoSuchOffer
    if accepts:
        channel.accepted_at, channel.accepted_by = now, by.actor
        channel.declined_at, channel.declined_reason = None, ""
    else:
        channel.accepted_at, channel.accepted_by = None, ""
        channel.declined_at, channel.declined_reason = now, reason[:300]
    channel.save()
    _audit(channel, by, "accept_offer" if accepts else "decline_offer", now)
    if not accepts:
        _free(channel, by, now)
    return channel


def _free(channel: Channel, by: Principal, now: datetime) -> None:
    """Let everybody have what the provider kept in the job, whichever of its offers has ended."""
    release_job(
        org_id=channel.org_id,
        provider_id=channel.provider_id,
        job_id=channel.job_id,
        actor=by.actor,
        why="the offer has ended",
        now=now,
    )


def _audit(channel: Channel, by: Principal, action: str, now: datetime) -> None:
    for org_id in (channel.org_id, channel.provider_id):  # each side's log tells of it
        record(
            org_id=org_id,
            actor=by.actor,
            action=action,
            subject=f"job:{channel.job_id}",
            now=now,
            facts={"provider": channel.provider_id, "centre": channel.centre_id},
        )
