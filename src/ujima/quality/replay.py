"""A job replayed: recorded judgments in order, through the online step, refits and stopping.

What the service does, without tables: to try a rule on data before a job is launched with it.
"""

from collections import defaultdict, deque
from dataclasses import dataclass

import numpy as np

from ujima.quality import online
from ujima.quality.judgments import Codes, Judgments
from ujima.quality.stopping import Outcome, Rule, decide
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Array, Truth

# About one refit a page of every worker: often enough that the first answers of a job, made while
# nothing is known of anyone, do not stand for long.
REFIT_EVERY = 200


@dataclass(frozen=True, eq=False)
class Replay:
    """What came of a replay.

    posterior   (n_tasks, n_labels) of the last refit; NaN for a task that was never judged
    live        (n_tasks, n_labels) as online steps and refits had left it, before the last refit
    asked       (n_tasks,) judgments used for each task
    outcomes    how many tasks ended 'confident', 'spent', or wanted 'more' than was recorded
    used        rows of the given judgments that were taken
    offered     how many judgments were given
    """

    posterior: Array
    live: Array
    asked: Codes
    outcomes: dict[str, int]
    used: Codes
    offered: int

    @property
    def share_used(self) -> float:
        """Judgments taken, as a share of those given."""
        return len(self.used) / self.offered


@dataclass
class _Job:
    """The state that a service keeps in tables."""

    judgments: Judgments
    beliefs: list[list[float]]
    counts: list[list[list[float]]]
    outcomes: list[Outcome]
    asked: Codes
    used: list[int]


def replay(judgments: Judgments, rule: Rule, refit_every: int = REFIT_EVERY) -> Replay:
    """Offer each judgment in order; take it if its task is still open.

    refit_every   judgments taken between two refits; 0 for none but the last

    A task that a refit finds below the target again is opened again, and the judgments of it that
    were passed over are offered once more, after the others. The last refit opens none.
    """
    job = _opened(judgments)
    line = deque(range(len(judgments)))
    passed: dict[int, list[int]] = defaultdict(list)
    while line:
        row = line.popleft()
        task = int(judgments.task[row])
        is_open = job.outcomes[task] is Outcome.MORE
        if is_open:
            _take(job, row, rule)
        else:
            passed[task].append(row)
        if refit_every and ((is_open and len(job.used) % refit_every == 0) or not line):
            _refit(job, rule)
            open_again = [t for t in passed if job.outcomes[t] is Outcome.MORE]
            line.extend(row for t in open_again for row in passed.pop(t))
    live = np.array([online.posterior(belief) for belief in job.beliefs])
    ends = [str(outcome) for outcome in job.outcomes]
    return Replay(
        posterior=_refit(job, rule),
        live=live,
        asked=job.asked,
        outcomes={end: ends.count(end) for end in map(str, Outcome)},
        used=np.array(job.used, np.intp),
        offered=len(judgments),
    )


def _opened(judgments: Judgments) -> _Job:
    k = judgments.n_labels
    return _Job(
        judgments=judgments,
        beliefs=[online.belief_of([1 / k] * k) for _ in range(judgments.n_tasks)],
        counts=[online.no_counts(k) for _ in range(judgments.n_workers)],
        outcomes=[Outcome.MORE] * judgments.n_tasks,
        asked=np.zeros(judgments.n_tasks, np.intp),
        used=[],
    )


def _take(job: _Job, row: int, rule: Rule) -> None:
    j = job.judgments
    task, worker, label = int(j.task[row]), int(j.worker[row]), int(j.label[row])
    job.beliefs[task], job.counts[worker] = online.observe(
        job.beliefs[task], job.counts[worker], label
    )
    job.asked[task] += 1
    job.used.append(row)
    _settle(job, task, rule)


def _settle(job: _Job, task: int, rule: Rule) -> None:
    sure = decide(int(job.asked[task]), online.posterior(job.beliefs[task]), rule)
    job.outcomes[task] = sure.outcome


def _refit(job: _Job, rule: Rule) -> Array:
    """Swap in what a refit over all judgments so far says; settle what is now sure, open again
    what no longer is."""
    truth, judged = _inferred(job)
    fitted = truth.posterior.tolist()
    prior = online.belief_of(truth.class_prior.tolist())
    job.beliefs = [list(prior) for _ in job.beliefs]
    for task, row in zip(judged.tolist(), fitted, strict=True):
        job.beliefs[task] = online.belief_of(row)
        _settle(job, task, rule)
    job.counts = truth.counts.tolist()
    posterior = np.full((job.judgments.n_tasks, job.judgments.n_labels), np.nan)
    posterior[judged] = truth.posterior
    return posterior


def _inferred(job: _Job) -> tuple[Truth, Codes]:
    """The truth of the tasks judged so far, and which tasks they are."""
    j = job.judgments
    judged, task = np.unique(j.task[job.used], return_inverse=True)
    worker, label = j.worker[job.used], j.label[job.used]
    return ibcc(Judgments(task, worker, label, len(judged), j.n_workers, j.n_labels)), judged
