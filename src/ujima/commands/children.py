"""Child processes of `ujima serve`: started, started again when they die, stopped together."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from ujima.base.errors import Refusal

TICK = 0.25
#: a page or a judgment in work is done by then; an open connection may hold a server for ever
PATIENCE = 15.0
_LONGEST_PAUSE = 30.0
#: a child that lived this long did start, which takes 1 to 3 s: something killed it, and after the
#: next death a short pause will do
_LIVED = 10.0
_PR_SET_PDEATHSIG = 1


class PortTaken(Refusal):
    """Another program listens on this port already; choose another one with --port."""

    code = "port_taken"


def die_with_parent() -> None:
    """Ask Linux to end this process when its parent ends, even by kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def hold_back_sigterm() -> None:
    """Let SIGTERM wait in this process, and in the program that it becomes, until it heeds it."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def heed_sigterm() -> None:
    """Let SIGTERM, one that waited too, end this process as SystemExit does: in order."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})


def _hold_back_and_die_with_parent() -> None:
    hold_back_sigterm()
    die_with_parent()


def refuse_taken_port(host: str, port: int) -> None:
    """Refuses: PortTaken, before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise PortTaken(f"Cannot listen on {host}:{port}: {taken.strerror}.") from taken


@dataclass
class Child:
    """A process that should be there: its command, and how often it died of late.

    heeds_late   it calls `heed_sigterm` itself, once it holds what it must close
    """

    name: str
    command: Sequence[str]
    heeds_late: bool = False
    process: subprocess.Popen[bytes] | None = None
    deaths: int = 0
    start_at: float = field(default=0.0)
    started: float = field(default=0.0)

    def look(self, now: float) -> None:
        """Start it if it is due; if it died, say so and set when it is due again."""
        if self.process is None:
            if now >= self.start_at:
                self._start(now)
        elif (code := self.process.poll()) is not None:
            self.deaths = 1 if now - self.started > _LIVED else self.deaths + 1
            pause = min(_LONGEST_PAUSE, 0.25 * 2**self.deaths)
            print(f"ujima: {self.name} ended ({code}); again in {pause:g} s.", file=sys.stderr)
            self.process, self.start_at = None, now + pause

    def _start(self, now: float) -> None:
        self.started = now
        self.process = subprocess.Popen(
            list(self.command),
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C comes to us; we stop the children in order
            # safe: this process has one thread
            preexec_fn=_hold_back_and_die_with_parent if self.heeds_late else die_with_parent,
        )

    def ask_to_stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Wait for its end; kill it and what it started when time is up."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that SIGTERM, SIGINT and SIGHUP set."""
    event = threading.Event()
    signals = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, lambda *_: event.set()) for number in signals}
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def keep(
    children: Sequence[Child], stop: threading.Event, chores: Sequence[Callable[[], None]]
) -> None:
    """Keep the children running, and do the chores, until `stop`; then end all children."""
    try:
        while not stop.is_set():
            for chore in chores:
                chore()
            for child in children:
                child.look(time.monotonic())
            stop.wait(TICK)
    finally:
        for child in children:
            child.ask_to_stop()
        until = time.monotonic() + PATIENCE
        for child in children:
            child.wait(until)
