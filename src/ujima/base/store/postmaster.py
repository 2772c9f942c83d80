"""What PostgreSQL's own pid file says, and whether that process is truly a live server.

A killed server whose parent does not reap it stays a zombie, and a pid may belong to another
program by now. PostgreSQL itself takes both for a live server and refuses to start; so do the
wheels' own server classes (docs/decisions/0001).
"""

import os
import subprocess
from pathlib import Path

from ujima.base.store.place import SOCKET_NAME, Place

#: larger than any pid that Linux or macOS gives out
_NOBODYS_PID = 2**31 - 2


def live_pid(place: Place) -> int | None:
    """The pid of the live server of this place, whoever started it; none if there is none."""
    try:
        first = place.pid_file.read_text(encoding="utf-8").split("\n", 1)[0]
        pid = int(first)
    except (FileNotFoundError, ValueError):
        return None
    return pid if _is_server(pid, place.cluster) else None


def _is_server(pid: int, cluster: Path) -> bool:
    state, command = _process(pid)
    return state[:1] not in ("", "Z", "X") and f"-D {cluster} " in command


def _process(pid: int) -> tuple[str, str]:
    """State letters and command line of a process; empty when there is none."""
    proc = Path("/proc") / str(pid)
    if Path("/proc/self/stat").exists():
        try:
            state = (proc / "stat").read_text().rpartition(")")[2].split()[0]
            command = os.fsdecode((proc / "cmdline").read_bytes()).replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            return "", ""
        return state, command
    said = subprocess.run(
        ["ps", "-ww", "-o", "stat=,command=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    state, _, command = said.strip().partition(" ")
    return state, command


def retire_pid_file(place: Place) -> None:
    """Let a new server start after one that died, without losing PostgreSQL's own last check.

    The caller has seen that the pid is no live server. The pid is replaced by one that nobody
    has; the rest of the file stays, so that PostgreSQL still looks whether a left-over worker
    process holds the old shared memory, and refuses until it is gone.
    """
    try:
        lines = place.pid_file.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError:
        pass
    else:
        lines[0] = str(_NOBODYS_PID)
        with place.pid_file.open("r+", encoding="utf-8") as file:
            file.write("\n".join(lines))
            file.truncate()
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (place.socket_folder / name).unlink(missing_ok=True)
