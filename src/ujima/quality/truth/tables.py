"""The kernel's tables as confusion matrices."""

from ujima.quality.judgments import Judgments
from ujima.quality.truth.result import Array


def split(counts: Array, judgments: Judgments) -> tuple[Array, Array]:
    """(rows, n_states) of a step as (n_workers, n_labels, n_labels) and (n_models, n_labels,
    n_labels), both [., truth, said]; a class's subtypes are added up."""
    labels = judgments.n_labels
    by_class = counts.reshape(-1, labels, labels, counts.shape[1] // labels).sum(axis=3)
    tables: Array = by_class.transpose(0, 2, 1)
    return tables[: judgments.n_workers], tables[judgments.n_workers :]
