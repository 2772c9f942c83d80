"""What a buyer takes away: results, and every judgment under a pseudonym, row by row.

Rows are drawn in pages by keyset, so an export of any size needs little memory and no lock.
"""

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings

from ujima.base.errors import Forbidden
from ujima.people.pseudonyms import pseudonym
from ujima.people.standing import Principal
from ujima.quality.lots.queries import protocol, standing_of
from ujima.quality.queries import results
from ujima.quality.review.queries import adjudications
from ujima.work.labelling.config import parse
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import answers_to_gold, golds_after, judgments_of, units_by_id

if TYPE_CHECKING:
    from ujima.quality.models import Lot
    from ujima.work.models import Job

PAGE = 1000
PROTOCOL_COLUMNS = ("place", "key", "result_version", "answer", "is_right", "at")


def columns_of(by: Principal, job_id: UUID, what: str) -> list[str]:
    """The columns of an export, in order; `what` is "results", "judgments", "gold" or
    "adjudications"."""
    labelling = parse(_job(by, job_id).config)
    answers = [f"answer.{question.name}" for question in labelling.questions]
    if what == "judgments":
        return ["key", "person", *answers, "seconds", "at", "gold_right"]
    if what == "adjudications":
        return ["key", "turn", *answers, "taken_back", "reason", "role", "result_version", "at"]
    data = [f"data.{column}" for column in labelling.columns]
    if what == "gold":
        return ["key", *data, *answers, "reason", "judgments", "right"]
    told = [
        "confidence",
        "judgments",
        "ended",
        "method",
        "version",
        "at",
        "input_hash",
        "model_share",
    ]
    return ["key", *data, *answers, *told]


def result_rows(by: Principal, job_id: UUID) -> Iterator[dict[str, Any]]:
    """The newest result of each unit that has one, in the order of the units. Units with known
    answers have none. Refuses: NoSuchJob, Forbidden."""
    return _result_rows(_job(by, job_id))


def judgment_rows(by: Principal, job_id: UUID) -> Iterator[dict[str, Any]]:
    """Every judgment, oldest first, under a pseudonym. Refuses: NoSuchJob, Forbidden."""
    return _judgment_rows(_job(by, job_id))


def gold_rows(by: Principal, job_id: UUID) -> Iterator[dict[str, Any]]:
    """The buyer's own known answers, with how many judgments each got and how many were right.
    Refuses: NoSuchJob, Forbidden."""
    return _gold_rows(_job(by, job_id))


def adjudication_rows(by: Principal, job_id: UUID) -> Iterator[dict[str, Any]]:
    """What persons decided of units, and took back, oldest first. Refuses: NoSuchJob, Forbidden."""
    return _adjudication_rows(_job(by, job_id))


def _job(by: Principal, job_id: UUID) -> "Job":
    if not by.may("see_results"):
        raise Forbidden
    return job_of(by, job_id)


def _result_rows(job: "Job") -> Iterator[dict[str, Any]]:
    after = 0
    while found := results(job.org_id, job.id, after=after, limit=PAGE):
        units = units_by_id(job, [current.unit_id for current in found])
        for current in found:
            unit, result = units[current.unit_id], current.result
            yield {
                "key": unit.key,
                **{f"data.{name}": value for name, value in unit.data.items()},
                **{f"answer.{name}": words for name, words in result.answer.items()},
                "confidence": round(current.confidence, 4),
                "judgments": result.judgments,
                "ended": result.ended,
                "method": f"{result.method} {result.method_version}",
                "version": result.version,
                "at": result.at,
                "input_hash": result.input_hash,
                "model_share": None if result.model_share is None else round(result.model_share, 4),
            }
        after = found[-1].unit_id


def _gold_rows(job: "Job") -> Iterator[dict[str, Any]]:
    after = 0
    while found := golds_after(job, after, limit=PAGE):
        units = units_by_id(job, [gold.unit_id for gold in found])
        told = answers_to_gold(job, list(units))
        for gold in found:
            judgments, right = told.get(gold.unit_id, (0, 0))
            yield {
                "key": units[gold.unit_id].key,
                **{f"data.{name}": value for name, value in units[gold.unit_id].data.items()},
                **{f"answer.{name}": words for name, words in gold.answer.items()},
                "reason": gold.reason,
                "judgments": judgments,
                "right": right,
            }
        after = found[-1].unit_id


def _judgment_rows(job: "Job") -> Iterator[dict[str, Any]]:
    drawn = judgments_of(job.org_id, job.id)
    while rows := list(islice(drawn, PAGE)):
        units = units_by_id(job, list({row.unit_id for row in rows}))
        for row in rows:
            yield {
                "key": units[row.unit_id].key,
                "person": pseudonym(settings.SECRET_KEY, job.id, row.person_id),
                **{f"answer.{name}": words for name, words in row.answer.items()},
                "seconds": row.milliseconds / 1000,
                "at": row.at,
                "gold_right": row.gold_right,
            }


def _adjudication_rows(job: "Job") -> Iterator[dict[str, Any]]:
    after: UUID | None = None
    while found := adjudications(job.org_id, job.id, after=after, limit=PAGE):
        units = units_by_id(job, [one.unit_id for one in found])
        for one in found:
            yield {
                "key": units[one.unit_id].key,
                "turn": one.turn,
                **{f"answer.{name}": words for name, words in (one.answer or {}).items()},
                "taken_back": one.answer is None,
                "reason": one.reason,
                "role": one.role,
                "result_version": one.result_version,
                "at": one.at,
            }
        after = found[-1].id


def protocol_summary(lot: "Lot") -> dict[str, Any]:
    """What a check was held to, how its sample was drawn, and what it found. Refuses NotDrawn."""
    standing = standing_of(lot)
    plan = standing.plan
    low, high = standing.interval if plan.lot else (0.0, 1.0)
    done = getattr(lot, "acceptance", None)
    return {
        "lot": lot.id,
        "asked_at": lot.at,
        "seed": str(lot.seed),
        "contracted": plan.contracted,
        "tolerable": plan.tolerable,
        "results": plan.lot,
        "sample": plan.sample,
        "allowed": plan.allowed,
        "producer_risk": plan.producer_risk,
        "consumer_risk": plan.consumer_risk,
        "checked": standing.checked,
        "wrong": standing.wrong,
        "accuracy_low": low,
        "accuracy_high": high,
        "confidence": standing.confidence if plan.lot else 0.0,
        "ruling": done.ruling if done else "open",
        "decided_at": done.at if done else None,
        "remark": done.remark if done else "",
    }


def protocol_rows(job: "Job", lot: "Lot") -> Iterator[dict[str, Any]]:
    """Each unit of a check's sample, in the order of the draw."""
    drawn = list(protocol(lot))
    units = units_by_id(job, [row["unit_id"] for row in drawn])
    for row in drawn:
        answer = "; ".join(", ".join(words) for words in row["result"].answer.values())
        yield {
            "place": row["place"],
            "key": units[row["unit_id"]].key,
            "result_version": row["result"].version,
            "answer": answer,
            "is_right": row["is_right"],
            "at": row["at"],
        }
