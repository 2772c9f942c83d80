"""Offers: a provider sees the jobs offered to it, answers, assigns units, and sees its people
at work and how far each can be relied on."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router, Schema
from pydantic import Field

from ujima.api.fields import AfterNumber, AfterWord, Limit, Page, Short, listed, page
from ujima.api.job_forms import Amount
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.base.errors import BadInput
from ujima.base.money import Money
from ujima.people.queries import organisation_names, people_by_code, workers_by_person
from ujima.people.standing import Principal
from ujima.quality.queries import trust
from ujima.work.actions.channels import answer
from ujima.work.actions.reservations import release_units, reserve_units
from ujima.work.queries.worker import (
    KeptUnit,
    at_work,
    channel_to,
    channels_to,
    kept_units,
    offered_centres,
)

router = Router(tags=["offers"])
#: pairs in one request
MOST_PAIRS = 20_000


class OfferOut(Schema):
    """A job offered to your organisation, and what you answered.

    rate    paid to the worker for each judgment
    """

    id: UUID
    job: UUID
    buyer: str
    title: str
    state: str
    instructions: str
    rate: Amount
    provider_share_bp: int
    deadline: datetime | None
    centre: UUID | None
    offered_at: datetime
    accepted_at: datetime | None
    declined_at: datetime | None
    declined_reason: str


class Declining(Schema):
    """Why an offer is declined."""

    reason: Short = ""


@router.get("/offers", **reads("see_offers", answers=Page[OfferOut]))
def list_offers(request: ApiRequest, after: AfterWord = "", limit: Limit = 50) -> dict[str, Any]:
    """The jobs offered to your organisation, in the order in which they came."""
    found = channels_to(request.auth)
    names = organisation_names(list({channel.org_id for channel in found}))
    return listed(found, after, limit, lambda one: one.id, lambda one: _offer(one, names))


@router.get("/offers/{uuid:offer_id}", **reads("see_offers", answers=OfferOut))
def one_offer(request: ApiRequest, offer_id: UUID) -> Any:
    """One offer."""
    return _one(request.auth, offer_id)


@router.post("/offers/{uuid:offer_id}/accept", **writes("answer_offers", answers=OfferOut))
def accept(request: ApiRequest, offer_id: UUID) -> Any:
    """Accept an offer: your workers see the job at once."""
    return _answer(request, offer_id, accepts=True)


@router.post("/offers/{uuid:offer_id}/decline", **writes("answer_offers", answers=OfferOut))
def decline(request: ApiRequest, offer_id: UUID, body: Declining | None = None) -> Any:
    """Decline an offer, also one that was accepted before; units held may still be answered."""
    return _answer(request, offer_id, accepts=False, reason=body.reason if body else "")


def _answer(request: ApiRequest, offer_id: UUID, *, accepts: bool, reason: str = "") -> Any:
    by = request.auth
    return once(
        request,
        make=lambda now: str(
            answer(by=by, channel_id=offer_id, accepts=accepts, reason=reason, now=now).id
        ),
        read=lambda made: _one(by, UUID(made)),
    )


def _one(by: Principal, offer_id: UUID) -> dict[str, Any]:
    channel = channel_to(by, offer_id)
    return _offer(channel, organisation_names([channel.org_id]))


def _offer(channel: Any, names: dict[UUID, str]) -> dict[str, Any]:
    job = channel.job
    return {
        "id": channel.id,
        "job": job.id,
        "buyer": names.get(channel.org_id, ""),
        "title": job.title,
        "state": job.state,
        "instructions": job.instructions,
        "rate": Amount.of(Money(job.rate_minor, job.currency)),
        "provider_share_bp": job.provider_share_bp,
        "deadline": job.deadline,
        "centre": channel.centre_id,
        "offered_at": channel.offered_at,
        "accepted_at": channel.accepted_at,
        "declined_at": channel.declined_at,
        "declined_reason": channel.declined_reason,
    }


class Pairs(Schema):
    """Which unit is kept for whom: pairs of the buyer's key and a worker's code."""

    pairs: Annotated[list[tuple[Short, Short]], Field(min_length=1, max_length=MOST_PAIRS)]


class KeptOut(Schema):
    """A unit kept for one of your workers, until a time; `is_waiting` until she has taken it."""

    key: str
    worker_code: str
    until: datetime
    is_waiting: bool


@router.get(
    "/offers/{uuid:offer_id}/reservations",
    **reads("see_offers", "see_people", answers=Page[KeptOut]),
)
def list_reservations(
    request: ApiRequest, offer_id: UUID, after: AfterNumber = 0, limit: Limit = 50
) -> Any:
    """The units that you keep for named workers of yours, in the order in which they came."""
    by = request.auth
    codes = {person: code for code, person in people_by_code(by).items()}
    channel = channel_to(by, offer_id)
    found = kept_units(by, channel, people=list(codes), after=after, limit=limit + 1)
    return page(found, limit, lambda kept: kept.id, lambda kept: _kept(kept, codes))


def _kept(kept: KeptUnit, codes: dict[UUID, str]) -> KeptOut:
    code = codes[kept.person_id]
    return KeptOut(key=kept.key, worker_code=code, until=kept.until, is_waiting=kept.is_waiting)


class Reserved(Schema):
    """How many pairs were new; one that was known already is kept too."""

    given: int
    new: int


@router.post(
    "/offers/{uuid:offer_id}/reservations",
    **writes("assign_units", "see_people", answers=Reserved, status=201),
)
def reserve(request: ApiRequest, offer_id: UUID, body: Pairs) -> Any:
    """Keep units for named workers of yours: nobody else is offered these units for a week, or till
    the job closes. All pairs are kept, or none. To send a pair again, under another key, begins its
    time anew."""
    by = request.auth
    pairs = _pairs(body)

    def make(now: datetime) -> str:
        job_id = channel_to(by, offer_id).job_id
        people = _people(by, pairs, offered_centres(by, job_id))
        return f"{len(pairs)} {reserve_units(by=by, job_id=job_id, pairs=people, now=now)}"

    def read(made: str) -> Reserved:
        given, new = made.split()
        return Reserved(given=int(given), new=int(new))

    return once(request, make=make, read=read)


class Released(Schema):
    """How many of the pairs given were kept, and are no more."""

    given: int
    ended: int


@router.post(
    "/offers/{uuid:offer_id}/reservations/release",
    **writes("assign_units", "see_people", answers=Released),
)
def release(request: ApiRequest, offer_id: UUID, body: Pairs) -> Any:
    """Keep units no longer: a unit that is kept for none of your workers any more is offered to
    everybody again. What somebody holds of it she may still answer, and is paid."""
    by = request.auth
    pairs = _pairs(body)

    def make(now: datetime) -> str:
        job_id = channel_to(by, offer_id).job_id
        people = _people(by, pairs, None)
        return f"{len(pairs)} {release_units(by=by, job_id=job_id, pairs=people, now=now)}"

    def read(made: str) -> Released:
        given, ended = made.split()
        return Released(given=int(given), ended=int(ended))

    return once(request, make=make, read=read)


def _pairs(body: Pairs) -> dict[tuple[str, str], None]:
    return dict.fromkeys((key, code.strip().lower()) for key, code in body.pairs)


def _people(
    by: Principal, pairs: dict[tuple[str, str], None], centres: set[UUID] | None
) -> list[tuple[str, UUID]]:
    """The pairs with each code's person. Refuses BadInput for a code of nobody to whom the job is
    offered."""
    people = people_by_code(by, list({code for _, code in pairs}), centres)
    for place, (_, code) in enumerate(pairs):
        if code not in people:
            raise BadInput(
                f"You have no worker with the code “{code}” for this job; nothing was done.",
                place={"field": f"pairs.{place}"},
            )
    return [(key, people[code]) for key, code in pairs]


class AtWork(Schema):
    """A worker who holds units now."""

    worker_code: str
    name: str
    job: UUID
    units: int
    since: datetime


@router.get("/at-work", **reads("see_offers", "see_people", answers=Page[AtWork]))
def list_at_work(request: ApiRequest, after: AfterWord = "", limit: Limit = 50) -> dict[str, Any]:
    """Your workers who hold units at this moment, by worker code and job."""
    by = request.auth
    found = at_work(by, request.now)
    people = workers_by_person(by, [person for person, *_ in found])
    rows = [
        {
            "worker_code": people[person].code,
            "name": people[person].name,
            "job": job,
            "units": units,
            "since": since,
        }
        for person, job, units, since in found
        if person in people
    ]
    return listed(rows, after, limit, lambda row: f"{row['worker_code']} {row['job']}")


class Interval(Schema):
    """A share from 0 to 1 with its 95 % interval."""

    low: float
    mid: float
    high: float


class TrustOut(Schema):
    """How far one of your workers can be relied on for this job, from units with known answers.
    An estimate: by itself it never takes pay away."""

    worker_code: str
    judgments: int
    gold_seen: int
    gold_right: int
    accuracy: Interval | None


@router.get(
    "/offers/{uuid:offer_id}/trust", **reads("see_quality", "see_people", answers=Page[TrustOut])
)
def list_trust(
    request: ApiRequest, offer_id: UUID, after: AfterWord = "", limit: Limit = 50
) -> dict[str, Any]:
    """How far each of your workers can be relied on for the job, by worker code."""
    by = request.auth
    channel = channel_to(by, offer_id)
    found = trust(channel.org_id, channel.job_id)
    people = workers_by_person(by, [one.person_id for one in found])
    shown = [
        {
            "worker_code": people[one.person_id].code,
            "judgments": one.judgments,
            "gold_seen": one.gold_seen,
            "gold_right": one.gold_right,
            "accuracy": _interval(one.interval),
        }
        for one in found
        if one.person_id in people
    ]
    return listed(shown, after, limit, lambda row: row["worker_code"])


def _interval(found: tuple[float, float, float] | None) -> Interval | None:
    return Interval(low=found[0], mid=found[1], high=found[2]) if found else None
