"""`ujima check`: is this installation in order? Says each thing it looked at."""

import argparse
import os
from collections.abc import Iterator
from typing import Any, Literal

import psycopg

from ujima.base.store import binaries
from ujima.base.store.connections import data_folder, is_external, url_for
from ujima.base.store.errors import NoPostgres
from ujima.commands.migrate import is_current
from ujima.commands.store import open_store

ABOUT = """\
Look whether this installation is in order: PostgreSQL, both roles, durability, the tables, the
settings. Prints one line each and ends with 1 if anything is wrong.
"""
Line = tuple[bool, str]


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser("check", help="is everything in order?", description=ABOUT)
    sub.set_defaults(func=run)


def run(_: argparse.Namespace) -> int:
    """Print every finding; 1 if one is bad."""
    bad = 0
    with open_store():
        for fine, sentence in findings():
            print(f"{'ok ' if fine else 'BAD'}  {sentence}")
            bad += not fine
    return 1 if bad else 0


def findings() -> Iterator[Line]:
    """What was looked at, and whether it is fine."""
    yield _programs()
    where = "an external server" if is_external(os.environ) else data_folder(os.environ)
    yield True, f"the database is {where}"
    yield from _roles()
    yield from _durability()
    yield is_current(), "the tables are up to date (if not: ujima migrate)"
    yield _settings()


def _programs() -> Line:
    try:
        found = binaries.find(os.environ)
    except NoPostgres as refusal:
        return False, refusal.sentence
    return True, f"PostgreSQL {found.major} programs in {found.folder}"


def _roles() -> Iterator[Line]:
    for role in ("app", "owner"):
        name, is_super = _row(
            role, "select rolname, rolsuper or rolbypassrls from pg_roles where rolname = user"
        )
        yield not is_super, f"the {role} role is {name}, no superuser"
    (owns,) = _row("app", "select count(*) from pg_tables where tableowner = user")
    yield owns == 0, f"the app role owns {owns} tables (it should own none)"


def _durability() -> Iterator[Line]:
    for setting in ("fsync", "synchronous_commit", "full_page_writes", "data_checksums"):
        (value,) = _row("app", f"select current_setting('{setting}')")
        yield value != "off", f"{setting} is {value}"


def _row(role: Literal["app", "owner"], query: str) -> tuple[Any, ...]:
    with psycopg.connect(url_for(role, os.environ)) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None  # noqa: S101 - each of the queries gives exactly one row
    return row


def _settings() -> Line:
    import django
    from django.core.checks import run_checks

    django.setup()
    production = os.environ.get("UJIMA_ENV") == "production"
    said = [str(message) for message in run_checks(include_deployment_checks=production)]
    return not said, "the settings are sound" if not said else "; ".join(said)
