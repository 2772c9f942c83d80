"""The report's pictures as SVG. What each shows stands beside it as words or a table too."""

from collections.abc import Sequence
from html import escape

from ujima.quality.report_html.values import Bin, Interval

#: sides of the square in which confidence and accuracy are drawn, and the room for its words
SIDE, BEFORE, BELOW = 280, 48, 36
TALL = 120  # the tallest column of how sure the answers are
MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def percent(share: float, digits: int = 0) -> str:
    """0.924 as "92 %", or "92.4 %" with one digit; a no-break space before the sign."""
    return f"{share * 100:.{digits}f}\u00a0%"


def calibration(bins: Sequence[Bin]) -> str:
    """Confidence across, accuracy up: a dot with its interval each, honest on the diagonal."""
    grid = "".join(
        f'<line class="rule" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(m)}" y2="{_y(m)}"/>'
        f'<text x="{BEFORE - 8}" y="{_y(m) + 4}" text-anchor="end">{percent(m)}</text>'
        f'<text x="{_x(m)}" y="{SIDE + 30}" text-anchor="middle">{percent(m)}</text>'
        for m in MARKS
    )
    even = f'<line class="even" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
    size = f"0 0 {BEFORE + SIDE + 24} {SIDE + BELOW + 4}"
    named = "How sure the answers were (across) and how many of them were right (up)"
    return (
        f'<svg class="square" viewBox="{size}" role="img" aria-label="{named}">'
        f"{grid}{even}{''.join(map(_dot, bins))}</svg>"
    )


def _dot(one: Bin) -> str:
    if one.right.mid is None:
        return ""
    x = _x(one.confidence)
    return (
        f'<line class="whisker" x1="{x}" x2="{x}" y1="{_y(one.right.low)}" '
        f'y2="{_y(one.right.high)}"/><circle class="dot" cx="{x}" cy="{_y(one.right.mid)}" r="5"/>'
    )


def _x(share: float) -> float:
    return round(BEFORE + SIDE * _share(share), 1)


def _y(share: float) -> float:
    return round(12 + SIDE * (1 - _share(share)), 1)


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def columns(counts: Sequence[int]) -> str:
    """How many answers lie in each of equal parts of 0 to 1; each column has its count above it."""
    most, part = max(counts), 100 / len(counts)
    drawn = "".join(_column(n, most, at * part, part) for at, n in enumerate(counts))
    scale = "".join(
        f'<text x="{100 * m:g}%" y="{TALL + 38}" text-anchor="{_anchor(m)}">{percent(m)}</text>'
        for m in (0.0, 0.5, 1.0)
    )
    named = "How many answers are how sure"
    return f'<svg height="{TALL + 44}" role="img" aria-label="{named}">{drawn}{scale}</svg>'


def _column(n: int, most: int, start: float, part: float) -> str:
    tall = TALL * n / most if most else 0.0
    if n:
        tall = max(tall, 2.0)  # one answer among a million is still seen
    words = (
        f'<text x="{start + part / 2:.2f}%" y="{TALL + 14 - tall:.1f}" text-anchor="middle">'
        f"{_short(n)}</text>"
    )
    return (
        f'<rect class="column" x="{start + part * 0.08:.2f}%" y="{TALL + 20 - tall:.1f}" '
        f'width="{part * 0.84:.2f}%" height="{tall:.1f}" rx="2"/>' + (words if n else "")
    )


def _short(n: int) -> str:
    """1234567 as 1.2M; columns on a phone are narrow."""
    if n < 10_000:
        return str(n)
    return f"{n / 1000:.0f}k" if n < 1_000_000 else f"{n / 1e6:.1f}M"


def _anchor(share: float) -> str:
    return {0.0: "start", 1.0: "end"}.get(share, "middle")


def between(interval: Interval, *, words: str) -> str:
    """One interval on the line from 0 to 1, with a dot at its middle."""
    if interval.mid is None:
        return ""
    low, mid, high = (
        f"{2 + 96 * _share(v):.1f}%" for v in (interval.low, interval.mid, interval.high)
    )
    return (
        f'<svg height="18" role="img" aria-label="{escape(words)}">'
        '<line class="track" x1="2%" x2="98%" y1="9" y2="9"/>'
        f'<line class="whisker" x1="{low}" x2="{high}" y1="9" y2="9"/>'
        f'<circle class="dot" cx="{mid}" cy="9" r="5"/></svg>'
    )
