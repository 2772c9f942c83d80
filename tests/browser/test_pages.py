"""The buyer's, the worker's and the provider's pages in a real Chromium, on the demo's data."""

from collections.abc import Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect
from tests.browser.site import Site, browser, chromium, demo_site

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium() is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with demo_site(tmp_path_factory.mktemp("demo")) as site:
        yield site


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    with browser() as chrome:
        yield chrome


@pytest.fixture
def page(chrome: Browser) -> Iterator[Page]:
    """A page of a 360 px phone; a script's error or a refused resource fails the test."""
    context = chrome.new_context(viewport={"width": 360, "height": 720}, has_touch=True)
    page = context.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("console", lambda m: troubles.append(m.text) if m.type == "error" else None)
    yield page
    context.close()
    assert troubles == []


def fits(page: Page) -> bool:
    """Whether nothing of a page that is all there must be scrolled sideways."""
    page.wait_for_function("document.body && document.readyState === 'complete'")
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_worker_takes_a_page_answers_it_and_sees_what_she_earned(site, page):
    site.sign_in_worker(page)
    expect(page.locator("body")).to_contain_text("Does this follow from the text?")
    assert fits(page)
    page.get_by_role("link", name="Look").or_(page.get_by_role("button", name="Take")).first.click()
    if "/work/page/" not in page.url:
        page.get_by_role("button", name="Take").first.click()
    page.wait_for_url("**/work/page/**")
    assert fits(page)
    for _ in range(10):
        if page.locator("input[type=radio]").count() == 0:
            break
        page.locator("label:has(input[type=radio])").first.click()
        page.locator("main form button[type=submit], main form button.btn").first.click()
        page.wait_for_load_state()
    page.goto(f"{site.address}/earnings")
    earned = page.locator("main .big").first.inner_text()
    assert Decimal(earned.removeprefix("$")) > 0
    assert fits(page)


def test_a_worker_without_javascript_can_answer(site, chrome):
    context = chrome.new_context(viewport={"width": 360, "height": 720}, java_script_enabled=False)
    page = context.new_page()
    site.sign_in_worker(page)
    page.goto(f"{site.address}/work/{site.setting['open_job_id']}")
    page.locator("main form button.btn").first.click()
    expect(page.locator("input[type=radio]").first).to_be_visible()
    at = int(page.locator(".bar .muted").inner_text().split()[0])
    page.locator("label:has(input[type=radio])").last.click()
    page.locator("main form button.btn").first.click()
    expect(page.locator(".bar .muted")).to_contain_text(f"{at + 1} of ")
    expect(page.locator("main")).to_contain_text("answered on this page: $")
    context.close()


def test_time_in_sight_goes_on_over_a_reload(site, page):
    site.sign_in_worker(page)
    page.goto(f"{site.address}/work/{site.setting['open_job_id']}")
    page.locator("main .btn").first.click()  # takes a page, or goes on with hers
    page.wait_for_url("**/work/page/**")
    page.wait_for_timeout(1500)
    page.reload()
    page.wait_for_function("document.readyState === 'complete'")

    sent = page.evaluate(
        """() => { const form = document.querySelector('form[data-unit]');
        form.addEventListener('submit', (event) => event.preventDefault());
        form.dispatchEvent(new Event('submit', {cancelable: true}));
        return Number(form.elements.seen.value); }"""
    )

    assert 1500 <= sent < 20_000


def test_the_buyer_sees_the_job_its_results_and_every_judgment(site, page):
    site.sign_in_staff(page, "requester", "Acme")
    job = f"{site.address}/jobs/{site.setting['job_id']}"
    for path in (f"{site.address}/jobs", job, f"{job}/results"):
        page.goto(path)
        assert fits(page), path
    expect(page.locator("main")).to_contain_text("yes")
    page.locator("main table tbody a").first.click()
    expect(page.locator("main")).to_contain_text("theirs in this job only")
    assert fits(page)


def test_the_second_organisation_finds_nothing(site, page):
    site.sign_in_staff(page, "requester", "Rift")
    page.goto(f"{site.address}/jobs")
    expect(page.locator("main")).not_to_contain_text("Entailment")


def test_a_manager_invites_a_worker_sees_her_at_work_and_payroll_what_she_earned(
    site, page, chrome
):
    site.sign_in_staff(page, "manager", "Sundarban")
    page.get_by_role("link", name="Invite", exact=True).click()
    assert fits(page)
    page.get_by_label("Name").fill("Mira")
    page.get_by_label("Worker code").fill("mira1")
    page.get_by_label("Centre or group").select_option(label="Nadia, at home")
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_role("heading", name="The invitation is ready")).to_be_visible()
    assert fits(page)
    joins(chrome, page.locator("#link").inner_text())

    page.goto(f"{site.address}/people?search=mira1")
    page.get_by_role("link", name="Mira").click()
    expect(page.locator("main")).to_contain_text("Nadia, at home")
    expect(page.locator("main")).not_to_contain_text("$")
    for place, what in {"Offers": "Does this follow from the text?", "People": "Mira"}.items():
        page.get_by_role("link", name=place, exact=True).first.click()
        expect(page.locator("main")).to_contain_text(what)
        assert fits(page), place
    page.goto(f"{site.address}/offers")
    page.get_by_role("link", name="Does this follow from the text?").click()
    expect(page.locator("main")).to_contain_text("Who is at work now")
    expect(page.locator("table").first).to_contain_text("Mira")
    assert fits(page)
    page.goto(f"{site.address}/operator/funds")
    assert fits(page)

    page.context.clear_cookies()
    site.sign_in_staff(page, "payroll", "Sundarban")
    page.goto(f"{site.address}/payroll")
    row = page.get_by_role("row").filter(has_text="mira1")
    expect(row).to_contain_text("$0.02")
    assert fits(page)


def joins(chrome: Browser, link: str) -> None:
    """A worker opens her invitation on her own phone, joins, and answers one unit."""
    context = chrome.new_context(viewport={"width": 360, "height": 720}, has_touch=True)
    page = context.new_page()
    page.goto(link)
    page.fill("input[name=name]", "Mira")
    page.fill("input[name=pin]", "835274")
    page.fill("input[name=again]", "835274")
    page.click("main form button.btn")
    page.wait_for_url("**/work")
    page.get_by_role("link", name="Look").first.click()
    page.get_by_role("button", name="Take").first.click()
    page.wait_for_url("**/work/page/**")
    page.locator("label:has(input[type=radio])").first.click()
    page.locator("main form button.btn").first.click()
    expect(page.locator("body")).to_contain_text("2 of")
    context.close()
