"""The site as it is really served, by `ujima serve` on this machine's own address, over the
database of the test; and requests to it that may break off anywhere."""

import contextlib
import http.client
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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson


@dataclass(frozen=True)
class Answer:
    """What came back: nothing at all where the server only hung up."""

    status: int
    body: bytes

    def json(self) -> dict[str, object]:
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Served:
    """A served site. `data` is its data folder, `temporary` where it puts what passes through."""

    port: int
    pid: int
    data: Path
    temporary: Path

    def send(
        self,
        method: str,
        path: str,
        headers: dict[str, str],
        pieces: Iterable[bytes],
        *,
        then: str = "listen",
    ) -> Answer:
        """Send a request whose body comes in pieces; `then` "listen" for the answer, "stop"
        sending but listen, or "hang up" at once."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nConnection: close\r\n"
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        with socket.create_connection(("127.0.0.1", self.port), timeout=300) as line:
            # a server that refuses early may not read to the end
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                line.sendall(f"{head}{lines}\r\n".encode())
                for piece in pieces:
                    line.sendall(piece)
            if then == "hang up":
                return Answer(0, b"")
            if then == "stop":
                line.shutdown(socket.SHUT_WR)
            return _heard(line)

    def files(self) -> list[Path]:
        """What lies about in the folders where uploads are put."""
        kept = (self.data / "files").rglob("*")
        return [path for path in (*kept, *self.temporary.rglob("*")) if path.is_file()]

    def forget_peak(self) -> None:
        """Let `peak` count from now on (Linux)."""
        for process in _family(self.pid):
            Path(f"/proc/{process}/clear_refs").write_text("5")

    def peak(self) -> int:
        """The most bytes that any one of its processes held (Linux)."""
        found = []
        for process in _family(self.pid):
            with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                status = Path(f"/proc/{process}/status").read_text()
                found += [int(line.split()[1]) for line in status.splitlines() if "VmHWM" in line]
        return max(found) * 1024


def _heard(line: socket.socket) -> Answer:
    with contextlib.closing(http.client.HTTPResponse(line)) as response:
        try:
            response.begin()
            return Answer(response.status, response.read())
        except ConnectionResetError:  # RemoteDisconnected is one
            return Answer(0, b"")


def _family(pid: int) -> list[int]:
    """A process and all that it started."""
    said = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return [pid, *(one for child in said.stdout.split() for one in _family(int(child)))]


@contextmanager
def served() -> Iterator[Served]:
    """The site on a free port, without its queue, with folders of its own."""
    folder = Path(tempfile.mkdtemp(prefix="ujima-served-"))
    temporary = folder / "passing"
    temporary.mkdir()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    words = ["serve", "--only", "web", "--workers", "1", "--port", str(port)]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "ujima.commands.main", *words],
            env=os.environ | {"UJIMA_DATA": str(folder / "data"), "TMPDIR": str(temporary)},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
    try:
        _await(port, process, folder / "log")
        yield Served(port, process.pid, folder / "data", temporary)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)
        shutil.rmtree(folder)


def _await(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    give_up = time.monotonic() + 90
    while process.poll() is None and time.monotonic() < give_up:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError) as failure:
            if isinstance(failure, urllib.error.HTTPError):
                failure.close()
            time.sleep(0.05)
    raise AssertionError(f"the site did not start:\n{log.read_text()}")
