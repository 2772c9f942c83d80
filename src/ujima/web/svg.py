"""The few shapes our charts are made of, as SVG text.

Attributes only, no `style`: the content security policy forbids inline style, and colours come from
classes in ujima.css so that they follow the theme. Horizontal places are percentages of the
drawing's width and vertical ones pixels, so a chart fills a phone or a desk and its text keeps its
size.
"""

from collections.abc import Sequence
from html import escape


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def line(x1: float, y1: float, x2: float, y2: float, css: str) -> str:
    """A straight line; x in shares of the width (0 to 1), y in pixels."""
    return (
        f'<line x1="{_percent(x1)}" y1="{y1:.1f}" x2="{_percent(x2)}" y2="{y2:.1f}" class="{css}"/>'
    )


def rect(x: float, y: float, width: float, height: float, css: str, radius: int = 0) -> str:
    """A box; x and width in shares of the drawing's width, y and height in pixels."""
    corner = f' rx="{radius}"' if radius else ""
    return (
        f'<rect x="{_percent(x)}" y="{y:.1f}" width="{_percent(width)}" height="{height:.1f}"'
        f'{corner} class="{css}"/>'
    )


def dot(x: float, y: float, css: str = "dot", radius: float = 6) -> str:
    """A round mark; x in shares of the width, y and radius in pixels."""
    return f'<circle cx="{_percent(x)}" cy="{y:.1f}" r="{radius:g}" class="{css}"/>'


def text(x: float, y: float, words: str, anchor: str = "start", css: str = "") -> str:
    """Words with their baseline at y; `anchor` is start, middle or end."""
    named = f' class="{css}"' if css else ""
    return (
        f'<text x="{_percent(x)}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(words)}</text>'
    )


def curve(points: Sequence[tuple[float, float]], css: str) -> str:
    """A path through (x, y) in a 1000-wide plane; belongs inside `plane`."""
    return f'<path d="{_path(points)}" class="{css}" vector-effect="non-scaling-stroke"/>'


def band(
    upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], css: str
) -> str:
    """The area between two curves over the same xs; belongs inside `plane`."""
    return f'<path d="{_path([*upper, *reversed(lower)])}Z" class="{css}"/>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def plane(height: int, inside: str) -> str:
    """A 1000-wide plane stretched over the whole drawing, for curves."""
    return (
        f'<svg width="100%" height="{height}" viewBox="0 0 1000 {height}" '
        f'preserveAspectRatio="none">{inside}</svg>'
    )


def drawing(height: int, inside: str, *, title: str, told: str) -> str:
    """One picture with its name and its text alternative; `height` in pixels."""
    return (
        f'<svg width="100%" height="{height}" role="img" aria-label="{escape(title)}">'
        f"<title>{escape(title)}</title><desc>{escape(told)}</desc>{inside}</svg>"
    )
