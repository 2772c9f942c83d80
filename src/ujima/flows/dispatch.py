"""The dispatcher: looks every moment for what is due, and queues it. One loop beside the queue.

Hot paths only mark rows; whatever reads the clock and starts work is here.
"""

import threading
import time
from datetime import datetime
from uuid import UUID

import structlog
from django.db import close_old_connections, connection
from django.utils import timezone

from ujima.flows import settle
from ujima.flows.tasks import queue_settling, take_up_abandoned
from ujima.people.actions import tries
from ujima.quality.actions.fits import due_jobs, mark_forgotten
from ujima.work.actions.reservations import end_reservations

log = structlog.get_logger("ujima.dispatch")

#: looks for marked jobs this often; expired leases must be back within 60 s (R6)
MOMENT = 0.5
SWEEP_EVERY = 10.0


def look(now: datetime) -> list[UUID]:
    """Queue the settling of every marked job once; returns which."""
    return [job for job in due_jobs(now) if queue_settling(job, now)]


def run(stop: threading.Event) -> None:
    """Look until told to stop. A database that is away is waited for."""
    swept = 0.0
    while not stop.wait(MOMENT):
        try:
            close_old_connections()
            look(timezone.now())
            if time.monotonic() - swept > SWEEP_EVERY:
                swept = time.monotonic()
                settle.sweep(now=timezone.now())
                end_reservations(now=timezone.now())
                mark_forgotten(timezone.now())
                tries.purge(timezone.now())
                take_up_abandoned(timezone.now())
        except Exception:
            # the outer edge: a dispatcher that dies silently would stop every job
            log.exception("dispatch_failed")
            connection.close()
            stop.wait(1.0)
