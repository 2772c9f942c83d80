"""Where steps are made: in this thread, in several, or on a cluster."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments
from ujima.quality.truth.climbing import Run
from ujima.quality.truth.given import Given
from ujima.quality.truth.kernel import Kernel, Parameters, Sums, added, kernel_for, sums_of
from ujima.quality.truth.shards import Floats, Shard, sharded
from ujima.quality.truth.stepped import as_type, dtype_of, stepped

KERNELS: tuple[str, ...] = get_args(Kernel)


@dataclass(frozen=True)
class How:
    """How to compute; what comes out is the same but for rounding.

    kernel    'scipy', 'compiled' (needs numba: ujima[fast]), or None for what suits the size
    threads   shards worked on at the same time
    single    float32 steps: faster, and good for about four digits
    cluster   a dask.distributed Client; its workers do the steps, a shard or more each

    Refuses BadJudgments for fewer threads than one and a kernel that there is not.
    """

    kernel: Kernel | None = None
    threads: int = 1
    single: bool = False
    cluster: Any = None

    def __post_init__(self) -> None:
        if self.threads < 1:
            raise BadJudgments(f"{self.threads} threads do nothing; one is needed.")
        if self.kernel not in (None, *KERNELS):
            raise BadJudgments(
                f"There is no kernel {self.kernel!r}; there are {', '.join(KERNELS)}."
            )


#: one thread, double precision, the form that suits the job's size
ALONE = How()


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
