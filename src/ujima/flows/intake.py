"""A buyer's file comes in: its rows as units, and if the job runs already, their cost put aside."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO
from uuid import UUID

from django.conf import settings
from django.db import transaction

from ujima.flows.estimating import most_for
from ujima.flows.launch import reserve_more
from ujima.people.standing import Principal
from ujima.work.actions import jobs
from ujima.work.actions.units import take_in
from ujima.work.errors import NotReady
from ujima.work.intake.formats import Format
from ujima.work.intake.mapping import Mapping, propose_mapping
from ujima.work.intake.preview import Preview, preview
from ujima.work.intake.units import units
from ujima.work.labelling.config import parse
from ujima.work.labelling.model import Labelling
from ujima.work.queries.jobs import job_of

if TYPE_CHECKING:
    from ujima.work.models import Import, Job


@dataclass(frozen=True, slots=True)
class Looked:
    """A file's first rows, and the mapping that its columns' names suggest."""

    preview: Preview
    mapping: Mapping
    labelling: Labelling


def labelling_of(job: "Job") -> Labelling:
    """A job's form as it stands. Refuses NotReady if it has none, BadConfig."""
    if not job.config.strip():
        raise NotReady("Write the job's form before you bring in units.", place={"field": "config"})
    return parse(job.config)


def look_at(*, by: Principal, job_id: UUID, file: BinaryIO, name: str) -> Looked:
    """Show what a file would bring in; nothing is kept. Refuses BadFile, NotReady."""
    labelling = labelling_of(job_of(by, job_id))
    seen = preview(file, name, total=settings.UPLOAD_LIMIT)
    return Looked(seen, propose_mapping(seen.columns, labelling), labelling)


@transaction.atomic
def bring_in(
    *,
    by: Principal,
    job_id: UUID,
    file: BinaryIO,
    name: str,
    format: Format,
    mapping: Mapping,
    now: datetime,
) -> "Import":
    """Keep a file's units, whole or not at all; refused rows are reported with their places.

    Refuses: BadFile, MissingColumn, WrongState, NotEnoughFunds.
    """
    job = jobs.locked(by, job_id)
    before = most_for(job).reserve if job.version else None
    rows = units(file, format, mapping, labelling_of(job), total=settings.UPLOAD_LIMIT)
    intake = take_in(by=by, job=job, rows=rows, file_name=name, key_column=mapping.key, now=now)
    if before is not None:
        jobs.set_gold_need(job)
        reserve_more(by=by, job=job, before=before, now=now, source=f"import:{intake.id}")
    return intake
