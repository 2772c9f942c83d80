"""bin/bench work: taking and answering units, importing, memory, start, size.

    bin/bench work                  all of it, beside Label Studio and pgbench
    bin/bench work --quick          small numbers, to see that it runs
    bin/bench work --only claims    one section; may be given several times
    bin/bench work --no-peer        without Label Studio

Progress goes to standard error; the last line of standard output is one JSON object.
"""

import argparse
import os
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import UUID, uuid4

import orjson
from django.db import connection

from benchmarks.parts import processes
from benchmarks.parts.figures import Report, load, say
from benchmarks.parts.load import Measured, Turn, work
from benchmarks.parts.store import cache, fresh_store, ujima
from benchmarks.parts.wire import Wire


@dataclass(frozen=True)
class Size:
    """How much is measured: in full, or just enough to see that everything runs."""

    turns: int = 3_000
    pages: int = 15_000
    peer_turns: int = 100
    contested: int = 600
    claim_units: int = 200_000
    claim_done: int = 5_000
    claim_seconds: int = 60
    profiled: int = 2_000
    imports: tuple[int, int] = (10_000, 100_000)
    present: int = 1_000_000


QUICK = Size(300, 1_500, 20, 60, 20_000, 500, 12, 200, (1_000, 10_000), 20_000)


class Bench:
    """One run: Ujima's processes, the peer's, and what is measured on them."""

    def __init__(self, size: Size, folder: Path, data: Path, stack: ExitStack, with_peer: bool):
        self.size, self.folder, self.data, self.stack = size, folder, data, stack
        self.with_peer = with_peer
        self.report = Report("work")

    @cached_property
    def house(self):  # type: ignore[no-untyped-def]  # Django must be set up before its import
        from benchmarks.parts.jobs import make_house

        return make_house()

    @cached_property
    def installed(self) -> Path:
        """An environment that holds Ujima and what it needs, and no tool of its developers."""
        from benchmarks.parts import footprint

        home = self.folder / "installed"
        footprint.install_ujima(home)
        return home

    @cached_property
    def queue(self) -> int:
        """The queue's process."""
        return self._serve("queue").pid

    @cached_property
    def database(self) -> int:
        """The database server's process."""
        from ujima.base.store.place import place_of
        from ujima.base.store.postmaster import live_pid

        pid = live_pid(place_of(self.data))
        assert pid
        return pid

    @cached_property
    def web(self) -> "Served":
        """The web server's process and port; the queue runs beside it."""
        assert self.queue
        port = processes.free_port()
        return Served(self._serve("web", port).pid, Wire(port))

    def _serve(self, part: str, port: int = 0):  # type: ignore[no-untyped-def]
        log = self.folder / f"{part}.log"
        command = ujima("serve", "--only", part, *(["--port", str(port)] if port else []))
        process = processes.start(command, os.environ, log)
        self.stack.callback(processes.stop, process)
        if port:
            processes.wait_for(process, f"http://127.0.0.1:{port}/readyz", log)
        return process

    @cached_property
    def peer(self):  # type: ignore[no-untyped-def]
        """Label Studio, or None."""
        if not self.with_peer:
            return None
        from benchmarks.parts.label_studio import label_studio

        say("starting Label Studio")
        return self.stack.enter_context(label_studio(self.folder / "label-studio"))


@dataclass(frozen=True)
class Served:
    """A server: its process, and how to call it."""

    pid: int
    wire: Wire


def turns(bench: Bench) -> None:
    """Eight people take and answer units: one a request, then in pages of ten."""
    from benchmarks.parts.jobs import texts
    from benchmarks.parts.phones import turn_of

    clients, size = 8, bench.size
    theirs = _peer_turns(bench, clients)
    phones = bench.house.phones(clients)
    for page, units, most, times, name in (
        (1, size.turns, 4.0, 40, "one unit a request"),
        (10, size.pages, 1.0, 150, "pages of 10"),
    ):
        job = bench.house.job(f"Turns of {page}", texts(units + 2_000), least=1, most=1)
        turn = [turn_of(phone, bench.web.wire, job, page) for phone in phones]
        # every thread of the server has a connection of its own and prepares the statements on it
        work(turn, units=clients * page * 50, server=bench.web.pid)
        beside = {"queue": bench.queue, "database": bench.database}
        before = {name: processes.cpu_seconds(pid) for name, pid in beside.items()}
        ours = work(turn, units=units, server=bench.web.pid)
        bench.report.at_most(
            f"server CPU a unit, {name}", ours.cpu_ms, "ms", most, theirs.cpu_ms if theirs else 0
        )
        bench.report.reported(f"of the clients beside it, {name}", ours.client_ms, "ms a unit")
        for who, pid in beside.items():
            cost = 1000 * (processes.cpu_seconds(pid) - before[who]) / ours.units
            bench.report.reported(f"of the {who} beside it, {name}", round(cost, 2), "ms a unit")
        bench.report.times_peer(
            f"units a second, 8 clients, {name}", ours.a_second, "/s", times,
            theirs.a_second if theirs else 0,
        )  # fmt: skip
        bench.report.reported(f"median turn, {name}", ours.turn_ms, "ms")


def _peer_turns(bench: Bench, clients: int) -> Measured | None:
    """The same by Label Studio, whose clients answer one task a request: it knows no pages."""
    from benchmarks.parts.jobs import texts

    peer = bench.peer
    if peer is None:
        return None
    units = bench.size.peer_turns
    say(f"Label Studio: {clients} people, {units} units")
    peer.make_project()
    peer.bring_in(texts(units + 2 * clients))
    answered: list[int] = []
    turn = [peer.turn_of(peer.worker(number), answered) for number in range(clients)]
    work(turn, units=clients, server=peer.pid)
    answered.clear()
    found = work(turn, units=units, server=peer.pid)
    work(turn, units=2 * clients, server=peer.pid)
    beyond = sum(count - 1 for count in Counter(answered).values())
    share = 100 * beyond / max(1, len(answered))
    bench.report.reported("Label Studio: answers beyond redundancy 1, 8 clients", share, "%")
    return found


def redundancy(bench: Bench) -> None:
    """Nobody's answer is one too many, however many ask at once."""
    from benchmarks.parts.jobs import texts
    from benchmarks.parts.phones import turn_of

    for clients in (8, 32):
        units = bench.size.contested
        job = bench.house.job(f"Contested by {clients}", texts(units), least=3, most=3)
        turn = [
            turn_of(phone, bench.web.wire, job, 5, patient=True)
            for phone in bench.house.phones(clients)
        ]
        found = work(turn, units=10**9, server=bench.web.pid)
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), coalesce(sum(greatest(n - 3, 0)), 0) from ("
                " select count(*) as n from work_judgment where job_id = %s group by unit_id) c",
                [job],
            )
            answered, beyond = cursor.fetchone()
        if not (found.units == 3 * units and answered == units):
            raise AssertionError(f"{found.units} answers to {answered} of {units} units")
        bench.report.at_most(f"answers beyond redundancy 3, {clients} clients", int(beyond), "", 0)


def claims(bench: Bench) -> None:
    """200 workers with much behind them take pages for a minute; how the rate holds."""
    from benchmarks.parts import claims

    size, people = bench.size, 200
    say(f"{people} workers with {size.claim_done:,} of {size.claim_units:,} units behind each")
    phones = bench.house.phones(people)
    job = claims.experienced(bench.house, phones, units=size.claim_units, done=size.claim_done)
    claims.settle_down()
    pages = _pages(bench, phones, job, seconds=size.claim_seconds, clients=8)
    tenth = max(1, size.claim_seconds // 6)
    first = sum(pages[:tenth]) / tenth
    last = sum(pages[-tenth:]) / tenth
    rate = sum(pages) / len(pages)
    decay = round(max(0.0, 100 * (1 - last / first)), 1)
    bench.report.at_most("claims: fall from the first sixth to the last", decay, "%", 20)
    say("pgbench: the same statements, the same workers")
    alone = claims.pgbench(bench.house, phones, job, bench.folder, max(5, tenth))
    bench.report.reported("claims over HTTP, pages of 10", round(rate, 1), "/s", alone)
    say("where the time of a claim goes, without HTTP")
    for function, share in claims.profile(bench.house, phones, job, size.profiled)[:8]:
        bench.report.reported(f"profile: {function}", round(100 * share, 1), "%")


def _pages(bench, phones, job: UUID, *, seconds: int, clients: int) -> list[int]:  # type: ignore[no-untyped-def]
    """Pages of ten that were leased in each second, by clients that change phones every time."""
    from concurrent.futures import ThreadPoolExecutor

    began = time.monotonic()
    wire = bench.web.wire

    def client(number: int) -> list[float]:
        took = []
        mine = phones[number::clients]
        while time.monotonic() - began < seconds:
            phone = mine[len(took) % len(mine)]
            bearer = {"Authorization": f"Bearer {phone.token}"}
            body = {"job": str(job), "want": 10}
            page = wire.call("POST", "/api/v1/phone/pages", body, **bearer)
            if not page["units"] and not page["again"]:
                raise AssertionError("a worker was told that there is nothing left")
            took.append(time.monotonic() - began)
        return took

    with ThreadPoolExecutor(clients) as pool:
        moments = [moment for took in pool.map(client, range(clients)) for moment in took]
    counted = Counter(int(moment) for moment in moments)
    return [counted[second] for second in range(seconds)]


def imports(bench: Bench) -> None:
    """A buyer's file comes in over HTTP: by itself, ten times as large, and into a full job."""
    from benchmarks.parts.jobs import as_jsonl, texts

    small, large = bench.size.imports
    theirs = 0.0
    if bench.peer is not None:
        bench.peer.make_project()
        before = processes.cpu_seconds(bench.peer.pid)
        bench.peer.bring_in(texts(small))
        theirs = round(processes.cpu_seconds(bench.peer.pid) - before, 2)
    report, times = bench.report, 3

    def draft() -> UUID:
        return bench.house.draft("Import", least=3, most=5)

    _import(bench, draft(), texts(100))  # code loaded
    alone = sum((_import(bench, draft(), texts(small)) for _ in range(times)), Cost())
    report.at_most(
        f"CPU of an import of {small:,} texts", alone.web / times, "s", 0.5, theirs
    )  # fmt: skip
    report.reported("of the database beside it", alone.database / times, "s")
    whole = _import(bench, draft(), texts(large))
    report.at_most(f"CPU of an import of {large:,} texts", whole.web, "s", 4)
    report.reported("of the database beside it", whole.database, "s")
    job, present = draft(), bench.size.present
    say(f"filling one job with {present:,} units")
    for number in range(present // large):
        bench.house.bring_in(job, as_jsonl(texts(large, first=number * large)))
    more = (texts(small, first=present + number * small) for number in range(times))
    full = sum((_import(bench, job, units) for units in more), Cost())
    report.at_most(
        f"{small:,} more where {present:,} are: CPU with the database's",
        round((full.web + full.database) / (alone.web + alone.database), 2), "x", 1.5,
    )  # fmt: skip
    report.reported("its wall time against an empty job's", full.wall / alone.wall, "x")


@dataclass(frozen=True)
class Cost:
    """What an import took, in seconds: the web server's and the database's CPU, and waiting."""

    web: float = 0
    database: float = 0
    wall: float = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.web + other.web, self.database + other.database, self.wall + other.wall)


def _import(bench: Bench, job: UUID, units: list[dict[str, str]]) -> Cost:
    """Bring units into a job as a program of the buyer's does."""
    from benchmarks.parts.jobs import as_jsonl

    wire, file, pids = bench.web.wire, as_jsonl(units), (bench.web.pid, bench.database)
    token, began = bench.house.token, time.perf_counter()
    web, database = map(processes.cpu_seconds, pids)
    status, said, _ = wire.raw(
        "POST",
        f"/api/v1/jobs/{job}/units?name=texts.jsonl",
        file,
        {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/x-ndjson",
            "Idempotency-Key": uuid4().hex,
        },
    )
    wall = time.perf_counter() - began
    if status != 201 or orjson.loads(said)["kept"] != len(units):
        raise AssertionError(f"an import of {len(units)} units: {status} {said[:300]!r}")
    then = [processes.cpu_seconds(pid) for pid in pids]
    return Cost(then[0] - web, then[1] - database, wall)


def memory(bench: Bench) -> None:
    """What `ujima serve` holds, web and queue and what keeps them up, after work was done."""
    from benchmarks.parts.jobs import texts
    from benchmarks.parts.phones import turn_of

    port = processes.free_port()
    log, url = bench.folder / "serve.log", f"http://127.0.0.1:{port}/readyz"
    command = [str(bench.installed / "bin/ujima"), "serve", "--port", str(port)]
    with processes.running(command, os.environ, log, url) as served:
        job = bench.house.job("Weighed", texts(2_000), least=1, most=1)
        phones = bench.house.phones(8)
        wire = Wire(port)
        turn = [turn_of(phone, wire, job, 10) for phone in phones]
        work(turn, units=1_500, server=served.pid)
        held = processes.memory_mb(served.pid)
        work([_looker(bench, wire, job)] * 8, units=4_000, server=served.pid)
        looked = processes.memory_mb(served.pid)
    theirs = processes.memory_mb(bench.peer.pid) if bench.peer is not None else 0
    bench.report.at_most("memory of web and queue (PSS)", held, "MB", 250, theirs)
    bench.report.reported("after 4,000 lists and pages were read, too", looked, "MB")


def _looker(bench: Bench, wire: Wire, job: UUID) -> Turn:
    """Somebody who reads lists by program, and pages that anybody may see."""
    bearer = {"Authorization": f"Bearer {bench.house.token}"}
    here = f"/api/v1/jobs/{job}"

    def turn() -> int:
        for path in (here, f"{here}/units?limit=200", "/", "/sign-in", "/components"):
            status, _, _ = wire.raw("GET", path, None, bearer)
            assert status == 200, path
        return 5

    return turn


def start(bench: Bench) -> None:
    """From nothing to the first answer, on a store that is there; the median of five."""
    log = bench.folder / "start.log"
    ours = []
    for _ in range(5):
        port = processes.free_port()
        command = ujima("serve", "--only", "web", "--port", str(port))
        ours.append(_started(command, os.environ, log, f"http://127.0.0.1:{port}/readyz"))
    theirs = 0.0
    if bench.peer is not None:
        from benchmarks.parts import label_studio

        home, port = label_studio.environment(), processes.free_port()
        env = label_studio.settings(home, bench.folder / "label-studio")
        command = label_studio.command(home, port)
        theirs = _started(command, env, log, f"http://127.0.0.1:{port}/health")
    bench.report.at_most("CPU to the first 200", sorted(ours)[2], "s", 1.5, theirs)


def _started(command, env, log: Path, url: str) -> float:  # type: ignore[no-untyped-def]
    process = processes.start(command, env, log)
    try:
        processes.wait_for(process, url, log)
        return round(processes.cpu_seconds(process.pid), 2)
    finally:
        processes.stop(process)


def size(bench: Bench) -> None:
    """Packages and megabytes of an installation, the database's included."""
    from benchmarks.parts import footprint

    packages, megabytes = footprint.installed(bench.installed)
    theirs = (0, 0.0)
    if bench.with_peer:
        from benchmarks.parts.label_studio import environment

        theirs = footprint.installed(environment())
    bench.report.at_most("packages installed", packages, "", 60, theirs[0])
    bench.report.at_most("size installed, with the database", megabytes, "MB", 500, theirs[1])


SECTIONS: dict[str, Callable[[Bench], None]] = {
    "size": size,
    "start": start,
    "turns": turns,
    "redundancy": redundancy,
    "memory": memory,
    "claims": claims,
    "imports": imports,
}


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of this run, which is gone afterwards; the database's own user may enter it."""
    folder = Path(tempfile.mkdtemp(prefix="work-", dir=cache()))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> None:
    """Measure, and print what was found; exit 1 where a bar was missed."""
    parser = argparse.ArgumentParser(prog="bin/bench work")
    parser.add_argument("--quick", action="store_true", help="small numbers")
    parser.add_argument("--no-peer", action="store_true", help="without Label Studio")
    parser.add_argument("--only", action="append", choices=list(SECTIONS), help="one section")
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # and all servers with it
    say(load())
    with _folder() as folder, fresh_store(folder / "data") as data, ExitStack() as stack:
        bench = Bench(QUICK if args.quick else Size(), folder, data, stack, not args.no_peer)
        for name in args.only or SECTIONS:
            say(f"== {name}: {SECTIONS[name].__doc__}")
            SECTIONS[name](bench)
    say(load())
    bench.report.print()
    if any(figure.met is False for figure in bench.report.figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
