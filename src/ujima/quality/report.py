"""What a fit says of a job's quality, summed up small enough to be kept and shown: agreement,
accuracy by class, confusion, whether confidence means what it says, and how people fare as a whole.

Everything about accuracy is measured on the job's known answers, each inferred as if it were not
known, from about as many judgments as a unit gets. Written as plain JSON values.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any

import numpy as np

from ujima.quality.agreement import Agreement, Scale, alpha
from ujima.quality.answers import Problem
from ujima.quality.asked import Asked
from ujima.quality.per_class import accuracy, confusion, per_class
from ujima.quality.refit import Refit
from ujima.quality.reliability import Reliability, held_out, reliability
from ujima.quality.trust import Interval, accuracy_from_confusion

REPORT_VERSION = "1"
COLUMNS = ("problem", "measure", "class", "value", "low", "high", "n")
#: an interval to a hundredth needs no more, and a fit should not wait for it
DRAWS = 200
#: below this many people nothing is told of how they fare
FEW = 5
#: whoever judged less is as good as unknown
KNOWN_AFTER = 5
#: chance is drawn from here, so that the same judgments give the same report
SEED = 20111


def report_of(asked: Asked, fit: Refit) -> dict[str, Any]:
    """Sum up a fit.

    problems   one entry for each problem: its classes, `agreement`, and `known` (None where no
               unit has a known answer): accuracy, classes, table, reliability
    people     how accurate people are by inference, in tenths and without saying who; None below
               five people
    """
    return {
        "problems": [
            _of_problem(problem, *said, *blind)
            for problem, said, blind in zip(asked.problems, fit.said, fit.blind, strict=True)
        ],
        "people": _people(asked, fit),
    }


def _of_problem(
    problem: Problem, units: Any, labels: Any, posteriors: list[list[float]], truths: list[int]
) -> dict[str, Any]:
    scales: list[Scale] = ["nominal"]
    if is_ordered(problem.classes):
        scales.append("ordinal")
    return {
        "name": problem.name,
        "question": problem.question,
        "choice": problem.choice,
        "classes": list(problem.classes),
        "agreement": [
            _agreement(alpha(units, labels, len(problem.classes), scale, rng=_rng(), draws=DRAWS))
            for scale in scales
        ],
        "known": _known(problem, posteriors, truths) if truths else None,
    }


def is_ordered(classes: Sequence[str]) -> bool:
    """Whether classes are three or more numbers that rise."""
    try:
        numbers = [float(name) for name in classes]
    except ValueError:
        return False
    return len(numbers) > 2 and all(a < b for a, b in pairwise(numbers))


def _known(problem: Problem, posteriors: list[list[float]], truths: list[int]) -> dict[str, Any]:
    inferred = np.argmax(np.asarray(posteriors), axis=1)
    table = confusion(truths, inferred, len(problem.classes))
    sure = held_out(posteriors, truths)
    share = accuracy(table)
    return {
        "units": len(truths),
        "accuracy": _share(share),
        "table": table.tolist(),
        "classes": [
            {
                "name": name,
                "precision": _share(one.precision),
                "recall": _share(one.recall),
                "said": one.said,
                "true": one.true,
            }
            for name, one in zip(problem.classes, per_class(table), strict=True)
        ],
        "reliability": _diagram(reliability(sure, inferred == np.asarray(truths), rng=_rng())),
    }


def _people(asked: Asked, fit: Refit) -> dict[str, Any] | None:
    priors = asked.split(fit.priors) if fit.priors else []
    found = [
        min(
            accuracy_from_confusion(table, prior).mid
            for table, prior in zip(tables, priors, strict=True)
        )
        for person, tables in fit.counts.items()
        if priors and fit.judged[person] >= KNOWN_AFTER
    ]
    if len(found) < FEW:
        return None
    tenths = np.bincount(np.minimum((np.array(found) * 10).astype(int), 9), minlength=10)
    quarters = np.quantile(found, (0.25, 0.5, 0.75))
    return {"people": len(found), "tenths": tenths.tolist(), "quarters": _rounded(quarters)}


def rows_of(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A report as rows for a table: problem, measure, class, value, low, high, n."""
    for problem in body["problems"]:
        name = problem["name"]
        for one in problem["agreement"]:
            measure = f"alpha_{one['scale']}"
            spread = {"low": one["low"], "high": one["high"], "n": one["units"]}
            yield {"problem": name, "measure": measure, "value": one["alpha"], **spread}
        if problem["known"]:
            yield from _known_rows(name, problem["known"])
    people = body["people"]
    if people:
        low, middle, high = people["quarters"]
        spread = {"low": low, "high": high, "n": people["people"]}
        yield {"measure": "people_accuracy_quartiles", "value": middle, **spread}


def _known_rows(name: str, known: dict[str, Any]) -> Iterator[dict[str, Any]]:
    def row(measure: str, share: list[float] | None, n: int, of: str = "") -> dict[str, Any]:
        low, mid, high = share or (None, None, None)
        told = {"value": mid, "low": low, "high": high, "n": n}
        return {"problem": name, "measure": measure, "class": of, **told}

    yield row("accuracy", known["accuracy"], known["units"])
    for one in known["classes"]:
        yield row("precision", one["precision"], one["said"], one["name"])
        yield row("recall", one["recall"], one["true"], one["name"])
    for truth, counts in zip(known["classes"], known["table"], strict=True):
        for said, n in zip(known["classes"], counts, strict=True):
            of = f"{truth['name']} → {said['name']}"
            yield {"problem": name, "measure": "confusion", "class": of, "value": n, "n": n}
    diagram = known["reliability"]
    for measure in ("error", "perfect", "brier"):
        told = {"value": diagram[measure], "n": diagram["units"]}
        yield {"problem": name, "measure": f"calibration_{measure}", **told}
    for one in diagram["bins"]:
        yield row("calibration_bin", one["right"], one["units"], f"{one['confidence']:.4f}")


def _agreement(one: Agreement) -> dict[str, Any]:
    return {name: round(v, 4) if isinstance(v, float) else v for name, v in asdict(one).items()}


def _diagram(one: Reliability) -> dict[str, Any]:
    return {
        "units": one.units,
        "error": round(one.error, 4),
        "perfect": round(one.perfect, 4),
        "brier": round(one.brier, 4),
        "bins": [
            {
                "low": b.low,
                "high": b.high,
                "units": b.units,
                "confidence": round(b.confidence, 4),
                "right": _share(b.right),
            }
            for b in one.bins
        ],
    }


def _share(one: Interval | None) -> list[float] | None:
    return None if one is None else _rounded(one)


def _rounded(shares: Any) -> list[float]:
    return [round(float(share), 4) for share in shares]


def _rng() -> np.random.Generator:
    return np.random.default_rng(SEED)
