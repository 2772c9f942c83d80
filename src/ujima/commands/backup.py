"""`ujima backup FILE`: the whole database in one file."""

import argparse
import os
from pathlib import Path
from typing import Any

from ujima.base.store import backup, binaries
from ujima.commands.store import open_store

ABOUT = """\
Write the whole database into FILE, while Ujima runs or not. The file appears under its name only
when it is complete and has been read back from end to end. It holds people's data: it is made
readable for you alone; keep it so. Uploaded files are in DIR/files and the secret that signs
sessions is DIR/secret-key: copy both beside it.
"""


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser(
        "backup", help="write the whole database into one file", description=ABOUT
    )
    sub.add_argument("file", metavar="FILE", type=Path)
    sub.set_defaults(func=run)


def run(args: argparse.Namespace) -> None:
    """Open the store and write the backup."""
    with open_store():
        found = binaries.find(os.environ)
        size = backup.back_up(backup.target_of(os.environ), args.file, found)
    print(f"{args.file}: {size:,} bytes, complete and read back.")
