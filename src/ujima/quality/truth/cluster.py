"""The same steps on a Dask cluster (extra `cluster`): shards go out once, and stay.

In each step the parameters go out and the sums come back; posteriors stay where they were made
until the end. Workers need the same version of this package.
"""

from operator import itemgetter
from typing import Any

import numpy as np

from ujima.quality.truth.kernel import Kernel, Parameters, Sums, added, sums_of
from ujima.quality.truth.shards import Floats, Shard
from ujima.quality.truth.stepped import as_type, dtype_of, stepped


def pieces_for(client: Any, threads: int) -> int:
    """A shard for each of the cluster's workers, or several where threads are asked for."""
    workers: int = len(client.scheduler_info(n_workers=-1)["workers"])
    return max(workers, 1) * threads


class Remote:
    """Shards on the workers of a cluster."""

    def __init__(
        self, client: Any, shards: tuple[Shard, ...], kernel: Kernel, single: bool
    ) -> None:
        self.client, self.kernel, self.single = client, kernel, single
        self.bounds = [(s.first, s.first + len(s)) for s in shards]
        self.at = sorted(client.scheduler_info(n_workers=-1)["workers"])
        self.shards = [self._put(shard, i) for i, shard in enumerate(shards)]
        self.parts: list[Any] = []

    def begin(self, posterior: Floats) -> Sums:
        mine = posterior.astype(dtype_of(self.single), copy=False)
        self.parts = [self._put(mine[a:b], i) for i, (a, b) in enumerate(self.bounds)]
        pairs = zip(self.shards, self.parts, strict=True)
        futures = [self._call(sums_of, shard, part, self.kernel) for shard, part in pairs]
        return added(self.client.gather(futures))

    def step(self, parameters: Parameters) -> tuple[Sums, float]:
        typed = self.client.scatter([as_type(parameters, self.single)], broadcast=True, hash=False)[
            0
        ]
        pairs = zip(self.shards, self.parts, strict=True)
        done = [self._call(stepped, shard, typed, part, self.kernel) for shard, part in pairs]
        self.parts = [self._call(itemgetter(0), one) for one in done]
        back = self.client.gather([self._call(itemgetter(1, 2), one) for one in done])
        return added([sums for sums, _ in back]), max(moved for _, moved in back)

    def posterior(self) -> Floats:
        return np.concatenate(self.client.gather(self.parts))

    def _put(self, what: Any, i: int) -> Any:
        # hash=False: hashing the arrays would cost as much as several steps.
        worker = self.at[i % len(self.at)]
        return self.client.scatter([what], workers=[worker], hash=False)[0]

    def _call(self, function: Any, *args: Any) -> Any:
        return self.client.submit(function, *args, pure=False)
