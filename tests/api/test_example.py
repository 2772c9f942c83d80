"""The example of docs/api.md, run as it stands against the site by a process of its own."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from wsgiref.simple_server import WSGIRequestHandler, make_server

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.utils import timezone
from tests.api.programs import Program, issued
from tests.cast import Cast, assemble
from tests.journeys.phones import Phone

from ujima.flows import settle
from ujima.work.models import Job

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "buyer.py"
UNITS = """key,text,statement
k1,Rain fell all night in Accra.,It rained in Accra.
k2,Rain fell all night in Accra.,Accra stayed dry.
k3,The school opened in 1961.,
k4,The school opened in 1961.,The school is older than 1990.
"""


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: the site logs its requests itself."""


@contextmanager
def site() -> Iterator[str]:
    """The site over real HTTP, in a thread of its own."""
    with make_server("127.0.0.1", 0, WSGIHandler(), handler_class=Quiet) as server:

        def serve() -> None:
            server.serve_forever(poll_interval=0.05)
            connections.close_all()

        thread = Thread(target=serve)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def work(cast: Cast) -> None:
    """What the provider and its people do, until the job has ended."""
    provider = Program(issued(cast.manager))
    until = time.monotonic() + 60
    while not (offers := provider.read("/offers")["items"]) and time.monotonic() < until:
        time.sleep(0.1)
    provider.made(f"/offers/{offers[0]['id']}/accept")
    job_id = offers[0]["job"]
    for code in ("w001", "w002", "w003"):
        phone = Phone(cast, code)
        page = phone.take(job_id)
        answers = [
            phone.answer(number, {"follows": ["no" if "dry" in data["statement"] else "yes"]})
            for number, data in page["units"]
        ]
        phone.send(page, answers)
        settle.settle(job_id=job_id, now=timezone.now())


def test_the_example_sends_units_and_takes_results_home(committed_db: None, tmp_path: Path) -> None:
    cast = assemble(workers=3)
    file = tmp_path / "pairs.csv"
    file.write_text(UNITS)
    with site() as address:
        program = subprocess.Popen(
            [sys.executable, str(EXAMPLE), address, str(file), "Sundarban Digital"],
            env=os.environ | {"UJIMA_TOKEN": issued(cast.buyer, ["jobs:write", "results:read"])},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            work(cast)
            told, _ = program.communicate(timeout=60)
        finally:
            program.kill()
            program.wait()

    assert program.returncode == 0, told
    assert "3 units kept, 1 rows refused" in told
    assert "  row 4, statement: " in told
    results = [line.split("\t")[:2] for line in told.splitlines() if line.startswith("k")]
    assert results == [["k1", "yes"], ["k2", "no"], ["k4", "yes"]]
    assert Job.objects.get().state == "finished"
