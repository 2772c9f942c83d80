"""1e7 judgments x 20 iterations of Dawid-Skene on one core: seconds, memory, and how far that is
from reading the same arrays once an iteration."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

from benchmarks.parts.crowd import Sets
from benchmarks.parts.figures import Report
from benchmarks.parts.quality.speed import synthetic

ITERATIONS = 20

# A process of its own, held to one core: judgments checked, laid out, 20 iterations. The compiled
# form comes from numba's cache, as it would in any process but the first. Memory is the peak of
# the whole process.
ALONE = """
import json, os, resource, sys, time
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
from ujima.quality.judgments import Judgments
from ujima.quality.truth.places import How
from ujima.quality.truth.dawid_skene import dawid_skene
folder, kernel, width, iterations = *sys.argv[1:4], int(sys.argv[4])
how = How(kernel, single=width == "single")
few = np.arange(4, dtype=np.int32)
dawid_skene(Judgments(few, few * 0, (few % 2).astype(np.int8), 4, 1, 2), max_iter=2, how=how)
arrays = [np.load(f"{folder}/{name}.npy") for name in ("task", "worker", "label")]
sizes = [int(a.max()) + 1 for a in arrays]
whole = [a.view(np.uint64 if a.nbytes % 8 == 0 else np.uint8) for a in arrays]
def read():
    began = time.process_time()
    for _ in range(iterations):
        for a in whole:
            np.bitwise_or.reduce(a)
    return time.process_time() - began
streaming = read()
began, wall = time.process_time(), time.monotonic()
j = Judgments(*arrays, *sizes)
checked = time.process_time() - began
truth = dawid_skene(j, max_iter=iterations, tol=0.0, how=how)
cpu, wall = time.process_time() - began, time.monotonic() - wall
assert len(truth.history) == iterations
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
print(json.dumps({"cpu": cpu, "wall": wall, "checked": checked, "peak": peak, "read": streaming}))
"""


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Each form in a process of its own; the bars are for what is chosen where numba is."""
    labels = 1_000_000 if quick else 10_000_000
    with tempfile.TemporaryDirectory() as folder:
        made = synthetic(labels)
        for name in ("task", "worker", "label"):
            np.save(Path(folder) / f"{name}.npy", getattr(made, name))
        del made
        for kernel, width in (("compiled", "double"), ("scipy", "double"), ("compiled", "single")):
            found = _alone(folder, kernel, width)
            bits = 64 if width == "double" else 32
            words = f"{labels:.0e} labels x {ITERATIONS}, one core, {kernel} f{bits}"
            if (kernel, width) == ("compiled", "double"):
                report.at_most(f"{words}: CPU seconds", found["cpu"], "s", 60)
                report.at_most(f"{words}: peak memory", found["peak"], "GB", 2)
            else:
                report.reported(f"{words}: CPU seconds", found["cpu"], "s")
                report.reported(f"{words}: peak memory", found["peak"], "GB")
            report.reported(f"{words}: wall seconds", found["wall"], "s")
            report.reported(f"{words}: of which checking the judgments", found["checked"], "s")
            report.reported(
                f"{words}: times a streaming read of the arrays", found["cpu"] / found["read"], "x"
            )


def _alone(folder: str, kernel: str, width: str) -> dict[str, float]:
    command = [sys.executable, "-c", ALONE, folder, kernel, width, str(ITERATIONS)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found
