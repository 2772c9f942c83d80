"""Model labels: what a classifier of people's majority adds to their judgments, and what it costs.

Gold is used for scoring alone. On `product` it compares names, descriptions and prices; on `rte`
its features tell little, so it must do no harm.
"""

import time
from statistics import mean

import numpy as np

from benchmarks.parts.crowd import Choice, Sets
from benchmarks.parts.figures import Report, say
from ujima.quality.model_labels.folds import ModelLabels, joined, model_labels
from ujima.quality.truth.ibcc import ibcc

#: the class that is rare and looked for, in which F1 is told
POSITIVE = {"product": "same", "rte": "yes"}
BARS = {"product": 0.945, "rte": 0.926}
SEEDS, QUICK_SEEDS = 10, 2


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Accuracy and F1 with and without model labels, over several seeds of folds."""
    for chosen in sets.choices():
        if chosen.name in BARS:
            _measure(report, chosen, fields(sets, chosen), QUICK_SEEDS if quick else SEEDS)


def fields(sets: Sets, chosen: Choice) -> list[dict[str, str]]:
    """Each task's fields, in the tasks' order."""
    items = {row.pop("task"): row for row in sets.rows(chosen.name, "items.csv")}
    if chosen.name != "product":
        return [items[task] for task in chosen.tasks]
    products = {row.pop("product"): row for row in sets.rows("product", "products.csv")}
    return [
        {
            f"{side}_{name}": text
            for side in ("left", "right")
            for name, text in products[items[task][side]].items()
        }
        for task in chosen.tasks
    ]


def _measure(report: Report, chosen: Choice, rows: list[dict[str, str]], seeds: int) -> None:
    name = chosen.name
    without = ibcc(chosen.judgments)
    report.reported(f"{name}: without", chosen.accuracy(without.posterior), "accuracy")
    report.reported(f"{name}: without, F1", _f1(chosen, without.label), "F1")
    told, alone, scores, seconds = [], [], [], []
    for seed in range(seeds):
        began = time.process_time()
        model = model_labels(chosen.judgments, rows, seed=seed)
        seconds.append(time.process_time() - began)
        told.append(ibcc(joined(chosen.judgments, model.label)))
        alone.append(_alone(chosen, model))
        scores.append(chosen.accuracy(told[-1].posterior))
        say(f"    seed {seed}: {scores[-1]:.4f} with, {alone[-1]:.4f} the model alone")
    report.reported(f"{name}: the model alone, mean", mean(alone), "accuracy")
    report.at_least(f"{name}: with, mean of {seeds} seeds", mean(scores), "accuracy", BARS[name])
    report.reported(f"{name}: with, worst seed", min(scores), "accuracy")
    report.reported(f"{name}: with, best seed", max(scores), "accuracy")
    report.reported(f"{name}: with, F1, mean", mean(_f1(chosen, t.label) for t in told), "F1")
    report.reported(f"{name}: units a CPU second", len(rows) / mean(seconds), "units/s")


def _alone(chosen: Choice, model: ModelLabels) -> float:
    known = chosen.truth >= 0
    return float((model.label == chosen.truth)[known].mean())


def _f1(chosen: Choice, label: np.ndarray) -> float:
    positive = chosen.classes.index(POSITIVE[chosen.name])
    said, true = label == positive, chosen.truth == positive
    return float(2 * (said & true).sum() / (said.sum() + true.sum()))
