"""Channels: a buyer offers a job to providers, or to one of their centres."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from ujima.api.fields import AfterWord, Limit, Page, listed
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.base.errors import NotFound
from ujima.people.queries import centres_of_provider, provider, providers
from ujima.work.actions.channels import offer, withdraw
from ujima.work.errors import NoSuchOffer
from ujima.work.queries.jobs import channels, job_of

router = Router(tags=["channels"])


class CentreOut(Schema):
    """A delivery centre (`delivery`) or a group of people who work at home (`home`)."""

    id: UUID
    name: str
    kind: str


class ProviderOut(Schema):
    """A provider to whom jobs may be offered."""

    id: UUID
    name: str
    country: str
    centres: list[CentreOut]


class OfferBody(Schema):
    """To whom to offer a job: a provider, or one of its centres alone."""

    provider: UUID
    centre: UUID | None = None


class ChannelOut(Schema):
    """A job offered to a provider, and what it answered."""

    id: UUID
    provider_id: UUID
    centre_id: UUID | None
    offered_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    declined_reason: str


class Withdrawn(Schema):
    """An offer that was taken back."""

    id: UUID
    is_withdrawn: bool


@router.get("/providers", **reads("see_jobs", answers=Page[ProviderOut]))
def list_providers(request: ApiRequest, after: AfterWord = "", limit: Limit = 50) -> dict[str, Any]:
    """The providers to whom jobs may be offered; their names and centres are public."""
    return listed(providers(), after, limit, lambda one: one.id, _provider)


def _provider(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "country": one.country,
        "centres": centres_of_provider(one.id),
    }


@router.get("/jobs/{uuid:job_id}/channels", **reads("see_jobs", answers=Page[ChannelOut]))
def list_channels(
    request: ApiRequest, job_id: UUID, after: AfterWord = "", limit: Limit = 50
) -> dict[str, Any]:
    """To whom the job is offered, in order."""
    return listed(channels(job_of(request.auth, job_id)), after, limit, lambda one: one.id)


@router.post("/jobs/{uuid:job_id}/channels", **writes("make_jobs", answers=ChannelOut, status=201))
def add_channel(request: ApiRequest, job_id: UUID, body: OfferBody) -> Any:
    """Offer the job to a provider; to offer it twice is to offer it once."""
    by = request.auth

    def make(now: datetime) -> str:
        asked = provider(body.provider)
        if body.centre and body.centre not in {c.id for c in centres_of_provider(asked.id)}:
            raise NotFound("This provider has no such centre.", place={"field": "centre"})
        return str(
            offer(by=by, job_id=job_id, provider_id=asked.id, centre_id=body.centre, now=now).id
        )

    return once(request, make=make, read=lambda made: _channel(request, job_id, UUID(made)))


def _channel(request: ApiRequest, job_id: UUID, channel_id: UUID) -> Any:
    for channel in channels(job_of(request.auth, job_id)):
        if channel.id == channel_id:
            return channel
    raise NoSuchOffer("This offer has been withdrawn since.")


@router.post(
    "/jobs/{uuid:job_id}/channels/{uuid:channel_id}/withdraw",
    **writes("make_jobs", answers=Withdrawn),
)
def withdraw_channel(request: ApiRequest, job_id: UUID, channel_id: UUID) -> Any:
    """Offer the job no longer. Units held under the offer may still be answered, and are paid."""

    def make(now: datetime) -> str:
        withdraw(by=request.auth, job_id=job_id, channel_id=channel_id, now=now)
        return str(channel_id)

    return once(request, make=make, read=lambda made: Withdrawn(id=UUID(made), is_withdrawn=True))
