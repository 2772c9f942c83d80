"""What every test may lean on: its own database as the application role, and no silent skips."""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.test import override_settings
from pytest_django import DjangoDbBlocker
from tests.database import TestServer, running_server

from ujima.base.failing import bad_tokens
from ujima.base.store.connections import settings_for, with_database

NO_SKIPS = os.environ.get("UJIMA_NO_SKIPS") == "1"


@dataclass(frozen=True)
class TestDatabase:
    """This test process's database: connection strings as the app role and as the owner."""

    __test__ = False
    server: TestServer
    name: str

    @property
    def app_url(self) -> str:
        return with_database(self.server.app, self.name)

    @property
    def owner_url(self) -> str:
        return with_database(self.server.owner, self.name)


@pytest.fixture(scope="session")
def database() -> Iterator[TestDatabase]:
    """A migrated database of this process's own; child processes find it in the environment."""
    with running_server() as server, pytest.MonkeyPatch.context() as patch:
        own = TestDatabase(server, f"ujima_test_{os.getpid()}")
        server.copy(own.name)
        patch.setenv("UJIMA_DATABASE_URL", own.app_url)
        patch.setenv("UJIMA_OWNER_DATABASE_URL", own.owner_url)
        yield own
        server.drop(own.name)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_blocker: DjangoDbBlocker, database: TestDatabase
) -> Iterator[None]:
    """Point Django at this process's database, as the application role that serves in truth."""
    current = connections.settings["default"]
    given = settings_for("app", os.environ)
    current.update(given | {"OPTIONS": current["OPTIONS"] | given["OPTIONS"]})
    yield
    with django_db_blocker.unblock():
        connections.close_all()


@pytest.fixture
def committed_db(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, database: TestDatabase
) -> Iterator[None]:
    """For tests that need real commits, threads or processes; afterwards the database is new."""
    with django_db_blocker.unblock():
        yield
        connections.close_all()
    database.server.copy(database.name)


@pytest.fixture(scope="session", autouse=True)
def _files_apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Uploads of tests go to a folder of their own; static files are those in the source."""
    files: Path = tmp_path_factory.mktemp("files")
    storages: dict[str, Any] = {
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": files},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    with override_settings(STORAGES=storages, STATIC_ROOT=tmp_path_factory.mktemp("static")):
        yield


@pytest.fixture(autouse=True)
def _bad_tokens_forgotten() -> None:
    """What one test sends in vain limits no other."""
    bad_tokens.forget()


class Soon(random.Random):
    """Chance that always falls out as gold, while there is any: tests know what comes."""

    def random(self) -> float:
        return 0.0


@pytest.fixture(autouse=True)
def _gold_comes_first(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Gold comes at once, except where a test is about how it comes."""
    if "/unit/" not in str(request.path):
        monkeypatch.setattr("ujima.work.actions.leases.CHANCE", Soon())


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[Any]:
    """With UJIMA_NO_SKIPS=1, as in CI, a skipped test has failed: something was not tried."""
    report: pytest.TestReport = yield
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {report.longrepr}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    """The same for a whole file that skips itself."""
    report: pytest.CollectReport = yield
    if NO_SKIPS and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"skipped, but nothing may be skipped here: {report.longrepr}"
    return report
