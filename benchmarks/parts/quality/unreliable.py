"""Finding people who answer at random or always alike, without gold."""

from dataclasses import replace

import numpy as np

from benchmarks.parts.crowd import Sets
from benchmarks.parts.figures import Report
from ujima.quality.informative import information_of
from ujima.quality.judgments import Judgments
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import vote_shares

#: of the people of a set, replaced by unreliable ones; half of these at random, half constant
SHARE = 0.2
SEEDS = 20
#: sets whose own bar stands in the issue; on the others majority agreement is the bar
BARRED = {"rte": 0.89, "dog": 0.89, "cf_amt": 0.89}


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """The AUC of the information in people's confusion, beside their agreement with the majority;
    the mean over the same injected people."""
    for choice in sets.choices():
        found = np.array([_aucs(choice.judgments, seed) for seed in range(3 if quick else SEEDS)])
        ours, majority = (round(float(mean), 4) for mean in found.mean(axis=0))
        name = f"{choice.name}: finding unreliable answers, AUC (peer: majority agreement)"
        bar = BARRED.get(choice.name, majority)
        report.at_least(name, ours, "", bar, majority)
        spread = found[:, 0].std(ddof=1) / len(found) ** 0.5
        report.reported(f"{choice.name}: standard error of that mean", round(float(spread), 4), "")


def _aucs(real: Judgments, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    judgments, bad = injected(real, rng)
    active = np.bincount(judgments.worker, minlength=judgments.n_workers) > 0
    told = information_of(ibcc(judgments), rng=rng).mid
    return auc(told[active], bad[active]), auc(_agreement(judgments)[active], bad[active])


def injected(real: Judgments, rng: np.random.Generator) -> tuple[Judgments, np.ndarray]:
    """The judgments with a share of the people replaced, and (n_workers,) who was."""
    people = rng.permutation(real.n_workers)[: round(SHARE * real.n_workers)]
    at_random, constant = np.array_split(people, 2)
    label = real.label.copy()
    guessed = np.isin(real.worker, at_random)
    label[guessed] = rng.integers(real.n_labels, size=guessed.sum())
    favourite = rng.integers(real.n_labels, size=real.n_workers)
    fixed = np.isin(real.worker, constant)
    label[fixed] = favourite[real.worker[fixed]]
    return replace(real, label=label), np.isin(np.arange(real.n_workers), people)


def _agreement(judgments: Judgments) -> np.ndarray:
    """(n_workers,) the share of a person's answers that are the majority's; ties are shared."""
    votes = vote_shares(judgments)
    best = votes == votes.max(axis=1, keepdims=True)
    hit = (best / best.sum(axis=1, keepdims=True))[judgments.task, judgments.label]
    n = np.bincount(judgments.worker, minlength=judgments.n_workers)
    return np.bincount(judgments.worker, hit, judgments.n_workers) / np.maximum(n, 1)


def auc(good: np.ndarray, bad: np.ndarray) -> float:
    """The chance that one of the bad stands below one of the others; equals count half."""
    low, high = good[bad], np.sort(good[~bad])
    below = len(high) - np.searchsorted(high, low, side="right")
    level = np.searchsorted(high, low, side="right") - np.searchsorted(high, low, side="left")
    return float((below + level / 2).mean() / len(high))
