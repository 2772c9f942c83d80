"""Accuracy on the seven choice sets, one default setting and no gold, beside crowd-kit."""

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.parts.crowd import Choice, Sets, crowd_kit
from benchmarks.parts.figures import Report, say
from ujima.quality.truth.infer import METHODS, infer

BARS = {
    "rte": 0.926,
    "product": 0.936,
    "bluebird": 0.880,
    "dog": 0.836,
    "web": 0.774,
    "cf": 0.890,
    "cf_amt": 0.846,
}
MEAN = 0.874
DRAWS = 10_000

# crowd-kit's own defaults, as its users have it.
PEER = """
import json, sys
import numpy as np, pandas as pd
from crowdkit.aggregation import DawidSkene
a = np.load(sys.argv[1])
frame = pd.DataFrame({"task": a["task"], "worker": a["worker"], "label": a["label"]})
said = DawidSkene(n_iter=100).fit_predict_proba(frame).sort_index()
full = said.reindex(columns=range(int(a["labels"])), fill_value=0.0)
np.save(sys.argv[2], full.to_numpy())
"""


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Each set and the mean; every method of ours; the difference to crowd-kit's Dawid-Skene."""
    there = list(sets.choices())
    right = {s.name: _right(s, infer(s.judgments).posterior) for s in there}
    theirs = {s.name: _right(s, _crowd_kit(s)) for s in there} if with_peer else {}
    for name, ours in right.items():
        beside = float(theirs[name].mean()) if theirs else 0
        report.at_least(f"accuracy, default, {name}", float(ours.mean()), "", BARS[name], beside)
    if len(there) == len(BARS):
        mean = float(np.mean([ours.mean() for ours in right.values()]))
        beside = float(np.mean([ours.mean() for ours in theirs.values()])) if theirs else 0
        report.at_least("accuracy, default, mean of seven sets", mean, "", MEAN, beside)
    for name, words, value in _differences(right, theirs):
        report.reported(
            f"accuracy, default minus crowd-kit Dawid-Skene, {name}, {words}", value, ""
        )
    if quick:
        return
    for method in sorted(set(METHODS) - {"default", "careful", "ibcc"}):
        found = [float(_right(s, infer(s.judgments, method).posterior).mean()) for s in there]
        for s, value in zip(there, found, strict=True):
            report.reported(f"accuracy, {method}, {s.name}", value, "")
        report.reported(f"accuracy, {method}, mean", float(np.mean(found)), "")


def _right(one: Choice, posterior: np.ndarray) -> np.ndarray:
    return one.right(posterior)[one.truth >= 0]


def _differences(
    right: dict[str, np.ndarray], theirs: dict[str, np.ndarray]
) -> Iterator[tuple[str, str, float]]:
    """Per set the difference and its 95 % interval, the same tasks drawn for both."""
    rng = np.random.default_rng(1)
    for name in theirs:
        apart = right[name] - theirs[name]
        drawn = np.array(
            [apart[rng.integers(len(apart), size=len(apart))].mean() for _ in range(DRAWS)]
        )
        low, high = np.quantile(drawn, [0.025, 0.975])
        say(f"  {name}: {apart.mean():+.4f} [{low:+.4f}, {high:+.4f}] against crowd-kit")
        yield name, "mean", round(float(apart.mean()), 5)
        yield name, "2.5 % of the paired bootstrap", round(float(low), 5)
        yield name, "97.5 % of the paired bootstrap", round(float(high), 5)


def _crowd_kit(one: Choice) -> np.ndarray:
    j = one.judgments
    with tempfile.TemporaryDirectory() as folder:
        given, found = Path(folder) / "labels.npz", Path(folder) / "found.npy"
        np.savez(given, task=j.task, worker=j.worker, label=j.label, labels=j.n_labels)
        command = [str(crowd_kit()), "-W", "ignore", "-c", PEER, str(given), str(found)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return np.load(found)
