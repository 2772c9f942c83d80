"""How many judgments a unit will probably get, reckoned before anybody has judged one; and how many
were saved, once they have."""

from functools import lru_cache
from math import log

import numpy as np

from ujima.quality.judgments import Codes
from ujima.quality.stopping import Rule
from ujima.quality.truth.result import Array

#: how often people are taken to be right until it has been measured
ASSUMED = 0.8
#: what is told as the range beside it: people somewhat better, and somewhat worse
ASSUMED_BEST, ASSUMED_WORST = 0.9, 0.7
#: units tried; the mean of so many is off by about a tenth of a judgment
TRIED = 600
#: fewer results than this say nothing about what was saved
LEAST = 8
#: people are taken to be better than chance, and not to be perfect
LEAST_ABOVE_CHANCE, MOST = 0.05, 0.99


@lru_cache(maxsize=512)
def expected_judgments(sizes: tuple[int, ...], rule: Rule, accuracy: float) -> float:
    """The mean number of judgments at which units stop, by trying many.

    sizes      classes of each problem of a unit (`answers.problems`); without any, a text
    accuracy   how often people are right on each problem; all alike, their errors spread evenly
               over the other classes, and what they are worth known

    In truth people differ, and are known only by and by; docs/quality.md says how near it came on
    recorded data.
    """
    rng = np.random.default_rng(0)
    going = np.arange(TRIED)
    votes = [np.zeros((TRIED, max(size, 2))) for size in sizes or (2,)]
    asked = np.full(TRIED, rule.maximum)
    for n in range(1, rule.maximum + 1):
        sure = np.ones(len(going))
        for place, counted in enumerate(votes):
            size = sizes[place] if sizes else 0
            right = _kept(accuracy, size)
            _vote(counted, going, right, rng, shared=bool(sizes))
            held = counted[going]
            sure = np.minimum(sure, _sure(held, right, rule) if sizes else held[:, 0] / n)
        stopped = sure >= rule.target if n >= min(rule.minimum_now, rule.maximum) else sure > 1
        asked[going[stopped]] = n
        going = going[~stopped]
    return float(asked.mean())


def _kept(accuracy: float, size: int) -> float:
    least = 1 / size + LEAST_ABOVE_CHANCE if size else LEAST_ABOVE_CHANCE
    return min(max(accuracy, least), MOST)


def _vote(
    counted: Array,
    going: Codes,
    right: float,
    rng: np.random.Generator,
    shared: bool,
) -> None:
    """One vote more on each unit that goes on; class 0 is the true one. Wrong texts all differ."""
    wrong = rng.integers(1, counted.shape[1], len(going))
    said = np.where(rng.random(len(going)) < right, 0, wrong)
    if shared:
        counted[going, said] += 1
    else:
        counted[going, 0] += said == 0


def _sure(held: Array, right: float, rule: Rule) -> Array:
    """The tempered confidence in the leading class of each unit."""
    size = held.shape[1]
    worth = rule.power_now * log(right * (size - 1) / (1 - right))
    odds = np.exp(worth * (held - held.max(axis=1, keepdims=True)))
    sure: Array = 1 / odds.sum(axis=1)
    return sure


def saved_share(judgments: int, gold_judgments: int, results: int, most: int) -> float | None:
    """The share of judgments not asked for, against asking `most` for each result.

    judgments   all of them; `gold_judgments` are left out
    results     ordinary units whose result stands

    Judgments of units without a result yet count as used, so this says rather too little; None
    while there are fewer results than say anything, and where nothing was saved.
    """
    fixed = results * most
    used = judgments - gold_judgments
    return 1 - used / fixed if results >= LEAST and 0 < used < fixed else None
