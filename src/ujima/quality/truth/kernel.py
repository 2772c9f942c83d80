"""One step of every iterative method: what is believed of workers goes in; what is believed of the
tasks, and the sums that the next belief of workers needs, come out.

The states of a task are its classes, or for methods with subtypes each class's subtypes side by
side. A table has a row for each (worker, label said) and a column for each state. Gathering a
task's rows and adding them up is its evidence; adding its posterior to the same rows is its part of
the sums. With A (tasks x rows, a 1 for each judgment) that is A @ table and A.T @ posterior: the
sparse form. The compiled form does the same sums in the same order, without A.

Tasks are taken in blocks, so that a block's posterior is still in the cache when it is summed.
"""

from functools import reduce
from importlib.util import find_spec
from typing import Any, Literal, NamedTuple

import numpy as np

from ujima.base.errors import BadInput
from ujima.quality.truth.result import Array
from ujima.quality.truth.shards import Floats, Shard

Kernel = Literal["scipy", "compiled"]

# The sparse form writes a whole table for each block: at least as many tasks as the table has rows.
SPARSE_BLOCK = 16384
# Below this many judgments loading the compiled form costs more than it saves.
COMPILED_FROM = 300_000


class NoCompiler(BadInput):
    """The compiled form needs numba: install ujima[fast]."""

    code = "no_compiler"


class Parameters(NamedTuple):
    """What is believed of workers and classes.

    tables   (n_cells + n_models * n_labels, n_states) ln P(says l | state), or its expectation;
             row worker * n_labels + label, models after workers
    prior    (n_states,) ln P(state), or its expectation
    """

    tables: Floats
    prior: Floats


class Sums(NamedTuple):
    """What a step leaves behind for the next belief.

    counts     as `tables`: expected times each label was said to each state
    shares     (n_states,) expected number of tasks in each state
    evidence   sum over tasks of ln sum over states of exp(score), in nats
    """

    counts: Array
    shares: Array
    evidence: float


def added(sums: list[Sums]) -> Sums:
    """The sums of several shards as those of one."""
    return reduce(
        lambda a, b: Sums(a.counts + b.counts, a.shares + b.shares, a.evidence + b.evidence), sums
    )


def kernel_for(judgments: int, wanted: Kernel | None) -> Kernel:
    """The form to use: the one wanted, else the compiled one for large jobs where numba is."""
    there = find_spec("numba") is not None
    if wanted == "compiled" and not there:
        raise NoCompiler
    return wanted or ("compiled" if there and judgments >= COMPILED_FROM else "scipy")


def step(shard: Shard, parameters: Parameters, kernel: Kernel = "scipy") -> tuple[Floats, Sums]:
    """The posterior (n, n_states) of a shard's tasks under the parameters, and its sums.

    The numbers are of the type of the parameters; nothing that is given is changed.
    """
    tables = np.ascontiguousarray(parameters.tables)
    posterior = np.empty((len(shard), tables.shape[1]), tables.dtype)
    counts = np.zeros_like(tables)
    form = _form(shard, kernel)
    evidence = 0.0
    for at, (low, high) in enumerate(shard.blocks(form.block)):
        block = posterior[low:high]
        best = form.gather(at, (low, high), tables[: shard.n_cells], parameters.prior, block)
        _amend(shard, (low, high), tables[shard.n_cells :], block, best)
        np.exp(block, out=block)
        total = form.scatter(at, (low, high), block, counts[: shard.n_cells])
        _count_models(shard, (low, high), block, counts[shard.n_cells :])
        evidence += float(best.sum(dtype=np.float64) + np.log(total).sum(dtype=np.float64))
    shares = posterior.sum(axis=0, dtype=np.float64)
    return posterior, Sums(counts.astype(np.float64, copy=False), shares, evidence)


def sums_of(shard: Shard, posterior: Floats, kernel: Kernel = "scipy") -> Sums:
    """The sums of a posterior (n, n_states) that no step has made, say a start."""
    block_of = np.ascontiguousarray(posterior).copy()
    rows = shard.n_cells + shard.models.shape[0] * shard.n_labels
    counts = np.zeros((rows, block_of.shape[1]), block_of.dtype)
    form = _form(shard, kernel)
    for at, (low, high) in enumerate(shard.blocks(form.block)):
        form.scatter(at, (low, high), block_of[low:high], counts[: shard.n_cells])
        _count_models(shard, (low, high), block_of[low:high], counts[shard.n_cells :])
    return Sums(counts.astype(np.float64, copy=False), block_of.sum(axis=0, dtype=np.float64), 0.0)


def _amend(
    shard: Shard, run: tuple[int, int], tables: Floats, scores: Floats, best: Floats
) -> None:
    """Put models and known truths into scores whose highest, `best`, has been taken off."""
    low, high = run
    if len(shard.models):
        for said, table in zip(_said(shard, run), _each(shard, tables), strict=True):
            scores += said.astype(scores.dtype, copy=False) @ table
        again = scores.max(axis=1)
        scores -= again[:, None]
        best += again
    tasks, truths = shard.held
    these = slice(*np.searchsorted(tasks, [low, high]))
    at = tasks[these] - low
    if len(at):
        state_of = np.arange(scores.shape[1]) // (scores.shape[1] // shard.n_labels)
        known = np.where(truths[these][:, None] == state_of, scores[at], -np.inf)
        again = known.max(axis=1)
        scores[at] = known - again[:, None]
        best[at] += again


def _count_models(shard: Shard, run: tuple[int, int], posterior: Floats, counts: Floats) -> None:
    for said, table in zip(_said(shard, run), _each(shard, counts), strict=True):
        table += said.T.astype(posterior.dtype, copy=False) @ posterior


def _said(shard: Shard, run: tuple[int, int]) -> Array:
    """(n_models, n, n_labels) what models say of a run of tasks."""
    said: Array = shard.models[:, run[0] : run[1]]
    return said


def _each(shard: Shard, tables: Floats) -> Floats:
    """(n_models, n_labels, n_states), a view."""
    return tables.reshape(len(shard.models), shard.n_labels, tables.shape[1])


def _form(shard: Shard, kernel: Kernel) -> Any:
    if kernel == "scipy":
        return _Sparse(shard)
    from ujima.quality.truth.compiled import Compiled

    return Compiled(shard)


class _Sparse:
    """The form that needs SciPy only."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self.block = max(SPARSE_BLOCK, shard.n_cells)

    def gather(
        self, at: int, run: tuple[int, int], tables: Floats, prior: Floats, scores: Floats
    ) -> Floats:
        scores[:] = self._matrix(at, tables.dtype) @ tables
        scores += prior
        best: Floats = scores.max(axis=1)
        scores -= best[:, None]
        return best

    def scatter(self, at: int, run: tuple[int, int], odds: Floats, counts: Floats) -> Floats:
        total: Floats = odds.sum(axis=1)
        odds /= total[:, None]
        counts += self._matrix(at, odds.dtype).T @ odds
        return total

    def _matrix(self, at: int, dtype: Any) -> Any:
        made = self.shard.sparse
        if dtype not in made:
            made[dtype] = self._matrices(dtype)
        return made[dtype][at]

    def _matrices(self, dtype: Any) -> list[Any]:
        # Here, as the web process imports this package and must not carry SciPy.
        from scipy import sparse

        shard = self.shard
        runs = [(low, high) for low, high in shard.blocks(self.block)]
        most = max(shard.starts[high] - shard.starts[low] for low, high in runs)
        ones = np.ones(most, dtype)
        found = []
        for low, high in runs:
            begin, end = shard.starts[low], shard.starts[high]
            starts = (shard.starts[low : high + 1] - begin).astype(np.int32)
            cells = (ones[: end - begin], shard.said[begin:end], starts)
            found.append(sparse.csr_array(cells, shape=(high - low, shard.n_cells)))
        return found
