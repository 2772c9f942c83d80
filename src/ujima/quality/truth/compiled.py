"""The compiled form of the kernel: numba, from the extra `fast`. Only `kernel` imports this.

The exponentials between gathering and scattering are left to NumPy, whose loops use the
processor's wide registers; numba calls them one by one.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numba import njit, types

from ujima.quality.truth.shards import Floats, Shard

# 320 kB of posterior with ten classes: within the second cache of any processor of today.
COMPILED_BLOCK = 4096

_WIDTHS = (types.float64, types.float32)
# What is only read may come from another process, where it cannot be written; a signature for such
# arrays takes the others too.
_SAID = types.Array(types.int32, 1, "C", readonly=True)
_STARTS = types.Array(types.int64, 1, "C", readonly=True)
_READ = {n: [types.Array(t, n, "C", readonly=True) for t in _WIDTHS] for n in (1, 2)}
_WRITTEN = {n: [types.Array(t, n, "C") for t in _WIDTHS] for n in (1, 2)}


def _compiled(function: Callable[..., None], signatures: list[Any]) -> Any:
    """Compile on import, so that no step waits for it, and keep what was compiled beside the
    source for the next process; where no folder can be written, compile in each process."""
    try:
        return njit(signatures, nogil=True, cache=True)(function)
    except RuntimeError:
        return njit(signatures, nogil=True)(function)


def _gather_loop(said, starts, low, tables, prior, scores, best):  # type: ignore[no-untyped-def]
    states = tables.shape[1]
    for row in range(scores.shape[0]):
        score = scores[row]
        for k in range(states):
            score[k] = prior[k]
        for i in range(starts[low + row], starts[low + row + 1]):
            cell = tables[said[i]]
            for k in range(states):
                score[k] += cell[k]
        most = score[0]
        for k in range(1, states):
            most = max(most, score[k])
        for k in range(states):
            score[k] -= most
        best[row] = most


def _scatter_loop(said, starts, low, odds, counts, total):  # type: ignore[no-untyped-def]
    states = odds.shape[1]
    for row in range(odds.shape[0]):
        share = odds[row]
        whole = share[0]
        for k in range(1, states):
            whole += share[k]
        total[row] = whole
        for k in range(states):
            share[k] /= whole
        for i in range(starts[low + row], starts[low + row + 1]):
            cell = counts[said[i]]
            for k in range(states):
                cell[k] += share[k]


_RUN = (_SAID, _STARTS, types.int64)
_gather = _compiled(
    _gather_loop,
    [
        types.void(*_RUN, tables, prior, scores, best)
        for tables, prior, scores, best in zip(
            _READ[2], _READ[1], _WRITTEN[2], _WRITTEN[1], strict=True
        )
    ],
)
_scatter = _compiled(
    _scatter_loop,
    [
        types.void(*_RUN, odds, counts, total)
        for odds, counts, total in zip(_WRITTEN[2], _WRITTEN[2], _WRITTEN[1], strict=True)
    ],
)


class Compiled:
    """The same two halves of a step as the sparse form has."""

    def __init__(self, shard: Shard) -> None:
        self.shard = shard
        self.block = COMPILED_BLOCK

    def gather(
        self, at: int, run: tuple[int, int], tables: Floats, prior: Floats, scores: Floats
    ) -> Floats:
        best: Floats = np.empty(len(scores), scores.dtype)
        _gather(self.shard.said, self.shard.starts, run[0], tables, prior, scores, best)
        return best

    def scatter(self, at: int, run: tuple[int, int], odds: Floats, counts: Floats) -> Floats:
        total: Floats = np.empty(len(odds), odds.dtype)
        _scatter(self.shard.said, self.shard.starts, run[0], odds, counts, total)
        return total
