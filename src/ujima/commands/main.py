"""The `ujima` command: finds the subcommand, runs it, and says refusals in one sentence."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from ujima.base.errors import Refusal

#: each has add_parser(subparsers), which sets `func`; heavy imports wait until `func` runs
MODULES = (
    "infer",
    "serve",
    "work",
    "migrate",
    "organisation",
    "demo",
    "backup",
    "restore",
    "check",
)

ABOUT = """\
Ujima runs digital work that is fair to the people who do it: jobs, leases, judgments, results,
pay. This command runs Ujima itself.

It keeps everything in one data folder: --data, or UJIMA_DATA, or ".ujima" in this folder. The
database is a PostgreSQL of its own in there, unless UJIMA_DATABASE_URL names another server.
"""
EXAMPLES = """\
start here:
  ujima demo                 a real job, real people's judgments, and the site to look around
  ujima serve                the site and its queue on http://127.0.0.1:8000
  ujima organisation add "Sundarban Digital" --provider --operator --email ruma@example.org
  ujima infer labels.csv     the answers behind a file of judgments
  ujima backup today.dump    the whole database in one file
  ujima check                is everything in order?
"""


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="ujima",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for name in MODULES:
        module = f"ujima.commands.{name}"
        if find_spec(module) is not None:
            import_module(module).add_parser(subparsers)
    for sub in set(subparsers.choices.values()):
        sub.add_argument(
            "--data", metavar="DIR", type=Path, help="the data folder (UJIMA_DATA, or .ujima)"
        )
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it did what was asked, 1 when it was refused."""
    chosen = parser().parse_args(arguments)
    if chosen.data is not None:
        os.environ["UJIMA_DATA"] = str(chosen.data.absolute())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ujima.site.settings")
    try:
        return int(chosen.func(chosen) or 0)
    except Refusal as refusal:
        print(f"ujima: {refusal.sentence}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
