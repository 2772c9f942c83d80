"""Pairs: worker, left, right and which of the two (label) in; one row a thing, best first, out."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ujima.quality.errors import BadJudgments
from ujima.quality.files.asked import Asked, Confusion
from ujima.quality.files.values import of_numbers
from ujima.quality.kinds.consensus import Consensus
from ujima.quality.kinds.pairs import pairs
from ujima.quality.readers.errors import NothingLeft
from ujima.quality.readers.table import Column, Table, fault

#: what names a side instead of a thing
SIDES = ("left", "right")


class Pairs:
    """Comparisons of two things. `tasks` are the things."""

    who: tuple[str, ...] = ("worker",)
    columns: tuple[str, ...] = ("left", "right", "label")
    blank: tuple[str, ...] = ()

    def __init__(self, table: Table, asked: Asked) -> None:
        self.asked = asked
        left, right, label = (table.columns[name].texts() for name in self.columns)
        chosen = [_winner(*row) for row in zip(left, right, label, strict=True)]
        bad = np.array([one is None for one in chosen])
        if bad.all():
            raise NothingLeft("In no row is the label one of the two that were compared.")
        if bad.any():
            told = "The label is none of the two, or the two are the same."
            table = table.kept(
                ~bad, fault("no_winner", table.row[bad], told, "set aside", column="label")
            )
        self.table = table
        won = [one for one in chosen if one is not None]
        self.tasks = sorted({name for pair in won for name in pair})
        code = {name: at for at, name in enumerate(self.tasks)}
        self.winner = np.array([code[winner] for winner, _ in won])
        self.loser = np.array([code[loser] for _, loser in won])

    @property
    def workers(self) -> list[str]:
        column: Column = self.table.columns["worker"]
        return column.values

    def sound(self, gold: Table) -> Table:
        """The true scores that are numbers."""
        return of_numbers(gold)

    def know(self, gold: Table) -> dict[int, float]:
        """thing -> its true score, higher is better."""
        code = {name: at for at, name in enumerate(self.tasks)}
        scores = gold.columns["label"].numbers()
        told = zip(gold.columns["task"].texts(), scores.tolist(), strict=True)
        return {code[name]: score for name, score in told if name in code}

    def infer(self, gold: Mapping[int, Any]) -> Consensus:
        """Infer all scores. Refuses BadJudgments for known ones: there is no use for them."""
        if gold:
            raise BadJudgments("Known scores cannot be held; leave --use-gold out.")
        worker = self.table.columns["worker"].codes
        return pairs(
            self.winner,
            self.loser,
            worker,
            n_items=len(self.tasks),
            n_workers=len(self.workers),
        )

    def score(self, found: Consensus, truths: Mapping[int, Any]) -> Any:
        """Kendall's tau-b with the true scores."""
        from scipy.stats import kendalltau

        said = [found.answers[at] for at in truths]
        tau = float(kendalltau(said, list(truths.values()))[0])
        return {"kendall_tau": None if np.isnan(tau) else tau}

    def written(self, found: Consensus) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
        """The header and rows of the results, the best thing first."""
        order = np.argsort(-np.array(found.answers), kind="stable").tolist()
        rows = [
            (
                self.tasks[at],
                round(found.answers[at], 6),
                rank,
                round(float(found.confidence[at]), 6),
                int(found.judgments[at]),
            )
            for rank, at in enumerate(order, start=1)
        ]
        return ("task", "label", "rank", "confidence", "judgments"), rows

    def calibrated(
        self, found: Consensus, truths: Mapping[int, Any], folds: Sequence[Any]
    ) -> Consensus:
        """The same: this confidence is not learned from truths."""
        return found

    def confusion(self) -> Confusion | None:
        """There are no classes."""
        return None


def _winner(left: str, right: str, label: str) -> tuple[str, str] | None:
    """(winner, loser), or None where the label says neither."""
    if left == right:
        return None
    if label == left or (label.casefold() == SIDES[0] and label != right):
        return left, right
    if label == right or label.casefold() == SIDES[1]:
        return right, left
    return None
