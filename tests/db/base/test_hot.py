"""The hot statements: prepared once a connection, with one plan, and true to every value."""

from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from ujima.base.hot import hot

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=("Cs",)))


@pytest.mark.django_db
def test_a_hot_statement_is_prepared_and_has_one_plan_for_every_value():
    for number in range(3):
        assert hot("select %(number)s::int + 1 as hot_probe", {"number": number}) == [(number + 1,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "select generic_plans, custom_plans from pg_prepared_statements"
            " where statement like '%hot_probe%'"
        )
        assert cursor.fetchall() == [(3, 0)]


@pytest.mark.django_db
def test_a_hot_statement_without_rows_to_return_returns_none():
    assert hot("set local work_mem = '8MB'", {}) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", -7),
        ("bigint", 2**62),
        ("float8", 0.1 + 0.2),
        ("boolean", True),
        ("uuid", UUID("0197c6a0-0000-7000-8000-00000000000a")),
        ("date", date(2026, 2, 28)),
        ("timestamptz", datetime(2026, 2, 28, 23, 59, 59, 999_999, UTC)),
        ("bytea", bytes(range(256))),
        ("text", "null"),
        ("int", None),
        ("int[]", []),
        ("int[]", [1, None, -2]),
        ("float8[]", [1e-300, 0.1, float("inf")]),
        ("boolean[]", [True, None, False]),
        ("bytea[]", [b"", b'\\"{}', bytes(range(256))]),
        ("text[]", ["", "null", "NULL", "{a,b}", '"', "\\", " "]),
        ("uuid[]", [UUID(int=5)]),
    ],
)
def test_a_value_comes_back_as_it_went(kind, value):
    [(found,)] = hot(f"select %(value)s::{kind}", {"value": value})
    assert found == value


@pytest.mark.django_db
@given(one=TEXTS, many=st.lists(TEXTS | st.none()))
def test_any_text_comes_back_as_it_went(one, many):
    found = hot("select %(one)s::text, %(many)s::text[]", {"one": one, "many": many})
    assert found == [(one, many)]


@pytest.mark.django_db
@pytest.mark.parametrize("value", ["a\0b", ["a\0b"]])
def test_a_zero_byte_is_refused_and_never_cut_off(value):
    with pytest.raises(DataError):
        hot("select %(value)s::text", {"value": value})


@pytest.mark.django_db
def test_what_is_not_foreseen_is_no_value():
    with pytest.raises(TypeError, match="no dict"):
        hot("select %(value)s::text", {"value": {}})


@pytest.mark.django_db
def test_a_refusal_of_the_database_is_djangos_error_and_the_next_statement_runs():
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        hot("insert into quality_dirty (job_id, org_id, since) values (null, null, null)", {})
    assert refused.value.__cause__.sqlstate == "23502"
    assert hot("select 1 as one_after", {}) == [(1,)]


@pytest.mark.django_db
def test_a_percent_sign_is_written_twice():
    assert hot("select 7 %% 4, %(a)s::int", {"a": 1}) == [(3, 1)]
