"""Majority: every vote counts the same. The yardstick, and the start of every other method."""

from ujima.quality.judgments import Judgments
from ujima.quality.truth.result import (
    Gold,
    Truth,
    clamped,
    confusion_counts,
    row_prior,
    vote_shares,
)


def majority(judgments: Judgments, *, gold: Gold | None = None) -> Truth:
    """Take each label's share of the votes as its probability; ties are shared.

    There is nothing to iterate, so `history` is empty and `converged` is true.
    """
    posterior = vote_shares(judgments)
    tasks, labels = clamped(judgments, gold)
    posterior[tasks] = 0.0
    posterior[tasks, labels] = 1.0
    return Truth(
        posterior=posterior,
        counts=confusion_counts(judgments, posterior),
        row_prior=row_prior(judgments.n_labels),
        class_prior=posterior.mean(axis=0),
        history=(),
        converged=True,
        method="majority",
        version="1",
    )
