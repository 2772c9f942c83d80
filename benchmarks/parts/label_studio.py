"""Label Studio, from the package registry in an environment of its own, as the yardstick."""

import re
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.parts.figures import say
from benchmarks.parts.jobs import CONFIG, LABELS
from benchmarks.parts.load import Turn
from benchmarks.parts.processes import free_port, running
from benchmarks.parts.store import cache
from benchmarks.parts.wire import Answered, Wire

VERSION = "1.23.2"
TOKEN = "5dd9c32d0f1c4a0a9b7c0f7f4b1f3a2e6c8d7b90"
PASSWORD = "A-yardstick-and-no-secret-1"


def environment() -> Path:
    """Its environment, made on first use."""
    home = cache() / f"label-studio-{VERSION}"
    if not (home / "made").exists():
        say(f"installing Label Studio {VERSION} into an environment of its own (some minutes)")
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(home)], check=True)
        pip = [str(home / "bin/python"), "-m", "pip", "install", "-qq"]
        subprocess.run([*pip, f"label-studio=={VERSION}"], check=True, stdout=sys.stderr)
        (home / "made").touch()
    return home


@dataclass
class LabelStudio:
    """A running Label Studio and the project that is measured."""

    pid: int
    wire: Wire
    project: int = 0
    admin: dict[str, str] = field(default_factory=lambda: {"Authorization": f"Token {TOKEN}"})

    def make_project(self) -> None:
        """A project with the benchmark's labelling config."""
        made = self.wire.call(
            "POST", "/api/projects", {"title": "bench", "label_config": CONFIG}, **self.admin
        )
        self.project = made["id"]

    def bring_in(self, units: Sequence[dict[str, str]]) -> None:
        """Texts into the project, in one request."""
        path = f"/api/projects/{self.project}/import"
        self.wire.call("POST", path, list(units), **self.admin)

    def worker(self, number: int) -> dict[str, str]:
        """A person of her own, joined through the organisation's link, and her token's header."""
        link = self.wire.call("GET", "/api/invite", **self.admin)["invite_url"]
        path = link[link.index("/user/signup") :]
        jar: dict[str, str] = {}
        page = self._browse("GET", path, jar)
        found = re.search(rb'csrfmiddlewaretoken" value="([^"]+)', page)
        if not found:
            raise AssertionError("no sign-up form")
        form = {
            "csrfmiddlewaretoken": found[1].decode(),
            "email": f"w{number}@bench.example",
            "password": PASSWORD,
        }
        self._browse("POST", path, jar, urllib.parse.urlencode(form).encode())
        cookie = "; ".join(f"{name}={value}" for name, value in jar.items())
        token = self.wire.call("GET", "/api/current-user/token", Cookie=cookie)["token"]
        return {"Authorization": f"Token {token}"}

    def _browse(
        self, method: str, path: str, jar: dict[str, str], form: bytes | None = None
    ) -> bytes:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
        if form:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Referer": f"http://127.0.0.1:{self.wire.port}{path}",
            }
        _, body, told = self.wire.raw(method, path, form, headers)
        for name, value in told:
            if name.lower() == "set-cookie":
                key, _, rest = value.split(";")[0].partition("=")
                jar[key] = rest
        return body

    def turn_of(self, worker: dict[str, str], answered: list[int]) -> Turn:
        """Her turn: the next task, and its answer; notes which task it was."""

        def turn() -> int:
            task: dict[str, Any]
            try:
                task = self.wire.call("GET", f"/api/projects/{self.project}/next", **worker)
            except Answered as told:
                if told.status == 404:
                    return 0
                raise
            value = {"choices": [LABELS[task["id"] % 3]]}
            result = [{"from_name": "label", "to_name": "text", "type": "choices", "value": value}]
            self.wire.call(
                "POST",
                f"/api/tasks/{task['id']}/annotations/",
                {"result": result, "lead_time": 5.0},
                **worker,
            )
            answered.append(task["id"])
            return 1

        return turn


def command(home: Path, port: int) -> list[str]:
    """What starts it."""
    return [str(home / "bin/label-studio"), "start", "--no-browser", "--port", str(port)]


def settings(home: Path, data: Path) -> dict[str, str]:
    """Its environment: an account with a token, no telemetry, links that lead back to it."""
    return {
        "PATH": f"{home / 'bin'}:/usr/bin:/bin",
        "HOME": str(data),
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        "LABEL_STUDIO_USERNAME": "admin@bench.example",
        "LABEL_STUDIO_PASSWORD": PASSWORD,
        "LABEL_STUDIO_USER_TOKEN": TOKEN,
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "COLLECT_ANALYTICS": "false",
        "SENTRY_DSN": "",
        "FRONTEND_SENTRY_DSN": "",
        "LATEST_VERSION_CHECK": "false",
    }


@contextmanager
def label_studio(folder: Path) -> Iterator[LabelStudio]:
    """One that runs, on its default store, with a project."""
    home, port = environment(), free_port()
    folder.mkdir(parents=True)
    url = f"http://127.0.0.1:{port}/health"
    env = settings(home, folder)
    with running(command(home, port), env, folder / "log", url) as process:
        peer = LabelStudio(process.pid, Wire(port))
        peer.make_project()
        yield peer
