"""Confidence that means what it says, taught by known answers (`reliability` measures it).

`sure` is the confidence that comes nearest to that after 50 gold units. It asks two things of an
answer: what halves of the judgments, drawn at random, say of it on average (a posterior that rests
on a few shaky tables falls apart there), and which share of the votes it has. How much each counts
is a logistic regression on the gold, which starts from what holds on average.
"""

from dataclasses import replace

import numpy as np

from ujima.quality.judgments import Codes, Judgments
from ujima.quality.trust import Z95, Interval
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Array, vote_shares

#: halves of the judgments that are inferred anew
HALVES = 8
#: for a mean over so many tasks half as many do, in half the time
MANY_TASKS = 2000
#: the weights of the regression before any gold, and how far they may lie from that (one standard
#: deviation): a constant, what halves say, the share of votes. Round numbers near the best on the
#: seven public sets of docs/quality.md
_USUAL, _SPREAD = np.array([0.9, 0.5, 0.2]), np.array([0.6, 0.25, 0.25])
#: keeps the log odds of a share of 0 or 1 finite
_EDGE = 0.02
_STEPS = 25


def sure(judgments: Judgments, posterior: Array, gold: Codes, rng: np.random.Generator) -> Array:
    """(n_tasks,) how sure each task's likeliest label is, after what gold says.

    posterior   (n_tasks, n_labels) inferred without gold
    gold        (n_tasks,) the labels that are known, -1 for the others; none is needed
    """
    return confidence(looked(judgments, posterior, rng), posterior, gold)


def looked(judgments: Judgments, posterior: Array, rng: np.random.Generator) -> Array:
    """(n_tasks, 3) what confidence is told from; made once where it is asked of several golds."""
    return _seen(judgments, posterior, rng, HALVES)


def confidence(seen: Array, posterior: Array, gold: Codes) -> Array:
    """(n_tasks,) as `sure`, from what `looked` found."""
    found: Array = _share(seen @ _weights(seen, posterior, gold)[0])
    return found


def estimated(
    judgments: Judgments, posterior: Array, gold: Codes, rng: np.random.Generator
) -> Interval:
    """How many of the tasks that are not gold have the right answer; arguments as of `sure`.

    The interval holds two doubts: about the weights, which gold has taught, and the chance by which
    so many units with such confidence turn out right.
    """
    halves = HALVES if judgments.n_tasks <= MANY_TASKS else HALVES // 2
    seen = _seen(judgments, posterior, rng, halves)
    weights, doubt = _weights(seen, posterior, gold)
    rest = seen[gold < 0] if (gold < 0).any() else seen
    found = _share(rest @ weights)
    by_chance = found * (1 - found)
    slope = (by_chance[:, None] * rest).mean(axis=0)
    spread = Z95 * float(np.sqrt(slope @ doubt @ slope + by_chance.mean() / len(rest)))
    mid = float(found.mean())
    return Interval(max(0.0, mid - spread), mid, min(1.0, mid + spread))


def _seen(judgments: Judgments, posterior: Array, rng: np.random.Generator, times: int) -> Array:
    rows, answer = np.arange(len(posterior)), posterior.argmax(axis=1)
    halves = np.mean([_half(judgments, rng) for _ in range(times)], axis=0)[rows, answer]
    votes = vote_shares(judgments)[rows, answer]
    return np.stack([np.ones(len(rows)), _odds(halves), _odds(votes)], axis=1)


def _odds(share: Array) -> Array:
    odds: Array = np.log((share + _EDGE) / (1 - share + _EDGE))
    return odds


def _half(judgments: Judgments, rng: np.random.Generator) -> Array:
    """The posterior from about half of the judgments, of every task at least one."""
    keep = rng.random(len(judgments)) < 0.5
    bare = np.bincount(judgments.task[keep], minlength=judgments.n_tasks) == 0
    keep[np.unique(judgments.task, return_index=True)[1][bare]] = True
    half = replace(
        judgments,
        task=judgments.task[keep],
        worker=judgments.worker[keep],
        label=judgments.label[keep],
    )
    return ibcc(half, tol=1e-3, max_iter=60).posterior


def _share(odds: Array) -> Array:
    # beyond this the share is 0 or 1 to the last digit, and the exponential would overflow
    share: Array = 1 / (1 + np.exp(-np.clip(odds, -500, 500)))
    return share


def _weights(seen: Array, posterior: Array, gold: Codes) -> tuple[Array, Array]:
    """The likeliest weights under a normal belief, by Newton's steps, and their covariance."""
    known = np.flatnonzero(gold >= 0)
    right = (posterior[known].argmax(axis=1) == gold[known]).astype(np.float64)
    own, weights = seen[known], _USUAL
    bend = np.diag(1 / _SPREAD**2)
    for _ in range(_STEPS):
        found = _share(own @ weights)
        slope = own.T @ (right - found) - (weights - _USUAL) / _SPREAD**2
        bend = (own.T * (found * (1 - found))) @ own + np.diag(1 / _SPREAD**2)
        weights = weights + np.linalg.solve(bend, slope)
    return weights, np.asarray(np.linalg.inv(bend), np.float64)
