"""Whether an inference stands firmly enough to stop asking on it.

Two things must hold before a unit is stopped on what is believed of people. They must be known:
the median judgment is by somebody with ten answers. And the answers must not hang on each other:
leave out half of the judgments of half of the units, and hardly an answer of the *other* half may
change. Where many do (`web` in docs/quality.md: one in twenty), every judgment saved on one unit is
paid for by others, and stopping anywhere loses accuracy everywhere.
"""

from dataclasses import dataclass, replace

import numpy as np

from ujima.quality.judgments import Codes, Judgments
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Array

#: answers that the giver of the median judgment must have given
WARM = 10
#: of answers that may change by judgments left out elsewhere; three times the loss of accuracy that
#: stopping may cost, as a changed answer was right about as often as it becomes so
MOST_DRIFT = 0.03
#: what an earlier trial counts beside a new one
FADING = 0.5
#: answers that must be tried to say so; small jobs are tried several times, up to so often
_ENOUGH, _MOST_TRIALS = 1000, 5
#: the trial need not be exact, as it is counted in answers
_TOLERANCE, _STEPS = 1e-3, 60


@dataclass(frozen=True, slots=True)
class Drift:
    """What trials found: answers that changed, of how many; older trials count less."""

    changed: float = 0.0
    tried: float = 0.0

    @property
    def share(self) -> float:
        """Of answers that changed; 1 before any trial."""
        return self.changed / self.tried if self.tried else 1.0

    @property
    def is_steady(self) -> bool:
        """Whether so few changed that units may be stopped."""
        return self.share <= MOST_DRIFT


def is_warm(worker: Codes) -> bool:
    """Whether people are known: `worker` (n,) is who gave each judgment, coded from 0."""
    given = np.bincount(worker)
    return bool(np.median(given[worker]) >= WARM)


def drift(
    judgments: Judgments, posterior: Array, rng: np.random.Generator, before: Drift | None = None
) -> Drift:
    """Try it: half of the judgments of half of the units left out, then of the other half.

    posterior   (n_tasks, n_labels) inferred from all of them
    before      what earlier trials of the same job found
    """
    before = before or Drift()
    half = rng.random(judgments.n_tasks) < 0.5
    changed = sum(_changed(judgments, posterior, part, rng) for part in (half, ~half))
    return Drift(before.changed * FADING + changed, before.tried * FADING + judgments.n_tasks)


def drift_of(judgments: Judgments, posterior: Array, rng: np.random.Generator) -> Drift:
    """The same without a memory: one trial of a large job, several of a small one."""
    trials = min(_MOST_TRIALS, -(-_ENOUGH // judgments.n_tasks))
    found = [drift(judgments, posterior, rng) for _ in range(trials)]
    return Drift(sum(one.changed for one in found), sum(one.tried for one in found))


def _changed(
    judgments: Judgments, posterior: Array, half: np.ndarray, rng: np.random.Generator
) -> int:
    keep = ~half[judgments.task] | (rng.random(len(judgments)) < 0.5)
    keep[np.unique(judgments.task, return_index=True)[1]] = True
    fewer = replace(
        judgments,
        task=judgments.task[keep],
        worker=judgments.worker[keep],
        label=judgments.label[keep],
    )
    after = ibcc(fewer, start=posterior, tol=_TOLERANCE, max_iter=_STEPS).posterior
    moved = posterior.argmax(axis=1) != after.argmax(axis=1)
    return int(moved[~half].sum())
