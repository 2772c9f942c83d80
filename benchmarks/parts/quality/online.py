"""One judgment at a time: the compiled pass over a stream, and what the service's step costs.

The service's step is the pure part of `beliefs.observe`: posterior, evidence, counts, the decision
with the worth of more judgments, and flattening what goes back to the tables. What is left out is
SQL alone; its statements are those of before (skill, beliefs, move, and one for results given out).
"""

import time
from collections.abc import Callable

import numpy as np

from benchmarks.parts.crowd import Choice, Sets
from benchmarks.parts.figures import Report
from ujima.quality import online
from ujima.quality.answers import Question
from ujima.quality.asked import Asked, flat
from ujima.quality.judgments import Judgments
from ujima.quality.stopping import Rule, decide_unit
from ujima.quality.stream import observe_all
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.worth import information

REPEATS = 5


def measure(report: Report, sets: Sets, *, quick: bool, with_peer: bool) -> None:
    """Microseconds a label, and how right one pass is beside a refit."""
    for one in sets.choices():
        if quick and len(one.truth) > 1000:
            continue
        j = _shuffled(one.judgments)
        observe_all(j)
        taken = _least(lambda j=j: observe_all(j)) / len(j)
        k = f"{one.name}, {j.n_labels} classes"
        report.at_most(f"{k}: kernel", round(taken * 1e6, 3), "us a label", 1)
        report.reported(f"{k}: accuracy after one pass", round(_accuracy(one, j), 4), "")
        report.reported(f"{k}: accuracy of a refit", round(one.accuracy(ibcc(j).posterior), 4), "")
        report.at_most(f"{k}: service", round(_service(j) * 1e6, 1), "us CPU a label", 50)


def _accuracy(one: Choice, j: Judgments) -> float:
    return one.accuracy(observe_all(j).posterior)


def _shuffled(j: Judgments) -> Judgments:
    order = np.random.default_rng(0).permutation(len(j))
    return Judgments(
        j.task[order], j.worker[order], j.label[order], j.n_tasks, j.n_workers, j.n_labels
    )


def _least(run: Callable[[], object]) -> float:
    """Seconds of CPU of the quickest of several runs."""
    found = []
    for _ in range(REPEATS):
        began = time.process_time()
        run()
        found.append(time.process_time() - began)
    return min(found)


def _service(j: Judgments, most: int = 3000) -> float:
    """Seconds of CPU for each of the first labels, as the service takes them, without SQL; of the
    quickest of several runs, as for the pass beside it."""
    asked = Asked((Question("q", "single", tuple(map(str, range(j.n_labels)))),))
    truth = ibcc(j)
    told = information(truth.confusion, np.ones(j.n_workers)).tolist()
    rule = Rule(0.99, 2, 50, gold_answers=50, told=(told,))
    rows = list(zip(j.task.tolist(), j.worker.tolist(), j.label.tolist(), strict=True))[:most]
    counted = [flat([table]) for table in truth.counts.tolist()]

    def take() -> None:
        beliefs, counts = [asked.prior()] * j.n_tasks, list(counted)
        for at, (task, worker, label) in enumerate(rows):
            tables, parts = asked.tables(counts[worker]), asked.split(beliefs[task])
            parts[0], tables[0] = online.observe(parts[0], tables[0], label)
            beliefs[task] = [number for part in parts for number in part]
            decide_unit(2 + at % 5, asked.posteriors(beliefs[task]), rule)
            counts[worker] = flat(tables)

    return _least(take) / len(rows)
