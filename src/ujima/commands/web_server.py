"""The web server's main process: loads the site once, then forks its workers from there.

So the code is read once and its memory is shared: with two workers and the queue 189 MB instead of
234 (proportional set size). Nothing here may open a database connection or start a thread before
the workers are forked.
"""

import argparse
import gc
import multiprocessing
import sys

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

#: threads of one worker; requests wait for the database more than for Python
THREADS = 8
#: requests that may wait for a thread in one worker; more are left in the listening queue
BACKPRESSURE = 64
#: an open connection may keep a worker from stopping for ever
SECONDS_TO_STOP = 10


def main() -> None:
    """Serve until SIGTERM or SIGINT: HOST, PORT and the number of workers are the arguments."""
    parser = argparse.ArgumentParser(prog="ujima.commands.web_server")
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("workers", type=int)
    args = parser.parse_args()
    if sys.platform == "linux":
        multiprocessing.set_start_method("fork")
        preload()
    Granian(
        "ujima.commands.web_worker:application",
        address=args.host,
        port=args.port,
        interface=Interfaces.WSGI,
        workers=args.workers,
        blocking_threads=THREADS,
        backpressure=BACKPRESSURE,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_STOP,
        log_level=LogLevels.error,
        log_access=False,
    ).serve()


def preload() -> None:
    """Load the site and every address of it, and keep the collector off those pages."""
    from django.core.servers.basehttp import get_internal_wsgi_application
    from django.urls import get_resolver

    get_internal_wsgi_application()
    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
