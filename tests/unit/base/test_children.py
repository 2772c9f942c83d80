"""Children of `ujima serve` are started again, ever more slowly, and all ended together."""

import signal
import socket
import subprocess
import sys
import threading

import pytest

from ujima.commands.children import Child, PortTaken, keep, refuse_taken_port


def end_of(child: Child) -> None:
    assert child.process is not None
    child.process.wait()


def test_a_child_that_keeps_dying_waits_longer_each_time(
    capsys: pytest.CaptureFixture[str],
) -> None:
    child = Child("web", [sys.executable, "-c", "raise SystemExit(3)"])
    now, pauses = 0.0, []
    for _ in range(9):
        child.look(now)
        end_of(child)
        child.look(now)
        pauses.append(child.start_at - now)
        now = child.start_at
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]
    assert "web ended (3); again in 0.5 s." in capsys.readouterr().err


@pytest.mark.parametrize("lived", [15.0, 3600.0])
def test_a_child_that_did_start_is_started_again_at_once(lived: float) -> None:
    child = Child("web", [sys.executable, "-c", ""], deaths=6)
    child.look(0.0)
    end_of(child)
    child.look(lived)
    assert child.start_at == lived + 0.5


def test_a_child_that_heeds_late_ends_in_order_though_it_is_told_before_it_listens() -> None:
    code = (
        "import os, signal; from ujima.commands.children import heed_sigterm;"
        "os.kill(os.getpid(), signal.SIGTERM); heed_sigterm(); signal.pause()"
    )
    child = Child("queue", [sys.executable, "-c", code], heeds_late=True)
    child.look(0.0)
    end_of(child)
    assert child.process is not None
    assert child.process.returncode == 0


def test_on_stop_every_child_is_asked_and_waited_for() -> None:
    stop = threading.Event()
    children = [Child(name, ["sleep", "60"]) for name in ("web", "queue")]
    seen: list[subprocess.Popen[bytes]] = []

    def chore() -> None:
        seen.extend(child.process for child in children if child.process)
        if seen:
            stop.set()

    keep(children, stop, [chore])
    assert {process.returncode for process in seen} == {-signal.SIGTERM}


def test_a_taken_port_is_refused_before_anything_starts() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=str(port)):
            refuse_taken_port("127.0.0.1", port)
