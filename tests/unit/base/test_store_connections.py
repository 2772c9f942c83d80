"""The way to the database follows from the environment alone."""

from pathlib import Path

import pytest
from psycopg.conninfo import conninfo_to_dict

from ujima.base.store.connections import (
    data_folder,
    embedded_url,
    settings_for,
)
from ujima.base.store.place import place_of, pointer


def test_without_a_url_the_embedded_server_of_the_data_folder_is_meant(tmp_path: Path) -> None:
    assert settings_for("app", {"UJIMA_DATA": str(tmp_path)}) == {
        "NAME": "ujima",
        "USER": "ujima_app",
        "PASSWORD": "",
        "HOST": str(place_of(tmp_path).socket_folder),
        "PORT": "5432",
        "OPTIONS": {},
    }


def test_the_data_folder_is_dot_ujima_here_unless_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert data_folder({}) == tmp_path / ".ujima"
    assert data_folder({"UJIMA_DATA": "elsewhere"}) == tmp_path / "elsewhere"


def test_an_external_url_is_taken_apart_with_all_its_options() -> None:
    env = {"UJIMA_DATABASE_URL": "postgresql://me:p%40ss@db.example:6543/work?sslmode=require"}
    assert settings_for("app", env) == {
        "NAME": "work",
        "USER": "me",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "require"},
    }
    assert settings_for("owner", env) == settings_for("app", env)


def test_the_owner_may_have_a_url_of_its_own() -> None:
    env = {
        "UJIMA_DATABASE_URL": "postgresql://app@/work",
        "UJIMA_OWNER_DATABASE_URL": "postgresql://owner@/work",
    }
    assert settings_for("owner", env)["USER"] == "owner"
    assert settings_for("app", env)["USER"] == "app"


@pytest.mark.parametrize("name", ["plain", "two words", "50% & 'more'", "über/नमस्ते"])
def test_any_path_survives_the_way_through_a_url(tmp_path: Path, name: str) -> None:
    parts = conninfo_to_dict(embedded_url(tmp_path / name, "owner"))
    assert parts["host"] == str(place_of(tmp_path / name).socket_folder)
    assert parts["user"] == "ujima_owner"


@pytest.mark.parametrize("name", ["x" * 120, "a,b"])
def test_a_socket_path_that_cannot_be_used_is_replaced_by_a_short_one(name: str) -> None:
    folder = place_of(Path("/data") / name).socket_folder
    assert len(str(folder)) < 50
    assert "," not in str(folder)
    assert folder == place_of(Path("/data") / name).socket_folder
    assert folder != place_of(Path("/data") / f"{name}2").socket_folder


def test_a_pointer_moves_the_place(tmp_path: Path) -> None:
    pointer(tmp_path).write_text("/elsewhere/with space \n")
    assert place_of(tmp_path).folder == Path("/elsewhere/with space ")
