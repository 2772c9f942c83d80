"""The report's page: a `Report` in, HTML out. Every text that comes from a file is escaped."""

from collections.abc import Iterable, Sequence
from html import escape

from ujima.quality.report_html.pictures import between, calibration, columns, percent
from ujima.quality.report_html.style import SHADES, STYLE
from ujima.quality.report_html.values import Bin, Figure, Finding, Interval, Report

#: classes up to which confusion is a picture; beyond, the most frequent confusions are listed
PICTURED = 24
LISTED = 30
#: people up to which their table is open at first
OPEN = 30


def page(report: Report) -> str:
    """The whole page as HTML."""
    parts = [
        _head(report),
        _unsettled(report.is_settled),
        _figures(report.figures),
        _findings(report.findings),
        _sureness(report.sureness),
        _calibration(report.bins),
        _confusion(report.classes, report.confusion),
        _doubtful(report),
        _workers(report),
    ]
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(report.title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{''.join(parts)}</main></body></html>\n"
    )


def _head(report: Report) -> str:
    lead = f'<p class="muted">{escape(report.lead)}</p>'
    return f"<header><h1>{escape(report.title)}</h1>{lead}</header>"


def _section(title: str, *parts: str, css: str = "") -> str:
    kind = f' class="{css}"' if css else ""
    return f"<section{kind}><h2>{title}</h2>{''.join(parts)}</section>"


def _unsettled(is_settled: bool) -> str:
    if is_settled:
        return ""
    words = "The method stopped before its answers had settled: they may still move."
    return _section("Not settled", f"<p>{words}</p>", css="warn")


def _figures(figures: Sequence[Figure]) -> str:
    if not figures:
        return ""
    return "<dl>" + "".join(map(_figure, figures)) + "</dl>"


def _figure(one: Figure) -> str:
    note = f'<dd class="note">{escape(one.note)}</dd>' if one.note else ""
    return f"<div><dt>{escape(one.words)}</dt><dd><b>{escape(one.value)}</b></dd>{note}</div>"


def _findings(findings: Sequence[Finding]) -> str:
    title = "What was found in the file"
    if not findings:
        return _section(title, "<p>Every row of the file was used.</p>")
    rows = [(f.sentence, f"{f.count:,}", _places(f), f.effect) for f in findings]
    heads = ("Found", "Times", "Rows", "What was done")
    return _section(title, table(heads, rows, figures=(1,)), css="warn")


def _places(one: Finding) -> str:
    told = ", ".join(map(str, one.places))
    return f"{told}\u00a0…" if one.count > len(one.places) else told


def _sureness(counts: Sequence[int]) -> str:
    if not sum(counts):
        return ""
    words = "How many answers have which confidence, from 0 to 100\u00a0%."
    return _section("How sure the answers are", f"<p>{words}</p>", columns(counts))


def _calibration(bins: Sequence[Bin]) -> str:
    if not bins:
        return ""
    words = (
        "Each dot is the answers of about one confidence (across); its height is how many of "
        "them were right, the line its 95\u00a0% interval. On the dashed line, confidence means "
        "what it says."
    )
    rows = [(percent(b.confidence, 1), f"{b.n:,}", told(b.right, 1)) for b in bins if b.n]
    heads = ("Confidence", "Answers", "Right, 95\u00a0% interval")
    numbers = f"<details><summary>As a table</summary>{table(heads, rows, figures=(1,))}</details>"
    title = "Does the confidence mean what it says?"
    return _section(title, f"<p>{words}</p>", calibration(bins), numbers)


def _confusion(classes: Sequence[str], counts: Sequence[Sequence[float]]) -> str:
    if not counts:
        return ""
    shares = [[n / (sum(row) or 1.0) for n in row] for row in counts]
    title = "What is taken for what"
    if len(classes) > PICTURED:
        return _section(title, _listed(classes, shares))
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in classes)
    body = "".join(
        f'<tr><th scope="row">{escape(name)}</th>'
        + "".join(_cell(share, at == true) for at, share in enumerate(row))
        + "</tr>"
        for true, (name, row) in enumerate(zip(classes, shares, strict=True))
    )
    words = "A row is what the answer is taken to be; across it stands what people said, in shares."
    return _section(
        title,
        f"<p>{words}</p>",
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f'<table class="confusion"><thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>",
    )


def _cell(share: float, same: bool) -> str:
    shade = round(share * SHADES)
    css = " ".join(name for name in (f"h{shade}" if shade else "", "same" if same else "") if name)
    return f'<td class="{css}">{percent(share)}</td>' if css else f"<td>{percent(share)}</td>"


def _listed(classes: Sequence[str], shares: Sequence[Sequence[float]]) -> str:
    wrong = [
        (share, classes[true], classes[said])
        for true, row in enumerate(shares)
        for said, share in enumerate(row)
        if said != true and share > 0
    ]
    most = sorted(wrong, key=lambda one: -one[0])[:LISTED]
    rows = [(true, said, percent(share)) for share, true, said in most]
    words = f"With {len(classes)} classes there is no picture; these are confused most often."
    return f"<p>{words}</p>" + table(("Taken to be", "People said", "Share"), rows, figures=(2,))


def _doubtful(report: Report) -> str:
    if not report.doubtful:
        return ""
    rows = [
        (one.task, one.answer, percent(one.confidence), f"{one.judgments:,}")
        for one in report.doubtful
    ]
    heads = ("Task", "Answer", "Confidence", "Judgments")
    words = "<p>A person should look at these first.</p>"
    return _section("The least certain answers", words, table(heads, rows, figures=(2, 3)))


def _workers(report: Report) -> str:
    if not report.workers:
        return ""
    words = (
        "By name. How often each person’s answers were the inferred ones, with a 95\u00a0% "
        "interval. It is an estimate: few tasks say little, and nobody should lose work or pay by "
        "it alone."
    )
    rows = [
        (one.name, f"{one.judged:,}", told(one.agreement), one.agreement) for one in report.workers
    ]
    heads = ("Person", "Tasks", "Agreement, 95\u00a0% interval", "From 0 to 100\u00a0%")
    more = f'<p class="muted">And {report.more_workers:,} more people.</p>'
    drawn = table(heads, rows, figures=(1,)) + (more if report.more_workers else "")
    if len(rows) > OPEN:
        drawn = f"<details><summary>Show {len(rows):,} people</summary>{drawn}</details>"
    return _section("People", f"<p>{words}</p>", drawn)


def told(interval: Interval, digits: int = 0) -> str:
    """An interval as "92 % (90 to 94)"; a dash where nothing is known."""
    if interval.mid is None:
        return "–"
    low, high = (f"{v * 100:.{digits}f}" for v in (interval.low, interval.high))
    return f"{percent(interval.mid, digits)} ({low}\u00a0to\u00a0{high})"


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str | Interval]], *, figures: Sequence[int] = ()
) -> str:
    """A table whose rows are cards on a phone. An `Interval` in a cell is drawn.

    figures   columns of numbers, which stand at the end of their cells
    """
    head = "".join(
        f'<th scope="col"{" class=n" if at in figures else ""}>{escape(words)}</th>'
        for at, words in enumerate(heads)
    )
    body = "".join(f"<tr>{_row(heads, row, figures)}</tr>" for row in rows)
    return f'<table class="cards"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _row(heads: Sequence[str], row: Sequence[str | Interval], figures: Sequence[int]) -> str:
    cells = []
    for at, value in enumerate(row):
        if isinstance(value, Interval):
            cells.append(f'<td class="drawn">{between(value, words=told(value))}</td>')
        elif at == 0:
            cells.append(f'<th scope="row">{escape(value)}</th>')
        else:
            kind = ' class="n"' if at in figures else ""
            cells.append(f'<td{kind} data-label="{escape(heads[at])}">{escape(value)}</td>')
    return "".join(cells)
