"""The hot statements are planned once a connection, not for each call."""

import pytest
from django.db import connection

from ujima.base.hot import hot


@pytest.mark.django_db
def test_a_hot_statement_is_prepared_and_has_one_plan_for_every_value():
    for number in range(3):
        assert hot("select %(number)s::int + 1 as hot_probe", {"number": number}) == [(number + 1,)]
    with connection.cursor() as cursor:
        cursor.execute(
            "select generic_plans, custom_plans from pg_prepared_statements"
            " where statement like '%hot_probe%' and name like '\\_pg3%'"
        )
        assert cursor.fetchall() == [(3, 0)]


@pytest.mark.django_db
def test_a_hot_statement_without_rows_to_return_returns_none():
    assert hot("set local work_mem = '8MB'", {}) == []
