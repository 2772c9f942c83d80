"""The databases that tests run in: one server, one migrated template, one copy a test process.

The server is our own embedded one in .ujima/test, shared by everybody who tests in this
checkout and stopped by whoever leaves last; or the one that UJIMA_TEST_DATABASE_URL (the
application role) and UJIMA_TEST_OWNER_DATABASE_URL (may create databases) name.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from ujima.base.store.cluster import database_exists, make_database, prepare_database
from ujima.base.store.connections import ROLE_NAMES, embedded_url, with_database
from ujima.base.store.locks import only_one
from ujima.base.store.supervisor import ensure
from ujima.commands.fingerprint import of_migrations

FOLDER = Path(__file__).parents[1] / ".ujima" / "test"
_TEMPLATE = "ujima_template_"


@dataclass(frozen=True)
class TestServer:
    """Connection strings of one server's roles; `boss` may hand the schema to the owner."""

    __test__ = False
    app: str
    owner: str
    boss: str

    def copy(self, name: str) -> None:
        """A fresh database with today's tables, in place of any old one of this name."""
        with only_one(self._lock()), self._connect() as connection:
            template = self._template(connection)
            self.drop(name)
            connection.execute(
                sql.SQL("create database {} template {} strategy file_copy").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
                if connection.info.server_version >= 150000
                else sql.SQL("create database {} template {}").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        with psycopg.connect(with_database(self.boss, "postgres"), autocommit=True) as connection:
            connection.execute(
                sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
            )

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(with_database(self.owner, "postgres"), autocommit=True)

    @staticmethod
    def _lock() -> Path:
        path = FOLDER / "template.lock"
        path.touch()
        return path

    def _template(self, connection: psycopg.Connection[tuple[object, ...]]) -> str:
        """The migrated database's name; made, and older ones dropped, when migrations changed."""
        name = _TEMPLATE + of_migrations()
        if database_exists(connection, name):
            return name
        for (old,) in connection.execute(
            "select datname from pg_database where datname like %s", [_TEMPLATE + "%"]
        ).fetchall():
            self.drop(str(old))
        draft = _TEMPLATE + "draft"
        make_database(connection, draft, connection.info.user)
        prepare_database(with_database(self.boss, draft), connection.info.user, self._app_name())
        migrate(with_database(self.app, draft), with_database(self.owner, draft))
        connection.execute(
            sql.SQL("alter database {} rename to {}").format(
                sql.Identifier(draft), sql.Identifier(name)
            )
        )
        return name

    def _app_name(self) -> str:
        return psycopg.conninfo.conninfo_to_dict(self.app).get("user") or ROLE_NAMES["app"]


def migrate(app: str, owner: str) -> None:
    """Run `ujima migrate` on a database, as a user would."""
    env = os.environ | {"UJIMA_DATABASE_URL": app, "UJIMA_OWNER_DATABASE_URL": owner}
    command = [sys.executable, "-m", "ujima.commands.main", "migrate"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def running_server() -> Iterator[TestServer]:
    """The server for tests, as long as this process needs it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    given = os.environ.get("UJIMA_TEST_DATABASE_URL")
    if given:
        owner = os.environ.get("UJIMA_TEST_OWNER_DATABASE_URL") or given
        yield TestServer(given, owner, owner)
        return
    with ensure(FOLDER):
        urls = [embedded_url(FOLDER, role) for role in ("app", "owner", "postgres")]
        yield TestServer(*urls)
