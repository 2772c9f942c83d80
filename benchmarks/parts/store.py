"""A fresh Ujima for a benchmark: a data folder and a database of its own, kept apart from any
other; the server belongs to the benchmark, so that no measured process tree contains it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.parts.figures import say

#: read before a benchmark moves to a store of its own
_DATA = Path(os.environ.get("UJIMA_DATA") or ".ujima").absolute()


def cache() -> Path:
    """Where benchmarks keep what takes long to make."""
    folder = _DATA / "bench"
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    return folder


def ujima(*arguments: str) -> list[str]:
    """A command of Ujima."""
    return [sys.executable, "-m", "ujima.commands.main", *arguments]


def use(folder: Path) -> None:
    """Let this process, and those it starts, mean the store in `folder` and no other."""
    for name in ("UJIMA_DATABASE_URL", "UJIMA_OWNER_DATABASE_URL"):
        os.environ.pop(name, None)
    os.environ["UJIMA_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "ujima.site.settings"
    os.environ["UJIMA_API_REQUESTS_A_MINUTE"] = "0"


@contextmanager
def fresh_store(folder: Path) -> Iterator[Path]:
    """An empty, migrated store in `folder`, reachable from this process through Django."""
    from ujima.base.store.supervisor import ensure

    shutil.rmtree(folder, ignore_errors=True)
    use(folder)
    say("making a store")
    with ensure(folder):
        subprocess.run(ujima("migrate"), check=True, stdout=subprocess.DEVNULL)
        import django

        django.setup()
        try:
            yield folder
        finally:
            from django.db import connections

            connections.close_all()
    shutil.rmtree(folder, ignore_errors=True)
