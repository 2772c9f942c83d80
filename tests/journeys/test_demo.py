"""The demo as a visitor runs it: to the result, and on from wherever it was cut off."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from ujima.base.store.connections import embedded_url
from ujima.base.store.supervisor import ensure

COMMAND = [sys.executable, "-m", "ujima.commands.main", "demo", "--once", "--fast"]


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def environment(data: Path) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("UJIMA_")}
    return kept | {"UJIMA_DATA": str(data)}


def everything_of(data: Path) -> list[int]:
    """Every process that was started with this data folder."""
    mark = f"UJIMA_DATA={data}".encode()
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def judgments_kept(data: Path) -> int:
    try:
        with psycopg.connect(embedded_url(data / "demo", "app"), connect_timeout=2) as db:
            return db.execute("select count(*) from work_judgment").fetchone()[0]
    except psycopg.Error:
        return 0


def open_to_others(folder: Path) -> list[str]:
    """What others could read of the demo's data; the database's own account must reach its part,
    and looks after it itself."""
    own = {"postgres", "postgres-is-at"}
    return [
        entry.name
        for entry in folder.iterdir()
        if entry.name not in own and entry.stat().st_mode & 0o077
    ]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_a_demo_killed_midway_goes_on_and_pays_every_lease_once(tmp_path):
    data = tmp_path / "a folder"
    data.mkdir()
    first = subprocess.Popen([*COMMAND, "--port", free_port()], env=environment(data))
    until = time.monotonic() + 240
    while judgments_kept(data) < 500:
        assert first.poll() is None, "the demo ended before it could be killed"
        assert time.monotonic() < until
        time.sleep(0.2)
    for pid in everything_of(data):
        with contextlib.suppress(ProcessLookupError):  # one that has just ended by itself
            os.kill(pid, signal.SIGKILL)
    first.wait()
    again = subprocess.run(
        [*COMMAND, "--port", free_port()],
        env=environment(data),
        stdout=subprocess.PIPE,
        timeout=240,
        check=True,
    )
    outcome = json.loads(again.stdout.splitlines()[-1])
    kept = json.loads((data / "demo" / "demo.json").read_text())
    with ensure(data / "demo"), psycopg.connect(embedded_url(data / "demo", "app")) as db:
        judged, also_open = db.execute(
            "select count(*) filter (where job_id = %s), count(*) filter (where job_id = %s) "
            "from work_lease where state = 1",
            [kept["job_id"], kept["open_job_id"]],
        ).fetchone()
        gold_seen = db.execute(
            "select count(*) from work_judgment where job_id = %s and gold_right is not null",
            [kept["open_job_id"]],
        ).fetchone()[0]
        unpaid = db.execute(
            "select count(*) from work_judgment j full join pay_accrual a on a.judgment_id = j.id "
            "where a.id is null or j.id is null or a.amount_minor <> 2 or a.transaction_id is null"
        ).fetchone()[0]
        balance = db.execute("select sum(amount_minor) from pay_line").fetchone()[0]
        by_person = dict(
            db.execute(
                "select person_id::text, 2 * count(*) from work_lease where state = 1 group by 1"
            )
        )
    assert outcome["results"] == 800
    assert also_open == 50
    assert gold_seen >= 5, "the open job's accuracy can be seen"
    assert outcome["judgments"] == judged < 8000
    assert unpaid == 0
    assert balance == 0
    assert outcome["pay_by_code_minor"] == {
        code: by_person.get(person, 0) for code, person in kept["people"].items()
    }
    assert outcome["accuracy"] > 0.9
    assert open_to_others(data / "demo") == []
