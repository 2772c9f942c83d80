"""Comparisons of two things: a score for every thing, and an honesty for every worker.

Bradley and Terry's model with, for each worker, how often she says what she sees rather than the
opposite. Source: Chen et al., WSDM 2013 (Crowd-BT), here by EM with the minorising steps of Hunter
2004 (doi:10.1214/aos/1079120141) and gamma priors (Caron and Doucet 2012).
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes
from ujima.quality.kinds.consensus import Array, Consensus, checked

#: pseudo-answers: honest ones and dishonest ones of every worker
HONEST, DISHONEST = 4.0, 1.0
#: shape of the scores' prior; its mode is at equal scores, and it ties unconnected things together
SHAPE = 1.5
#: minorising steps after each look at the workers
INNER = 5


class _State(NamedTuple):
    score: Array
    honesty: Array


def pairs(
    winner: Codes,
    loser: Codes,
    worker: Codes,
    *,
    n_items: int,
    n_workers: int,
    max_iter: int = 500,
    tol: float = 1e-6,
) -> Consensus:
    """Infer a score for each thing from who was preferred to whom.

    winner, loser   (n,) things from 0; a worker who could not tell gives no row
    answers         (n_items,) scores as logarithms, mean 0; higher is better
    confidence      (n_items,) how sure the place between the neighbours is: the lesser chance of
                    beating the next one down and losing to the next one up, 1 for one thing alone
    judgments       comparisons of each thing
    skill           her honesty: the chance that she says what she sees
    history         the log-posterior after each step, in nats, but for constants; never falls

    Raises BadJudgments for codes that do not fit, and for a thing compared with itself.
    """
    itself = np.flatnonzero(winner == loser)
    if len(itself):
        raise BadJudgments(
            f"{len(itself)} comparisons are of a thing with itself.",
            place={"rows": itself[:5].tolist()},
        )
    things = np.concatenate([winner, loser])
    checked(things, np.concatenate([worker, worker]), n_items, n_workers)
    state = _State(np.ones(n_items), np.full(n_workers, HONEST / (HONEST + DISHONEST)))
    history: list[float] = []
    converged = False
    while not converged and len(history) < max_iter:
        seen, log_posterior = _seen(winner, loser, worker, state)
        history.append(log_posterior)
        after = _improved(winner, loser, worker, seen, state)
        moved = np.abs(np.log(after.score) - np.log(state.score)).max()
        converged, state = bool(moved <= tol), after
    score = np.log(state.score)
    judged = np.bincount(worker, minlength=n_workers)
    return Consensus(
        answers=(score - score.mean()).tolist(),
        confidence=_between(score),
        judgments=np.bincount(things, minlength=n_items),
        skill=np.where(judged > 0, state.honesty, np.nan),
        judged=judged,
        method="bradley_terry_honesty",
        history=tuple(history),
        converged=converged,
    )


def from_rankings(
    rankings: Sequence[Sequence[int]], workers: Sequence[int]
) -> tuple[Codes, Codes, Codes]:
    """(winner, loser, worker) of every pair in each ranking, best first.

    Raises BadJudgments for a ranking that names a thing twice.
    """
    found: list[tuple[int, int, int]] = []
    for place, (ranking, worker) in enumerate(zip(rankings, workers, strict=True)):
        if len(set(ranking)) != len(ranking):
            raise BadJudgments("A ranking names a thing twice.", place={"row": place})
        found += [(a, b, worker) for at, a in enumerate(ranking) for b in ranking[at + 1 :]]
    table = np.array(found, np.intp).reshape(-1, 3)
    return table[:, 0], table[:, 1], table[:, 2]


def _seen(winner: Codes, loser: Codes, worker: Codes, state: _State) -> tuple[Array, float]:
    """(n,) the chance that each worker saw the winner as better, and the log-posterior."""
    beats = state.score[winner] / (state.score[winner] + state.score[loser])
    honest = state.honesty[worker] * beats
    other = (1 - state.honesty[worker]) * (1 - beats)
    prior = ((SHAPE - 1) * (np.log(state.score) - state.score)).sum()
    prior += (HONEST * np.log(state.honesty) + DISHONEST * np.log1p(-state.honesty)).sum()
    return honest / (honest + other), float(np.log(honest + other).sum() + prior)


def _improved(winner: Codes, loser: Codes, worker: Codes, seen: Array, state: _State) -> _State:
    """Honesty as its best; scores a few minorising steps up."""
    n_items, n_workers = len(state.score), len(state.honesty)
    honest = np.bincount(worker, seen, n_workers) + HONEST
    total = np.bincount(worker, minlength=n_workers) + HONEST + DISHONEST
    wins = np.bincount(winner, seen, n_items) + np.bincount(loser, 1 - seen, n_items)
    score = state.score
    for _ in range(INNER):
        pull = 1 / (score[winner] + score[loser])
        faced = np.bincount(winner, pull, n_items) + np.bincount(loser, pull, n_items)
        score = (wins + SHAPE - 1) / (faced + SHAPE - 1)
    return _State(score, honest / total)


def _between(score: Array) -> Array:
    """How sure each thing's place is."""
    order = np.argsort(score)
    ahead = 1 / (1 + np.exp(-np.diff(score[order])))
    sure = np.ones(len(score))
    sure[order[1:]] = np.minimum(sure[order[1:]], ahead)
    sure[order[:-1]] = np.minimum(sure[order[:-1]], ahead)
    return sure
