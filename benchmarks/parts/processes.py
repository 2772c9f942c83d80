"""Server processes under measurement: started, waited for, weighed, stopped. Linux only."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from ujima.commands.children import die_with_parent

_TICKS = os.sysconf("SC_CLK_TCK")


class DidNotAnswer(Exception):
    """A server ended, or did not answer in time; its last lines follow."""


def tree(pid: int) -> list[int]:
    """A process and everything below it."""
    below: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (found := _stat(int(entry.name))):
            below.setdefault(int(found[1]), []).append(int(entry.name))
    out, todo = [], [pid]
    while todo:
        out.append(todo.pop())
        todo += below.get(out[-1], [])
    return out


def below(pid: int) -> dict[int, str]:
    """The children of a process that live, by pid, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        stat = _stat(int(entry.name)) if entry.name.isdigit() else None
        if stat and int(stat[1]) == pid and stat[0] not in "ZX":
            with suppress(OSError):
                command = (entry / "cmdline").read_bytes().decode(errors="replace")
                found[int(entry.name)] = command.replace("\0", " ").strip()
    return found


def with_environment(mark: bytes) -> list[int]:
    """Every process that was started with these bytes in its environment."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError):
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
    return found


def cpu_seconds(pid: int) -> float:
    """User and system time of a tree, children that ended included."""
    stats = [found for found in map(_stat, tree(pid)) if found]
    return sum(int(stat[field]) for stat in stats for field in (11, 12, 13, 14)) / _TICKS


def memory_mb(pid: int) -> float:
    """Proportional set size of a tree: pages shared among processes are counted once."""
    kib = 0
    for member in tree(pid):
        with suppress(OSError):
            for line in Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    kib += int(line.split()[1])
    return round(kib / 1024, 1)


def _stat(pid: int) -> list[str] | None:
    """The fields of /proc/PID/stat after the command's name; from state (0) on."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (OSError, IndexError):
        return None


def wait_for(process: subprocess.Popen[bytes], url: str, log: Path, patience: float = 900) -> float:
    """Seconds until a server's first 200. Raises DidNotAnswer."""
    began = time.perf_counter()
    while time.perf_counter() - began < patience and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=10) as response:
                if response.status == 200:
                    return time.perf_counter() - began
        except (OSError, urllib.error.URLError):
            time.sleep(0.02)
    last = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
    raise DidNotAnswer(f"{url} gave no 200. The server said:\n{last}")


def start(command: Sequence[str], env: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start a server in a process group of its own, which ends with this process; its output goes
    to a file."""
    with log.open("wb") as output:
        return subprocess.Popen(
            list(command),
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask a server to end; after half a minute, end it and all below it."""
    members = tree(process.pid)
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(30)
    for member in members:
        with suppress(ProcessLookupError):
            os.kill(member, signal.SIGKILL)
    process.wait()


@contextmanager
def running(
    command: Sequence[str], env: Mapping[str, str], log: Path, url: str
) -> Iterator[subprocess.Popen[bytes]]:
    """A server that answers at `url`, for a while. Raises DidNotAnswer."""
    process = start(command, env, log)
    try:
        wait_for(process, url, log)
        yield process
    finally:
        stop(process)


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
