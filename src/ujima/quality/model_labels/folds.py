"""A classifier trained on people's majority by folds over units, and what it says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Codes, Judgments
from ujima.quality.model_labels.columns import Row
from ujima.quality.model_labels.features import Features, features_of
from ujima.quality.truth.result import vote_shares

Array = NDArray[np.float64]

VERSION = "1"
FOLDS = 5
#: a class that fewer units have cannot be met in every fold
FEWEST_OF_A_CLASS = FOLDS
#: more units than this are not trained on in one fold; the rest are predicted all the same
MOST_TRAINED = 50_000


@dataclass(frozen=True, eq=False)
class ModelLabels:
    """What the model says of each task, always from folds that the task was not in.

    label         (n_tasks,) its label; -1 for all where it could not be trained
    probability   (n_tasks, n_labels); rows sum to 1
    agreement     the share of tasks with a majority on which it agrees with people; 0 if untrained
    trained_on    tasks whose majority it was trained on, over all folds
    kind          "boosted" on comparisons and figures, "linear" on words, or "none"
    """

    label: Codes
    probability: Array
    agreement: float
    trained_on: int
    kind: str
    seed: int
    version: str = VERSION


def model_labels(
    judgments: Judgments, rows: Sequence[Row], *, seed: int = 0, known: Sequence[int] = ()
) -> ModelLabels:
    """Train on people's majority by five folds over tasks; what it says comes of the other folds.

    rows    (n_tasks,) each task's fields
    known   tasks with known answers: the model says what it thinks of them, and learns nothing from
            them, not even from people's majority there

    Known answers themselves are no argument, so they cannot be learned from. Tasks without a
    majority (a tie) are not trained on.

    Refuses NoModelLabels without scikit-learn, BadJudgments for rows that do not pair up.
    """
    majority = majority_of(judgments)
    majority[np.asarray(known, np.intp)] = -1
    return by_folds(features_of(rows), majority, judgments.n_labels, seed=seed)


def by_folds(features: Features, majority: Codes, n_labels: int, *, seed: int = 0) -> ModelLabels:
    """Train on a majority by five folds over tasks.

    majority   (n_tasks,), -1 where there is none: these are predicted, and not trained on

    Where fewer than two classes have a majority on at least five tasks, or the fields say nothing,
    no task gets a label. Refuses as `model_labels` does.
    """
    if len(majority) != features.n:
        raise BadJudgments(f"{features.n} rows of fields do not pair up with {len(majority)}.")
    trained = _without_rare(majority, n_labels)
    if features.kind == "none" or len(np.unique(trained[trained >= 0])) < 2:
        return _nothing(len(majority), n_labels, seed)
    probability = _out_of_fold(features, trained, n_labels, seed)
    label = probability.argmax(axis=1)
    told = majority >= 0
    return ModelLabels(
        label=label,
        probability=probability,
        agreement=float((label == majority)[told].mean()),
        trained_on=int((trained >= 0).sum()),
        kind=features.kind,
        seed=seed,
    )


def majority_of(judgments: Judgments) -> Codes:
    """(n_tasks,) the label with the most votes, -1 where several have."""
    shares = vote_shares(judgments)
    best = shares >= shares.max(axis=1, keepdims=True) - 1e-12
    chosen: Codes = np.where(best.sum(axis=1) == 1, best.argmax(axis=1), -1)
    return chosen


def folds_of(n_tasks: int, seed: int) -> Codes:
    """(n_tasks,) each task's fold, 0 to 4, by chance and of equal sizes but for one."""
    fold: Codes = np.random.default_rng(seed).permutation(n_tasks) % FOLDS
    return fold


def joined(judgments: Judgments, labels: Codes) -> Judgments:
    """The judgments with the model as one more worker, the last.

    labels   (n_tasks,), -1 where the model says nothing
    """
    told = np.flatnonzero(np.asarray(labels) >= 0)
    return Judgments(
        np.concatenate([judgments.task, told]),
        np.concatenate([judgments.worker, np.full(len(told), judgments.n_workers)]),
        np.concatenate([judgments.label, np.asarray(labels)[told]]),
        judgments.n_tasks,
        judgments.n_workers + 1,
        judgments.n_labels,
    )


def _without_rare(majority: Codes, n_labels: int) -> Codes:
    counts = np.bincount(majority[majority >= 0], minlength=n_labels)
    kept: Codes = np.where((majority >= 0) & (counts[majority] >= FEWEST_OF_A_CLASS), majority, -1)
    return kept


def _out_of_fold(features: Features, trained: Codes, n_labels: int, seed: int) -> Array:
    from threadpoolctl import threadpool_limits

    # One thread: threads that wait for each other on a busy machine are slower than none.
    with threadpool_limits(limits=1):
        return _by_fold(features, trained, n_labels, seed)


def _by_fold(features: Features, trained: Codes, n_labels: int, seed: int) -> Array:
    fold = folds_of(len(trained), seed)
    chance = np.random.default_rng(seed + 1)
    probability = np.zeros((len(trained), n_labels))
    for held_out in range(FOLDS):
        learned = np.flatnonzero((fold != held_out) & (trained >= 0))
        if len(learned) > MOST_TRAINED:
            learned = np.sort(chance.choice(learned, MOST_TRAINED, replace=False))
        judged = np.flatnonzero(fold == held_out)
        if not len(learned) or not len(judged):
            continue
        model = _classifier(features.kind, seed)
        model.fit(_told(features.values[learned]), trained[learned])
        told = model.predict_proba(features.values[judged])
        probability[np.ix_(judged, model.classes_)] = told
    return probability


def _told(values: Any) -> Any:
    """What is learned from; a figure that none of these units has is nought, as a column of
    nothing stops the booster."""
    if isinstance(values, np.ndarray):
        values[:, np.isnan(values).all(axis=0)] = 0.0
    return values


def _classifier(kind: str, seed: int) -> Any:
    if kind == "linear":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=4.0, max_iter=1000, tol=1e-3)
    from sklearn.ensemble import HistGradientBoostingClassifier

    # the defaults, but for fewer and smaller steps: most jobs have some hundreds of units
    return HistGradientBoostingClassifier(
        learning_rate=0.06, max_iter=150, min_samples_leaf=20, early_stopping=False,
        random_state=seed,
    )  # fmt: skip


def _nothing(n_tasks: int, n_labels: int, seed: int) -> ModelLabels:
    even = np.full((n_tasks, n_labels), 1 / n_labels)
    return ModelLabels(np.full(n_tasks, -1), even, 0.0, 0, "none", seed)
