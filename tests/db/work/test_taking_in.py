"""A buyer's file that comes again: what stands under its keys stays; no key means two things."""

import pytest
from tests.cast import NOW, assemble, draft_job

from ujima.work.actions.units import take_in
from ujima.work.intake.rows import UnitRow
from ujima.work.models import Gold, RefusedRow, Unit

SAME = {"text": "a", "statement": "b"}
OTHER = {"text": "a", "statement": "c"}
YES, NO = {"follows": ["yes"]}, {"follows": ["no"]}
#: what stands: an ordinary unit, and one with a known answer
STANDS = [UnitRow(1, "plain", SAME, None, ""), UnitRow(2, "known", SAME, YES, "why")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "data", "gold", "is_refused"),
    [
        ("plain", SAME, None, False),
        ("known", SAME, YES, False),
        ("known", SAME, None, False),
        ("plain", OTHER, None, True),
        ("known", OTHER, YES, True),
        ("known", SAME, NO, True),
        ("plain", SAME, YES, True),
    ],
)
def test_a_key_that_stands_is_kept_already_or_refused_with_its_row(key, data, gold, is_refused):
    cast = assemble()
    job = draft_job(cast, units=1)
    take_in(by=cast.buyer, job=job, rows=STANDS, key_column="id", file_name="first.csv", now=NOW)
    before = list(Unit.objects.order_by("id").values()), list(Gold.objects.values())

    again = [UnitRow(7, key, data, gold, ""), UnitRow(9, "new", OTHER, None, "")]
    found = take_in(
        by=cast.buyer, job=job, rows=again, key_column="id", file_name="again.csv", now=NOW
    )

    assert (found.kept, found.already_kept, found.refused) == (1, not is_refused, is_refused)
    refused = list(RefusedRow.objects.filter(intake=found).values_list("row", "code"))
    assert refused == ([(7, "key_has_other_data")] if is_refused else [])
    units = Unit.objects.exclude(key="new").order_by("id")
    assert (list(units.values()), list(Gold.objects.values())) == before


@pytest.mark.django_db
def test_a_key_means_nothing_in_another_job():
    cast = assemble()
    for _ in range(2):
        job = draft_job(cast, units=1)
        found = take_in(
            by=cast.buyer, job=job, rows=STANDS, key_column="id", file_name="first.csv", now=NOW
        )
        assert (found.kept, found.golds, found.refused) == (2, 1, 0)
