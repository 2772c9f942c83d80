"""A job's counts come from its files' own, so that no page counts its units."""

import pytest
from tests.cast import NOW, assemble, draft_job

from ujima.work.actions.units import take_in
from ujima.work.intake.rows import UnitRow
from ujima.work.models import Unit
from ujima.work.queries.jobs import counts


@pytest.mark.django_db
def test_counts_are_those_of_the_units_whatever_a_file_brings_again() -> None:
    cast = assemble()
    job = draft_job(cast, units=6, golds=2)
    rows = [
        UnitRow(1, "k0", {"text": "Text 0", "statement": "Statement 0"}, None, ""),
        UnitRow(2, "k4", {"text": "another", "statement": "another"}, None, ""),
        UnitRow(3, "new", {"text": "a", "statement": "b"}, {"follows": ["no"]}, "why"),
        UnitRow(4, "new too", {"text": "a", "statement": "b"}, None, ""),
        UnitRow(5, "new too", {"text": "a", "statement": "b"}, None, ""),
    ]

    take_in(by=cast.buyer, job=job, rows=rows, file_name="again.csv", now=NOW)

    units = Unit.objects.filter(job_id=job.id)
    assert counts(job) == (units.filter(is_gold=False).count(), units.filter(is_gold=True).count())
    assert counts(job) == (5, 3)
