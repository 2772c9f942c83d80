"""Charts as HTML: an SVG picture, what it says in words, and the same numbers as a table.

Plain values in, a `Chart` out. Shares lie in 0 to 1. Words on a chart come from the caller,
already in the reader's language; only figures are written here. No data gives a `Chart` whose
picture is replaced by the caller's `nothing` sentence, never a picture of zeros.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape

from ujima.web import svg


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture (or a sentence in its place), its key, and its table.

    key      (class of the swatch, words) for each series drawn
    heads    the table's column heads; empty where the picture is itself a table
    rows     the table's cells, as text
    """

    title: str
    picture: str
    key: tuple[tuple[str, str], ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    table_label: str = "As a table"

    def __html__(self) -> str:
        """The whole figure; template engines take an object with `__html__` as safe markup."""
        return f'<figure class="chart">{self.picture}{self._key()}{self._table()}</figure>'

    def _key(self) -> str:
        if not self.key:
            return ""
        items = "".join(f"<li>{_swatch(css)}{escape(words)}</li>" for css, words in self.key)
        return f'<ul class="key">{items}</ul>'

    def _table(self) -> str:
        if not self.rows:
            return ""
        head = "".join(f'<th scope="col">{escape(h)}</th>' for h in self.heads)
        body = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in self.rows
        )
        return (
            f"<details><summary>{escape(self.table_label)}</summary>"
            f'<div class="scroll"><table class="table keep"><thead><tr>{head}</tr></thead>'
            f"<tbody>{body}</tbody></table></div></details>"
        )


def with_table_label(chart: Chart, words: str) -> Chart:
    """The same chart, its table opened by these words."""
    return replace(chart, table_label=words)


@dataclass(frozen=True, slots=True)
class Point:
    """A moment of a job: results ready so far, and accuracy on known answers with its interval."""

    at: datetime
    results: int
    low: float | None = None
    mid: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label below, its value (>= 0), the value in words, and whether it is now."""

    label: str
    value: float
    told: str = ""
    is_now: bool = False


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its interval, over n observations."""

    name: str
    low: float | None
    mid: float | None
    high: float | None
    n: int


def percent(share: float, digits: int = 0) -> str:
    """0.924 as "92 %", or "92.4 %" with one digit; a no-break space before the sign."""
    return f"{share * 100:.{digits}f}\u00a0%"


def interval(low: float, mid: float, high: float) -> str:
    """Three shares as "92.4 % (90.3 – 94.1)"."""
    return f"{percent(mid, 1)} ({low * 100:.1f}\u00a0–\u00a0{high * 100:.1f})"


def _swatch(css: str) -> str:
    shape = (
        f'<line x1="0" y1="6" x2="22" y2="6" class="{css}"/>'
        if css in ("line", "line2", "target")
        else f'<rect width="22" height="12" rx="3" class="{css}"/>'
    )
    return f'<svg width="22" height="12" aria-hidden="true">{shape}</svg>'


def nothing_yet(title: str, sentence: str) -> Chart:
    """A sentence in a chart's place."""
    return Chart(title, f'<p class="muted small">{escape(sentence)}</p>')


PLOT = 190  # pixels from the 100 % line to the 0 line of a time chart, as on the first drawing
TOP = 22  # room for the label that stands on the topmost line


def progress_over_time(
    points: Sequence[Point],
    total: int,
    *,
    title: str = "Results and accuracy over time",
    results: str = "Results ready",
    accuracy: str = "Accuracy on known answers, 95 % interval",
    time: str = "Time",
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """The share of a job's `total` units that have results, and accuracy with its band, by time.

    Both are shares of a hundred, so one scale serves both. Points may come in any order.
    """
    ordered = sorted(points, key=lambda p: p.at)
    if len(ordered) < 2 or total <= 0:
        return nothing_yet(title, nothing)
    last = ordered[-1]
    told = f"{results}: {last.results} / {total}."
    known = [p for p in ordered if p.mid is not None]
    key = [("line", f"{results}: {last.results:,} / {total:,}")]
    if known:
        told += f" {accuracy}: {_said(known[-1])}."
        key.append(("line2", f"{accuracy}: {_said(known[-1])}"))
    curves = svg.plane(TOP + PLOT + 30, _curves(ordered, total)) + _lone(ordered, known)
    inside = _rules() + curves + _scale() + _times(ordered)
    return Chart(
        title,
        svg.drawing(TOP + PLOT + 30, inside, title=title, told=told),
        key=tuple(key),
        heads=(time, results, accuracy),
        rows=tuple((_clock(p.at, ordered), str(p.results), _said(p)) for p in _some(ordered)),
    )


def _said(p: Point | Estimate) -> str:
    if p.low is None or p.mid is None or p.high is None:
        return "–"
    return interval(p.low, p.mid, p.high)


def _y(share: float) -> float:
    return TOP + PLOT * (1 - min(max(share, 0.0), 1.0))


MARKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def _rules() -> str:
    return "".join(svg.line(0, _y(m), 1, _y(m), "rule") for m in MARKS)


def _scale() -> str:
    """The shares' words, over the curves and with a rim of the ground, so that both can be read."""
    return "".join(svg.text(0, _y(m) - 5, percent(m), css="over") for m in MARKS)


def _place(p: Point, points: Sequence[Point]) -> float:
    """Where a moment lies between the first and the last, 0 to 1."""
    start, span = points[0].at, (points[-1].at - points[0].at).total_seconds() or 1.0
    return (p.at - start).total_seconds() / span


def _lone(points: Sequence[Point], known: Sequence[Point]) -> str:
    """The accuracy of one moment, which makes no line yet: a dot on its interval."""
    if len(known) != 1 or known[0].mid is None:
        return ""
    p, x = known[0], min(max(_place(known[0], points), 0.01), 0.99)
    drawn = svg.dot(x, _y(known[0].mid), "dot2")
    if p.low is None or p.high is None:
        return drawn
    return svg.line(x, _y(p.low), x, _y(p.high), "whisker2") + drawn


def _curves(points: Sequence[Point], total: int) -> str:
    """Results as a filled area; accuracy as a dashed line in its band, where it is known."""

    def x(p: Point) -> float:
        return _place(p, points) * 1000

    ready = [(x(p), _y(p.results / total)) for p in points]
    floor = [(px, _y(0)) for px, _ in ready]
    drawn = svg.band(ready, floor, "area") + svg.curve(ready, "line")
    known = [(x(p), p.low, p.mid, p.high) for p in points if p.mid is not None]
    sure = [(px, lo, hi) for px, lo, _, hi in known if lo is not None and hi is not None]
    if len(sure) > 1:
        upper, lower = [(px, _y(hi)) for px, _, hi in sure], [(px, _y(lo)) for px, lo, _ in sure]
        drawn += svg.band(upper, lower, "area2")
    if len(known) > 1:
        drawn += svg.curve([(px, _y(mid)) for px, _, mid, _ in known], "line2")
    return drawn


def _times(points: Sequence[Point]) -> str:
    start, end = points[0].at, points[-1].at
    middle = start + (end - start) / 2
    y = TOP + PLOT + 20
    return "".join(
        svg.text(share, y, _clock(at, points), anchor)
        for share, at, anchor in ((0, start, "start"), (0.5, middle, "middle"), (1, end, "end"))
    )


def _clock(at: datetime, points: Sequence[Point]) -> str:
    """Hours and minutes (seconds for a job of minutes), with the date where days differ."""
    span = (points[-1].at - points[0].at).total_seconds()
    if points[0].at.date() != points[-1].at.date():
        return f"{at:%d.%m. %H:%M}"
    return f"{at:%H:%M:%S}" if span < 600 else f"{at:%H:%M}"


def _some(points: Sequence[Point], most: int = 24) -> Sequence[Point]:
    """At most about `most` of the points, evenly, with the last one: a table a person can read."""
    stride = -(-len(points) // most)
    chosen = list(points[::stride])
    return chosen if chosen[-1] is points[-1] else [*chosen, points[-1]]


def bars(
    values: Sequence[Bar],
    *,
    title: str,
    heads: tuple[str, str] = ("", ""),
    height: int = 84,
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """A few labelled bars, such as a week's earnings; the bar of now is darker.

    height    pixels of the tallest bar
    """
    if not values:
        return nothing_yet(title, nothing)
    if any(b.value < 0 for b in values):
        raise ValueError("a bar cannot be below zero")
    most = max(b.value for b in values) or 1.0
    step, room = 1 / len(values), 20
    drawn = svg.line(0, room + height, 1, room + height, "rule")
    for i, b in enumerate(values):
        tall = max(b.value / most * height, 2.0)
        css, middle = ("bar1" if b.is_now else "bar0"), (i + 0.5) * step
        drawn += svg.rect((i + 0.1) * step, room + height - tall, 0.8 * step, tall, css, 3)
        drawn += svg.text(middle, room + height + 18, b.label, "middle", "said" if b.is_now else "")
        if b.told and b.value and (b.is_now or b.value == most):
            drawn += svg.text(middle, room + height - tall - 6, b.told, "middle", "said")
    words = [(b.label, b.told or f"{b.value:g}") for b in values]
    told = ", ".join(f"{label}: {said}" for label, said in words)
    picture = svg.drawing(room + height + 24, drawn, title=title, told=told)
    return Chart(title, picture, heads=heads, rows=tuple(words))


def histogram(
    counts: Sequence[int],
    *,
    title: str,
    target: float | None = None,
    target_words: str = "Target",
    heads: tuple[str, str] = ("", ""),
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """How many shares fall into each of as many equal bins of 0 to 1 as there are counts, with a
    line at the target. Raises ValueError for a count below zero."""
    if any(n < 0 for n in counts):
        raise ValueError("a count cannot be below zero")
    if not any(counts):
        return nothing_yet(title, nothing)
    tall, room, most, bins = 120, 20, max(counts), len(counts)
    drawn = svg.line(0, room + tall, 1, room + tall, "rule")
    for i, n in enumerate(counts):
        high = n / most * tall
        drawn += svg.rect(i / bins + 0.004, room + tall - high, 1 / bins - 0.008, high, "bar1", 2)
        if n:
            drawn += svg.text((i + 0.5) / bins, room + tall - high - 5, f"{n}", "middle")
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        drawn += svg.text(share, room + tall + 18, percent(share), anchor)
    key: tuple[tuple[str, str], ...] = ()
    if target is not None:
        drawn += svg.line(target, 6, target, room + tall, "target")
        key = (("target", f"{target_words}: {percent(target)}"),)
    rows = tuple(
        (f"{percent(i / bins)} – {percent((i + 1) / bins)}", str(n)) for i, n in enumerate(counts)
    )
    told = ", ".join(f"{span}: {n}" for span, n in rows if n != "0")
    picture = svg.drawing(room + tall + 24, drawn, title=title, told=told)
    return Chart(title, picture, key=key, heads=heads, rows=rows)


NARROW = 38  # characters of name and figures that still fit beside each other on a small phone


def interval_dots(
    rows: Sequence[Estimate],
    *,
    title: str,
    known: str = "n",
    unknown: str = "not enough data",
    floor: float = 0.0,
    heads: tuple[str, str, str] = ("", "", "n"),
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """One row for each estimate: a dot at the middle, a thick line over the interval.

    floor     the share at the left edge (0.5 spreads accuracies out); what lies below is cut there
    known     the word after n, such as "known answers"
    """
    if not rows:
        return nothing_yet(title, nothing)
    said = [unknown if r.mid is None else f"{_said(r)} · {r.n:,} {known}" for r in rows]
    beside = max(len(r.name) + len(s) for r, s in zip(rows, said, strict=True)) <= NARROW
    step, rule = (50, 32) if beside else (74, 52)
    drawn = ""
    for i, row in enumerate(rows):
        y = i * step
        drawn += svg.text(0, y + 16, row.name, css="said")
        drawn += svg.text(1, y + 16, said[i], "end") if beside else svg.text(0, y + 35, said[i])
        drawn += svg.line(0, y + rule, 1, y + rule, "rule") + _whisker(row, floor, y + rule)
    foot = len(rows) * step
    for share, anchor in ((floor, "start"), ((1 + floor) / 2, "middle"), (1.0, "end")):
        drawn += svg.text((share - floor) / (1 - floor), foot + 14, percent(share), anchor)
    table = tuple((r.name, _said(r), str(r.n)) for r in rows)
    told = ", ".join(f"{name}: {words} ({n})" for name, words, n in table)
    return Chart(
        title, svg.drawing(foot + 20, drawn, title=title, told=told), heads=heads, rows=table
    )


def _whisker(row: Estimate, floor: float, y: float) -> str:
    """The interval and its middle on the row's rule, or nothing where nothing is known."""
    if row.low is None or row.mid is None or row.high is None:
        return ""

    def x(share: float) -> float:
        return 0.01 + 0.98 * min(max((share - floor) / (1 - floor), 0.0), 1.0)

    return svg.line(x(row.low), y, x(row.high), y, "whisker") + svg.dot(x(row.mid), y)


def confusion(
    matrix: Sequence[Sequence[float]],
    labels: Sequence[str],
    *,
    title: str,
    truth: str = "True answer",
    given: str = "Answer given",
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """A confusion matrix as a shaded table: rows are true answers, columns the answers given.

    matrix    (n, n) shares, each row sums to 1 (or to 0 where that answer never came up)
    """
    if not labels:
        return nothing_yet(title, nothing)
    if len(matrix) != len(labels) or any(len(row) != len(labels) for row in matrix):
        raise ValueError(f"a {len(labels)} by {len(labels)} matrix is needed")
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in labels)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>' + "".join(_cell(v) for v in row) + "</tr>"
        for name, row in zip(labels, matrix, strict=True)
    )
    picture = (
        f'<div class="scroll"><table class="table keep heat"><caption>{escape(title)}</caption>'
        f'<thead><tr><th scope="col">{escape(truth)} \u2193 {escape(given)} \u2192</th>{head}</tr>'
        f"</thead><tbody>{body}</tbody></table></div>"
    )
    return Chart(title, picture)


def _cell(share: float) -> str:
    """One cell, darker in three steps; the steps are far enough apart to be seen in print."""
    shade = 3 if share >= 0.6 else 2 if share >= 0.2 else 1 if share >= 0.05 else 0
    return f'<td class="num h{shade}">{percent(share)}</td>'


def split(parts: Sequence[float]) -> str:
    """A thin bar cut in proportion to up to three parts (more are drawn in the third colour)."""
    total, at, drawn = sum(parts), 0.0, ""
    for i, part in enumerate(parts):
        if total > 0:
            drawn += svg.rect(at, 0, part / total, 8, f"part{min(i, 2) + 1}")
            at += part / total
    return f'<svg class="split" height="8" aria-hidden="true">{drawn}</svg>'
