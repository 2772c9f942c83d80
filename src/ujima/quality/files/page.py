"""A run as one page to look at: no script, nothing loaded, light and dark, wide and narrow."""

from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

import numpy as np

from ujima.quality.files.asked import Confusion, Inferred
from ujima.quality.trust import gold_interval

#: rows of a table that has no end
MOST = 200
#: the answers people agree on least
LEAST = 20

STYLE = """
:root{color-scheme:light dark;--ink:#1c2421;--soft:#5a6862;--line:#d9dfdb;--ground:#fbfaf6;
--card:#fff;--mark:#0b6e4f}
@media(prefers-color-scheme:dark){:root{--ink:#e9efec;--soft:#9fb0a9;--line:#33403b;
--ground:#141a18;--card:#1c2421;--mark:#4fc396}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);
font:16px/1.5 system-ui,sans-serif}main{max-width:60rem;margin:auto;padding:1.5rem 1rem 4rem}
h1{font-size:1.6rem;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2rem 0 .5rem}
p{margin:.25rem 0 .75rem;max-width:42rem}.soft{color:var(--soft)}
.figures{display:grid;
grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.75rem;margin:1rem 0}
.figures div{background:var(--card);border:1px solid var(--line);
border-radius:.75rem;padding:.75rem}
.figures b{display:block;font-size:1.5rem;line-height:1.2}
.wide{overflow-x:auto;background:var(--card);border:1px solid var(--line);border-radius:.75rem}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:start;padding:.4rem .75rem;border-bottom:1px solid var(--line);vertical-align:top}
th{font-weight:600;color:var(--soft);font-size:.85rem}tr:last-child td{border:0}
@media(max-width:30rem){th,td{padding:.4rem}}
td.n,th.n{text-align:end;white-space:nowrap}td{overflow-wrap:anywhere}
td.cell,th.cell{text-align:center;min-width:3rem}svg{max-width:26rem;margin-bottom:1rem;width:100%;height:auto;display:block}
.axis{stroke:var(--line)}.true{stroke:var(--soft);stroke-dasharray:4 4}
.dot{fill:var(--mark)}.bar{stroke:var(--mark);stroke-width:2}text{fill:var(--soft);font-size:11px}
"""


def page_of(found: Inferred, summary: dict[str, Any], *, title: str) -> str:
    """The whole page as HTML."""
    parts = [
        f"<h1>{escape(title)}</h1>",
        f'<p class="soft">{_line(found, summary)}</p>',
        _figures(summary),
        _faults(found),
        _calibration(found, summary),
        _confusion(found.confusion),
        _disputed(found),
        _people(found),
    ]
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style>"
        f"<main>{''.join(parts)}</main></html>\n"
    )


def _line(found: Inferred, summary: dict[str, Any]) -> str:
    return escape(
        f"{len(found.tasks):,} answers from {found.judgments:,} judgments by "
        f"{len(found.workers):,} people. Method: {summary['method']}, "
        f"version {summary['method_version']}, {summary['seconds']:.1f} seconds."
    )


def _figures(summary: dict[str, Any]) -> str:
    told = [(f"{summary['mean_confidence']:.1%}", "mean confidence")]
    if "accuracy" in summary:
        low, high = summary.get("accuracy_low"), summary.get("accuracy_high")
        between = f", {low:.1%} to {high:.1%}" if low is not None and high is not None else ""
        told.append((f"{summary['accuracy']:.1%}", f"right of true answers{between}"))
    for name, words in (
        ("calibration_error", "calibration error"),
        ("f1", "F1"),
        ("token_f1", "F1 of tokens"),
        ("character_f1", "F1 of characters"),
        ("rmse", "root mean squared error"),
        ("word_error_rate", "word error rate"),
        ("kendall_tau", "Kendall’s tau"),
    ):
        if summary.get(name) is not None:
            told.append((f"{summary[name]:.3g}", words))
    cards = "".join(f"<div><b>{value}</b>{escape(words)}</div>" for value, words in told)
    unsettled = "<p>The method stopped before it had settled; its answers may still move.</p>"
    return f'<div class="figures">{cards}</div>' + ("" if summary["converged"] else unsettled)


def _faults(found: Inferred) -> str:
    if not found.faults:
        return "<h2>The file</h2><p>Every row of the file was used.</p>"
    rows = (
        (
            f.sentence,
            ", ".join(map(str, f.rows)) + (" …" if f.count > len(f.rows) else ""),
            f.effect,
        )
        for f in found.faults
    )
    return "<h2>The file</h2>" + _table(("What was found", "Rows", "What was done"), rows)


def _calibration(found: Inferred, summary: dict[str, Any]) -> str:
    bins = summary.get("calibration")
    if not bins:
        return ""
    marks = "".join(_point(one) for one in bins)
    grid = "".join(
        f'<line class="axis" x1="40" x2="290" y1="{_y(v)}" y2="{_y(v)}"/>'
        f'<text x="34" y="{_y(v) + 4}" text-anchor="end">{v:.0%}</text>'
        f'<text x="{_x(v)}" y="284" text-anchor="middle">{v:.0%}</text>'
        for v in (0, 0.25, 0.5, 0.75, 1)
    )
    return (
        "<h2>Does the confidence mean what it says?</h2>"
        "<p>Each point is the answers of about one confidence (across): how many of them were "
        "right (up), with its 95 % interval. On the dashed line it means what it says.</p>"
        '<svg viewBox="0 0 312 290" role="img" aria-label="Confidence and accuracy">'
        f'{grid}<line class="true" x1="{_x(0)}" y1="{_y(0)}" x2="{_x(1)}" y2="{_y(1)}"/>'
        f"{marks}</svg>"
        + _table(
            ("Confidence", "Answers", "Right", "95 % interval"),
            (
                (
                    f"{b['confidence']:.1%}",
                    f"{b['n']:,}",
                    f"{b['right']:.1%}",
                    f"{b['low']:.1%} to {b['high']:.1%}",
                )
                for b in bins
            ),
            numbers=(0, 1, 2, 3),
        )
    )


def _point(one: dict[str, float]) -> str:
    x = _x(one["confidence"])
    return (
        f'<line class="bar" x1="{x}" x2="{x}" y1="{_y(one["low"])}" y2="{_y(one["high"])}"/>'
        f'<circle class="dot" cx="{x}" cy="{_y(one["right"])}" r="4"/>'
    )


def _x(share: float) -> float:
    return round(40 + 250 * share, 1)


def _y(share: float) -> float:
    return round(265 - 250 * share, 1)


def _confusion(found: Confusion | None) -> str:
    if found is None:
        return ""
    counts = np.asarray(found.counts)
    total = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, total, out=np.zeros_like(counts), where=total > 0)
    head = "".join(f'<th class="cell">{escape(name)}</th>' for name in found.classes)
    body = "".join(
        f"<tr><th>{escape(name)}</th>"
        + "".join(
            f'<td class="cell" style="background:color-mix(in srgb,var(--mark) '
            f'{share * 70:.0f}%,transparent)">{share:.0%}</td>'
            for share in row
        )
        + "</tr>"
        for name, row in zip(found.classes, shares.tolist(), strict=True)
    )
    return (
        "<h2>What is taken for what</h2><p>Rows: what the answer is taken to be. Columns: what "
        "people said, as a share of the row.</p>"
        f'<div class="wide"><table><tr><th></th>{head}</tr>{body}</table></div>'
    )


def _disputed(found: Inferred) -> str:
    rows = [
        (
            found.tasks[at],
            _answer(found, at),
            f"{found.consensus.confidence[at]:.0%}",
            f"{found.consensus.judgments[at]}",
        )
        for at in found.consensus.disputed(LEAST).tolist()
    ]
    return "<h2>Least certain</h2><p>A person should look at these first.</p>" + _table(
        ("Task", "Answer", "Confidence", "Judgments"), rows, numbers=(2, 3)
    )


def _answer(found: Inferred, at: int) -> str:
    answer = found.consensus.answers[at]
    if found.confusion is not None:
        return str(found.confusion.classes[answer])
    if isinstance(answer, float):
        return f"{answer:.4g}"
    if isinstance(answer, list):
        return f"{len(answer)} found" if found.kind != "multi" else _named(found, at)
    return str(answer)


def _named(found: Inferred, at: int) -> str:
    return str(found.rows[at][1]) or "none"


def _people(found: Inferred) -> str:
    order = sorted(range(len(found.workers)), key=lambda at: found.workers[at])
    rows = list(_of_people(found, order[:MOST]))
    more = len(order) - len(rows)
    rest = f'<p class="soft">and {more:,} more.</p>' if more else ""
    return (
        "<h2>People</h2><p>How near each person’s answers were to the inferred ones, with a 95 % "
        "interval. It is an estimate: few answers say little, and nobody should lose work or pay "
        "by it alone.</p>"
        + _table(("Person", "Judged", "Agreement", "95 % interval"), rows, numbers=(1, 2, 3))
        + rest
    )


def _of_people(found: Inferred, order: Sequence[int]) -> Iterator[tuple[str, ...]]:
    for at in order:
        skill, judged = float(found.consensus.skill[at]), int(found.consensus.judged[at])
        if np.isnan(skill):
            yield found.workers[at], f"{judged}", "–", "–"
            continue
        low, _, high = gold_interval(round(skill * judged), judged)
        yield found.workers[at], f"{judged}", f"{skill:.0%}", f"{low:.0%} to {high:.0%}"


def _table(head: Sequence[str], rows: Any, numbers: Sequence[int] = ()) -> str:
    def cell(tag: str, at: int, text: str) -> str:
        kind = ' class="n"' if at in numbers else ""
        return f"<{tag}{kind}>{escape(text)}</{tag}>"

    lines = ["".join(cell("th", at, text) for at, text in enumerate(head))]
    lines += ["".join(cell("td", at, text) for at, text in enumerate(row)) for row in rows]
    body = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<div class="wide"><table>{body}</table></div>'
