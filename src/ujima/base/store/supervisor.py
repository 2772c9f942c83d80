"""Run the embedded PostgreSQL: `ensure` a live server for a data folder, `stop` when last to leave.

Every process that needs the server calls `ensure` and holds a share (a kernel lock) while it
lives. The first one starts the server as its own child; later ones join; one that finds a live
server without a parent adopts it. `stop` gives the share back, and ends the server only if
nobody else has one. Nothing depends on a pid file being right or on anybody exiting cleanly.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg

from ujima.base.store import account as accounts
from ujima.base.store import binaries as programs
from ujima.base.store import cluster
from ujima.base.store.connections import DATABASE, PORT, Role, embedded_url
from ujima.base.store.errors import DidNotStart
from ujima.base.store.locks import Use, only_one, wait_step
from ujima.base.store.postmaster import live_pid, retire_pid_file

#: replaying the log after a crash can take minutes on a slow disk
PATIENCE = 900.0
_STILL_HELD = "is still in use"
#: what a connection ends with when the server falls: told that it does, or cut off (no code)
_FELL = (None, "57P01", "57P02", "57P03")

#: -c settings of every server we start; fsync and synchronous_commit are said aloud on purpose
SETTINGS = {
    "listen_addresses": "",
    "port": str(PORT),
    "unix_socket_permissions": "0700",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "fsync": "on",
    "synchronous_commit": "on",
    "log_min_messages": "warning",
}
Say = Callable[[str], None]

#: every server this process started, so that it reaps them, even those it left to others
_children: list[subprocess.Popen[bytes]] = []


def say_on_stderr(line: str) -> None:
    """The default voice of progress."""
    print(line, file=sys.stderr, flush=True)


class Server:
    """A share in the live server of one data folder."""

    def __init__(self, data: Path, say: Say) -> None:
        self.data = data
        self._say = say
        self._account, self._place = accounts.settle(data)
        self._use = Use(self._place.folder)

    def url(self, role: Role, database: str = DATABASE) -> str:
        """The URL of a database as "app", "owner" or "postgres" (the superuser)."""
        return embedded_url(self.data, role, database)

    @property
    def pid(self) -> int | None:
        """The live server's pid, whoever started it."""
        _reap()
        return live_pid(self._place)

    def revive(self) -> None:
        """Start the server again if it died. Refuses: DidNotStart."""
        if self.pid is None:
            with only_one(self.data):
                self._ensure()

    def stop(self) -> None:
        """Give our share back, and end the server cleanly if it was the last one."""
        with only_one(self.data):
            if self._use.leave():
                self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _ensure(self) -> None:
        since, is_ours = time.monotonic(), False
        while True:
            child = None
            if self.pid is None:
                child, is_ours = self._launch(), True
            if self._until_ready(since, child):
                if not is_ours or self._prepare(since):
                    return
            elif child is not None and (
                _STILL_HELD not in self._last_words() or time.monotonic() - since > PATIENCE
            ):
                raise DidNotStart(f"PostgreSQL did not start. It said:\n{self._last_words()}")
            wait_step(since)

    def _prepare(self, since: float) -> bool:
        """Make what Ujima needs in the server; false if it fell again meanwhile."""
        try:
            cluster.prepare(self.url("postgres", "postgres"), self.url("postgres"))
        except psycopg.OperationalError as error:
            if error.sqlstate not in _FELL or time.monotonic() - since > PATIENCE:
                raise DidNotStart(f"PostgreSQL could not be made ready: {error}") from error
            return False
        return True

    def _launch(self) -> subprocess.Popen[bytes]:
        major = cluster.major_of(self._place)
        found = accounts.readable(programs.find(os.environ, major), self._account)
        self._account.own(self._place.socket_folder)
        cluster.create(found, self._account, self._place)
        retire_pid_file(self._place)
        folder = str(self._place.socket_folder).replace('"', '""')
        settings = SETTINGS | {"unix_socket_directories": f'"{folder}"'}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with self._place.log.open("wb") as log:
            child = subprocess.Popen(
                [found.program("postgres"), "-D", str(self._place.cluster), *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env=programs.clean_environment(),
                start_new_session=True,  # Ctrl-C in the terminal is for us, not for the server
                **self._account.drop,
            )
        _children.append(child)
        return child

    def _until_ready(self, since: float, child: subprocess.Popen[bytes] | None = None) -> bool:
        """Wait until the server answers; false if it is gone. Refuses: DidNotStart."""
        spoken = time.monotonic()
        while self.pid is not None or (child is not None and child.poll() is None):
            with suppress(psycopg.OperationalError):
                psycopg.connect(self.url("postgres", "postgres"), connect_timeout=10).close()
                return True
            if time.monotonic() - since > PATIENCE:
                raise DidNotStart(f"PostgreSQL gave no answer in {PATIENCE:.0f} seconds.")
            if time.monotonic() - spoken > 5:
                spoken = time.monotonic()
                self._say(f"PostgreSQL is starting ({spoken - since:.0f} s) ...")
            wait_step(since)
        return False

    def _last_words(self) -> str:
        lines = self._place.log.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-8:])

    def _end(self) -> None:
        """Ask for a fast shutdown; after a minute, for an immediate one (it recovers at start)."""
        for request, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 30.0)):
            pid = self.pid
            if pid is None:
                return
            with suppress(ProcessLookupError):
                os.kill(pid, request)
            since = time.monotonic()
            while self.pid is not None and time.monotonic() - since < patience:
                wait_step(since)


def _reap() -> None:
    """Let no server of ours stay a zombie once it died."""
    _children[:] = [child for child in _children if child.poll() is None]


def ensure(data: Path, say: Say = say_on_stderr) -> Server:
    """A live, prepared server for this data folder, and our share in it.

    Makes what is missing: the folder, the cluster, roles and database. Refuses: NoPostgres,
    OtherVersion, NoAccount, NotOurs, DidNotStart.
    """
    data = data.absolute()
    if not data.exists():
        data.mkdir(parents=True, exist_ok=True)
        data.chmod(0o711 if os.geteuid() == 0 else 0o700)
    with only_one(data):
        server = Server(data, say)
        server._ensure()
    return server
