"""Public pages, layouts and error pages obey the content policy and say what they must."""

import hashlib
import re
from pathlib import Path

import pytest
from django.http import HttpRequest, HttpResponse
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation

import ujima.web
from ujima.web import icons, promises, public

WEB = Path(ujima.web.__file__).parent
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))
SHEET = (WEB / "static/ujima/ujima.css").read_text()
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)|hx-on", re.I)
# Classes that mark a thing for a script or a test, or that only group.
UNSTYLED = {"public"}


def page(view: str, language: str = "en") -> str:
    request: HttpRequest = RequestFactory().get("/")
    with translation.override(language):
        response: HttpResponse = getattr(public, view)(request)
    assert response.status_code == 200
    return response.content.decode()


VIEWS = ["home", "how_we_treat_workers", "components"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_no_template_has_inline_script_style_or_handler(path: Path) -> None:
    assert INLINE.findall(path.read_text()) == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_page_has_inline_script_style_or_handler(view: str) -> None:
    assert INLINE.findall(page(view)) == []


@pytest.mark.parametrize("view", VIEWS)
def test_every_class_on_a_page_is_in_the_stylesheet(view: str) -> None:
    used = {c for group in re.findall(r'class="([^"]*)"', page(view)) for c in group.split()}
    known = set(re.findall(r"\.([a-z][\w-]*)", SHEET)) | {"h0", "icon"} | UNSTYLED
    assert used - known == set()


@pytest.mark.parametrize("view", VIEWS)
def test_no_id_stands_twice_on_a_page(view: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', page(view))
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("language", "direction"), [("en", "ltr"), ("ur", "rtl"), ("sw", "ltr")])
def test_a_page_names_its_language_and_direction(language: str, direction: str) -> None:
    assert f'<html lang="{language}" dir="{direction}">' in page("home", language)


@pytest.mark.parametrize(
    ("cookie", "mark"), [("dark", 'data-theme="dark"'), ("light", 'data-theme="light"')]
)
def test_the_theme_a_person_chose_is_written_by_the_server(cookie: str, mark: str) -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = cookie
    assert mark in public.home(request).content.decode()


def test_a_theme_cookie_with_other_content_is_ignored() -> None:
    request = RequestFactory().get("/")
    request.COOKIES["theme"] = '"><script>'
    assert "data-theme" not in public.home(request).content.decode()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "500", "503"])
def test_error_pages_render_without_any_context(code: str) -> None:
    html = get_template(f"{code}.html").render()
    assert html.count("<h1>") == 1
    assert INLINE.findall(html) == []


def test_the_page_on_workers_shows_every_promise_and_who_keeps_it() -> None:
    html = page("how_we_treat_workers")
    rules = [rule for part in promises.PROMISES for rule in part.rules]
    kept = sum(rule.kept_by_software for rule in rules)
    assert all(str(rule.title) in html for rule in rules)
    assert html.count("The software keeps this") == kept
    assert html.count("People keep this") == len(rules) - kept


def test_workers_pages_load_no_script_and_staff_pages_load_htmx_without_eval() -> None:
    worker = get_template("ujima/layouts/worker.html").render()
    staff = get_template("ujima/layouts/staff.html").render()
    assert "<script" not in worker
    assert "vendor/htmx.min.js" in staff
    assert '"allowEval":false' in staff
    assert '"includeIndicatorStyles":false' in staff


def test_every_icon_named_in_a_template_exists() -> None:
    named = {n for p in TEMPLATES for n in re.findall(r'{% icon "([\w-]+)"', p.read_text())}
    assert named <= icons.SHAPES.keys()
    assert icons.SHAPES.keys() >= icons.ALONG_THE_LINE


def test_vendored_code_is_what_its_note_says() -> None:
    note = (WEB / "static/ujima/vendor/VENDOR.md").read_text()
    digest = hashlib.sha256((WEB / "static/ujima/vendor/htmx.min.js").read_bytes()).hexdigest()
    assert digest in note


def test_every_script_that_a_template_asks_for_exists() -> None:
    asked = {n for p in TEMPLATES for n in re.findall(r'{% static "([^"]+)" %}', p.read_text())}
    assert [name for name in asked if not (WEB / "static" / name).exists()] == []
