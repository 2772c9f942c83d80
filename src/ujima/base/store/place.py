"""Where the embedded server keeps its files, given the data folder; and the way to its socket.

DATA/postgres/           the usual home ("place") of the server
    cluster/             PostgreSQL's own folder
    socket/              the Unix socket; there is no TCP
    server.log
DATA/postgres-is-at      instead of DATA/postgres, one line: where the place is when the
                         server's account cannot walk to DATA (root under a private home)
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

#: sockaddr_un holds 108 bytes on Linux, 104 on macOS; PostgreSQL adds "/.s.PGSQL.5432.lock"
LONGEST_SOCKET_PATH = 100
SOCKET_NAME = ".s.PGSQL.5432"


@dataclass(frozen=True)
class Place:
    """The folder with everything that belongs to one embedded server."""

    folder: Path

    @property
    def cluster(self) -> Path:
        return self.folder / "cluster"

    @property
    def log(self) -> Path:
        return self.folder / "server.log"

    @property
    def pid_file(self) -> Path:
        return self.cluster / "postmaster.pid"

    @property
    def socket_folder(self) -> Path:
        """The socket's folder: inside the place, or a short one when that path is too long.

        A comma also moves it, since libpq reads a comma in a host as a list of hosts.
        """
        near = self.folder / "socket"
        path = os.fsencode(near / f"{SOCKET_NAME}.lock")
        if len(path) <= LONGEST_SOCKET_PATH and b"," not in path:
            return near
        return Path("/tmp") / f"ujima-{hashlib.sha256(path).hexdigest()[:16]}"  # noqa: S108


def pointer(data: Path) -> Path:
    """The file that says where the place is when it is not inside the data folder."""
    return data / "postgres-is-at"


def place_of(data: Path) -> Place:
    """The place that belongs to a data folder, without making anything."""
    data = data.absolute()
    try:
        return Place(Path(pointer(data).read_text(encoding="utf-8").rstrip("\n")))
    except FileNotFoundError:
        return Place(data / "postgres")
