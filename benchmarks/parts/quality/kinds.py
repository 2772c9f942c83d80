"""Answers that are not one choice: boxes, spans, transcriptions, numbers, pairs."""

import subprocess
from collections.abc import Sequence

import numpy as np
from scipy.stats import kendalltau

from benchmarks.parts.crowd import Sets, crowd_kit
from benchmarks.parts.figures import Report
from ujima.quality.kinds.boxes import boxes, overlaps
from ujima.quality.kinds.edits import distance, words
from ujima.quality.kinds.numbers import numbers
from ujima.quality.kinds.pairs import pairs
from ujima.quality.kinds.spans import spans, states_of, tokens_of
from ujima.quality.kinds.texts import texts

Rows = list[dict[str, str]]


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Each kind on the public set of it that is there; no gold is given to any method."""
    for name, one in (
        ("boxes", _boxes),
        ("pico", _spans),
        ("speech", _texts),
        ("emotion", _numbers),
    ):
        rows = sets.rows(name, "labels.csv")
        if rows:
            one(report, sets, rows)
    _pairs(report, 5_000 if quick else 20_000, with_peer)


class _Coded:
    def __init__(self, rows: Rows) -> None:
        tasks: dict[str, int] = {}
        workers: dict[str, int] = {}
        self.task = np.array([tasks.setdefault(r["task"], len(tasks)) for r in rows])
        self.worker = np.array([workers.setdefault(r["worker"], len(workers)) for r in rows])
        self.tasks = list(tasks)
        self.sizes = {"n_tasks": len(tasks), "n_workers": len(workers)}


def _boxes(report: Report, sets: Sets, rows: Rows) -> None:
    with_size = [r for r in rows if not r["x"] or (float(r["w"]) > 0 and float(r["h"]) > 0)]
    coded = _Coded(with_size)
    found = boxes(coded.task, coded.worker, _corners(with_size), **coded.sizes).answers
    gold = sets.rows("boxes", "gold.csv")
    true, place = _corners(gold), np.array([r["task"] for r in gold])
    hits, drawn, there, near = 0, 0, 0, 0.0
    for task, answer in zip(coded.tasks, found, strict=True):
        own = true[(place == task) & ~np.isnan(true[:, 0])]
        table = overlaps(np.array([b[:4] for b in answer]).reshape(-1, 4), own)
        drawn, there = drawn + len(answer), there + len(own)
        while table.size and table.max() >= 0.5:
            i, j = np.unravel_index(int(table.argmax()), table.shape)
            hits, near = hits + 1, near + float(table[i, j])
            table[i, :], table[:, j] = 0, 0
    report.at_least("boxes: F1 at overlap .5", round(2 * hits / (drawn + there), 4), "", 0.92)
    report.reported("boxes: mean overlap", round(near / hits, 4), "")


def _corners(rows: Rows) -> np.ndarray:
    box = np.array([[float(r[c]) if r[c] else np.nan for c in "xywh"] for r in rows])
    box[:, :2] -= box[:, 2:] / 2
    return box


def _spans(report: Report, sets: Sets, rows: Rows) -> None:
    coded = _Coded(rows)
    text = {r["task"]: r["text"] for r in sets.rows("pico", "items.csv")}
    true: dict[str, list[tuple[int, int]]] = {}
    for r in sets.rows("pico", "gold.csv"):
        if r["start"]:
            true.setdefault(r["task"], []).append((int(r["start"]), int(r["end"])))
    start, end = (np.array([int(r[c] or -1) for r in rows]) for c in ("start", "end"))
    found = spans(
        coded.task, coded.worker, start, end, texts=[text[t] for t in coded.tasks], **coded.sizes
    ).answers
    both = said = there = exact = n_said = n_there = 0
    for task, answer in zip(coded.tasks, found, strict=True):
        tokens, own = tokens_of(text[task]), true.get(task, [])
        ours, theirs = states_of(answer, tokens) > 0, states_of(own, tokens) > 0
        both, said, there = both + (ours & theirs).sum(), said + ours.sum(), there + theirs.sum()
        exact += len(set(answer) & set(own))
        n_said, n_there = n_said + len(answer), n_there + len(own)
    report.at_least("spans: token F1", round(float(2 * both / (said + there)), 4), "", 0.74)
    report.reported("spans: exact F1", round(2 * exact / (n_said + n_there), 4), "")


def _texts(report: Report, sets: Sets, rows: Rows) -> None:
    coded = _Coded(rows)
    found = texts(coded.task, coded.worker, [r["text"] for r in rows], **coded.sizes).answers
    report.at_most("transcription: WER", _errors(coded.tasks, found, sets), "%", 7.5)


def _errors(tasks: Sequence[str], found: Sequence[str], sets: Sets) -> float:
    true = {r["task"]: words(r["text"]) for r in sets.rows("speech", "gold.csv")}
    off = sum(distance(words(f), true[t]) for t, f in zip(tasks, found, strict=True))
    return round(100 * off / sum(len(true[t]) for t in tasks), 2)


def _numbers(report: Report, sets: Sets, rows: Rows) -> None:
    coded = _Coded(rows)
    true = {r["task"]: float(r["label"]) for r in sets.rows("emotion", "gold.csv")}
    value = np.array([float(r["label"]) for r in rows])
    found = np.array(numbers(coded.task, coded.worker, value, **coded.sizes).answers)
    off = found - np.array([true[t] for t in coded.tasks])
    mean = np.bincount(coded.task, value) / np.bincount(coded.task)
    plain = mean - np.array([true[t] for t in coded.tasks])
    rmse, before = (round(float(np.sqrt((d**2).mean())), 2) for d in (off, plain))
    report.at_most("numbers: RMSE (peer: plain mean)", rmse, "", 15.1, before)


_PEER = """
import sys, pandas as pd
from crowdkit.aggregation import BradleyTerry
found = BradleyTerry(n_iter=100).fit_predict(pd.read_csv(sys.stdin, dtype=str))
found.to_csv(sys.stdout, header=False)
"""


def _pairs(report: Report, n: int, with_peer: bool) -> None:
    rng = np.random.default_rng(0)
    score, honest = rng.normal(size=500), rng.uniform(0.5, 1, 50)
    one = rng.integers(0, 500, n)
    other = (one + rng.integers(1, 500, n)) % 500
    worker = rng.integers(0, 50, n)
    first = rng.random(n) < 1 / (1 + np.exp(score[other] - score[one]))
    first ^= rng.random(n) > honest[worker]
    best, rest = np.where(first, one, other), np.where(first, other, one)
    peer = 0.0
    if with_peer:
        table = "worker,left,right,label\n" + "".join(
            f"{w},{a},{b},{a}\n" for w, a, b in zip(worker, best, rest, strict=True)
        )
        ran = subprocess.run(
            [crowd_kit(), "-c", _PEER], input=table, capture_output=True, text=True, check=True
        )
        theirs = dict(line.split(",") for line in ran.stdout.split())
        kept = np.array([float(theirs.get(str(i), 0)) for i in range(500)])
        peer = round(float(kendalltau(kept, score)[0]), 3)
    found = pairs(best, rest, worker, n_items=500, n_workers=50).answers
    report.reported(
        "pairs: tau (synthetic)", round(float(kendalltau(found, score)[0]), 3), "", peer
    )
