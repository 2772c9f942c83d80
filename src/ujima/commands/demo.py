"""`ujima demo`: a real job, the recorded judgments of real people, and the site to look around."""

import argparse
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import orjson

from ujima.base.errors import Refusal
from ujima.base.store.connections import data_folder
from ujima.commands.children import die_with_parent, refuse_taken_port, stopping
from ujima.commands.serve import prepare
from ujima.commands.store import open_store

ABOUT = """\
Show Ujima with a real job. 800 pairs of texts, and what 164 people said of them when the data was
made (Snow et al. 2008), 8,000 judgments in all. The people's phones ask this site for work over
HTTP and answer as the people did; leasing, order and stopping are the product's own. The known
answers only score the outcome at the end; the job itself never sees them.

A second job stays open to try. Ten of its sixty units are known answers of the same data (gold),
with reasons, and five of the people have answered a page of it, so that its accuracy can be seen.

Stop it at any moment, with Ctrl-C or harder; started again, it goes on where it was.
"""
#: seconds that the replay takes unless told otherwise; enough to watch the pages move
SECONDS = 40.0


class NotOurs(Refusal):
    """This folder holds something that the demo did not make; it is left alone."""

    code = "not_a_demo"


class StillRunning(Refusal):
    """A demo is running on this data; stop it first."""

    code = "demo_running"


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser(
        "demo",
        help="a real job, replayed, and the site",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sub.add_argument("--once", action="store_true", help="stop after the result, one JSON line")
    sub.add_argument("--port", type=int, default=8000, help="where the site listens (8000)")
    sub.add_argument("--fast", action="store_true", help="replay as fast as it goes")
    sub.add_argument(
        "--seconds", type=float, default=SECONDS, help=f"spread the replay over this ({SECONDS:g})"
    )
    sub.add_argument("--reset", action="store_true", help="forget an earlier demo first")
    sub.add_argument("--no-browser", action="store_true", help="do not open a browser")
    sub.add_argument("--lan", action="store_true", help="let other devices on the network in")
    sub.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Set up, replay, tell, and serve until stopped. Refuses: PortTaken, NotOurs, StillRunning."""
    folder = data_folder(os.environ) / "demo"
    os.environ["UJIMA_DATA"] = str(folder)
    if args.lan:
        os.environ.setdefault("UJIMA_HOSTS", "*")
    if args.reset:
        forget(folder)
    host = "0.0.0.0" if args.lan else "127.0.0.1"  # noqa: S104 - only where asked for
    refuse_taken_port(host, args.port)
    with stopping() as stop, open_store():
        prepare()
        import django

        django.setup()
        with serving(host, args.port, folder):
            return _show(args, folder, stop)


def _show(args: argparse.Namespace, folder: Path, stop: threading.Event) -> int:
    from ujima.commands import demo_outcome, demo_story

    setting = demo_story.begin(folder)
    address = f"http://localhost:{args.port}"
    if not args.once:
        demo_outcome.welcome(setting, address)
        if not args.no_browser and os.environ.get("DISPLAY"):
            webbrowser.open(address)
    seconds = 0.0 if args.fast else args.seconds
    if not demo_story.play(setting, folder, args.port, seconds, stop):
        say("\nStopped. Start the demo again to go on from here.")
        return 130
    outcome = demo_outcome.outcome(setting, UUID(setting.job_id))
    demo_outcome.tell(outcome, sys.stderr if args.once else sys.stdout)
    if args.once:
        print(orjson.dumps(outcome).decode(), flush=True)
        return 0
    demo_outcome.welcome(setting, address)
    say("The site stays up. Ctrl-C stops it.")
    stop.wait()
    return 0


@contextmanager
def serving(host: str, port: int, folder: Path) -> Iterator[None]:
    """The site and its queue, as `ujima serve` runs them; their log goes to a file."""
    command = [sys.executable, "-m", "ujima.commands.main", "serve", "--host", host]
    with _private(folder / "serve.log") as log:
        server = subprocess.Popen(
            [*command, "--port", str(port)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
    try:
        _wait_until_ready(server, port, folder)
        yield
    finally:
        server.terminate()
        server.wait()


def _private(path: Path) -> BinaryIO:
    """A file to add to, for this account's eyes alone."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.fchmod(descriptor, 0o600)
    return os.fdopen(descriptor, "ab")


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    for _ in range(1800):
        if server.poll() is not None:
            raise SystemExit(f"The site did not start; {folder / 'serve.log'} tells why.")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5):
                return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The site does not answer; {folder / 'serve.log'} tells why.")


def forget(folder: Path) -> None:
    """Remove an earlier demo's data. Refuses: NotOurs, StillRunning."""
    if not folder.exists():
        return
    if not (folder / "demo.json").exists() and not (folder / "postgres").exists():
        raise NotOurs(f"{folder} was not made by the demo; it is left alone.")
    if (folder / "postgres" / "cluster" / "postmaster.pid").exists():
        with open_store():  # whoever comes last stops the server; a running demo is not the last
            pass
    if (folder / "postgres" / "cluster" / "postmaster.pid").exists():
        raise StillRunning
    shutil.rmtree(folder)


def say(line: str) -> None:
    """Tell the person who watches; standard output is kept for results."""
    print(line, file=sys.stderr, flush=True)
