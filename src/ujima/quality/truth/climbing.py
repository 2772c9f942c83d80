"""Steps repeated until nothing moves: what every iterative method has in common.

A step's evidence plus what a method adds for its priors is the objective: for EM the (penalised)
log-likelihood, for variational Bayes the evidence lower bound. Each method's belief is the best for
the posterior before, and each posterior the best for the belief, so the objective never falls.
"""

from collections.abc import Callable
from typing import NamedTuple, Protocol

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.truth.kernel import Parameters, Sums
from ujima.quality.truth.result import Array
from ujima.quality.truth.shards import Floats


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
