"""What one worker, or one provider, may see of jobs, leases and judgments."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet

from ujima.base.errors import Forbidden
from ujima.base.money import Money
from ujima.people.standing import Principal, Worker
from ujima.work.errors import NoSuchOffer, NotOffered, NotYours
from ujima.work.models import Channel, Job, JobVersion, Judgment, Lease, Reservation, Unit
from ujima.work.pace import measured_seconds

#: open units that a look at a job's offer reads, ahead of her bookmark and behind it
LOOK = 400
_OPEN = """
select u.id from work_unit u
where u.org_id = j.org_id and u.job_id = j.id and not u.is_gold and u.is_open
  and not u.is_reserved and u.seq {side} coalesce(b.seq, 0) order by u.seq limit %(look)s"""
_NOT_HERS = """not exists (
    select from work_lease l
    where l.org_id = j.org_id and l.unit_id = v.id and l.person_id = %(person)s and l.state <> 3
    offset 0)"""
#: A job is offered if a unit is kept for her, or one that she has not had is near her bookmark. If
#: what is near is all hers and there is more, it is offered unless she has had all of its units:
#: claims go on from there, and no request reads all that she has done.
_OFFERS = """
select distinct on (j.id) j.id, j.title, j.rate_minor, j.currency, j.deadline, j.page_size,
    j.lease_minutes,
    (select array[percentile_cont(0.5) within group (order by p.middle), count(*), sum(p.answers)]
     from (select percentile_cont(0.5) within group (order by milliseconds) middle, count(*) answers
           from (select person_id, milliseconds from work_judgment m
                 where m.org_id = j.org_id and m.job_id = j.id order by m.id desc limit 500) newest
           group by person_id) p),
    j.seconds_expected
from work_channel c join work_job j on j.org_id = c.org_id and j.id = c.job_id
left join work_bookmark b
    on b.org_id = j.org_id and b.job_id = j.id and b.person_id = %(person)s
where c.provider_id = %(provider)s and (c.centre_id is null or c.centre_id = %(centre)s::uuid)
  and c.accepted_at is not null and c.withdrawn_at is null
  and not exists (select from work_stop s where s.org_id = j.org_id and s.job_id = j.id
                  and s.person_id = %(person)s)
  and j.state = 'launched' and (j.deadline is null or j.deadline > %(now)s)
  and (exists (select from work_reservation r join work_unit u on u.id = r.unit_id
               where r.org_id = j.org_id and r.job_id = j.id and r.person_id = %(person)s
                 and r.is_waiting and u.is_open)
       or exists (select from ({ahead}) v where {not_hers})
       or exists (select from ({behind}) v where {not_hers})
       or ((select count(*) from ({ahead}) v) = %(look)s
           and b.offered - b.golds < (select sum(i.kept - i.golds) from work_import i
                                      where i.org_id = j.org_id and i.job_id = j.id)))
  and (%(job)s::uuid is null or j.id = %(job)s)
order by j.id
""".format(ahead=_OPEN.format(side=">"), behind=_OPEN.format(side="<="), not_hers=_NOT_HERS)


@dataclass(frozen=True, slots=True)
class Offer:
    """A job as a worker sees it before she takes any of it.

    seconds    for one unit, as measured of enough people (ujima.work.pace); None before that
    measured   on how many answers that rests, of the newest 500
    people     and of how many people
    expected   the seconds that the buyer thinks one takes, if she said
    """

    job_id: UUID
    title: str
    rate: Money
    deadline: datetime | None
    page_size: int
    lease_minutes: int
    seconds: float | None
    measured: int
    people: int
    expected: int | None

    @property
    def hold_seconds(self) -> int:
        """How long a page stays hers."""
        return self.lease_minutes * 60

    @property
    def an_hour(self) -> Money | None:
        """Pay for an hour at the measured pace."""
        return an_hour(self.rate, self.seconds)

    @property
    def an_hour_expected(self) -> Money | None:
        """Pay for an hour at the pace that the buyer expects, while nothing is measured."""
        return None if self.seconds else an_hour(self.rate, self.expected)


def an_hour(rate: Money, seconds: float | None) -> Money | None:
    """Pay for an hour where one unit takes so many seconds; None where that is not known."""
    return Money(round(rate.minor * 3600 / seconds), rate.currency) if seconds else None


def offers(worker: Worker, now: datetime, job_id: UUID | None = None) -> list[Offer]:
    """The jobs that have something for this worker now."""
    with connection.cursor() as cursor:
        cursor.execute(
            _OFFERS,
            {
                "provider": worker.provider_id,
                "centre": worker.centre_id,
                "person": worker.person_id,
                "now": now,
                "job": job_id,
                "look": LOOK,
            },
        )
        return [_offer(row) for row in cursor.fetchall()]


def _offer(row: tuple[Any, ...]) -> Offer:
    job_id, title, rate, currency, deadline, page_size, lease_minutes, pace, expected = row
    middle, people, answers = pace[0], int(pace[1]), int(pace[2] or 0)
    return Offer(
        job_id,
        title,
        Money(rate, currency),
        deadline,
        page_size,
        lease_minutes,
        measured_seconds(middle, people, answers),
        answers,
        people,
        expected,
    )


_PACE = """
select percentile_cont(0.5) within group (order by middle), count(*), coalesce(sum(answers), 0)
from (select percentile_cont(0.5) within group (order by milliseconds) middle, count(*) answers
      from (select person_id, milliseconds from work_judgment
            where org_id = %(org)s and job_id = %(job)s order by id desc limit 500) newest
      group by person_id) each
"""


def pace_of(by: Principal, job: Job) -> tuple[float | None, int, int]:
    """(seconds for a unit, answers, people) of a job offered to a provider, as `Offer` has them."""
    if not by.may("see_offers"):
        raise Forbidden
    with connection.cursor() as cursor:
        cursor.execute(_PACE, {"org": job.org_id, "job": job.id})
        middle, people, answers = cursor.fetchone()
    return measured_seconds(middle, people, int(answers)), int(answers), people


def version_for(worker: Worker, job_id: UUID, number: int | None = None) -> JobVersion:
    """The form and terms of a job offered to, or held by, a worker. Refuses NotOffered."""
    org_id = _org_of(worker, job_id)
    offered = Channel.objects.filter(
        org_id=org_id,
        provider_id=worker.provider_id,
        job_id=job_id,
        accepted_at__isnull=False,
        withdrawn_at=None,
    )
    held = Lease.objects.filter(org_id=org_id, person_id=worker.person_id, job_id=job_id)
    if not (any(c.centre_id in (None, worker.centre_id) for c in offered) or held.exists()):
        raise NotOffered
    found = JobVersion.objects.filter(org_id=org_id, job_id=job_id)
    version = (found.filter(number=number) if number else found.order_by("-number")).first()
    if not version:
        raise NotOffered
    return version


def _org_of(worker: Worker, job_id: UUID) -> UUID:
    """Whose job this is; one who works for two providers may hold it for the other one."""
    try:
        return org_of_offered(worker.provider_id, job_id)
    except NotOffered:
        held = Lease.objects.filter(person_id=worker.person_id, job_id=job_id)
        found = held.values_list("org_id", flat=True).first()
        if not found:
            raise
        return found


@dataclass(frozen=True, slots=True)
class Held:
    """One unit that a worker holds."""

    org_id: UUID
    job_id: UUID
    page_id: UUID
    number: int
    version: int
    expires_at: datetime
    data: dict[str, Any]


def held_by(worker: Worker, now: datetime, page_id: UUID | None = None) -> list[Held]:
    """The units that a worker holds now, of any buyer, in the order of their pages."""
    held = Lease.objects.filter(
        person_id=worker.person_id, state=Lease.State.HELD, expires_at__gt=now
    )
    if page_id:
        held = held.filter(page_id=page_id)
    leases = list(held.order_by("page_id", "number"))
    data = {
        unit.id: unit
        for org in {lease.org_id for lease in leases}
        for unit in Unit.objects.filter(
            org_id=org, id__in=[lease.unit_id for lease in leases if lease.org_id == org]
        )
    }
    return [
        Held(
            lease.org_id,
            lease.job_id,
            lease.page_id,
            lease.number,
            lease.version,
            lease.expires_at,
            data[lease.unit_id].data,
        )
        for lease in leases
    ]


@dataclass(frozen=True, slots=True)
class PageSoFar:
    """What became of a worker's page of units.

    held     numbers of the units that she may still answer in time, in order
    judged, skipped, gone    units answered, given back, and lost because the time ran out
    """

    org_id: UUID
    job_id: UUID
    version: int
    total: int
    held: tuple[int, ...]
    judged: int
    skipped: int
    gone: int
    expires_at: datetime


def page_so_far(worker: Worker, page_id: UUID, now: datetime) -> PageSoFar:
    """How far a worker is through one of her pages. Refuses NotYours."""
    leases = page_of(worker, page_id)
    held = tuple(
        lease.number
        for lease in leases
        if lease.state == Lease.State.HELD and lease.expires_at > now
    )
    judged = sum(lease.state == Lease.State.JUDGED for lease in leases)
    skipped = sum(lease.state == Lease.State.SKIPPED for lease in leases)
    first = leases[0]
    return PageSoFar(
        first.org_id,
        first.job_id,
        first.version,
        len(leases),
        held,
        judged,
        skipped,
        len(leases) - len(held) - judged - skipped,
        first.expires_at,
    )


def page_of(worker: Worker, page_id: UUID) -> list[Lease]:
    """Every lease of one of her pages, in order, whatever became of it. Refuses NotYours."""
    found = list(
        Lease.objects.filter(person_id=worker.person_id, page_id=page_id).order_by("number")
    )
    if not found:
        raise NotYours("This page of work is not yours.")
    return found


def org_of_job(worker: Worker, job_id: UUID) -> UUID:
    """Whose job this is, for a worker who may hold units of it. Refuses NotOffered."""
    return org_of_offered(worker.provider_id, job_id)


@lru_cache(maxsize=4096)
def org_of_offered(provider_id: UUID, job_id: UUID) -> UUID:
    """Whose job this is, for a provider to whom it was ever offered: it never changes, so a
    process reads it once. Refuses NotOffered."""
    rows = Channel.objects.filter(provider_id=provider_id, job_id=job_id)
    found = rows.values_list("org_id", flat=True).first()
    if not found:
        raise NotOffered
    return found


def recent_judgments(worker: Worker, limit: int = 50) -> list[Judgment]:
    """Her newest judgments."""
    return list(Judgment.objects.filter(person_id=worker.person_id).order_by("-id")[:limit])


def channels_to(by: Principal) -> list[Channel]:
    """The offers made to a provider, newest first."""
    return list(_offered(by).order_by("-offered_at"))


def channel_to(by: Principal, channel_id: UUID) -> Channel:
    """One offer to a provider. Refuses NoSuchOffer."""
    found = _offered(by).filter(id=channel_id).first()
    if not found:
        raise NoSuchOffer
    return found


def _offered(by: Principal) -> QuerySet[Channel]:
    """What stands offered to a provider; a draft is its buyer's alone, whoever it is meant for."""
    if not (by.may("see_offers") or by.may("see_quality")):
        raise Forbidden
    found = Channel.objects.filter(provider_id=by.org_id, withdrawn_at=None)
    return found.exclude(job__state="draft").select_related("job")


def offered_centres(by: Principal, job_id: UUID) -> set[UUID] | None:
    """The centres and groups to which a job is offered, as far as the offers are accepted; None
    if it is all of the provider's people."""
    accepted = _offered(by).filter(job_id=job_id, accepted_at__isnull=False)
    found = set(accepted.values_list("centre_id", flat=True))
    return None if None in found else {centre for centre in found if centre}


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """A unit that a provider keeps for one of its people; `is_waiting` until she has taken it."""

    id: int
    key: str
    person_id: UUID
    until: datetime
    is_waiting: bool


def kept_units(
    by: Principal, channel: Channel, *, people: list[UUID], after: int = 0, limit: int = 50
) -> list[KeptUnit]:
    """What a provider keeps in a job for these people, in the order in which it came."""
    rows = _kept(by, channel, people).filter(id__gt=after).order_by("id")
    found = rows.values_list("id", "unit__key", "person_id", "until", "is_waiting")
    return [KeptUnit(*row) for row in found[:limit]]


def kept_for(by: Principal, channel: Channel, people: list[UUID]) -> list[dict[str, Any]]:
    """How much a provider keeps in a job for each of these people: person_id, units, waiting (of
    them, those that she has not taken yet), until (when the first of them ends)."""
    rows = _kept(by, channel, people).values("person_id").order_by("person_id")
    waiting = Count("id", filter=Q(is_waiting=True))
    counted = rows.annotate(units=Count("id"), waiting=waiting, until=Min("until"))
    return [dict(row) for row in counted]


def _kept(by: Principal, channel: Channel, people: list[UUID]) -> QuerySet[Reservation]:
    if not by.may("see_offers"):
        raise Forbidden
    return Reservation.objects.filter(
        org_id=channel.org_id,
        job_id=channel.job_id,
        provider_id=by.org_id,
        person_id__in=people,
    )


def at_work(by: Principal, now: datetime) -> list[tuple[UUID, UUID, int, datetime]]:
    """(person, job, units held, held since) for a provider's people who hold units now."""
    jobs = [(c.org_id, c.job_id) for c in channels_to(by)]
    live = Lease.objects.filter(
        org_id__in={org for org, _ in jobs},
        job_id__in=[job for _, job in jobs],
        state=Lease.State.HELD,
        expires_at__gt=now,
        provider_id=by.org_id,
    )
    return list(
        live.values_list("person_id", "job_id")
        .annotate(units=Count("id"), since=Min("leased_at"))
        .order_by("-since")
    )
