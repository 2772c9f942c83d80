"""Majority: every vote counts the same. The yardstick, and the start of every other method."""

from collections.abc import Sequence

from ujima.quality.judgments import Judgments
from ujima.quality.truth.given import ModelLabels, given, hold
from ujima.quality.truth.places import ALONE, How
from ujima.quality.truth.result import (
    PRIOR_ACCURACY,
    Array,
    Gold,
    Truth,
    confusion_counts,
    misreadings,
    row_prior,
)


def majority(
    judgments: Judgments,
    *,
    gold: Gold | None = None,
    models: Sequence[ModelLabels] = (),
    ordinal: bool = False,
    start: Array | None = None,
    how: How = ALONE,
) -> Truth:
    """Take each label's share of the votes as its probability; ties are shared.

    Each model has one vote. On an ordinal scale a vote counts .7 for its label and .3 for the
    others, the nearer the more, so that of 1, 4 and 5 the answer is 4. There is nothing to
    iterate: `history` is empty, `converged` true, and `start` and `how` change nothing.
    """
    known = given(judgments, gold, models)
    posterior = known.start
    if ordinal:
        spread = (1 - PRIOR_ACCURACY) * misreadings(judgments.n_labels, ordinal=True)
        spread.flat[:: judgments.n_labels + 1] = PRIOR_ACCURACY
        posterior = hold(posterior @ spread, known.held)
    return Truth(
        posterior=posterior,
        counts=confusion_counts(judgments, posterior),
        row_prior=row_prior(judgments.n_labels, ordinal=ordinal),
        class_prior=posterior.mean(axis=0),
        history=(),
        converged=True,
        method="majority",
        version="1",
        model_counts=(known.models.transpose(0, 2, 1) @ posterior).transpose(0, 2, 1),
    )
