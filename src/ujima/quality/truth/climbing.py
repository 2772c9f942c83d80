"""Steps repeated until nothing moves: what every iterative method has in common.

A step's evidence plus what a method adds for its priors is the objective: for EM the (penalised)
log-likelihood, for variational Bayes the evidence lower bound. Each method's belief is the best for
the posterior before, and each posterior the best for the belief, so the objective never falls.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments
from ujima.quality.truth.given import Given
from ujima.quality.truth.kernel import (
    Floats,
    Kernel,
    Parameters,
    Sums,
    added,
    kernel_for,
    step,
    sums_of,
)
from ujima.quality.truth.result import Array
from ujima.quality.truth.shards import Shard, sharded

# Rows of two posteriors compared at a time: the difference of all would be a third of them.
COMPARED = 65536


@dataclass(frozen=True)
class How:
    """How to compute; what comes out is the same but for rounding.

    kernel    'scipy', 'compiled' (needs numba: ujima[fast]), or None for what suits the size
    threads   shards worked on at the same time
    single    float32 steps: faster, and good for about four digits
    cluster   a dask.distributed Client; its workers do the steps, a shard or more each
    """

    kernel: Kernel | None = None
    threads: int = 1
    single: bool = False
    cluster: Any = None


#: one thread, double precision, the form that suits the job's size
ALONE = How()


class Belief(NamedTuple):
    """What a method believes, and what its priors add to the evidence found with it, in nats."""

    parameters: Parameters
    penalty: float


class Run(Protocol):
    """Shards somewhere: in this thread, in several, on a cluster."""

    def begin(self, posterior: Floats) -> Sums:
        """Take (n_tasks, n_states) as the posterior so far; its sums."""

    def step(self, parameters: Parameters) -> tuple[Sums, float]:
        """Make one step everywhere; the sums, and the furthest that any probability moved."""

    def posterior(self) -> Floats:
        """(n_tasks, n_states) after the last step."""


class Climb(NamedTuple):
    """Where the steps ended: posterior (n_tasks, n_states) and its sums."""

    posterior: Array
    sums: Sums
    history: tuple[float, ...]
    converged: bool


def climb(
    run: Run,
    start: Floats,
    believe: Callable[[Sums], Belief],
    *,
    max_iter: int,
    tol: float,
) -> Climb:
    """Step until no probability moves by more than `tol`, or `max_iter` steps are done."""
    if max_iter < 1:
        raise BadJudgments(f"{max_iter} steps are none; one is needed.")
    sums = run.begin(start)
    history: list[float] = []
    moved = np.inf
    while moved > tol and len(history) < max_iter:
        parameters, penalty = believe(sums)
        sums, moved = run.step(parameters)
        history.append(sums.evidence + penalty)
    posterior = run.posterior().astype(np.float64, copy=False)
    return Climb(posterior, sums, tuple(history), bool(moved <= tol))


def laid_out(judgments: Judgments, given: Given, how: How = ALONE) -> Run:
    """The judgments as shards where they are to be worked on."""
    kernel = kernel_for(len(judgments), how.kernel)
    if how.cluster is not None:
        from ujima.quality.truth.cluster import Remote, pieces_for

        pieces = pieces_for(how.cluster, how.threads)
        shards = sharded(judgments, given.held, given.models, pieces)
        return Remote(how.cluster, shards, kernel, how.single)
    return Local(sharded(judgments, given.held, given.models, how.threads), kernel, how)


class Local:
    """Shards in this process, each in a thread of its own."""

    def __init__(self, shards: tuple[Shard, ...], kernel: Kernel, how: How) -> None:
        self.shards, self.kernel, self.how = shards, kernel, how
        self.parts: list[Floats] = []

    def begin(self, posterior: Floats) -> Sums:
        mine = posterior.astype(dtype_of(self.how.single), copy=False)
        self.parts = [mine[s.first : s.first + len(s)] for s in self.shards]
        return added(self._each(lambda shard, part: sums_of(shard, part, self.kernel)))

    def step(self, parameters: Parameters) -> tuple[Sums, float]:
        typed = as_type(parameters, self.how.single)
        done = self._each(lambda shard, part: stepped(shard, typed, part, self.kernel))
        self.parts = [posterior for posterior, _, _ in done]
        return added([sums for _, sums, _ in done]), max(moved for _, _, moved in done)

    def posterior(self) -> Floats:
        return self.parts[0] if len(self.parts) == 1 else np.concatenate(self.parts)

    def _each(self, work: Callable[[Shard, Floats], Any]) -> list[Any]:
        if len(self.shards) == 1:
            return [work(self.shards[0], self.parts[0])]
        with ThreadPoolExecutor(self.how.threads) as pool:
            return list(pool.map(work, self.shards, self.parts))


def stepped(
    shard: Shard, parameters: Parameters, before: Floats, kernel: Kernel
) -> tuple[Floats, Sums, float]:
    """A step, and the furthest that any probability moved by it."""
    posterior, sums = step(shard, parameters, kernel)
    moved = [
        float(np.abs(posterior[low : low + COMPARED] - before[low : low + COMPARED]).max())
        for low in range(0, len(posterior), COMPARED)
    ]
    return posterior, sums, max(moved)


def dtype_of(single: bool) -> Any:
    """The type of numbers in a step."""
    return np.float32 if single else np.float64


def as_type(parameters: Parameters, single: bool) -> Parameters:
    """The same parameters in the type of the step."""
    dtype = dtype_of(single)
    return Parameters(*(array.astype(dtype, copy=False) for array in parameters))
