"""The documents are true: settings, words and links that they name exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
INTERNAL = {"UJIMA_BENCH", "UJIMA_SNAPSHOT", "UJIMA_TOKEN"}


def test_every_setting_in_the_code_is_told_of_and_every_one_told_of_is_in_the_code():
    files = [*(ROOT / "src").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    files += [f for f in (ROOT / "bin").iterdir() if f.is_file()]
    used = {name for f in files for name in re.findall(r"UJIMA_[A-Z_]*[A-Z]", f.read_text())}
    told = set(re.findall(r"`(UJIMA_[A-Z_]+)", (ROOT / "docs/running.md").read_text()))
    assert used - told - INTERNAL == set()
    assert told - used == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text())
    missing = [link for link in links if not (page.parent / link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_source_files_named_on_a_page_exist(page):
    named = re.findall(r"`((?:src|tests|docs|bin|benchmarks)/[\w./-]+)`", page.read_text())
    missing = [name for name in named if not (ROOT / name).exists()]
    assert missing == []


def test_each_domain_folder_has_its_words():
    words = (ROOT / "docs/words.md").read_text()
    for domain in ("audit", "people", "work", "quality", "pay"):
        assert f"| `{domain}` |" in words
