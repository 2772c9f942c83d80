"""Short marks of what a data folder was prepared with, so that a start need not prepare again."""

import hashlib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import psycopg
from psycopg import sql

import ujima

_PACKAGE = Path(ujima.__file__).parent


def of_files(files: Iterable[Path], *more: str) -> str:
    """A mark of the files' names and contents, and of whatever else matters."""
    mark = hashlib.sha256("\n".join(more).encode())
    for file in sorted(files):
        mark.update(f"{file.relative_to(_PACKAGE)}\0".encode() + file.read_bytes())
    return mark.hexdigest()[:20]


def of_migrations() -> str:
    """A mark of every migration, ours and those of the packages that bring tables."""
    ours = _PACKAGE.glob("*/migrations/*.py")
    return of_files(ours, version("django"), version("procrastinate"))


def of_static_files() -> str:
    """A mark of our stylesheets, scripts and pictures."""
    ours = (path for path in _PACKAGE.glob("*/static/**/*") if path.is_file())
    return of_files(ours, version("django"), version("whitenoise"))


def remember(url: str, mark: str) -> None:
    """Note the migrations' mark in the database itself (as its comment). Connects as its owner."""
    with psycopg.connect(url) as connection:
        connection.execute(
            sql.SQL("comment on database {} is {}").format(
                sql.Identifier(connection.info.dbname), sql.Literal(f"ujima migrations {mark}")
            )
        )


def remembered(url: str) -> str | None:
    """The mark noted in the database, if any. A restored backup has none and is migrated."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            "select shobj_description(oid, 'pg_database') from pg_database"
            " where datname = current_database()"
        ).fetchone()
    said = str(row[0]) if row and row[0] else ""
    return said.removeprefix("ujima migrations ") if said.startswith("ujima migrations ") else None
