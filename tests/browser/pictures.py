"""Makes the pictures of the documents: `python -m tests.browser.pictures [FOLDER]`.

Plays the demo, then looks at its pages as a phone and as a desktop, light and dark.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page
from tests.browser.site import Site, browser, demo_site

ROOT = Path(__file__).parents[2]
SIZES = {"phone": (360, 720), "desktop": (1280, 800)}


def shoot(page: Page, folder: Path, name: str, *, whole: bool) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=folder / f"{name}.png", full_page=whole)
    print(name, flush=True)


def look(chrome: Browser, site: Site, folder: Path, *, everything: bool) -> None:
    """The pages that the documents show; with `everything`, each in each size and colour."""
    job = f"/jobs/{site.setting['job_id']}"
    staff = {
        "requester": {
            "jobs": "/jobs", "buyer-job": job, "results": f"{job}/results", "tokens": "/tokens",
            "funds": "/funds", "export": f"{job}/export", "new-job": "/jobs/new",
            "quality": f"{job}/quality", "review": f"{job}/review", "acceptance": f"{job}/lots",
        },
        "manager": {
            "provider-people": "/people", "offers": "/offers", "operator-funds": "/operator/funds",
        },
        "payroll": {"payroll": "/payroll"},
        "auditor": {"audit": "/audit"},
    }  # fmt: skip
    kept = {("buyer-job", "desktop", "light"), ("provider-people", "desktop", "light")}
    for size, (width, height) in SIZES.items():
        for colour in ("light", "dark"):
            if not everything and colour == "dark":
                continue
            for who, pages in staff.items():
                context = chrome.new_context(
                    viewport={"width": width, "height": height}, color_scheme=colour
                )
                page = context.new_page()
                site.sign_in_staff(page, who, "Acme" if who == "requester" else "Sundarban")
                for name, path in pages.items():
                    if everything or (name, size, colour) in kept:
                        page.goto(site.address + path)
                        suffix = f"-{size}-{colour}" if everything else ""
                        whole = everything or name != "provider-people"  # a long list
                        shoot(page, folder, name + suffix, whole=whole)
                context.close()
    for colour in ("light", "dark"):
        for direction in ("ltr", "rtl"):
            if not everything and (colour, direction) != ("light", "ltr"):
                continue
            _worker(chrome, site, folder, colour, direction, everything)


def _worker(
    chrome: Browser, site: Site, folder: Path, colour: str, direction: str, everything: bool
) -> None:
    context = chrome.new_context(viewport={"width": 360, "height": 720}, color_scheme=colour)
    # no language from right to left has its words yet: the sides turn under English ones
    context.add_init_script(
        "document.addEventListener('DOMContentLoaded', "
        f"() => {{ document.documentElement.dir = '{direction}'; }})"
    )
    page = context.new_page()
    suffix = f"-{colour}-{direction}" if everything else ""
    if everything:
        for name, path in {"home": "/", "promises": "/how-we-treat-workers"}.items():
            page.goto(site.address + path)
            shoot(page, folder, name + suffix, whole=True)
        page.goto(f"{site.address}/sign-in?as=worker")
        shoot(page, folder, "sign-in" + suffix, whole=True)
    site.sign_in_worker(page)
    shoot(page, folder, "worker-home" + suffix, whole=True)
    page.goto(f"{site.address}/work/{site.setting['open_job_id']}")
    if everything:
        shoot(page, folder, "worker-look" + suffix, whole=True)
    page.locator("main .btn").first.click()  # takes a page, or goes on with the one she holds
    page.wait_for_url("**/work/page/**")
    shoot(page, folder, "worker-unit" + suffix, whole=True)
    if everything:
        page.goto(f"{site.address}/earnings")
        shoot(page, folder, "worker-earnings" + suffix, whole=True)
    context.close()


def main() -> None:
    everything = len(sys.argv) > 1
    folder = Path(sys.argv[1]) if everything else ROOT / "docs" / "pictures"
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data, demo_site(Path(data)) as site, browser() as chrome:
        look(chrome, site, folder, everything=everything)


if __name__ == "__main__":
    main()
