"""Results, the judgments behind them, and exports of both."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import StreamingHttpResponse
from ninja import Query, Router, Schema

from ujima.api.fields import AfterNumber, Answer, Limit, Page, Short, Words, page
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.api.units import UnitOut
from ujima.flows.export import adjudication_rows, columns_of, gold_rows, judgment_rows, result_rows
from ujima.flows.trusting import correct_gold
from ujima.people.pseudonyms import pseudonym
from ujima.quality.queries import results, versions
from ujima.work.export import write_csv, write_jsonl
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import gold_of, judgments_of_unit, unit_of, units_by_id

if TYPE_CHECKING:
    from ujima.work.models import Job, Unit

router = Router(tags=["results"])
Below = Annotated[float | None, Query(ge=0, le=1, description="Only those less confident.")]


class VersionOut(Schema):
    """A result that was given out.

    ended         why no more judgments were asked: confident (the target was reached), spent (the
                  most were asked) or over (the job's deadline passed); or unsure: it had been
                  confident, a later fit found it below the target, and it is asked again while the
                  job can
    confidence    when this version was given out
    model_share   of the evidence for the answer, a model's part, 0 to 1; people's is the rest; null
                  where no model labels joined
    input_hash    of the unit's judgments (first half) and of the job's fit whose view of the people
                  was used (second half, zeros before the first); docs/quality.md says how
    """

    version: int
    answer: Answer
    confidence: float
    judgments: int
    method: str
    method_version: str
    ended: str
    input_hash: str
    model_share: float | None
    at: datetime


class ResultOut(VersionOut):
    """The newest result of a unit."""

    unit: int
    key: str
    label: str


class JudgmentOut(Schema):
    """One person's answer to a unit. `person` is her pseudonym, the same within one job."""

    person: str
    answer: Answer
    seconds: float
    version: int
    answered_at: datetime
    at: datetime
    gold_right: bool | None


class GoldOut(Schema):
    """The known answer to a unit."""

    answer: Answer
    reason: str


class UnitDetail(UnitOut):
    """A unit with its results, newest first, and every judgment, oldest first."""

    gold: GoldOut | None
    results: list[VersionOut]
    judgments: list[JudgmentOut]


@router.get("/jobs/{uuid:job_id}/results", **reads("see_results", answers=Page[ResultOut]))
def list_results(
    request: ApiRequest,
    job_id: UUID,
    label: Short = "",
    below: Below = None,
    after: AfterNumber = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The newest result of each unit that has one, in the units' order. `label` keeps one
    answer, as it stands in `label` of the items."""
    job = job_of(request.auth, job_id)
    found = results(job.org_id, job.id, after=after, label=label, below=below, limit=limit + 1)
    units = units_by_id(job, [current.unit_id for current in found])
    return page(
        found,
        limit,
        lambda current: current.unit_id,
        lambda current: _result(current, units),
    )


def _result(current: Any, units: "Mapping[int, Unit]") -> dict[str, Any]:
    return {
        **VersionOut.from_orm(current.result).dict(),
        "unit": current.unit_id,
        "key": units[current.unit_id].key,
        "label": current.label,
    }


@router.get("/jobs/{uuid:job_id}/units/{int:unit_id}", **reads("see_results", answers=UnitDetail))
def one_unit(request: ApiRequest, job_id: UUID, unit_id: int) -> Any:
    """A unit with its results and every judgment."""
    by = request.auth
    job = job_of(by, job_id)
    unit = unit_of(by, job, unit_id)
    return {
        **UnitOut.from_orm(unit).dict(),
        "gold": gold_of(job, [unit.id]).get(unit.id),
        "results": versions(job.org_id, unit.id),
        "judgments": [_judgment(job, judgment) for judgment in judgments_of_unit(job, unit.id)],
    }


def _judgment(job: "Job", judgment: Any) -> dict[str, Any]:
    return {
        "person": pseudonym(settings.SECRET_KEY, job.id, judgment.person_id),
        "answer": judgment.answer,
        "seconds": judgment.milliseconds / 1000,
        "version": judgment.version,
        "answered_at": judgment.answered_at,
        "at": judgment.at,
        "gold_right": judgment.gold_right,
    }


_ROWS = {
    "results": result_rows,
    "judgments": judgment_rows,
    "gold": gold_rows,
    "adjudications": adjudication_rows,
}


class GoldBody(Schema):
    """The right answer, question -> words; null sets the unit aside. The people whom it touches
    are told the reason."""

    answer: dict[Short, list[Words]] | None = None
    reason: Words = ""


@router.post(
    "/jobs/{uuid:job_id}/units/{int:unit_id}/gold",
    **writes("see_results", "make_jobs", answers=UnitDetail),
)
def correct_known_answer(request: ApiRequest, job_id: UUID, unit_id: int, body: GoldBody) -> Any:
    """Correct a known answer or set it aside. Everybody who answered it is scored anew."""

    def make(now: datetime) -> str:
        done = correct_gold(
            by=request.auth,
            job_id=job_id,
            unit_id=unit_id,
            answer=body.answer,
            reason=body.reason,
            now=now,
        )
        return str(done.id)

    return once(request, make=make, read=lambda _: one_unit(request, job_id, unit_id))


_TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}
_STREAM: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The rows, streamed",
            "content": {
                kind.split(";")[0]: {"schema": {"type": "string"}} for kind in _TYPES.values()
            },
        }
    }
}


@router.get(
    "/jobs/{uuid:job_id}/export/{what}.{form}", **reads("see_results", answers=None, **_STREAM)
)
def export(
    request: ApiRequest,
    job_id: UUID,
    what: Literal["results", "judgments", "gold", "adjudications"],
    form: Literal["csv", "jsonl"],
) -> StreamingHttpResponse:
    """Every result, every judgment under a pseudonym, your known answers or what was decided in
    review, as CSV or JSONL."""
    by = request.auth
    columns = columns_of(by, job_id, what)
    rows = _ROWS[what](by, job_id)
    written = write_csv(columns, rows) if form == "csv" else write_jsonl(rows)
    response = StreamingHttpResponse(written, content_type=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{what}.{form}"'
    response.headers["Cache-Control"] = "no-store"
    for name, value in (request.standing.headers if request.standing else {}).items():
        response.headers[name] = value
    return response
