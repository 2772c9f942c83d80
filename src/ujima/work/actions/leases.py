"""Taking units to work on, giving them back, and letting leases run out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random, SystemRandom
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.db import transaction

from ujima.base.hot import hot
from ujima.base.ids import uuid7
from ujima.people.standing import Worker
from ujima.work import statements
from ujima.work.actions import quizzes
from ujima.work.envelopes import PageOut
from ujima.work.errors import JobClosed, JobPaused, NotOffered
from ujima.work.gold import Supply, drawn, rate

#: units a phone may ask for at once
MOST_UNITS = 50
#: which units are gold must not be foreseen; tests put a seeded one in its place
CHANCE: Random = SystemRandom()
#: how many open units one look covers (the first for each unit wanted, and at least), and how many
#: looks one claim may take: a worker with much behind her goes round in several requests instead
#: of in one long one
FIRST_LOOK, LEAST_LOOK, LATER_LOOK, LOOKS = 6, 12, 400, 8


@transaction.atomic
def lease_page(*, worker: Worker, job_id: UUID, wanted: int | None, now: datetime) -> PageOut:
    """Hold up to `wanted` units of a job for a worker; fewer, or none, if there are fewer.

    Before a job with a quiz, her first pages are the quiz.

    Refuses: NotOffered, JobPaused, JobClosed, QuizLookedAt.
    """
    job = _open_job(worker, job_id, now)
    size = max(1, min(wanted or job.page_size, MOST_UNITS))
    claim = _claim(worker, job_id, job, now)
    if job.quiz_units:
        due = quizzes.due(claim, job.quiz_units)
        if due and due.missing <= 0:
            return _page(claim, [], ask_again=True)
        if due and (known := quizzes.begin(claim, due)):
            return _page(claim, known, ask_again=True, is_quiz=True)
    units, ask_again = _go_round(claim, size, job)
    return _page(claim, units, ask_again=ask_again)


@transaction.atomic
def practice_page(
    *, worker: Worker, job_id: UUID, case_id: UUID, most: int, now: datetime
) -> PageOut:
    """Hold known units to practise on after a case, at most so many for it in all; none if there
    are none that she has not had. Refuses: NotOffered, JobPaused, JobClosed."""
    claim = _claim(worker, job_id, _open_job(worker, job_id, now), now)
    units = quizzes.practise(claim, case_id, most)
    return _page(claim, units, ask_again=False, is_quiz=True)


def _claim(worker: Worker, job_id: UUID, job: "_OpenJob", now: datetime) -> dict[str, Any]:
    until = now + timedelta(minutes=job.lease_minutes)
    return {
        "org": job.org_id,
        "job": job_id,
        "person": worker.person_id,
        "membership": worker.membership_id,
        "provider": worker.provider_id,
        "version": job.version,
        "page": uuid7(),
        "now": now,
        "until": min(until, job.deadline) if job.deadline else until,
    }


def _page(
    claim: dict[str, Any], units: quizzes.Units, *, ask_again: bool, is_quiz: bool = False
) -> PageOut:
    return PageOut(
        claim["page"],
        claim["org"],
        claim["job"],
        claim["version"],
        claim["until"],
        tuple(units),
        ask_again,
        is_quiz,
    )


class _OpenJob(NamedTuple):
    """A row of OPEN_JOB."""

    org_id: UUID
    version: int
    page_size: int
    lease_minutes: int
    gold_share_bp: int
    state: str
    deadline: datetime | None
    seq: int
    offered: int
    golds: int
    judgments_max: int
    supply: int
    units: int
    people: int
    quiz_units: int


def _chance(job: _OpenJob) -> float:
    supply = Supply(job.supply, job.units, job.judgments_max, job.people, job.offered, job.golds)
    return rate(job.gold_share_bp / 10_000, supply)


def _open_job(worker: Worker, job_id: UUID, now: datetime) -> _OpenJob:
    rows = hot(
        statements.OPEN_JOB,
        {
            "job": job_id,
            "provider": worker.provider_id,
            "centre": worker.centre_id,
            "person": worker.person_id,
        },
    )
    if not rows:
        raise NotOffered
    job = _OpenJob(*rows[0])
    if job.state == "paused":
        raise JobPaused
    if job.state != "launched" or (job.deadline and job.deadline <= now):
        raise JobClosed
    return job


def _go_round(
    claim: dict[str, Any], size: int, job: _OpenJob
) -> tuple[list[tuple[int, dict[str, Any]]], bool]:
    """Look at open units from the bookmark on, once round at most; True if there is more to see."""
    seq, wrapped = job.seq, False
    units: list[tuple[int, dict[str, Any]]] = []
    due = drawn(size, _chance(job), [CHANCE.random() for _ in range(size)])
    for look in range(LOOKS):
        seen, seq, got = hot(
            statements.CLAIM,
            claim
            | {
                "seq": seq,
                "wanted": size - len(units),
                "golds": min(due, size - len(units)) if look == 0 else 0,
                "view": max(LEAST_LOOK, FIRST_LOOK * size) if look == 0 else LATER_LOOK,
                "first": len(units),
            },
        )[0]
        units += [(number, data) for number, data in orjson.loads(got)]
        if len(units) >= size:
            return units, True
        if seen == 0:
            if wrapped or job.seq == 0:
                return units, False
            seq, wrapped = 0, True
        elif wrapped and seq >= job.seq:
            return units, False
    return units, True


@dataclass(frozen=True, slots=True)
class GivenUp:
    """Leases that a worker ended without a judgment: how many, of which job, held since when."""

    units: int
    job_id: UUID
    since: datetime


def give_back(
    *, worker: Worker, org_id: UUID, page_id: UUID, reasons: dict[int, str]
) -> GivenUp | None:
    """End leases of a page without a judgment ({number: why}) and free their places. Her pay and
    trust are not touched. None if she held none of them."""
    rows = hot(
        statements.GIVE_BACK,
        {
            "org": org_id,
            "page": page_id,
            "person": worker.person_id,
            "numbers": list(reasons),
            "reasons": [reason[:200] for reason in reasons.values()],
            "state": 2,
        },
    )
    return GivenUp(*rows[0]) if rows[0][0] else None


def expire(*, org_id: UUID, job_id: UUID, now: datetime) -> int:
    """Return the units of leases that ran out; call again while it returns 1,000."""
    rows = hot(statements.EXPIRE, {"org": org_id, "job": job_id, "now": now, "state": 3})
    return int(rows[0][0])
