"""Hand-written SQL for the hot statements: prepared and planned once a connection, run in one call.

Psycopg's cursors choose the types of parameters anew from each call's values, and wait for the
server in Python; that took 110 µs of processor time a statement, with a dozen statements in a
worker's turn. Here a statement is prepared with the types that the server infers from its text,
values go as text, and libpq waits: a third of it. Psycopg still reads the rows.
"""

import itertools
import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any, LiteralString
from uuid import UUID
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from psycopg.adapt import Transformer
from psycopg.errors import DataError, OperationalError, error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus
from psycopg.pq.abc import PGconn, PGresult

#: what each connection has prepared
_prepared: WeakKeyDictionary[psycopg.Connection[Any], set[bytes]] = WeakKeyDictionary()
_names = itertools.count(1)


def hot(statement: LiteralString, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run one statement inside the current transaction and return its rows (JSON as text).

    statement    its parameters are written `%(name)s`; each has one type wherever it stands
    parameters   may hold more than the statement names

    Raises Django's database errors, as the ORM does.
    """
    database = connections[DEFAULT_DB_ALIAS]
    database.close_if_health_check_failed()  # as Django's own cursors do, once a request
    database.ensure_connection()
    with database.wrap_database_errors:
        return _run(database.connection, statement, parameters)


def _run(
    connection: psycopg.Connection[Any], statement: str, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    server = connection.pgconn
    name, text, order = _numbered(statement)
    if not connection.autocommit and server.transaction_status == TransactionStatus.IDLE:
        _checked(server, server.exec_(b"begin"))
    ready = _prepared.setdefault(connection, set())
    if name not in ready:
        _checked(server, server.prepare(name, text))
        ready.add(name)
    values: list[Any] = [_written(parameters[key]) for key in order]  # None is null
    result = _checked(server, server.exec_prepared(name, values))
    if result.status != ExecStatus.TUPLES_OK:
        return []
    reader = Transformer(connection)
    reader.set_pgresult(result)
    return reader.load_rows(0, result.ntuples, tuple)


def _written(value: Any) -> bytes | None:
    """A value as the server reads it; a list as a one-dimensional array. Raises DataError for a
    text with a zero byte, which would be cut off there, and TypeError for what is not foreseen."""
    if value is None:
        return None
    if isinstance(value, list):
        return ("{" + ",".join(map(_element, value)) + "}").encode()
    return _text(value).encode()


def _element(value: Any) -> str:
    if value is None:
        return "null"
    text = _text(value)
    if isinstance(value, str | bytes):
        return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return text


def _text(value: Any) -> str:
    if isinstance(value, str):
        if "\0" in value:
            raise DataError("a text cannot contain a zero byte")
        return value
    if isinstance(value, bytes):
        return "\\x" + value.hex()
    if isinstance(value, bool | int | float | UUID | date):
        return str(value)
    raise TypeError(f"a hot statement takes no {type(value).__name__}")


@lru_cache(maxsize=256)
def _numbered(statement: str) -> tuple[bytes, bytes, tuple[str, ...]]:
    """A statement's name on the server, its text with $1, $2, …, and what these stand for."""
    places: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        if found[0] == "%%":
            return "%"
        return f"${places.setdefault(found[1], len(places) + 1)}"

    text = re.sub(r"%%|%\((\w+)\)s", place, statement)
    return f"hot_{next(_names)}".encode(), text.encode(), tuple(places)


def _checked(server: PGconn, result: PGresult) -> PGresult:
    if result.status in (ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK):
        return result
    if server.status != ConnStatus.OK:
        raise OperationalError(result.get_error_message() or "the connection is lost")
    raise error_from_result(result)
