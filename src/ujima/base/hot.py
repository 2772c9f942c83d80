"""Hand-written SQL for the hot statements: bound on the server and prepared once a connection."""

from collections.abc import Mapping
from typing import Any, LiteralString

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections


def hot(statement: LiteralString, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement inside the current transaction and return its rows (JSON as text).

    Raises Django's database errors, as the ORM does.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()  # as Django's own cursors do, once a request
    database.ensure_connection()
    with database.wrap_database_errors, psycopg.Cursor(database.connection) as cursor:
        cursor.execute(statement, parameters, prepare=True)
        found = cursor.pgresult
        return cursor.fetchall() if found and found.nfields else []
