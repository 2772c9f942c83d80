"""How long one Dawid-Skene iteration takes, beside crowd-kit's, in turns in the same run."""

import json
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.parts.crowd import Sets, crowd_kit
from benchmarks.parts.figures import Report, say
from ujima.quality.judgments import Judgments
from ujima.quality.truth.dawid_skene import dawid_skene
from ujima.quality.truth.places import How

LABELS_A_TASK = 5
CLASSES = 10
LABELS_A_WORKER = 500
ROUNDS = 5

# One process that stays, so that neither its start nor its first call is counted. CPU seconds of
# few and of more iterations; the difference leaves out what is done once.
PEER = """
import json, sys, time
import numpy as np, pandas as pd
from crowdkit.aggregation import DawidSkene
a = np.load(sys.argv[1])
frame = pd.DataFrame({"task": a["task"], "worker": a["worker"], "label": a["label"]})
FEW, MORE = 1, 3
def cpu(n):
    began = time.process_time()
    DawidSkene(n_iter=n, tol=0).fit(frame)
    return time.process_time() - began
DawidSkene(n_iter=1).fit(frame.head(100))
print("ready", flush=True)
for line in sys.stdin:
    print(json.dumps((cpu(MORE) - cpu(FEW)) / (MORE - FEW)), flush=True)
"""


def synthetic(labels: int, seed: int = 1) -> Judgments:
    """`labels` judgments, 5 a task, 10 classes, a worker for each 500; workers .4 to .9 right.

    Narrow arrays, tasks in order, each judged by five different people drawn by chance.
    """
    rng = np.random.default_rng(seed)
    tasks, workers = labels // LABELS_A_TASK, max(labels // LABELS_A_WORKER, 10)
    task = np.repeat(np.arange(tasks, dtype=np.int32), LABELS_A_TASK)
    # Five different people: a random one, and four at random distances from her.
    steps = rng.integers(1, workers // LABELS_A_TASK, (tasks, LABELS_A_TASK), dtype=np.int32)
    worker = (np.cumsum(steps, axis=1, dtype=np.int32) + rng.integers(workers, size=(tasks, 1))) % (
        workers
    )
    truth = np.repeat(rng.integers(CLASSES, size=tasks, dtype=np.int8), LABELS_A_TASK)
    skill = rng.uniform(0.4, 0.9, workers).astype(np.float32)
    said = rng.integers(CLASSES, size=labels, dtype=np.int8)
    worker = worker.ravel().astype(np.int32)
    right = rng.random(labels, dtype=np.float32) < skill[worker]
    return Judgments(task, worker, np.where(right, truth, said), tasks, workers, CLASSES)


def iteration(judgments: Judgments, how: How, few: int = 1, more: int = 5) -> float:
    """CPU seconds of one iteration, belief and history included; what is done once is not."""

    def cpu(steps: int) -> float:
        began = time.process_time()
        dawid_skene(judgments, max_iter=steps, tol=0.0, how=how)
        return time.process_time() - began

    return (cpu(more) - cpu(few)) / (more - few)


FORMS = {
    "SciPy f64": (How("scipy"), 15),
    "compiled f64": (How("compiled"), 25),
    "SciPy f32": (How("scipy", single=True), None),
    "compiled f32": (How("compiled", single=True), None),
}


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Iterations a second at 1e6 labels (quick: 1e5), each form in turn with the peer."""
    judgments = synthetic(100_000 if quick else 1_000_000)
    small = synthetic(1000)
    for how, _ in FORMS.values():
        dawid_skene(small, max_iter=2, how=how)
    rounds = 2 if quick else ROUNDS
    with tempfile.TemporaryDirectory() as folder:
        peer = _peer(judgments, Path(folder)) if with_peer else None
        took: dict[str, list[float]] = {name: [] for name in (*FORMS, "peer")}
        for _ in range(rounds):
            for name, (how, _bar) in FORMS.items():
                took[name].append(iteration(judgments, how))
            if peer:
                took["peer"].append(_asked(peer))
        if peer:
            peer.communicate(timeout=60)
    rate = {name: len(judgments) / median(times) / 1e6 for name, times in took.items() if times}
    say(f"  seconds an iteration: { {n: [round(t, 4) for t in ts] for n, ts in took.items()} }")
    beside = rate.get("peer", 0)
    for name, (_, bar) in FORMS.items():
        words = f"Dawid-Skene, {name}, {len(judgments):.0e} labels: labels an iteration"
        if bar:
            report.times_peer(words, rate[name], "M/s", bar, beside)
        else:
            report.reported(words, rate[name], "M/s", beside)


def _peer(judgments: Judgments, folder: Path) -> "subprocess.Popen[str]":
    np.savez(
        folder / "labels.npz",
        task=judgments.task,
        worker=judgments.worker,
        label=judgments.label,
    )
    command = [str(crowd_kit()), "-c", PEER, str(folder / "labels.npz")]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout
    assert process.stdout.readline().strip() == "ready"
    return process


def _asked(process: "subprocess.Popen[str]") -> float:
    assert process.stdin
    assert process.stdout
    process.stdin.write("again\n")
    process.stdin.flush()
    return float(json.loads(process.stdout.readline()))
