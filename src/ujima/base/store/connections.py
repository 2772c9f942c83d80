"""How to reach the database, from the environment alone; starts nothing.

UJIMA_DATABASE_URL names an external server for the application role, UJIMA_OWNER_DATABASE_URL
the same database for the role that owns the tables (the same URL when not given). Without
them it is the embedded server of the data folder: UJIMA_DATA, or ".ujima" in this folder.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from ujima.base.store.place import place_of

Role = Literal["app", "owner", "postgres"]
ROLE_NAMES: dict[Role, str] = {"app": "ujima_app", "owner": "ujima_owner", "postgres": "postgres"}
DATABASE = "ujima"
PORT = 5432
_DJANGO_KEYS = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST"}


def data_folder(env: Mapping[str, str]) -> Path:
    """The folder that holds everything this installation keeps."""
    return Path(env.get("UJIMA_DATA") or ".ujima").absolute()


def is_external(env: Mapping[str, str]) -> bool:
    """Whether the database is a server that somebody else runs."""
    return bool(env.get("UJIMA_DATABASE_URL"))


def embedded_url(data: Path, role: Role, database: str = DATABASE) -> str:
    """The URL of a database on the data folder's own server, as one of its roles."""
    socket = quote(str(place_of(data).socket_folder), safe="")
    return f"postgresql://{ROLE_NAMES[role]}@/{quote(database)}?" + f"host={socket}&port={PORT}"


def url_for(role: Literal["app", "owner"], env: Mapping[str, str]) -> str:
    """The database's URL for a role, external or embedded."""
    if is_external(env):
        app = env["UJIMA_DATABASE_URL"]
        return (env.get("UJIMA_OWNER_DATABASE_URL") or app) if role == "owner" else app
    return embedded_url(data_folder(env), role)


def settings_for(role: Literal["app", "owner"], env: Mapping[str, str]) -> dict[str, Any]:
    """The same as Django's DATABASES wants it: NAME, USER, PASSWORD, HOST, PORT, OPTIONS.

    OPTIONS holds what else an external URL says (sslmode, connect_timeout, ...).
    """
    parts = {k: v for k, v in conninfo_to_dict(url_for(role, env)).items() if v is not None}
    named = {name: str(parts.pop(key, "")) for key, name in _DJANGO_KEYS.items()}
    port = str(parts.pop("port", ""))
    return {**named, "PORT": port, "OPTIONS": {k: str(v) for k, v in parts.items()}}


def with_database(url: str, database: str) -> str:
    """The same server and role, another database (as a libpq connection string)."""
    return make_conninfo(url, dbname=database)
