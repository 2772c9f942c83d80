"""A job's units as a model learns them: what they show, what most people said, never gold."""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ujima.quality.answers import Answer, labels_of
from ujima.quality.asked import Asked
from ujima.quality.model_labels.columns import Row
from ujima.quality.model_labels.features import features_of
from ujima.quality.model_labels.folds import VERSION, by_folds

#: fewer units that people have judged teach a model too little
FEWEST_UNITS = 200
#: a job of more units gets no labels: fields and features of these take some hundred MB
MOST_UNITS = 100_000
#: a model is trained anew once people have judged so many times the units that it was trained with
GROWTH = 1.2


@dataclass(frozen=True, slots=True)
class Trained:
    """What a model says of a job's units.

    labels       unit -> a label for each problem, None where the model says nothing
    agreement    with people, on units it had not seen; the lowest among the questions
    trained_on   units with a majority; the fewest among the questions
    input_hash   SHA-256 of what the model was given
    """

    labels: dict[int, list[int | None]]
    agreement: float
    trained_on: int
    input_hash: str
    seed: int
    version: str = VERSION


def is_due(judged: int, before: int | None) -> bool:
    """Whether to train: `judged` units are judged now, `before` were at the last training."""
    return judged >= FEWEST_UNITS and (before is None or judged >= GROWTH * before)


def single_choices(asked: Asked) -> list[int]:
    """The places of the problems that a model learns: single choices, at least two to choose."""
    kinds = {q.name: q.kind for q in asked.questions}
    return [
        place
        for place, problem in enumerate(asked.problems)
        if kinds[problem.question] == "single" and len(problem.classes) > 1
    ]


def train(
    asked: Asked,
    units: Mapping[int, Row],
    answers: Iterable[tuple[int, Answer]],
    golds: Collection[int],
    *,
    seed: int = 0,
) -> Trained:
    """Train a model for each single choice of a job.

    units     unit -> the fields that its form shows; judged or not, gold or not: all are predicted
    answers   (unit, what somebody answered), in any order
    golds     units with known answers: nothing is learned from them, and of their known answers
              nothing is told here

    Refuses NoModelLabels without scikit-learn.
    """
    order = sorted(units)
    places = single_choices(asked)
    votes = _votes(asked, answers, golds)
    features = features_of([units[unit] for unit in order])
    told: dict[int, list[int | None]] = {unit: [None] * len(asked.problems) for unit in order}
    found = []
    for place in places:
        majority = np.array([_majority(votes.get((unit, place))) for unit in order], np.intp)
        model = by_folds(features, majority, asked.sizes[place], seed=seed)
        found.append(model)
        for unit, label in zip(order, model.label.tolist(), strict=True):
            told[unit][place] = label if label >= 0 else None
    return Trained(
        labels=told,
        agreement=min((model.agreement for model in found), default=0.0),
        trained_on=min((model.trained_on for model in found), default=0),
        input_hash=_hash(units, order, votes),
        seed=seed,
    )


def _votes(
    asked: Asked, answers: Iterable[tuple[int, Answer]], golds: Collection[int]
) -> dict[tuple[int, int], Counter[int]]:
    votes: dict[tuple[int, int], Counter[int]] = {}
    for unit, answer in answers:
        if unit in golds:
            continue
        for place, label in enumerate(labels_of(answer, asked.questions)):
            if label is not None:
                votes.setdefault((unit, place), Counter())[label] += 1
    return votes


def _majority(votes: Counter[int] | None) -> int:
    """The label most people gave; -1 where nobody answered or several have as many."""
    if not votes:
        return -1
    (label, most), *others = votes.most_common(2)
    return -1 if others and others[0][1] == most else label


def _hash(
    units: Mapping[int, Row],
    order: Sequence[int],
    votes: Mapping[tuple[int, int], Counter[int]],
) -> str:
    told = hashlib.sha256()
    for unit in order:
        told.update(f"{unit},{sorted((k, str(v)) for k, v in units[unit].items())}\n".encode())
    for key in sorted(votes):
        told.update(f"{key},{sorted(votes[key].items())}\n".encode())
    return told.hexdigest()
