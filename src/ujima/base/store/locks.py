"""Locks on folders. The kernel drops them when a process dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Wait until no other process is inside this block for the same folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


class Use:
    """A share in something that is to be closed by whoever leaves last."""

    def __init__(self, folder: Path) -> None:
        self._handle: int | None = os.open(folder, os.O_RDONLY)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Give the share back; true if nobody else has one now. Hold `only_one` around it."""
        if self._handle is None:
            return False
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            return True
        finally:
            os.close(self._handle)
            self._handle = None


def wait_step(since: float) -> None:
    """Sleep a little: short at first, up to a quarter second once it takes long."""
    time.sleep(min(0.25, 0.01 + (time.monotonic() - since) / 10))
