"""`ujima serve` keeps database, site and queue running through kill -9, and leaves nothing."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ujima.base.store.account import SHARED
from ujima.base.store.place import place_of
from ujima.base.store.postmaster import live_pid


class Site:
    """A served site of its own: its process, its port, its data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        command = ["serve", "--port", str(self.port), "--workers", "1", "--data", str(data)]
        # nothing of the test's own database, and a fresh look at what is served
        env = {k: v for k, v in os.environ.items() if not k.startswith("UJIMA_")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ujima.commands.main", *command],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as said:
                return bool(said.status == 200)
        except (urllib.error.URLError, ConnectionError, TimeoutError) as failure:
            if isinstance(failure, urllib.error.HTTPError):
                failure.close()
            return False

    def child(self, words: str) -> int | None:
        """The pid of our child with these words in its command."""
        said = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(self.process.pid)],
            capture_output=True,
            text=True,
            check=False,
        )
        found = [line.split()[0] for line in said.stdout.splitlines() if words in line]
        return int(found[0]) if found else None

    def database(self) -> int | None:
        return live_pid(place_of(self.data))


def until(claim: Callable[[], bool], what: str) -> None:
    """Wait for something to be so; the limit only ends a test that would never end."""
    give_up = time.monotonic() + 90
    while not claim():
        assert time.monotonic() < give_up, f"never happened: {what}"
        time.sleep(0.05)


@pytest.fixture
def site() -> Iterator[Site]:
    folder = Path(tempfile.mkdtemp(prefix="ujima-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    site = Site(folder / "data")
    yield site
    site.process.kill()
    site.process.wait()
    until(lambda: site.database() is None, "the last one out ends the database")
    assert place_of(site.data).folder.parent != SHARED
    shutil.rmtree(folder)


def test_web_queue_and_database_come_back_after_kill_9(site: Site) -> None:
    until(site.is_ready, "the site is ready")
    for find in (
        lambda: site.child("web_server"),
        lambda: site.child("commands.main work"),
        site.database,
    ):
        pid = find()
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        until(lambda find=find, pid=pid: find() not in (None, pid), "it is started again")
        until(site.is_ready, "the site is ready again")
    site.process.send_signal(signal.SIGINT)
    assert site.process.wait() == 0
    assert site.database() is None
    assert not site.is_ready()


def test_kill_9_of_the_whole_leaves_no_process_behind_and_starts_again(site: Site) -> None:
    until(site.is_ready, "the site is ready")
    site.process.kill()
    site.process.wait()
    until(lambda: not site.is_ready(), "the web server ends with its parent")
    until(lambda: site.database() is None, "the queue, the last one out, ends the database")
    again = Site(site.data)
    until(again.is_ready, "the site is ready again")
    again.process.terminate()
    assert again.process.wait() == 0


def test_kill_9_while_the_queue_still_starts_leaves_no_database_behind(site: Site) -> None:
    until(lambda: site.child("commands.main work") is not None, "the queue is started")
    site.process.kill()
    site.process.wait()
    until(lambda: site.database() is None, "the queue ends the database, then itself")
