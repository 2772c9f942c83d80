"""`ujima restore FILE`: put a backup in the database's place."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ujima.base.store import backup, binaries
from ujima.base.store.supervisor import say_on_stderr
from ujima.commands.store import open_store

ABOUT = """\
Put a backup in the database's place. It is first filled into a new database; only when that is
complete do the two change places, so a bad file leaves everything as it was. A database that
holds data is replaced only with --replace. Migrations newer than the backup run at the next
`ujima serve` or `ujima migrate`.
"""


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser(
        "restore", help="put a backup in the database's place", description=ABOUT
    )
    sub.add_argument("file", metavar="FILE", type=Path)
    sub.add_argument(
        "--replace", action="store_true", help="even if the database holds data, which is dropped"
    )
    sub.set_defaults(func=run)


def run(args: argparse.Namespace) -> None:
    """Open the store and restore."""
    with open_store():
        backup.restore(
            backup.target_of(os.environ),
            args.file,
            binaries.find(os.environ),
            replace=args.replace,
            now=datetime.now(UTC),
            say=say_on_stderr,
        )
    print(f"{args.file} is restored.")
