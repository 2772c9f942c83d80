"""The stylesheet's colours can be read by everyone, and its weight suits a slow line."""

import re
from pathlib import Path

import brotli
import pytest

import ujima.web

SHEET = (Path(ujima.web.__file__).parent / "static/ujima/ujima.css").read_text()

TEXT = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "line"),
    ("ink", "primary-soft"),
    ("ink", "ok-soft"),
    ("ink", "accent-soft"),
    ("ink", "danger-soft"),
    ("paper", "ink"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("muted", "primary-soft"),
    ("muted", "ok-soft"),
    ("muted", "danger-soft"),
    ("primary", "paper"),
    ("primary", "surface"),
    ("primary", "primary-soft"),
    ("on-primary", "primary"),
    ("ok", "ok-soft"),
    ("ok", "surface"),
    ("ok", "paper"),
    ("warn", "accent-soft"),
    ("warn", "surface"),
    ("danger", "danger-soft"),
    ("danger", "surface"),
    ("danger", "paper"),
    ("on-danger", "danger"),
]
# WCAG 1.4.11: what must be seen to use a control or to read a chart.
SHAPES = [
    ("edge", "surface"),
    ("edge", "paper"),
    ("mark", "surface"),
    ("primary", "surface"),
    ("primary", "paper"),
    ("mark", "paper"),
]


def _tokens(selector: str) -> dict[str, str]:
    block = re.search(re.escape(selector) + r"\s*\{([^}]*)\}", SHEET)
    assert block, f"{selector} is not in the stylesheet"
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", block[1]))


THEMES = {"light": _tokens(":root, [data-theme=light]"), "dark": _tokens("\n[data-theme=dark]")}


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def test_black_on_white_has_the_contrast_that_wcag_states() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("words", "ground"), TEXT)
def test_words_stand_out_from_their_ground(theme: str, words: str, ground: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[words], tokens[ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("shape", "ground"), SHAPES)
def test_edges_and_lines_can_be_seen(theme: str, shape: str, ground: str) -> None:
    tokens = THEMES[theme]
    assert contrast(tokens[shape], tokens[ground]) >= 3


def test_dark_is_the_same_whether_the_device_or_the_person_asks_for_it() -> None:
    assert _tokens(":root:not([data-theme=light])") == THEMES["dark"]


def test_both_themes_name_the_same_colours() -> None:
    assert THEMES["light"].keys() == THEMES["dark"].keys()


def test_every_colour_used_is_a_token() -> None:
    named = set(re.findall(r"--([\w-]+):", SHEET))
    assert set(re.findall(r"var\(--([\w-]+)\)", SHEET)) <= named


def test_the_stylesheet_fits_into_six_kilobytes_on_the_wire() -> None:
    assert len(brotli.compress(SHEET.encode(), quality=11)) < 6 * 1024


def test_sides_are_logical_so_that_right_to_left_needs_no_second_sheet() -> None:
    physical = re.findall(r"(?:margin|padding|border)-(?:left|right)|[{;]\s*(?:left|right):", SHEET)
    assert physical == []
