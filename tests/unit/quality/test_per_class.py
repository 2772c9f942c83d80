import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.quality.errors import BadJudgments
from ujima.quality.per_class import accuracy, confusion, per_class
from ujima.quality.trust import gold_interval


def test_precision_looks_down_a_column_and_recall_along_a_row() -> None:
    table = confusion([0, 0, 0, 0, 1, 1], [0, 0, 0, 1, 1, 1], 3)
    assert table.tolist() == [[3, 1, 0], [0, 2, 0], [0, 0, 0]]
    yes, no, never = per_class(table)
    assert (yes.precision, yes.recall) == (gold_interval(3, 3), gold_interval(3, 4))
    assert (no.precision, no.recall) == (gold_interval(2, 3), gold_interval(2, 2))
    assert (never.precision, never.recall, never.said, never.true) == (None, None, 0, 0)
    assert accuracy(table) == gold_interval(5, 6)


def test_without_known_units_there_is_no_accuracy() -> None:
    assert accuracy(confusion([], [], 2)) is None


pairs = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40)


@given(pairs, st.permutations(range(4)))
def test_renaming_the_classes_renames_the_report(
    known: list[tuple[int, int]], names: list[int]
) -> None:
    truths, said = [k for k, _ in known], [s for _, s in known]
    plain = per_class(confusion(truths, said, 4))
    renamed = per_class(confusion([names[k] for k in truths], [names[s] for s in said], 4))
    assert [renamed[names[k]] for k in range(4)] == plain


@pytest.mark.parametrize(("truths", "said"), [([0], [0, 1]), ([2], [0]), ([0], [-1])])
def test_labels_that_are_none_are_refused(truths: list[int], said: list[int]) -> None:
    with pytest.raises(BadJudgments):
        confusion(np.array(truths), np.array(said), 2)
