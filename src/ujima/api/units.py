"""Units: brought in by file, with a report of the rows that were refused."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import AliasChoices, Field
from pydantic import ValidationError as Invalid

from ujima.api.fields import AfterNumber, AfterWord, Limit, Page, Short, listed, page
from ujima.api.operations import reads, writes
from ujima.api.receipts import key_of, once
from ujima.api.tokens import ApiRequest
from ujima.api.uploads import Uploaded, uploaded
from ujima.base.errors import BadInput
from ujima.flows.intake import bring_in, look_at
from ujima.people.standing import Principal
from ujima.work.intake.formats import Format
from ujima.work.intake.mapping import Mapping
from ujima.work.queries.jobs import import_of, imports, job_of, refused_rows
from ujima.work.queries.units import unit_by_key, units_of

router = Router(tags=["units"])
# plain types within: of a type that is itself annotated, ninja loses the default
FileName = Annotated[
    str, Query(max_length=300, description="The file's name; its ending tells the format.")
]
MappingText = Annotated[
    str | None,
    Query(
        max_length=10_000,
        description="A mapping as JSON; what it leaves out is proposed by name.",
    ),
]
_FILE = {"schema": {"type": "string", "format": "binary"}}
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file itself, or a form with it as the part `file`.",
        "content": dict.fromkeys(("text/csv", "application/x-ndjson", "application/json"), _FILE)
        | {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}


class MappingForm(Schema):
    """How a file's columns are used.

    columns        column of the labelling -> column of the file
    key            the column of your own key; empty: the hash of the unit's data is the key
    gold           question -> the column of its known answer
    gold_reason    the column of the reason why the known answer is right
    """

    columns: dict[Short, Short] | None = None
    key: Short | None = None
    gold: dict[Short, Short] | None = None
    gold_reason: Short | None = None


class RefusedOut(Schema):
    """A row that cannot be used, and why. Rows count as in the file, from 1."""

    row: int
    column: str
    code: str
    reason: str


class LookOut(Schema):
    """A file's first rows, and how its columns would be used."""

    format: str
    columns: list[str]
    rows: list[dict[str, str]]
    refused: list[RefusedOut]
    warnings: list[str]
    mapping: MappingForm


class ImportOut(Schema):
    """What became of a file: rows kept, kept before, refused."""

    id: UUID
    file_name: str
    at: datetime
    kept: int
    already_kept: int
    refused: int


class UnitOut(Schema):
    """A unit: `state` is pending, settled or set_aside."""

    id: int
    key: str
    data: dict[str, Any]
    is_gold: bool
    state: str = Field(validation_alias=AliasChoices("state_name", "state"))


@router.post("/jobs/{uuid:job_id}/units/preview", **writes("make_jobs", answers=LookOut, **_BODY))
def preview_units(
    request: ApiRequest, job_id: UUID, name: FileName = "", mapping: MappingText = None
) -> Any:
    """Look at a file: its first rows and how its columns would be used. Nothing is kept."""
    key_of(request)
    with uploaded(request, name) as given:
        found, _, used = _looked(request.auth, job_id, given, mapping)
    return {
        "format": found.format,
        "columns": list(found.columns),
        "rows": list(found.rows),
        "refused": [row._asdict() for row in found.refused],
        "warnings": list(found.warnings),
        "mapping": _form(used),
    }


@router.post(
    "/jobs/{uuid:job_id}/units", **writes("make_jobs", answers=ImportOut, status=201, **_BODY)
)
def add_units(
    request: ApiRequest, job_id: UUID, name: FileName = "", mapping: MappingText = None
) -> Any:
    """Bring in a file of units: CSV, JSONL or one JSON array of objects, of any size up to the
    site's limit. Rows that cannot be used are reported and do not hold up the others; units known
    by their key already are not taken twice. A file that cannot be read is refused whole."""
    by = request.auth
    key_of(request)
    with uploaded(request, name) as given:

        def make(now: datetime) -> str:
            _, format, used = _looked(by, job_id, given, mapping)
            given.file.seek(0)
            taken = bring_in(
                by=by,
                job_id=job_id,
                file=given.file,
                name=given.name,
                format=format,
                mapping=used,
                now=now,
            )
            return str(taken.id)

        return once(
            request,
            make=make,
            read=lambda made: import_of(by, job_of(by, job_id), UUID(made)),
            body=given.digest,
        )


def _looked(
    by: Principal, job_id: UUID, given: Uploaded, mapping: str | None
) -> tuple[Any, Format, Mapping]:
    looked = look_at(by=by, job_id=job_id, file=given.file, name=given.name)
    return looked.preview, looked.preview.format, _mapped(looked.mapping, mapping)


def _mapped(proposed: Mapping, text: str | None) -> Mapping:
    if not text:
        return proposed
    try:
        form = MappingForm.model_validate_json(text)
    except Invalid as wrong:
        first = wrong.errors(include_url=False)[0]
        raise BadInput(first["msg"], place={"in": "query", "field": "mapping"}) from None
    given = form.model_dump(exclude_none=True)
    columns = proposed.columns | given.pop("columns", {})
    return replace(proposed, columns=columns, **given)


def _form(mapping: Mapping) -> MappingForm:
    return MappingForm(
        columns=mapping.columns,
        key=mapping.key,
        gold=mapping.gold,
        gold_reason=mapping.gold_reason,
    )


@router.get("/jobs/{uuid:job_id}/units", **reads("see_jobs", answers=Page[UnitOut]))
def list_units(
    request: ApiRequest,
    job_id: UUID,
    key: Short = "",
    after: AfterNumber = 0,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The job's units in order, or the one with this key of yours."""
    job = job_of(request.auth, job_id)
    if key:
        one = unit_by_key(job, key)
        return page([one] if one else [], limit, lambda unit: unit.id)
    return page(units_of(job, after=after, limit=limit + 1), limit, lambda unit: unit.id)


@router.get("/jobs/{uuid:job_id}/imports", **reads("see_jobs", answers=Page[ImportOut]))
def list_imports(
    request: ApiRequest, job_id: UUID, after: AfterWord = "", limit: Limit = 50
) -> dict[str, Any]:
    """The files brought into the job, in their order."""
    return listed(imports(job_of(request.auth, job_id)), after, limit, lambda one: one.id)


@router.get(
    "/jobs/{uuid:job_id}/imports/{uuid:import_id}/refused",
    **reads("see_jobs", answers=Page[RefusedOut]),
)
def list_refused(
    request: ApiRequest, job_id: UUID, import_id: UUID, after: AfterNumber = 0, limit: Limit = 50
) -> dict[str, Any]:
    """The rows of a file that were not taken, in the file's order; the first 10,000 of them."""
    by = request.auth
    intake = import_of(by, job_of(by, job_id), import_id)
    rows = refused_rows(by, intake.id).filter(id__gt=after)[: limit + 1]
    return page(list(rows), limit, lambda row: row.id)
