"""Units and judgments, for their buyer and for the inference."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection
from django.db.models import Count, Q

from ujima.base.errors import NotFound
from ujima.people.standing import Principal
from ujima.work.models import Gold, GoldCorrection, GoldRetirement, Job, Judgment, Unit


def units_of(job: Job, *, after: int = 0, limit: int = 50) -> list[Unit]:
    """The units of a job in order, after the unit `after`."""
    return list(
        Unit.objects.filter(org_id=job.org_id, job_id=job.id, id__gt=after).order_by("id")[:limit]
    )


def units_by_id(job: Job, ids: list[int]) -> dict[int, Unit]:
    """These units of a job."""
    found = Unit.objects.filter(org_id=job.org_id, job_id=job.id, id__in=ids)
    return {unit.id: unit for unit in found}


def unit_of(by: Principal, job: Job, unit_id: int) -> Unit:
    """One unit of a buyer's job. Refuses NotFound."""
    found = Unit.objects.filter(org_id=by.org_id, job_id=job.id, id=unit_id).first()
    if not found:
        raise NotFound("There is no such unit in this job.")
    return found


def unit_by_key(job: Job, key: str) -> Unit | None:
    """The unit of a job that its buyer calls so."""
    return Unit.objects.filter(org_id=job.org_id, job_id=job.id, key=key).first()


def gold_of(job: Job, ids: list[int]) -> dict[int, Gold]:
    """The gold among these units, for the buyer alone."""
    found = Gold.objects.filter(org_id=job.org_id, job_id=job.id, unit_id__in=ids)
    return {gold.unit_id: gold for gold in found}


def golds_after(job: Job, after: int, limit: int) -> list[Gold]:
    """The gold of a job in the order of its units, after the unit `after`; for the buyer alone."""
    found = Gold.objects.filter(org_id=job.org_id, job_id=job.id, unit_id__gt=after)
    return list(found.order_by("unit_id")[:limit])


def answers_to_gold(job: Job, ids: list[int]) -> dict[int, tuple[int, int]]:
    """How many judgments these gold units got, and how many of them were right."""
    found = Judgment.objects.filter(org_id=job.org_id, job_id=job.id, unit_id__in=ids)
    counted = found.values_list("unit_id").annotate(
        n=Count("id"), right=Count("id", filter=Q(gold_right=True))
    )
    return {unit: (n, right) for unit, n, right in counted}


def judgments_of_unit(job: Job, unit_id: int) -> list[Judgment]:
    """Every judgment of one unit, oldest first."""
    found = Judgment.objects.filter(org_id=job.org_id, unit_id=unit_id, job_id=job.id)
    return list(found.order_by("id"))


@dataclass(frozen=True, slots=True)
class Row:
    """One judgment as the inference and the export need it."""

    id: int
    unit_id: int
    person_id: UUID
    provider_id: UUID
    answer: dict[str, list[str]]
    milliseconds: int
    gold_right: bool | None
    at: Any
    content_hash: bytes


def judgments_of(org_id: UUID, job_id: UUID) -> Iterator[Row]:
    """Every judgment of a job, oldest first, streamed in pages of 5,000 by keyset."""
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "select id, unit_id, person_id, provider_id, answer, milliseconds, gold_right, at, "
                "content_hash from work_judgment where org_id = %s and job_id = %s and id > %s "
                "order by id limit 5000",
                [org_id, job_id, last],
            )
            rows = cursor.fetchall()
        for row in rows:
            yield Row(row[0], row[1], row[2], row[3], orjson.loads(row[4]), *row[5:])
        if len(rows) < 5000:
            return
        last = rows[-1][0]


#: judgments that a look at the pace rests on: enough for a day, few enough for a request
PACE_OVER = 5000
_PACES = """
select count(*), sum(milliseconds) / 1000.0 / count(*)
from (select person_id, milliseconds from work_judgment
      where org_id = %s and job_id = %s order by id desc limit %s) newest
group by person_id having count(*) >= 5 order by 2
"""


def paces(job: Job) -> list[tuple[int, float]]:
    """(judgments, mean seconds for one) of each person with five or more among the job's newest
    5,000 judgments, the quickest first and without saying who; for the buyer."""
    with connection.cursor() as cursor:
        cursor.execute(_PACES, [job.org_id, job.id, PACE_OVER])
        return [(n, float(seconds)) for n, seconds in cursor.fetchall() if seconds]


def golds_of(org_id: UUID, job_id: UUID) -> dict[int, dict[str, list[str]]]:
    """The known answers of a job, for the inference."""
    found = Gold.objects.filter(org_id=org_id, job_id=job_id)
    return dict(found.values_list("unit_id", "answer"))


def corrections(job: Job, unit_id: int | None = None, limit: int = 50) -> list[GoldCorrection]:
    """How known answers of a job were corrected, newest first; for the buyer alone."""
    found = GoldCorrection.objects.filter(org_id=job.org_id, job_id=job.id)
    if unit_id is not None:
        found = found.filter(unit_id=unit_id)
    return list(found.order_by("-id")[:limit])


def latest_correction(job: Job) -> datetime | None:
    """When a known answer of a job was last corrected."""
    found = corrections(job, limit=1)
    return found[0].at if found else None


def retired_golds(org_id: UUID, job_id: UUID) -> dict[int, datetime]:
    """The gold of a job that is offered no more as it has leaked, and since when."""
    found = GoldRetirement.objects.filter(org_id=org_id, job_id=job_id)
    return dict(found.values_list("unit_id", "at"))


def rework_judgments(org_id: UUID, job_id: UUID) -> list[int]:
    """The judgments that were asked again because a known answer was wrong."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select j.id from work_rework r join work_judgment j on j.org_id = r.org_id "
            "and j.unit_id = r.unit_id and j.id > r.after_judgment "
            "where r.org_id = %s and r.job_id = %s order by j.id",
            [org_id, job_id],
        )
        return [judgment for (judgment,) in cursor.fetchall()]


def texts_of(org_id: UUID, unit_ids: list[int]) -> dict[int, dict[str, list[list[str]]]]:
    """Everybody's answers to these units: unit -> question -> each one's words."""
    found: dict[int, dict[str, list[list[str]]]] = {}
    rows = Judgment.objects.filter(org_id=org_id, unit_id__in=unit_ids).order_by("id")
    for unit, answer in rows.values_list("unit_id", "answer"):
        for question, words in answer.items():
            found.setdefault(unit, {}).setdefault(question, []).append(words)
    return found


@dataclass(frozen=True, slots=True)
class Tally:
    """How a job's ordinary units stand. Counted in the background, never in a request."""

    units: int
    pending: int
    settled: int
    live_leases: int


def tally(org_id: UUID, job_id: UUID) -> Tally:
    """Count a job's ordinary units by state, and its live leases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select count(*), count(*) filter (where state = 0), "
            "count(*) filter (where state = 1), (select count(*) from work_lease "
            "where org_id = %(org)s and job_id = %(job)s and state = 0) "
            "from work_unit where org_id = %(org)s and job_id = %(job)s and not is_gold",
            {"org": org_id, "job": job_id},
        )
        return Tally(*cursor.fetchone())
