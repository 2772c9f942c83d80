"""A whole `ujima serve` whose processes may be killed: which they are, and when they are back."""

import http.client
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from benchmarks.parts import processes
from benchmarks.parts.store import ujima
from ujima.base.store.place import place_of
from ujima.base.store.postmaster import live_pid

#: what is killed, each as often as any other
KINDS = ("web", "web worker", "queue", "database", "backend", "all three")
WORKERS = 2
#: seconds; only ends a run in which something never comes back
PATIENCE = 300.0


class NeverCame(Exception):
    """Something that should have come did not."""


def until(claim: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Wait for something to be so. Raises NeverCame."""
    give_up = time.monotonic() + patience
    while not claim():
        if time.monotonic() > give_up:
            raise NeverCame(what)
        time.sleep(0.02)


class Site:
    """One served site on a data folder of its own. Linux only."""

    def __init__(self, data: Path, log: Path) -> None:
        self.data, self.log, self.port = data, log, processes.free_port()
        command = ujima("serve", "--port", str(self.port), "--workers", str(WORKERS))
        self.process = processes.start(command, os.environ, log)
        processes.wait_for(self.process, f"http://127.0.0.1:{self.port}/readyz", log)
        until(self.is_whole, "the site has all its processes")

    def is_ready(self) -> bool:
        """Whether /readyz says yes, asked anew."""
        asked = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            asked.request("GET", "/readyz")
            return asked.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            asked.close()

    def is_whole(self) -> bool:
        """Whether web, its workers, queue and database are there. Raises NeverCame if the site
        itself ended."""
        if self.process.poll() is not None:
            raise NeverCame(f"ujima serve ended; {self.log} tells why")
        return bool(len(self.web_workers()) == WORKERS and self.queue() and self.database())

    def web(self) -> list[int]:
        """The web server's main process, if it lives."""
        return self._children("ujima.commands.web_server")

    def web_workers(self) -> list[int]:
        """The processes that answer requests."""
        return [pid for main in self.web() for pid in processes.below(main)]

    def queue(self) -> list[int]:
        """The queue's process, if it lives."""
        return self._children("ujima.commands.main work")

    def database(self) -> list[int]:
        """PostgreSQL's main process, if it lives."""
        pid = live_pid(place_of(self.data))
        return [pid] if pid else []

    def backends(self) -> list[int]:
        """The processes that serve one connection of Ujima's each."""
        return [
            pid
            for main in self.database()
            for pid, command in processes.below(main).items()
            if command.startswith("postgres: ujima_app")
        ]

    def _children(self, words: str) -> list[int]:
        found = processes.below(self.process.pid)
        return [pid for pid, command in found.items() if words in command]

    def victims(self, kind: str, chance: random.Random) -> list[int]:
        """The processes that a kill of this kind hits; waits until there are some."""
        find = {
            "web": self.web,
            "web worker": self.web_workers,
            "queue": self.queue,
            "database": self.database,
            "backend": self.backends,
            "all three": lambda: [*self.web(), *self.queue(), *self.database()],
        }[kind]
        until(lambda: bool(find()), f"there is a {kind} to kill")
        found = find()
        return found if kind == "all three" else [chance.choice(found)]

    def kill(self, kind: str, chance: random.Random) -> list[int]:
        """kill -9 of this kind; returns who was hit."""
        victims = self.victims(kind, chance)
        for pid in victims:
            with suppress(ProcessLookupError):  # a backend may just have ended by itself
                os.kill(pid, signal.SIGKILL)
        return victims

    def until_back(self, killed: list[int]) -> None:
        """Wait until the killed are dead, and all is there again and ready."""
        until(lambda: not any(map(_lives, killed)), "the killed are dead")
        until(lambda: self.is_whole() and self.is_ready(), "the site is back")

    def last_words(self) -> str:
        """The end of what it said."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])

    def stop(self) -> int:
        """End it in order; how many processes of this data folder outlived it, which are killed."""
        processes.stop(self.process)
        mark = f"UJIMA_DATA={self.data}\0".encode()
        left = [*processes.with_environment(mark), *self.database()]
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        return len(left)


def _lives(pid: int) -> bool:
    with suppress(OSError, IndexError):
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    return False
