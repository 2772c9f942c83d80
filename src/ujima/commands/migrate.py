"""`ujima migrate`: bring the tables up to date, as the role that owns them."""

import argparse
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO

from ujima.base.store.connections import settings_for, url_for
from ujima.commands.fingerprint import of_migrations, remember, remembered
from ujima.commands.store import open_store

HELP = "bring the database's tables up to date"
ABOUT = """\
Bring the database's tables up to date. Runs as the owner role (UJIMA_OWNER_DATABASE_URL on an
external server); the site itself runs as the application role, which cannot change tables.
`ujima serve` does this by itself when something changed.
"""


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser("migrate", help=HELP, description=ABOUT)
    sub.set_defaults(func=run)


def run(_: argparse.Namespace) -> None:
    """Open the store and migrate."""
    with open_store():
        migrate()


def migrate() -> None:
    """Migrate the open store, and note which migrations it has."""
    import django
    from django.core.management import call_command

    django.setup()
    become_owner()
    _share_tables()
    with one_line(sys.stdout) as told:
        call_command("migrate", interactive=False, verbosity=1, stdout=told)
    remember(url_for("owner", os.environ), of_migrations())


@contextmanager
def one_line(to: TextIO) -> Iterator["OneLine"]:
    """Tells of many migrations on one line that moves on a terminal, and is said once elsewhere;
    if they fail, of every one."""
    told = OneLine(to)
    try:
        yield told
    except BaseException:
        print(f"\n{told.getvalue()}", file=to, flush=True)
        raise
    print(f"\r{told.done} migrations applied.", file=to, flush=True)


class OneLine(io.StringIO):
    """What Django says while it migrates, counted instead of shown."""

    def __init__(self, to: TextIO):
        super().__init__()
        self.to = to
        self.done = 0

    def write(self, text: str) -> int:
        """Count what is done; what is said stays here, for whoever looks for a failure."""
        self.done += " OK" in text
        if self.to.isatty():
            print(f"\r{self.done} migrations applied", end="", file=self.to, flush=True)
        return super().write(text)


def is_current() -> bool:
    """Whether the open store has today's migrations already; cheap, without Django."""
    return remembered(url_for("owner", os.environ)) == of_migrations()


def become_owner() -> None:
    """Let Django's default connection of this process be the role that owns the tables."""
    from django.db import connections

    given = settings_for("owner", os.environ)
    current = connections["default"].settings_dict
    current.update(given | {"OPTIONS": current["OPTIONS"] | given["OPTIONS"]})


def _share_tables() -> None:
    """On an external server with two roles: let the application role use the coming tables."""
    import psycopg

    from ujima.base.store.cluster import share_tables

    owner, app = (settings_for(role, os.environ)["USER"] for role in ("owner", "app"))
    if app != owner:
        with psycopg.connect(url_for("owner", os.environ)) as connection:
            share_tables(connection, app)
