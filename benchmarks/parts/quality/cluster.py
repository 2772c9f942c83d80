"""The same steps on two Dask worker processes: the same posteriors, and what they gain."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from benchmarks.parts.crowd import Sets
from benchmarks.parts.figures import Report
from benchmarks.parts.quality.speed import synthetic
from ujima.quality.truth.infer import infer
from ujima.quality.truth.places import How

ITERATIONS = 10


@contextmanager
def workers(count: int) -> Iterator[Any]:
    """A client of so many worker processes on the loopback, one thread each."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=count,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address=None,
            memory_limit=0,
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Posteriors of three methods compared; seconds with one worker process, two, and none."""
    judgments = synthetic(100_000 if quick else 2_000_000)
    small = synthetic(50_000)
    took, apart = {}, 0.0
    for threads in (1, 2):
        infer(small, "dawid_skene", max_iter=2, how=How("compiled", threads=threads))
    for count in (1, 2):
        with workers(count) as client:
            how = How("compiled", cluster=client)
            infer(small, "dawid_skene", max_iter=2, tol=0.0, how=how)
            took[count] = _wall(judgments, how)
            if count == 2:
                for method in ("dawid_skene", "ibcc", "one_coin"):
                    here = infer(small, method, how=How("scipy")).posterior
                    there = infer(small, method, how=how).posterior
                    apart = max(apart, float(np.abs(here - there).max()))
    report.at_most("two Dask processes: posteriors differ by", apart, "", 1e-9)
    alone = _wall(judgments, How("compiled"))
    both = _wall(judgments, How("compiled", threads=2))
    sized = f"{len(judgments):.0e} labels x {ITERATIONS}"
    report.reported(f"{sized}: wall, this process", alone, "s")
    report.reported(f"{sized}: wall, two threads of this process", both, "s", alone)
    for count, seconds in took.items():
        report.reported(f"{sized}: wall, {count} Dask processes", seconds, "s", alone)
    report.reported("two Dask processes: times as fast as one", took[1] / took[2], "x")


def _wall(judgments: Any, how: How) -> float:
    began = time.monotonic()
    infer(judgments, "dawid_skene", max_iter=ITERATIONS, tol=0.0, how=how)
    return time.monotonic() - began
