"""Hand-written SQL for the hot statements: bound on the server and prepared once a connection."""

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
from django.db import connection


def hot(statement: LiteralString, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement inside the current transaction and return its rows (JSON as text).

    Raises Django's database errors, as the ORM does.
    """
    connection.close_if_health_check_failed()  # as Django's own cursors do, once a request
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        return cursor.fetchall() if cursor.description else []
