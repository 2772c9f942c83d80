"""Which PostgreSQL is taken."""

from pathlib import Path

import pytest

from ujima.base.store import binaries
from ujima.base.store.errors import NoPostgres, OtherVersion


def make_programs(folder: Path, version: str, *, without: str = "") -> Path:
    folder.mkdir(parents=True)
    for name in binaries.NEEDED:
        if name != without:
            (folder / name).write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
            (folder / name).chmod(0o755)
    return folder


def test_the_named_folder_is_taken(tmp_path: Path) -> None:
    folder = make_programs(tmp_path / "my bin", "17.2 (Debian)")
    found = binaries.find({"UJIMA_PG_BIN": str(folder)})
    assert (found.folder, found.major) == (folder, 17)


@pytest.mark.parametrize(("version", "without"), [("13.9", ""), ("17.2", "initdb"), ("odd", "")])
def test_a_named_folder_that_will_not_do_is_refused_by_name(
    tmp_path: Path, version: str, without: str
) -> None:
    folder = make_programs(tmp_path / "bin", version, without=without)
    with pytest.raises(NoPostgres, match=str(folder)):
        binaries.find({"UJIMA_PG_BIN": str(folder)})


def test_the_newest_of_the_systems_is_taken_when_no_wheel_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("9", "15", "16"):
        make_programs(tmp_path / version / "bin", f"{version}.1")
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "_SYSTEM", tmp_path)
    assert binaries.find({}).major == 16


def test_an_existing_cluster_gets_its_own_version_or_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version in ("15", "16"):
        make_programs(tmp_path / version / "bin", f"{version}.1")
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "_SYSTEM", tmp_path)
    assert binaries.find({}, major=15).major == 15
    with pytest.raises(OtherVersion, match=r"PostgreSQL 17.*only 16"):
        binaries.find({}, major=17)


def test_programs_on_the_path_are_the_last_resort(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_programs(tmp_path / "bin", "18beta1")
    monkeypatch.setattr(binaries, "WHEELS", ("no_such_wheel",))
    monkeypatch.setattr(binaries, "_SYSTEM", tmp_path / "nothing")
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    assert binaries.find({}).folder == folder.resolve()


def test_without_any_the_refusal_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "WHEELS", ())
    monkeypatch.setattr(binaries, "_SYSTEM", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoPostgres, match="UJIMA_PG_BIN"):
        binaries.find({})


def test_a_tool_sees_no_pg_variable_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("PGDATA", "/elsewhere")
    assert not [name for name in binaries.clean_environment() if name.startswith("PG")]
