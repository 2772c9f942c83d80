"""The store for the length of a command: the embedded server if it is ours, else nothing to do."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ujima.base.store.connections import data_folder, is_external
from ujima.base.store.supervisor import Server, ensure


@contextmanager
def open_store() -> Iterator[Server | None]:
    """A running store; our own server, or none when UJIMA_DATABASE_URL names somebody else's."""
    if is_external(os.environ):
        yield None
    else:
        with ensure(data_folder(os.environ)) as server:
            yield server
