"""Public crowd data with known answers, as arrays; the sources stand beside the files."""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ujima.quality.judgments import Judgments, code

ROOT = Path(__file__).parents[3]
PLACES = {
    "rte": ROOT / "src/ujima/commands/rte",
    "cf": ROOT / "tests/data/crowd/cf",
    "bluebird": ROOT / "tests/data/crowd/bluebird",
}


class Crowd(NamedTuple):
    judgments: Judgments
    truth: np.ndarray  # (n_tasks,)

    def accuracy(self, posterior: np.ndarray) -> float:
        """The share of tasks answered rightly; a tie among m labels counts 1 / m."""
        top = posterior >= posterior.max(axis=1, keepdims=True) - 1e-9
        right = top[np.arange(len(self.truth)), self.truth] / top.sum(axis=1)
        return float(right.mean())


@cache
def crowd(name: str) -> Crowd:
    rows = _rows(PLACES[name] / "labels.csv")
    gold = {row["task"]: row["label"] for row in _rows(PLACES[name] / "gold.csv")}
    said = [row["label"] for row in rows]
    classes = sorted({*said, *gold.values()})
    coded = code([row["task"] for row in rows], [row["worker"] for row in rows], said, classes)
    return Crowd(coded.judgments, np.array([classes.index(gold[task]) for task in coded.tasks]))


def shuffled(judgments: Judgments, seed: int) -> Judgments:
    """The same judgments as they might have come in, everyone working at the same time."""
    order = np.random.default_rng(seed).permutation(len(judgments))
    return Judgments(
        judgments.task[order],
        judgments.worker[order],
        judgments.label[order],
        judgments.n_tasks,
        judgments.n_workers,
        judgments.n_labels,
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
