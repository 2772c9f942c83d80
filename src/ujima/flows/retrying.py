"""Every transaction may be retried: a deadlock or a serialization failure is nobody's fault, and
who lost a race for a unique key sees on the next try what won it."""

import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import IntegrityError, OperationalError, connection

Done = TypeVar("Done")
TRIES = 5
#: serialization failure, deadlock, unique violation
AGAIN = ("40001", "40P01", "23505")


def retried(once: Callable[[], Done]) -> Done:
    """Run a whole transaction, again if the database asks for it; inside one, just run it."""
    if connection.in_atomic_block:
        return once()
    for attempt in range(1, TRIES):
        try:
            return once()
        except (OperationalError, IntegrityError) as error:
            if getattr(error.__cause__, "sqlstate", "") not in AGAIN:
                raise
            time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - spreads the retries
    return once()
