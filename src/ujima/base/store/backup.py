"""Write the whole database into one file, and put such a file back; both all or nothing.

The file is pg_dump's custom format. A backup appears under its name only after every byte of it
has been read back. A restore fills a new database beside the old one and swaps their names at
the end, so a bad file or a cut cable leaves everything as it was.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ujima.base.store import binaries, cluster
from ujima.base.store.connections import (
    DATABASE,
    ROLE_NAMES,
    data_folder,
    embedded_url,
    is_external,
    url_for,
    with_database,
)
from ujima.base.store.errors import BadBackup, NotEmpty, StoreRefusal, ToolFailed

_SWAP_TRIES = 20


@dataclass(frozen=True)
class Target:
    """A database to save or to put back: `url` may make databases; the names are roles."""

    url: str
    name: str
    owner: str
    app: str

    @property
    def maintenance_url(self) -> str:
        """The same server's "postgres" database: one cannot rename the database one is in."""
        return with_database(self.url, "postgres")


def target_of(env: Mapping[str, str]) -> Target:
    """The database that the environment names; the embedded server must run already."""
    if not is_external(env):
        url = embedded_url(data_folder(env), "postgres")
        return Target(url, DATABASE, ROLE_NAMES["owner"], ROLE_NAMES["app"])
    owner, app = (conninfo_to_dict(url_for(role, env)) for role in ("owner", "app"))
    return Target(url_for("owner", env), str(owner["dbname"]), str(owner["user"]), str(app["user"]))


def back_up(target: Target, file: Path, found: binaries.Binaries) -> int:
    """Write a backup; returns its size in bytes. Refuses: ToolFailed, BadBackup."""
    file = file.absolute()
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".ujima-backup-") as folder:
        draft = Path(folder) / "draft"
        draft.touch(mode=0o600)
        _run(found, "pg_dump", target.url, "--format=custom", "--file", str(draft))
        inspect(draft, found)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
            size = os.fstat(written.fileno()).st_size
        draft.replace(file)
    return size


def inspect(file: Path, found: binaries.Binaries) -> None:
    """Read a backup from its first byte to its last. Refuses: BadBackup."""
    try:
        # --list reads the table of contents alone; only a whole read finds a cut-off end
        _run(found, "pg_restore", None, "--file", os.devnull, "--", str(file.absolute()))
    except ToolFailed as failure:
        raise BadBackup(f"{file} is not a whole backup. {failure.sentence}") from failure


def restore(
    target: Target,
    file: Path,
    found: binaries.Binaries,
    *,
    replace: bool,
    now: datetime,
    say: Callable[[str], None],
) -> None:
    """Put a backup in the database's place. Refuses: BadBackup, NotEmpty, ToolFailed.

    Without `replace` the database must hold no table. The old one is dropped after the swap.
    """
    say(f"Reading {file} ...")
    inspect(file, found)
    if not replace and _has_tables(target):
        raise NotEmpty
    fresh = f"{target.name}_restoring"
    old = f"{target.name}_before_{now:%Y%m%d%H%M%S}"
    with psycopg.connect(target.maintenance_url, autocommit=True) as connection:
        _drop(connection, fresh)
        cluster.make_database(connection, fresh, target.owner)
        try:
            say("Filling a new database ...")
            _fill(target, fresh, file, found)
            say("Swapping it with the old one ...")
            _swap(connection, target.name, fresh, old)
        finally:
            _drop(connection, fresh)
        _drop(connection, old)


def _has_tables(target: Target) -> bool:
    with psycopg.connect(target.maintenance_url) as connection:
        if not cluster.database_exists(connection, target.name):
            return False
    with psycopg.connect(target.url) as connection:
        found = connection.execute("select 1 from pg_tables where schemaname = 'public' limit 1")
        return found.fetchone() is not None


def _fill(target: Target, fresh: str, file: Path, found: binaries.Binaries) -> None:
    url = with_database(target.url, fresh)
    cluster.prepare_database(url, target.owner, target.app)
    _pour(found, url, target.owner, file)


def _pour(found: binaries.Binaries, url: str, owner: str, file: Path) -> None:
    """Let pg_restore write the backup as SQL, and psql run it in one transaction.

    In between goes the one setting that an older server than our programs does not know.
    """
    script = [found.program("pg_restore"), "--no-owner", f"--role={owner}", "--file=-", "--",
              str(file.absolute())]  # fmt: skip
    at, env = _at(url)
    run = [found.program("psql"), "--no-psqlrc", "--quiet", "--single-transaction",
           "--set=ON_ERROR_STOP=1", "--output", os.devnull, *at]  # fmt: skip
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(script, stdout=subprocess.PIPE, stderr=said, env=env) as source,
        subprocess.Popen(run, stdin=subprocess.PIPE, stderr=said, env=env) as sink,
    ):
        assert source.stdout is not None and sink.stdin is not None  # noqa: S101, PT018 - PIPE
        with suppress(BrokenPipeError):  # psql has ended; its code and words say why
            _pass_on(source.stdout, sink.stdin)
            sink.stdin.close()
        source.stdout.close()
        codes = [sink.wait(), source.wait()]
        said.seek(0)
        if codes != [0, 0]:
            raise ToolFailed(f"The backup could not be filled in: {said.read().strip()}")


def _pass_on(source: IO[bytes], sink: IO[bytes]) -> None:
    """Copy SQL, leaving out the unknown setting; it stands at the top, before any row."""
    for line in source:
        if line != b"SET transaction_timeout = 0;\n":
            sink.write(line)
        if line.startswith(b"SET client_encoding"):
            break
    shutil.copyfileobj(source, sink)


def _swap(
    connection: psycopg.Connection[tuple[object, ...]], name: str, fresh: str, old: str
) -> None:
    """Rename both databases in one transaction, ending sessions that are in the way."""
    for attempt in range(1, _SWAP_TRIES + 1):
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname in (%s, %s) and pid <> pg_backend_pid()",
            [name, fresh],
        )
        try:
            with connection.transaction():
                if cluster.database_exists(connection, name):
                    _rename(connection, name, old)
                _rename(connection, fresh, name)
                return
        except psycopg.errors.ObjectInUse as in_use:
            if attempt == _SWAP_TRIES:
                raise StoreRefusal(
                    "Other programs keep using the database; stop Ujima and try again."
                ) from in_use


def _rename(connection: psycopg.Connection[tuple[object, ...]], name: str, to: str) -> None:
    connection.execute(
        sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(to))
    )


def _drop(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    connection.execute(
        sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name))
    )


def _run(found: binaries.Binaries, program: str, url: str | None, *options: str) -> None:
    """Run one of PostgreSQL's tools. Refuses: ToolFailed."""
    at, env = _at(url) if url is not None else ([], binaries.clean_environment())
    done = subprocess.run(
        [found.program(program), *at, *options],
        capture_output=True,
        text=True,
        env=env,
        check=False,
    )
    if done.returncode != 0:
        raise ToolFailed(f"{program} said: {done.stderr.strip()}")


def _at(url: str) -> tuple[list[str], dict[str, str]]:
    """Which database, for a tool; a password goes into the environment, never into arguments."""
    parts = conninfo_to_dict(url)
    password = parts.pop("password", None)
    env = binaries.clean_environment()
    if password is not None:
        env["PGPASSWORD"] = str(password)
    return ["--dbname", make_conninfo("", **parts)], env
