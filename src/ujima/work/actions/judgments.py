"""Keeping judgments: each answer gets its own verdict; one bad one sinks no other."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from ujima.base.errors import Refusal, SameKeyOtherContent
from ujima.base.hot import hot
from ujima.people.standing import Worker
from ujima.work import statements
from ujima.work.actions.forms import form_of
from ujima.work.envelopes import Answer, Given, Kept, Verdict, canonical, says_the_same
from ujima.work.errors import (
    AlreadyJudged,
    GivenBack,
    ImpossibleTime,
    JobClosed,
    LeaseExpired,
    NotYours,
)
from ujima.work.labelling.answers import check_answer

HELD, JUDGED, SKIPPED, EXPIRED = range(4)
#: units that one statement moves
MOVED_AT_ONCE = 100
#: no honest answer to one unit takes longer; a phone left open is not work time
LONGEST = timedelta(hours=4)


def record(
    *,
    worker: Worker,
    org_id: UUID,
    job_id: UUID,
    page_id: UUID,
    device_id: UUID,
    answers: Sequence[Given],
    now: datetime,
) -> tuple[list[Verdict], list[Kept]]:
    """Keep the answers to one page, in the caller's transaction.

    The verdicts stand in the order of the answers; each is kept, already kept, or a refusal:
    NotYours, GivenBack, LeaseExpired, JobClosed, AlreadyJudged, SameKeyOtherContent, BadAnswer,
    ImpossibleTime. An answer under a live lease is always kept, whatever became of the job or the
    unit meanwhile.
    """
    where = {
        "org": org_id,
        "job": job_id,
        "page": page_id,
        "person": worker.person_id,
        "device": device_id,
        "now": now,
    }
    numbers = [given.number for given in answers]
    leases = {row[1]: row for row in hot(statements.HELD, where | {"numbers": numbers})}
    keys = {"keys": [given.key for given in answers], "units": [r[2] for r in leases.values()]}
    standing = _Standing(hot(statements.STANDING, where | keys))
    verdicts: list[Verdict] = []
    keep: list[tuple[Given, Any, Answer, bytes]] = []
    late = {lease[2] for lease in leases.values() if lease[3] == EXPIRED}
    closed = bool(late) and _is_closed(where)
    room = set() if closed or not late else _room(where, late)
    for given in answers:
        lease = leases.get(given.number)
        try:
            if lease is None:
                raise standing.unknown(given)
            answer = check_answer(form_of(job_id, lease[4]), given.answer)
            content = hashlib.blake2b(canonical(answer), digest_size=16).digest()
            if standing.has(given.key, lease[2], content):
                verdicts.append(Verdict(given.key, given.number, already=True))
                continue
            _check(given, lease)
            if lease[2] in late - room:
                raise JobClosed if closed else LeaseExpired
        except Refusal as refusal:
            verdicts.append(Verdict(given.key, given.number, refusal))
            continue
        standing.add(given.key, lease[2], content)
        keep.append((given, lease, answer, content))
        verdicts.append(Verdict(given.key, given.number))
    if back := [lease[2] for _, lease, *_ in keep if lease[2] in late]:
        hot(statements.TAKE_BACK, where | {"units": back})
    kept = _keep(where, keep) if keep else []
    return verdicts, kept


class _Standing:
    """The judgments that stand already, by device key and by unit."""

    def __init__(self, rows: list[tuple[Any, ...]]):
        self.by_key = {key: (unit, bytes(h)) for unit, key, h, mine in rows if mine}
        self.by_unit = {unit: bytes(h) for unit, _, h, _ in rows}

    def add(self, key: int, unit: int, content: bytes) -> None:
        self.by_key[key] = (unit, content)
        self.by_unit[unit] = content

    def has(self, key: int, unit: int, content: bytes) -> bool:
        """Whether this very judgment stands. Refuses SameKeyOtherContent, AlreadyJudged."""
        if key in self.by_key:
            if self.by_key[key] == (unit, content):
                return True
            raise SameKeyOtherContent
        if unit in self.by_unit:
            if self.by_unit[unit] == content:
                return True
            raise AlreadyJudged
        return False

    def unknown(self, given: Given) -> Refusal:
        return SameKeyOtherContent() if given.key in self.by_key else NotYours()


def _check(given: Given, lease: Any) -> None:
    if lease[3] == SKIPPED:
        raise GivenBack
    if not 0 <= given.milliseconds <= LONGEST.total_seconds() * 1000:
        raise ImpossibleTime(place={"field": "milliseconds"})


def _is_closed(where: dict[str, Any]) -> bool:
    """Whether the job has ended; if not, it cannot end before this transaction does."""
    return str(hot(statements.STATE, where)[0][0]) in ("finished", "cancelled")


def _room(where: dict[str, Any], late: set[int]) -> set[int]:
    """Of the units whose leases ran out, those that still want a judgment; locked."""
    return {row[0] for row in hot(statements.ROOM, where | {"units": sorted(late)})}


def _keep(where: dict[str, Any], keep: list[tuple[Given, Any, Answer, bytes]]) -> list[Kept]:
    membership, provider = keep[0][1][6:8]  # a page is taken by one claim, so under one membership
    golds = [orjson.loads(lease[5]) if lease[5] else None for _, lease, _, _ in keep]
    rights = [
        says_the_same(answer, gold) if gold else None
        for gold, (_, _, answer, _) in zip(golds, keep, strict=True)
    ]
    rows = hot(
        statements.KEEP,
        where
        | {
            "membership": membership,
            "provider": provider,
            "leases": [lease[0] for _, lease, _, _ in keep],
            "units": [lease[2] for _, lease, _, _ in keep],
            "versions": [lease[4] for _, lease, _, _ in keep],
            "answers": [orjson.dumps(answer).decode() for _, _, answer, _ in keep],
            "milliseconds": [given.milliseconds for given, *_ in keep],
            "answered": [given.answered_at for given, *_ in keep],
            "keys": [given.key for given, *_ in keep],
            "hashes": [content for *_, content in keep],
            "golds": rights,
        },
    )
    ids = {unit: judgment for judgment, unit in rows}
    return [
        Kept(g.key, ids[h[2]], h[2], h[4], answer, content, g.milliseconds, gold, right, membership)
        for (g, h, answer, content), gold, right in zip(keep, golds, rights, strict=True)
    ]


def move_units(
    *,
    org_id: UUID,
    job_id: UUID,
    wants: dict[int, int],
    ended: set[int],
    again: Collection[int] = (),
    sure: Mapping[int, float] | None = None,
) -> None:
    """Let units want more judgments ({unit: how many in all}), or none any more.

    again   of those that want more, the units that are opened again if they had wanted none
    sure    how sure these units are (0 to 1): of those open, people get the least sure first

    Outside of a transaction some of them are moved at a time, so that nobody waits long for a unit.
    """
    every = sorted({*wants, *ended})
    sure = sure or {}
    for at in range(0, len(every), MOVED_AT_ONCE):
        units = every[at : at + MOVED_AT_ONCE]
        hot(
            statements.MOVE_UNITS,
            {
                "org": org_id,
                "job": job_id,
                "units": units,
                "wants": [wants.get(unit, 0) for unit in units],
                "ends": [unit in ended for unit in units],
                "again": [unit in again for unit in units],
                "sures": [round(sure[unit] * 1000) if unit in sure else None for unit in units],
            },
        )
