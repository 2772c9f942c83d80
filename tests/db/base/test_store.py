"""The embedded server lives through everything that may happen to it; so do the rows in it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from ujima.base.store import backup, binaries, cluster
from ujima.base.store.account import SHARED
from ujima.base.store.errors import BadBackup, NotEmpty
from ujima.base.store.place import place_of, pointer
from ujima.base.store.supervisor import Server, ensure

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server over")

HOLDER = """
import sys, time
from pathlib import Path
from ujima.base.store.supervisor import ensure
server = ensure(Path(sys.argv[1]))
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def room() -> Iterator[Path]:
    """A folder that every account can walk to; what was made for it elsewhere goes with it."""
    folder = Path(tempfile.mkdtemp(prefix="ujima-test-", dir="/var/tmp"))
    folder.chmod(0o711)
    yield folder
    _clean(folder)


@pytest.fixture
def private_home(tmp_path: Path) -> Iterator[Path]:
    """A folder as /root is: closed to everybody else."""
    tmp_path.chmod(0o700)
    yield tmp_path
    _clean(tmp_path)


def _clean(folder: Path) -> None:
    for file in folder.rglob(pointer(Path("x")).name):
        shutil.rmtree(file.read_text().strip())
    shutil.rmtree(folder)


@pytest.fixture
def holder(room: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that started the server of `room`/data, and neither looks nor reaps."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(room / "data")], stdout=subprocess.PIPE, text=True
    )
    yield process
    process.kill()
    process.wait()
    assert process.stdout is not None
    process.stdout.close()


def pid_from(holder: subprocess.Popen[str]) -> int:
    assert holder.stdout is not None
    return int(holder.stdout.readline())


def keep_a_row(server: Server) -> None:
    with psycopg.connect(server.url("owner")) as connection:
        connection.execute("create table kept (word text)")
        connection.execute("insert into kept values ('here')")


def rows(server: Server) -> list[tuple[object, ...]]:
    with psycopg.connect(server.url("app")) as connection:
        return connection.execute("select word from kept").fetchall()


def kill_all(server: Server) -> None:
    """kill -9 for the server and every process it started, and wait until it is dead."""
    pid = server.pid
    assert pid is not None
    said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, check=True)
    for each in (pid, *map(int, said.stdout.split())):
        with suppress(ProcessLookupError):  # its parent's death may have ended it first
            os.kill(each, signal.SIGKILL)
    until_dead(pid)


def until_dead(pid: int) -> None:
    """A killed process takes a moment to die; a signal says nothing about when."""
    while True:
        said = subprocess.run(
            ["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
        if said.stdout.strip()[:1] in ("", "Z"):
            return
        time.sleep(0.01)


def test_a_started_server_is_durable_and_reached_by_its_socket_alone(room: Path) -> None:
    with ensure(room / "data") as server, psycopg.connect(server.url("app")) as connection:
        said = {
            name: connection.execute("select current_setting(%s)", [name]).fetchone()
            for name in ("fsync", "synchronous_commit", "data_checksums", "listen_addresses")
        }
    assert said == {
        "fsync": ("on",),
        "synchronous_commit": ("on",),
        "data_checksums": ("on",),
        "listen_addresses": ("",),
    }
    assert server.pid is None


def test_the_application_role_uses_rows_but_owns_and_makes_nothing(room: Path) -> None:
    with ensure(room / "data") as server:
        keep_a_row(server)
        assert rows(server) == [("here",)]
        with psycopg.connect(server.url("app")) as connection:
            powers = connection.execute(
                "select rolsuper, rolbypassrls, rolcreatedb, rolcreaterole from pg_roles"
                " where rolname = current_user"
            ).fetchone()
            assert powers == (False, False, False, False)
            for forbidden in ("create table mine ()", "drop table kept", "truncate kept"):
                with pytest.raises(psycopg.errors.InsufficientPrivilege), connection.transaction():
                    connection.execute(forbidden)


def test_a_second_user_joins_and_the_server_stays_until_the_last_one_leaves(room: Path) -> None:
    first = ensure(room / "data")
    keep_a_row(first)
    second = ensure(room / "data")
    assert second.pid == first.pid
    first.stop()
    assert second.pid is not None
    assert rows(second) == [("here",)]
    second.stop()
    assert second.pid is None


def test_a_server_killed_with_all_its_processes_is_started_again(room: Path) -> None:
    with ensure(room / "data") as server:
        keep_a_row(server)
        kill_all(server)
        server.revive()
        assert rows(server) == [("here",)]


def test_a_server_killed_alone_waits_for_its_orphaned_workers(room: Path) -> None:
    with ensure(room / "data") as server:
        keep_a_row(server)
        pid = server.pid
        assert pid is not None
        with psycopg.connect(server.url("app")):
            os.kill(pid, signal.SIGKILL)
            until_dead(pid)
            server.revive()
        assert rows(server) == [("here",)]


def test_a_server_that_falls_again_as_it_is_made_ready_is_waited_for(
    room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepare, falls = cluster.prepare, [signal.SIGKILL]

    def fall_once(maintenance_url: str, database_url: str) -> None:
        with psycopg.connect(maintenance_url) as connection:
            if falls:
                os.kill(connection.info.backend_pid, falls.pop())
                connection.execute("select 1")
        prepare(maintenance_url, database_url)

    with ensure(room / "data") as server:
        keep_a_row(server)
        kill_all(server)
        monkeypatch.setattr(cluster, "prepare", fall_once)
        server.revive()
        assert not falls
        assert rows(server) == [("here",)]


def test_an_orphan_is_adopted_and_ended_by_the_last_user(
    room: Path, holder: subprocess.Popen[str]
) -> None:
    pid = pid_from(holder)
    holder.kill()
    holder.wait()
    server = ensure(room / "data")
    assert server.pid == pid
    server.stop()
    assert server.pid is None


def test_a_zombie_is_not_taken_for_a_live_server(room: Path, holder: subprocess.Popen[str]) -> None:
    pid = pid_from(holder)
    with ensure(room / "data") as server:
        keep_a_row(server)
        kill_all(server)  # its parent lives and never reaps it
        server.revive()
        assert server.pid not in (None, pid)
        assert rows(server) == [("here",)]


def test_a_pid_that_another_program_has_by_now_is_no_server(room: Path) -> None:
    with ensure(room / "data") as server:
        keep_a_row(server)
        kill_all(server)
        pid_file = place_of(room / "data").pid_file
        lines = pid_file.read_text().split("\n")
        pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
        server.revive()
        assert rows(server) == [("here",)]


def test_a_first_start_that_was_cut_off_is_made_anew(room: Path) -> None:
    with ensure(room / "data"):
        pass
    place = place_of(room / "data")
    place.cluster.rename(place.folder / "cluster.new")
    (place.folder / "cluster.new" / "PG_VERSION").unlink()
    with ensure(room / "data") as server:
        keep_a_row(server)
        assert rows(server) == [("here",)]


@pytest.mark.parametrize(
    "name", ["with spaces, and a comma", "with 'quotes\" and % signs", "long" * 30]
)
def test_any_path_will_do(room: Path, name: str) -> None:
    with ensure(room / name) as server:
        keep_a_row(server)
    with ensure(room / name) as server:
        assert rows(server) == [("here",)]
    near = room / name / "postgres" / "socket"
    socket_folder = place_of(room / name).socket_folder
    if socket_folder != near:
        assert len(os.fsencode(socket_folder)) < 50
        assert socket_folder.stat().st_mode & 0o777 == 0o700
        socket_folder.rmdir()


@ROOT_ONLY
def test_root_under_a_private_home_opens_no_folder_and_makes_no_account(private_home: Path) -> None:
    accounts = Path("/etc/passwd").read_bytes()
    with ensure(private_home / "deep" / "data") as server:
        keep_a_row(server)
        assert server.pid is not None
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    assert private_home.stat().st_mode & 0o777 == 0o700
    assert Path("/etc/passwd").read_bytes() == accounts
    assert place_of(private_home / "deep" / "data").folder.parent == SHARED
    with ensure(private_home / "deep" / "data") as server:
        assert rows(server) == [("here",)]


@ROOT_ONLY
def test_root_runs_a_copy_of_programs_that_the_account_cannot_read(
    private_home: Path, room: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree = binaries.find({}).folder.parent
    package = private_home / tree.parent.name
    shutil.copytree(tree, package / tree.name, ignore=shutil.ignore_patterns("include", "*.a"))
    libs = tree.parent.with_name(f"{package.name}.libs")
    shutil.copytree(libs, package.with_name(libs.name))
    monkeypatch.setenv("UJIMA_PG_BIN", str(package / tree.name / "bin"))
    with ensure(room / "data") as server:
        keep_a_row(server)
        program = Path(f"/proc/{server.pid}/exe").resolve()
        assert program.is_relative_to(SHARED / "programs")
        client = subprocess.run([program.with_name("psql"), "--version"], check=False)
        assert client.returncode == 0  # its libraries came along
    assert private_home.stat().st_mode & 0o777 == 0o700
    shutil.rmtree(SHARED / "programs" / program.relative_to(SHARED / "programs").parts[0])


class TestBackup:
    """One server for all; each test says what the database holds first."""

    @pytest.fixture
    def server(self, room: Path) -> Iterator[Server]:
        with ensure(room / "data") as server:
            keep_a_row(server)
            yield server

    @pytest.fixture
    def target(self, server: Server) -> backup.Target:
        return backup.target_of({"UJIMA_DATA": str(server.data)})

    @pytest.fixture
    def file(self, target: backup.Target, room: Path) -> Path:
        backup.back_up(target, room / "today.dump", binaries.find({}))
        return room / "today.dump"

    @staticmethod
    def restore(target: backup.Target, file: Path, *, replace: bool) -> None:
        backup.restore(
            target,
            file,
            binaries.find({}),
            replace=replace,
            now=datetime(2026, 11, 24, tzinfo=UTC),
            say=lambda _: None,
        )

    @staticmethod
    def databases(server: Server) -> set[str]:
        with psycopg.connect(server.url("postgres")) as connection:
            found = connection.execute("select datname from pg_database where not datistemplate")
            return {str(name) for (name,) in found}

    def test_what_was_lost_comes_back_with_its_rights(
        self, server: Server, target: backup.Target, file: Path
    ) -> None:
        with psycopg.connect(server.url("owner")) as connection:
            connection.execute("drop table kept")
        self.restore(target, file, replace=False)
        assert rows(server) == [("here",)]
        with psycopg.connect(server.url("app")) as connection:
            connection.execute("insert into kept values ('more')")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute("create table mine ()")
        with psycopg.connect(server.url("owner")) as connection:
            connection.execute("create table later (word text)")
        with psycopg.connect(server.url("app")) as connection:
            connection.execute("insert into later values ('may')")

    def test_a_database_with_data_is_replaced_only_when_asked(
        self, server: Server, target: backup.Target, file: Path
    ) -> None:
        with psycopg.connect(server.url("app")) as connection:
            connection.execute("insert into kept values ('newer')")
        with pytest.raises(NotEmpty):
            self.restore(target, file, replace=False)
        assert rows(server) == [("here",), ("newer",)]
        with psycopg.connect(server.url("app")):  # somebody is connected, as the site would be
            self.restore(target, file, replace=True)
        assert rows(server) == [("here",)]
        assert self.databases(server) == {"postgres", "ujima"}

    def test_a_file_cut_short_is_refused_and_nothing_changes(
        self, server: Server, target: backup.Target, file: Path
    ) -> None:
        whole = file.read_bytes()
        for kept in (0, 10, len(whole) // 2, len(whole) - 1):
            file.write_bytes(whole[:kept])
            with pytest.raises(BadBackup):
                self.restore(target, file, replace=True)
        assert rows(server) == [("here",)]
        assert self.databases(server) == {"postgres", "ujima"}

    def test_a_backup_is_readable_for_its_maker_alone(self, file: Path) -> None:
        assert file.stat().st_mode & 0o777 == 0o600
        assert [path.name for path in file.parent.glob("*dump*")] == ["today.dump"]
