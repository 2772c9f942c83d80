"""More charts, beside those of `ujima.web.charts` and made like them."""

from collections.abc import Sequence
from dataclasses import dataclass

from ujima.web import svg
from ujima.web.charts import Chart, interval, nothing_yet, percent

TALL, ROOM = 220, 14


@dataclass(frozen=True, slots=True)
class Bin:
    """Results of about the same confidence: how many, how sure, and the share that were right."""

    units: int
    confidence: float
    low: float
    mid: float
    high: float


def reliability(
    bins: Sequence[Bin],
    *,
    title: str,
    ideal: str = "As it should be",
    heads: tuple[str, str, str] = ("Confidence", "Right, 95 % interval", "Units"),
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """Confidence along, the share that were right upwards: a dot for each bin, larger where it
    holds more units, its interval as a thick line, and the diagonal on which both are the same."""
    if not bins:
        return nothing_yet(title, nothing)

    def y(share: float) -> float:
        return ROOM + (1 - share) * TALL

    drawn = ""
    for share in (0.0, 0.5, 1.0):
        drawn += svg.line(0, y(share), 1, y(share), "rule")
    drawn += f'<svg y="{ROOM}" width="100%" height="{TALL}">' + svg.plane(
        TALL, svg.curve([(0, TALL), (1000, 0)], "line2")
    )
    drawn += "</svg>"
    for share in (0.0, 0.5, 1.0):
        drawn += svg.text(0, y(share) - 4, percent(share), css="over")
    most = max(one.units for one in bins)
    for one in bins:
        x = 0.02 + 0.96 * one.confidence
        drawn += svg.line(x, y(one.low), x, y(one.high), "whisker")
        drawn += svg.dot(x, y(one.mid), radius=4 + 5 * (one.units / most) ** 0.5)
    for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end")):
        drawn += svg.text(share, ROOM + TALL + 18, percent(share), anchor)
    rows = tuple(
        (percent(one.confidence), interval(one.low, one.mid, one.high), str(one.units))
        for one in bins
    )
    told = ", ".join(f"{sure}: {right} ({n})" for sure, right, n in rows)
    picture = svg.drawing(ROOM + TALL + 24, drawn, title=title, told=told)
    return Chart(title, picture, key=(("line2", ideal),), heads=heads, rows=rows)


def chances(
    curve: Sequence[tuple[float, float]],
    *,
    title: str,
    marks: Sequence[tuple[float, str]] = (),
    heads: tuple[str, str] = ("Accuracy of the lot", "Chance to be accepted"),
    nothing: str = "Nothing to draw yet.",
) -> Chart:
    """How likely a lot is accepted, by its accuracy: (accuracy, chance) from the least accurate
    on, with a line at each of `marks` (accuracy, words)."""
    if len(curve) < 2:
        return nothing_yet(title, nothing)
    first, last = curve[0][0], curve[-1][0]

    def x(accuracy: float) -> float:
        return (accuracy - first) / (last - first)

    drawn = ""
    for share in (0.0, 0.5, 1.0):
        drawn += svg.line(0, ROOM + (1 - share) * 140, 1, ROOM + (1 - share) * 140, "rule")
        drawn += svg.text(0, ROOM + (1 - share) * 140 - 4, percent(share))
    points = [(1000 * x(a), (1 - chance) * 140) for a, chance in curve]
    drawn += f'<svg y="{ROOM}" width="100%" height="140">'
    drawn += svg.plane(140, svg.curve(points, "line")) + "</svg>"
    for accuracy, _ in marks:
        drawn += svg.line(x(accuracy), ROOM, x(accuracy), ROOM + 140, "target")
    for accuracy, anchor in ((first, "start"), (last, "end")):
        drawn += svg.text(x(accuracy), ROOM + 158, percent(accuracy), anchor)
    rows = tuple((percent(a, 1), percent(chance)) for a, chance in curve)
    told = ", ".join(f"{a}: {chance}" for a, chance in rows)
    picture = svg.drawing(ROOM + 164, drawn, title=title, told=told)
    key = tuple(("target", words) for _, words in marks)
    return Chart(title, picture, key=key, heads=heads, rows=rows)
