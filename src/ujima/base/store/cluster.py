"""Make a database cluster once, and the roles, database and rights that Ujima needs in it."""

import shutil
import subprocess

import psycopg
from psycopg import sql

from ujima.base.store.account import Account
from ujima.base.store.binaries import Binaries
from ujima.base.store.connections import DATABASE, ROLE_NAMES
from ujima.base.store.errors import DidNotStart
from ujima.base.store.place import Place

#: since 17 PostgreSQL brings its own C.UTF-8, the same on every system
_BUILTIN_LOCALE_SINCE = 17


def major_of(place: Place) -> int | None:
    """The major version of PostgreSQL that made the cluster; none if there is no cluster yet."""
    try:
        return int((place.cluster / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def create(binaries: Binaries, account: Account, place: Place) -> None:
    """Make the cluster if there is none: beside its place, then moved, so never half made."""
    if place.cluster.exists():
        return
    fresh = place.folder / "cluster.new"
    for locale in _locales(binaries.major):
        shutil.rmtree(fresh, ignore_errors=True)
        done = _initdb(binaries, account, fresh, locale)
        if done.returncode == 0:
            fresh.rename(place.cluster)
            return
    raise DidNotStart(f"initdb failed. It said:\n{done.stderr.strip()}")


def _locales(major: int) -> list[list[str]]:
    """What to ask of initdb, best first; an older server takes the system's C.UTF-8, or C."""
    if major >= _BUILTIN_LOCALE_SINCE:
        return [["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]]
    return [["--locale=C.UTF-8"], ["--locale=C"]]


def _initdb(
    binaries: Binaries, account: Account, folder: object, locale: list[str]
) -> subprocess.CompletedProcess[str]:
    # The socket's folder is private to the server's account, so whoever reaches it may be any role.
    return account.run(
        binaries.program("initdb"), "--pgdata", str(folder), "--username", ROLE_NAMES["postgres"],
        "--encoding=UTF8", "--data-checksums", "--auth-local=trust", "--auth-host=reject", *locale,
    )  # fmt: skip


def prepare(maintenance_url: str, database_url: str) -> None:
    """Make the roles, the database and the rights; harmless when they are there.

    `ujima_owner` owns the database and its tables and may make databases (tests do);
    `ujima_app` may read and write rows, nothing else.
    """
    owner, app = ROLE_NAMES["owner"], ROLE_NAMES["app"]
    with psycopg.connect(maintenance_url, autocommit=True) as connection:
        known = {row[0] for row in connection.execute("select rolname from pg_roles")}
        if owner not in known:
            connection.execute(
                sql.SQL("create role {} login createdb").format(sql.Identifier(owner))
            )
        if app not in known:
            connection.execute(sql.SQL("create role {} login").format(sql.Identifier(app)))
        if not database_exists(connection, DATABASE):
            make_database(connection, DATABASE, owner)
    prepare_database(database_url, owner, app)


def prepare_database(url: str, owner: str, app: str) -> None:
    """Give the owner its schema and the application role its rights; harmless when given."""
    with psycopg.connect(url) as connection:
        row = connection.execute("select rolsuper from pg_roles where rolname = current_user")
        if row.fetchone() == (True,):
            connection.execute(
                sql.SQL("alter schema public owner to {}").format(sql.Identifier(owner))
            )
            connection.execute(sql.SQL("set local role {}").format(sql.Identifier(owner)))
        if app != owner:
            grant(connection, app)


def database_exists(connection: psycopg.Connection[tuple[object, ...]], name: str) -> bool:
    """Whether the server has a database of this name."""
    found = connection.execute("select 1 from pg_database where datname = %s", [name])
    return found.fetchone() is not None


def make_database(
    connection: psycopg.Connection[tuple[object, ...]], name: str, owner: str
) -> None:
    """Make an empty database. The connection is in autocommit."""
    connection.execute(
        sql.SQL("create database {} owner {} template template0 encoding 'UTF8'").format(
            sql.Identifier(name), sql.Identifier(owner)
        )
    )


def grant(connection: psycopg.Connection[tuple[object, ...]], app: str) -> None:
    """As the database's owner: let in the application role, and nobody else."""
    name = connection.info.dbname
    for statement in (
        "revoke all on database {database} from public",
        "grant connect, temporary on database {database} to {app}",
        "revoke create on schema public from public",
        "grant usage on schema public to {app}",
    ):
        connection.execute(
            sql.SQL(statement).format(database=sql.Identifier(name), app=sql.Identifier(app))
        )
    share_tables(connection, app)


def share_tables(connection: psycopg.Connection[tuple[object, ...]], app: str) -> None:
    """As the owner: let the application role use the rows of tables that the owner will make.

    Rights are given to coming tables only, so that a migration can take some away again (the
    append-only tables do) and no later call gives them back.
    """
    for statement in (
        "alter default privileges in schema public"
        " grant select, insert, update, delete on tables to {app}",
        "alter default privileges in schema public grant usage, select on sequences to {app}",
    ):
        connection.execute(sql.SQL(statement).format(app=sql.Identifier(app)))
