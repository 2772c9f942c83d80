"""A job's quality, review of its least certain units, and acceptance of what it has delivered."""

import secrets
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from ujima.api.fields import AfterNumber, Answer, Limit, Page, Short, page
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.base.errors import NotFound
from ujima.flows import review
from ujima.flows.export import protocol_summary
from ujima.quality.acceptance import Terms
from ujima.quality.lots.queries import drawn_at, lot_of, newest_checks, protocol
from ujima.quality.lots.queries import lots as lots_of
from ujima.quality.review.queries import (
    Place,
    adjudications,
    newest_of_units,
    queue,
    report,
    turns_of,
)
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import texts_of, units_by_id

if TYPE_CHECKING:
    from ujima.quality.models import Adjudication, Lot
    from ujima.work.models import Job

router = Router(tags=["quality"])
Below = Annotated[float | None, Query(ge=0, le=1, description="Only those less confident.")]
AfterPlace = Annotated[str, Query(max_length=60, description="`next` of the page before.")]
#: low end, middle and high end of a 95 % interval
Shares = list[float]


class AgreementOut(Schema):
    """Krippendorff's alpha with its 95 % interval; null where nothing can be measured."""

    scale: str
    alpha: float | None
    low: float | None
    high: float | None
    units: int
    answers: int


class ClassOut(Schema):
    """One answer: precision over the units inferred to be it, recall over those that are it."""

    name: str
    precision: Shares | None
    recall: Shares | None
    said: int
    true: int


class BinOut(Schema):
    """Results of about the same confidence, and the share of them that were right."""

    low: float
    high: float
    units: int
    confidence: float
    right: Shares


class ReliabilityOut(Schema):
    """Whether confidence means what it says. `error` is the expected calibration error; `perfect`
    what chance alone would make of it with as many units."""

    units: int
    error: float
    perfect: float
    brier: float
    bins: list[BinOut]


class KnownOut(Schema):
    """What known answers show. `table[true][inferred]` counts units."""

    units: int
    accuracy: Shares
    table: list[list[int]]
    classes: list[ClassOut]
    reliability: ReliabilityOut


class ProblemOut(Schema):
    """A question with one answer, or one choice of a question with several."""

    name: str
    question: str
    choice: str | None
    classes: list[str]
    agreement: list[AgreementOut]
    known: KnownOut | None


class PeopleOut(Schema):
    """How accurate people are, by inference, in tenths; nobody is named. `quarters` are the
    quartiles."""

    people: int
    tenths: list[int]
    quarters: list[float]


class QualityOut(Schema):
    """What the newest fit says of a job's quality."""

    at: datetime
    method_version: str
    input_hash: str
    judgments: int
    problems: list[ProblemOut]
    people: PeopleOut | None


class SplitOut(Schema):
    """How many people gave an answer to a question."""

    question: str
    answer: list[str]
    people: int


class ReviewOut(Schema):
    """A unit that wants a person's look. `seen` goes with the decision."""

    unit: int
    key: str
    data: dict[str, Any]
    answer: Answer
    confidence: float
    ended: str
    split: list[SplitOut]
    seen: int


class DecisionBody(Schema):
    """An answer that a person decides.

    seen   as it stood in the queue, 0 if nobody decided the unit before
    """

    answer: Answer
    reason: Short = ""
    seen: int = Field(0, ge=0, le=30_000)


class SeenBody(Schema):
    """What was seen of a unit when its decision is taken back."""

    seen: int = Field(ge=0, le=30_000)


class AdjudicationOut(Schema):
    """A decision, or that one was taken back (then `answer` is null)."""

    id: UUID
    unit: int = Field(validation_alias="unit_id")
    turn: int
    answer: Answer | None
    reason: str
    role: str
    result_version: int
    lot: UUID | None = Field(validation_alias="lot_id")
    at: datetime


class LotBody(Schema):
    """What a lot is held to; all from 0 to 1."""

    contracted: float = Field(0.95, gt=0, le=1)
    tolerable: float = Field(0.9, ge=0, lt=1)
    producer_risk: float = Field(0.05, gt=0, lt=0.5)
    consumer_risk: float = Field(0.05, gt=0, lt=0.5)


class LotOut(Schema):
    """A check. Its plan and figures are null until the sample is drawn, a few seconds later."""

    id: UUID
    at: datetime
    contracted: float
    tolerable: float
    seed: str
    results: int | None = None
    sample: int | None = None
    allowed: int | None = None
    producer_risk: float | None = None
    consumer_risk: float | None = None
    checked: int | None = None
    wrong: int | None = None
    accuracy_low: float | None = None
    accuracy_high: float | None = None
    confidence: float | None = None
    ruling: str = "open"
    decided_at: datetime | None = None
    remark: str = ""


class DrawnOut(Schema):
    """A unit of a sample; `is_right` is null until it is checked."""

    place: int
    unit: int
    key: str
    result_version: int
    answer: Answer
    is_right: bool | None
    at: datetime | None
    seen: int


class CheckBody(Schema):
    """What was found: the right answer, or none where the result is right.

    seen   as it stood in the sample
    """

    place: int = Field(ge=1, le=2**31 - 1)
    answer: Answer | None = None
    seen: int = Field(0, ge=0, le=30_000)


class RemarkBody(Schema):
    """A remark to the decision."""

    remark: Short = ""


@router.get("/jobs/{uuid:job_id}/quality", **reads("see_results", answers=QualityOut))
def job_quality(request: ApiRequest, job_id: UUID) -> Any:
    """Agreement, accuracy by class, confusion and calibration; 404 before the first fit."""
    job = job_of(request.auth, job_id)
    found = report(job.org_id, job.id)
    if not found:
        raise NotFound("Nothing is measured yet.")
    return {
        "at": found.at,
        "method_version": found.method_version,
        "input_hash": found.input_hash,
        "judgments": found.judgments,
        **found.body,
    }


@router.get("/jobs/{uuid:job_id}/review", **reads("see_results", answers=Page[ReviewOut]))
def review_queue(
    request: ApiRequest,
    job_id: UUID,
    label: Short = "",
    below: Below = None,
    after: AfterPlace = "",
    limit: Limit = 50,
) -> dict[str, Any]:
    """The units that nobody has decided, the least certain first."""
    job = job_of(request.auth, job_id)
    found = queue(
        job.org_id, job.id, below=below, label=label, after=Place.read(after), limit=limit + 1
    )
    ids = [current.unit_id for current in found]
    units, given = units_by_id(job, ids), texts_of(job.org_id, ids)
    turns = newest_of_units(job.org_id, ids)
    return page(
        found,
        limit,
        lambda current: Place(current.confidence, current.unit_id),
        lambda current: {
            "unit": current.unit_id,
            "key": units[current.unit_id].key,
            "data": units[current.unit_id].data,
            "answer": current.result.answer,
            "confidence": current.confidence,
            "ended": current.result.ended,
            "split": _split(given.get(current.unit_id, {})),
            "seen": turns[current.unit_id].turn if current.unit_id in turns else 0,
        },
    )


def _split(given: dict[str, list[list[str]]]) -> list[dict[str, Any]]:
    counted: dict[tuple[str, tuple[str, ...]], int] = {}
    for question, every in given.items():
        for words in every:
            said = (question, tuple(words))
            counted[said] = counted.get(said, 0) + 1
    return [{"question": q, "answer": list(a), "people": n} for (q, a), n in counted.items()]


@router.get(
    "/jobs/{uuid:job_id}/adjudications", **reads("see_results", answers=Page[AdjudicationOut])
)
def list_adjudications(
    request: ApiRequest, job_id: UUID, after: UUID | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """What was decided in review and taken back, oldest first; apart from judgments."""
    job = job_of(request.auth, job_id)
    found = adjudications(job.org_id, job.id, after=after, limit=limit + 1)
    return page(found, limit, lambda one: one.id)


@router.post(
    "/jobs/{uuid:job_id}/units/{int:unit_id}/adjudication",
    **writes("see_results", "review", answers=AdjudicationOut, status=201),
)
def adjudicate(request: ApiRequest, job_id: UUID, unit_id: int, body: DecisionBody) -> Any:
    """Decide a unit's answer. It is the unit's result at once, and held fixed by the next fit.
    Refused with `decided_meanwhile` if somebody else was quicker."""
    by = request.auth
    return once(
        request,
        make=lambda now: str(
            review.decide(
                by=by,
                job_id=job_id,
                unit_id=unit_id,
                answer=body.answer,
                reason=body.reason,
                seen=body.seen,
                now=now,
            ).turn
        ),
        read=lambda made: _turn(by, job_id, unit_id, int(made)),
    )


@router.post(
    "/jobs/{uuid:job_id}/units/{int:unit_id}/adjudication/undo",
    **writes("see_results", "review", answers=AdjudicationOut, status=201),
)
def take_adjudication_back(request: ApiRequest, job_id: UUID, unit_id: int, body: SeenBody) -> Any:
    """Take the decision of a unit back; what was inferred before is its result again."""
    by = request.auth
    return once(
        request,
        make=lambda now: str(
            review.take_back(by=by, job_id=job_id, unit_id=unit_id, seen=body.seen, now=now).turn
        ),
        read=lambda made: _turn(by, job_id, unit_id, int(made)),
    )


def _turn(by: Any, job_id: UUID, unit_id: int, turn: int) -> "Adjudication":
    job = job_of(by, job_id)
    return turns_of(job.org_id, unit_id)[turn - 1]


@router.get("/jobs/{uuid:job_id}/lots", **reads("see_results", answers=Page[LotOut]))
def list_lots(
    request: ApiRequest, job_id: UUID, after: UUID | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """The checks of a job's results, newest first."""
    job = job_of(request.auth, job_id)
    found = lots_of(job.org_id, job.id)
    if after:
        found = found.filter(id__lt=after)
    return page(list(found[: limit + 1]), limit, lambda lot: lot.id, _lot)


@router.post(
    "/jobs/{uuid:job_id}/lots", **writes("see_results", "review", answers=LotOut, status=201)
)
def add_lot(request: ApiRequest, job_id: UUID, body: LotBody) -> Any:
    """Ask for a check of the results as they stand; the sample is drawn within seconds."""
    by = request.auth

    def make(now: datetime) -> str:
        terms = Terms(body.contracted, body.tolerable, body.producer_risk, body.consumer_risk)
        lot = review.ask_for_acceptance(
            by=by, job_id=job_id, terms=terms, seed=secrets.randbelow(2**63), now=now
        )
        return str(lot.id)

    return once(request, make=make, read=lambda made: _lot(_found(by, job_id, UUID(made))[1]))


@router.get("/jobs/{uuid:job_id}/lots/{uuid:lot_id}", **reads("see_results", answers=LotOut))
def one_lot(request: ApiRequest, job_id: UUID, lot_id: UUID) -> Any:
    """A check: its plan, how far it is, and what was decided."""
    return _lot(_found(request.auth, job_id, lot_id)[1])


@router.get(
    "/jobs/{uuid:job_id}/lots/{uuid:lot_id}/sample",
    **reads("see_results", answers=Page[DrawnOut]),
)
def lot_sample(
    request: ApiRequest, job_id: UUID, lot_id: UUID, after: AfterNumber = 0, limit: Limit = 50
) -> dict[str, Any]:
    """The units of a sample in the order of the draw, with what was found of each."""
    job, lot = _found(request.auth, job_id, lot_id)
    found = list(protocol(lot, after=after, limit=limit + 1))
    units = units_by_id(job, [row["unit_id"] for row in found])
    return page(
        found,
        limit,
        lambda row: row["place"],
        lambda row: _drawn(row, units[row["unit_id"]].key),
    )


def _drawn(row: dict[str, Any], key: str) -> dict[str, Any]:
    return {
        "place": row["place"],
        "unit": row["unit_id"],
        "key": key,
        "result_version": row["result"].version,
        "answer": row["result"].answer,
        "is_right": row["is_right"],
        "at": row["at"],
        "seen": row["turn"],
    }


@router.post(
    "/jobs/{uuid:job_id}/lots/{uuid:lot_id}/checks",
    **writes("see_results", "review", answers=DrawnOut, status=201),
)
def add_check(request: ApiRequest, job_id: UUID, lot_id: UUID, body: CheckBody) -> Any:
    """Say what is right of a drawn unit. A wrong result is decided anew with your answer."""
    by = request.auth

    def make(now: datetime) -> str:
        review.check(
            by=by,
            job_id=job_id,
            lot_id=lot_id,
            place=body.place,
            answer=body.answer,
            seen=body.seen,
            now=now,
        )
        return str(body.place)

    return once(request, make=make, read=lambda made: _checked(by, job_id, lot_id, int(made)))


def _checked(by: Any, job_id: UUID, lot_id: UUID, place: int) -> dict[str, Any]:
    job, lot = _found(by, job_id, lot_id)
    drawn, check = drawn_at(lot, place), newest_checks(lot)[place]
    row = {
        "place": place,
        "unit_id": drawn.unit_id,
        "result": drawn.result,
        "is_right": check.is_right,
        "at": check.at,
        "turn": check.turn,
    }
    return _drawn(row, units_by_id(job, [drawn.unit_id])[drawn.unit_id].key)


@router.post(
    "/jobs/{uuid:job_id}/lots/{uuid:lot_id}/decision",
    **writes("see_results", "review", answers=LotOut),
)
def decide_lot(request: ApiRequest, job_id: UUID, lot_id: UUID, body: RemarkBody) -> Any:
    """Close a check with what its plan says. Nobody's pay hangs on it."""
    by = request.auth

    def make(now: datetime) -> str:
        review.accept(by=by, job_id=job_id, lot_id=lot_id, remark=body.remark, now=now)
        return str(lot_id)

    return once(request, make=make, read=lambda made: _lot(_found(by, job_id, UUID(made))[1]))


def _found(by: Any, job_id: UUID, lot_id: UUID) -> "tuple[Job, Lot]":
    job = job_of(by, job_id)
    return job, lot_of(job.org_id, job.id, lot_id)


def _lot(lot: "Lot") -> dict[str, Any]:
    head = {
        "id": lot.id,
        "at": lot.at,
        "contracted": lot.contracted,
        "tolerable": lot.tolerable,
        "seed": str(lot.seed),
    }
    return {**(protocol_summary(lot) if getattr(lot, "draw", None) else {}), **head}
