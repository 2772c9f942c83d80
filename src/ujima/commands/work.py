"""`ujima work`: the queue alone. Runs background work and the dispatcher that finds it."""

import argparse
import asyncio
import os
import signal
import threading
from typing import Any

from ujima.commands.children import heed_sigterm, hold_back_sigterm
from ujima.commands.store import open_store

ABOUT = """\
Run the queue without the site: imports, exports, inference, posting of pay, webhooks. As many of
these as wanted may run, on any machine that reaches the database. `ujima serve` starts one.
"""


def add_parser(subparsers: Any) -> None:
    sub = subparsers.add_parser("work", help="run the queue alone", description=ABOUT)
    sub.add_argument(
        "--at-once", type=int, default=4, metavar="N", help="pieces of work at a time (4)"
    )
    sub.set_defaults(func=run)


def run(args: argparse.Namespace) -> int:
    """Work until told to stop; 1 if the dispatcher died, so that a supervisor starts it again.

    A SIGTERM waits until the store is open: if the rest of Ujima was killed meanwhile, nobody else
    is left to end the database.
    """
    hold_back_sigterm()
    with open_store():
        heed_sigterm()
        import django

        django.setup()
        # The tasks are known before any is taken: work that waited here for a queue would be set
        # aside as unknown, for an hour, if it were taken while the dispatcher still loads.
        import ujima.flows.tasks  # noqa: F401

        dispatcher = Dispatcher()
        dispatcher.start()
        try:
            asyncio.run(_work(args.at_once))
        finally:
            dispatcher.stop.set()
            dispatcher.join()
    return 1 if dispatcher.died else 0


class Dispatcher(threading.Thread):
    """Looks every moment for dirty jobs and queues their work; its death ends the process."""

    def __init__(self) -> None:
        super().__init__(name="dispatcher")
        self.stop = threading.Event()
        self.died = False

    def run(self) -> None:
        from ujima.flows import dispatch

        self.died = True
        try:
            dispatch.run(self.stop)
            self.died = False
        finally:
            if self.died:
                os.kill(os.getpid(), signal.SIGTERM)


async def _work(at_once: int) -> None:
    from procrastinate.contrib.django import app
    from procrastinate.contrib.django.django_connector import DjangoConnector

    connector = app.connector
    assert isinstance(connector, DjangoConnector)  # noqa: S101 - the settings install it
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        async with worker_app.open_async():
            await worker_app.run_worker_async(concurrency=at_once)
