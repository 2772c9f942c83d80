"""A run as a page to look at: what `infer_file` found, put into a report's plain values."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from ujima.quality.files.asked import Inferred
from ujima.quality.reliability import BINS
from ujima.quality.report_html.page import page
from ujima.quality.report_html.pictures import percent
from ujima.quality.report_html.values import (
    Bin,
    Doubtful,
    Figure,
    Finding,
    Interval,
    Report,
    Worker,
)
from ujima.quality.trust import gold_interval

#: people on the page; a list without end helps nobody
MOST = 200
#: characters of a task's name or answer, which may be a whole text
LONG = 160

#: score -> its words, and whether it is a share
_SCORES = {
    "precision": ("precision", True),
    "recall": ("recall", True),
    "f1": ("F1", True),
    "token_f1": ("F1 of tokens", True),
    "character_f1": ("F1 of characters", True),
    "mean_overlap": ("mean overlap", True),
    "word_error_rate": ("word error rate", True),
    "rmse": ("root mean squared error", False),
    "mean_absolute_error": ("mean absolute error", False),
    "kendall_tau": ("Kendall’s tau", False),
    "correlation": ("correlation", False),
    "calibration_error": ("calibration error", False),
}


def page_of(found: Inferred, summary: dict[str, Any], *, title: str) -> str:
    """The whole page as HTML."""
    return page(report_of(found, summary, title=title))


def report_of(found: Inferred, summary: dict[str, Any], *, title: str) -> Report:
    """What the page says."""
    confusion = found.confusion
    return Report(
        title,
        _lead(found, summary),
        figures=tuple(_figures(summary)),
        is_settled=bool(summary["converged"]),
        findings=[Finding(f.sentence, f.count, f.rows, f.effect) for f in found.faults],
        sureness=_sureness(found.consensus.confidence),
        bins=[
            Bin(b["confidence"], b["n"], Interval(b["low"], b["right"], b["high"]))
            for b in summary.get("calibration", ())
        ],
        classes=confusion.classes if confusion else (),
        confusion=confusion.counts.tolist() if confusion else (),
        doubtful=tuple(_doubtful(found)),
        workers=tuple(_workers(found)),
        more_workers=max(0, len(found.workers) - MOST),
    )


def _lead(found: Inferred, summary: dict[str, Any]) -> str:
    return (
        f"{len(found.tasks):,} answers from {found.judgments:,} judgments by "
        f"{len(found.workers):,} people. Method: {summary['method']}, version "
        f"{summary['method_version']}; {summary['seconds']:.1f} seconds."
    )


def _figures(summary: dict[str, Any]) -> Iterator[Figure]:
    yield Figure(percent(summary["mean_confidence"], 1), "mean confidence")
    if summary.get("accuracy") is not None:
        low, high = summary.get("accuracy_low"), summary.get("accuracy_high")
        note = ""
        if low is not None and high is not None:
            note = f"95\u00a0% interval {low * 100:.1f} to {high * 100:.1f}"
        words = f"right, of {summary['true_answers']:,} with a true answer"
        yield Figure(percent(summary["accuracy"], 1), words, note)
    for name, (words, is_share) in _SCORES.items():
        value = summary.get(name)
        if isinstance(value, float):
            yield Figure(percent(value, 1) if is_share else _number(value), words)


def _number(value: float) -> str:
    """A figure in about three digits, a small one in thousandths."""
    return f"{value:.3f}" if abs(value) < 1 else f"{value:.4g}"


def _sureness(confidence: Any) -> list[int]:
    place = np.clip((np.asarray(confidence) * BINS + 1e-9).astype(np.intp), 0, BINS - 1)
    counts: list[int] = np.bincount(place, minlength=BINS).tolist()
    return counts


def _doubtful(found: Inferred) -> Iterator[Doubtful]:
    consensus = found.consensus
    for at in consensus.disputed().tolist():
        confidence, judged = float(consensus.confidence[at]), int(consensus.judgments[at])
        yield Doubtful(_short(found.tasks[at]), _answer(found, at), confidence, judged)


def _answer(found: Inferred, at: int) -> str:
    """The answer in a few words: marks are counted, all else stands as in the results."""
    answer = found.consensus.answers[at]
    if found.kind in ("spans", "boxes"):
        return f"{len(answer)} found"
    if found.kind == "pairs":
        return f"{answer:.4g}"
    return _short(str(found.rows[at][1])) or "none"


def _short(text: str) -> str:
    return text if len(text) <= LONG else text[: LONG - 1].rstrip() + "…"


def _workers(found: Inferred) -> Iterator[Worker]:
    skill, judged = found.consensus.skill, found.consensus.judged
    for at in sorted(range(len(found.workers)), key=lambda at: found.workers[at])[:MOST]:
        n = int(judged[at])
        agreement = Interval(0.0, None, 1.0)
        if n and not np.isnan(skill[at]):
            low, _, high = gold_interval(round(float(skill[at]) * n), n)
            agreement = Interval(low, float(skill[at]), high)
        yield Worker(_short(found.workers[at]), n, agreement)
