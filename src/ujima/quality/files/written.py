"""Results written whole or not at all, and only where they harm nothing."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Any

from ujima.quality.files.errors import NoSuchPlace


def checked(inputs: Mapping[str, Path], outputs: Mapping[str, Path]) -> None:
    """Look before any work is done whether every output can be written.

    inputs, outputs   what each is called -> where it is

    Refuses NoSuchPlace for a folder, a folder that is not there or cannot be written to, and one
    file under two names.
    """
    taken = {real(path): name for name, path in inputs.items()}
    for name, path in outputs.items():
        target = real(path)
        if target.is_dir():
            raise NoSuchPlace(f"{name}: {path} is a folder.", place={"file": str(path)})
        if not target.parent.is_dir():
            raise NoSuchPlace(
                f"{name}: there is no folder {path.parent}.", place={"file": str(path)}
            )
        if not os.access(target if _special(target) else target.parent, os.W_OK):
            raise NoSuchPlace(f"{name}: {path} may not be written.", place={"file": str(path)})
        if target in taken and not _special(target):
            told = f"{name} and {taken[target]} are the same file, {path}."
            raise NoSuchPlace(told, place={"file": str(path)})
        taken[target] = name


def write_rows(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Write a CSV file whole or not at all."""
    with whole(path) as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


@contextmanager
def whole(path: Path) -> Iterator[IO[str]]:
    """A file that stands under its name only once all of it is written.

    A link stays a link; a pipe or a device is written to as it is. Refuses NoSuchPlace.
    """
    target = real(path)
    try:
        with _straight(target) if _special(target) else _beside(target) as file:
            yield file
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or "it cannot be written"
        raise NoSuchPlace(f"{path}: {reason}.", place={"file": str(path)}) from error


def real(path: Path) -> Path:
    """Where a path leads to; a pipe or a device is itself. A circle of links is refused."""
    try:
        # resolved, the name of a pipe that is somebody's standard output leads nowhere
        return path if _special(path) else path.resolve()
    except (OSError, RuntimeError) as error:
        raise NoSuchPlace(f"{path} leads nowhere.", place={"file": str(path)}) from error


def _special(target: Path) -> bool:
    if str(target).startswith(("/dev/stdout", "/dev/stderr", "/dev/fd/")):
        # a file that a shell has opened for more than this is not to be replaced
        return True
    return target.exists() and not target.is_file() and not target.is_dir()


def _straight(target: Path) -> IO[str]:
    return target.open("a", encoding="utf-8", newline="")


@contextmanager
def _beside(target: Path) -> Iterator[IO[str]]:
    with NamedTemporaryFile(
        "w", encoding="utf-8", newline="", dir=target.parent, prefix=".ujima-", delete=False
    ) as file:
        try:
            yield file
        except BaseException:
            with suppress(OSError):
                os.unlink(file.name)
            raise
    try:
        os.chmod(file.name, 0o644)
        os.replace(file.name, target)
    except OSError:
        with suppress(OSError):
            os.unlink(file.name)
        raise
