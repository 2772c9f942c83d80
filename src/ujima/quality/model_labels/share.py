"""How much of an answer the model carries, and what people alone would have said."""

from collections.abc import Sequence
from math import exp, log
from typing import NamedTuple

from ujima.quality.online import expected_log_confusion

Table = Sequence[Sequence[float]]

#: a probability below this is written as zero somewhere on its way; its logarithm is taken of this
LEAST = 1e-300


class Part(NamedTuple):
    """The model's part in one answer.

    share     0 to 1: of the evidence between the answer and its runner-up, the model's; people's is
              the rest
    people    the probabilities without the model's evidence, (n_labels,)
    differs   whether people alone would have given another answer
    """

    share: float
    people: list[float]
    differs: bool


def part_of_model(
    posterior: Sequence[float], class_prior: Sequence[float], table: Table, label: int
) -> Part:
    """Tell the model's part in an inferred answer.

    posterior     (n_labels,) with the model among the workers
    class_prior   (n_labels,), which is neither people's nor the model's
    table         (n_labels, n_labels) soft counts [true][said] of the model, from the same fit
    label         what the model said

    The log-odds of the answer over its runner-up are the prior's, plus the model's, plus people's
    taken together. The share is |model's| / (|model's| + |people's|): whole where people's
    judgments cancel out, whichever way the model pulls.
    """
    model = [row[label] for row in expected_log_confusion(table)]
    logs = [log(max(p, LEAST)) for p in posterior]
    without = [total - said for total, said in zip(logs, model, strict=True)]
    answer, runner_up = _two_best(logs)
    own = abs(model[answer] - model[runner_up])
    prior = log(max(class_prior[answer], LEAST)) - log(max(class_prior[runner_up], LEAST))
    others = abs(without[answer] - without[runner_up] - prior)
    return Part(
        share=own / (own + others) if own + others > 0 else 0.0,
        people=_normal(without),
        differs=_two_best(without)[0] != answer,
    )


def _two_best(numbers: Sequence[float]) -> tuple[int, int]:
    first, second, *_ = sorted(range(len(numbers)), key=lambda k: (-numbers[k], k))
    return first, second


def _normal(logs: Sequence[float]) -> list[float]:
    top = max(logs)
    odds = [exp(value - top) for value in logs]
    return [value / sum(odds) for value in odds]
