"""`ujima serve`: the store, the site and the queue, kept running together."""

import argparse
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ujima.base.store.connections import data_folder
from ujima.base.store.errors import StoreRefusal, ToolFailed
from ujima.base.store.supervisor import Server
from ujima.commands.children import TICK, Child, keep, refuse_taken_port, stopping
from ujima.commands.fingerprint import of_static_files
from ujima.commands.migrate import is_current
from ujima.commands.store import open_store

ABOUT = """\
Run Ujima: the database (unless UJIMA_DATABASE_URL names one), the site and the queue. Brings the
tables up to date first. Starts again what dies, and stops everything on Ctrl-C.

It listens to this machine alone. --host 0.0.0.0 opens it to the network: do that behind a proxy
that speaks HTTPS, with UJIMA_ENV=production.
"""


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser(
        "serve",
        help="run the site and the queue",
        description=ABOUT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sub.add_argument("--only", choices=["web", "queue"], help="one part, to run them apart")
    sub.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    sub.add_argument("--port", type=int, default=8000, help="the port to listen on (8000)")
    sub.add_argument("--workers", type=int, default=2, help="web processes (2)")
    sub.add_argument("--reload", action="store_true", help="start again when a source file changes")
    sub.set_defaults(func=run)


def run(args: argparse.Namespace) -> None:
    """Serve until a signal says stop."""
    serve(
        parts=[args.only] if args.only else ["web", "queue"],
        host=args.host,
        port=args.port,
        workers=args.workers,
        reload=args.reload,
    )


def serve(
    *, parts: list[str], host: str, port: int, workers: int = 2, reload: bool = False
) -> None:
    """Run these parts of Ujima until SIGTERM, SIGINT or SIGHUP. Refuses: PortTaken, store's own."""
    if "web" in parts:
        refuse_taken_port(host, port)
    # glibc gives each of many threads a heap of its own, which grows and is never given back
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    with stopping() as stop, open_store() as server:
        prepare(static="web" in parts and not reload)
        commands = {"web": web_command(host, port, workers), "queue": _ujima("work")}
        # the queue has a share in the store, so it must not end before it can give that back
        children = [Child(name, commands[name], heeds_late=name == "queue") for name in parts]
        greet = _greeting(host, port) if "web" in parts else _nothing
        chores = [_nurse(server), greet]
        if reload:
            chores.append(_reloader(children))
        keep(children, stop, chores)


def prepare(*, static: bool = True) -> None:
    """Bring tables and static files up to date in a process of its own, if anything changed."""
    if not is_current():
        _do("Bringing the tables up to date", _ujima("migrate"), {})
    note = data_folder(os.environ) / "static" / "prepared"
    if static and (not note.exists() or note.read_text() != of_static_files()):
        # hashed, compressed names are wanted here, though none exist yet to tell the settings so
        storage = "whitenoise.storage.CompressedManifestStaticFilesStorage"
        command = [sys.executable, "-m", "django", "collectstatic", "--noinput", "--verbosity=0"]
        _do("Preparing stylesheets and scripts", command, {"UJIMA_STATIC": storage})
        note.write_text(of_static_files())
    keep_private(data_folder(os.environ))


def keep_private(data: Path) -> None:
    """Let nobody else look into the folders of this installation. Not the database's, whose own
    account must reach it, and which looks after itself; and so not the data folder above it."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name in ("files", "static"):
        (data / name).mkdir(mode=0o700, exist_ok=True)
        (data / name).chmod(0o700)


def web_command(host: str, port: int, workers: int) -> list[str]:
    """The web server, see `web_server`."""
    server = [sys.executable, "-m", "ujima.commands.web_server"]
    return [*server, host, str(port), str(workers)]


def _ujima(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ujima.commands.main", *arguments]


def _do(what: str, command: list[str], env: dict[str, str]) -> None:
    print(f"{what} ...", file=sys.stderr, flush=True)
    done = subprocess.run(
        command, env=os.environ | env, stdout=sys.stderr, check=False, stdin=subprocess.DEVNULL
    )
    if done.returncode != 0:
        raise ToolFailed(f"{what} failed; what it said stands above.")


def _greeting(host: str, port: int) -> Callable[[], None]:
    """Says the address once, as soon as something answers there."""
    said = False

    def greet() -> None:
        nonlocal said
        if not said:
            try:
                socket.create_connection((host, port), timeout=TICK).close()
            except OSError:
                return
            said = True
            print(f"Ujima is at http://{host}:{port}  (Ctrl-C stops it)", flush=True)

    return greet


def _nurse(server: Server | None) -> Callable[[], None]:
    """Starts our own database again when it died; waits a little between failures."""
    next_try = 0.0

    def nurse() -> None:
        nonlocal next_try
        if server is None or server.pid is not None or time.monotonic() < next_try:
            return
        print("ujima: the database ended; starting it again.", file=sys.stderr)
        try:
            server.revive()
        except StoreRefusal as refusal:
            print(f"ujima: {refusal.sentence}", file=sys.stderr)
            next_try = time.monotonic() + 5

    return nurse


def _reloader(children: list[Child]) -> Callable[[], None]:
    """Stops the children when a source file changed; they are started again as if they had died."""
    source = Path(__file__).parents[1]
    seen = _newest(source)
    looked = time.monotonic()

    def reload() -> None:
        nonlocal seen, looked
        if time.monotonic() - looked < 1.0:
            return
        looked = time.monotonic()
        newest = _newest(source)
        if newest != seen:
            seen = newest
            for child in children:
                child.ask_to_stop()

    return reload


def _newest(source: Path) -> int:
    """When the newest source file was written, in nanoseconds."""
    return max(file.stat().st_mtime_ns for file in source.rglob("*.py"))


def _nothing() -> None:
    """No chore."""
