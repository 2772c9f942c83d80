"""A real Chromium on the demo's site: how both are started, and who signs in how."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
]  # fmt: skip


def chromium() -> str | None:
    """The system's Chromium, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)


@dataclass
class Site:
    """A demo that has been played to its end and stays up."""

    address: str
    setting: dict[str, object]

    def login(self, who: str, organisation: str = "") -> tuple[str, str]:
        for login in self.setting["logins"]:
            if login["who"] == who and organisation in login["organisation"]:
                return login["name"], login["secret"]
        raise KeyError(who)

    def sign_in_staff(self, page: Page, who: str, organisation: str = "") -> None:
        name, secret = self.login(who, organisation)
        page.goto(f"{self.address}/sign-in?as=staff")
        page.fill("input[name=email]", name)
        page.fill("input[name=password]", secret)
        page.click("main form button.btn")
        page.wait_for_url(lambda url: "/sign-in" not in url)

    def sign_in_worker(self, page: Page) -> None:
        name, secret = self.login("worker")
        page.goto(f"{self.address}/sign-in?as=worker")
        if page.locator("select[name=provider]").count():
            page.select_option("select[name=provider]", label="Sundarban Digital")
        page.fill("input[name=code]", name)
        page.fill("input[name=pin]", secret)
        page.click("main form button.btn")
        page.wait_for_url(lambda url: "/sign-in" not in url)


@contextmanager
def demo_site(data: Path) -> Iterator[Site]:
    """Play the demo in a process of its own, and keep its site up."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if not k.startswith("UJIMA_")}
    command = [sys.executable, "-m", "ujima.commands.main", "demo", "--fast", "--no-browser"]
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=kept | {"UJIMA_DATA": str(data)},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        for line in process.stdout:
            if "What came out" in line:
                break
        else:
            raise RuntimeError("the demo ended before its result")
        setting = json.loads((data / "demo" / "demo.json").read_text())
        yield Site(f"http://localhost:{port}", setting)
    finally:
        process.terminate()
        process.wait(60)
        process.stdout.close()


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield started
        started.close()
