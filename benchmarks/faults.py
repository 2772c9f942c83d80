"""bin/bench faults: kill -9 of web, queue and database at random moments while people work.

    bin/bench faults                50 kills, then everything is counted
    bin/bench faults --quick        6 kills, one of each kind
    bin/bench faults --cycles N     so many
    bin/bench faults --seed N       another order, other moments

Eight phones take and answer units of one job over HTTP. What gets no answer they send again; what
was acknowledged they note outside the system. After the last kill they go on until the job has
ended by itself. Then the notes are compared with the tables, and the tables with each other.
Progress goes to standard error; the last line of standard output is one JSON object.
"""

import argparse
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.parts.figures import Report, load, say
from benchmarks.parts.site import KINDS, Site
from benchmarks.parts.store import cache, use
from ujima.base.store.place import place_of


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder of this run; it and what its database kept elsewhere are gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="faults-", dir=cache()))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        for gone in (place_of(folder / "data").folder, folder):
            shutil.rmtree(gone, ignore_errors=True)


def main() -> None:
    """Kill, wait, count; exit 1 where something does not hold."""
    parser = argparse.ArgumentParser(prog="bin/bench faults")
    parser.add_argument("--quick", action="store_true", help="one kill of each kind")
    parser.add_argument("--cycles", type=int, default=50, help="how many kills (50)")
    parser.add_argument("--seed", type=int, default=1, help="another order and other moments")
    args = parser.parse_args()
    cycles = len(KINDS) if args.quick else args.cycles
    say(load())
    report = Report("faults")
    with _folder() as folder:
        use(folder / "data")
        say("starting a site")
        site = Site(folder / "data", folder / "serve.log")
        try:
            import django
            from django.db import connections

            django.setup()
            from benchmarks.parts.faults import Run, tell

            run = Run(site, cycles, args.seed)
            connections.close_all()
            crowd = run.crowd()
            with crowd.at_work():
                run.kill(crowd)
                drained = run.drain(crowd)
            tell(run, crowd, drained, report)
            connections.close_all()
        except Exception:
            say(f"The site said last:\n{site.last_words()}")
            raise
        finally:
            left = site.stop()
        report.at_most("processes left behind at the end", left, "", 0)
    say(load())
    report.print()
    if any(figure.met is False for figure in report.figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
