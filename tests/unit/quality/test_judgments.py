import numpy as np
import pytest

from ujima.quality.errors import BadJudgments
from ujima.quality.judgments import Judgments, Unchecked, code, faults


def judgments(task: list[int], worker: list[int], label: list[int], sizes=(2, 2, 2)) -> Judgments:
    arrays = (np.array(a, dtype=np.intp) for a in (task, worker, label))
    return Judgments(*arrays, *sizes)


def test_names_become_codes_in_order_of_appearance_and_classes_in_the_order_given() -> None:
    coded = code(["t9", "t1", "t9"], ["eve", "eve", "ada"], ["no", "yes", "yes"], ["yes", "no"])
    assert coded.tasks == ["t9", "t1"]
    assert coded.workers == ["eve", "ada"]
    assert coded.judgments.task.tolist() == [0, 1, 0]
    assert coded.judgments.worker.tolist() == [0, 0, 1]
    assert coded.judgments.label.tolist() == [1, 0, 0]
    assert coded.judgments.counted().tolist() == [2, 1]


def test_unknown_labels_are_refused_with_their_number_and_rows() -> None:
    with pytest.raises(BadJudgments, match="2 labels are not among the classes: maybe") as refusal:
        code([1, 2, 3], [1, 1, 1], ["yes", "maybe", "perhaps"], ["yes", "no"])
    assert refusal.value.place == {"rows": [1, 2]}


@pytest.mark.parametrize(
    ("task", "worker", "label", "sizes", "says"),
    [
        ([], [], [], (2, 2, 2), "no judgments"),
        ([0, 1], [0], [0, 1], (2, 2, 2), "2 tasks, 1 workers and 2 labels"),
        ([0, 1], [0, 0], [0, 0], (2, 1, 1), "1 classes"),
        ([0, 2], [0, 0], [0, 0], (2, 2, 2), "1 task codes are outside 0 to 1"),
        ([0, 1], [0, -1], [0, 0], (2, 2, 2), "1 worker codes are outside"),
        ([0, 1], [0, 0], [0, 5], (2, 2, 2), "1 label codes are outside"),
        ([0, 0], [0, 1], [0, 0], (3, 2, 2), "2 tasks have no judgment"),
        ([0, 1, 0], [0, 0, 0], [0, 0, 1], (2, 2, 2), "1 judgments are by a worker who had already"),
    ],
)
def test_broken_judgments_are_refused_with_counts(task, worker, label, sizes, says) -> None:
    with pytest.raises(BadJudgments, match=says):
        judgments(task, worker, label, sizes)


def test_codes_that_are_not_integers_are_refused() -> None:
    half = np.array([0.5, 1.0])
    with pytest.raises(BadJudgments, match="not integers"):
        Judgments(half, half.astype(int), half.astype(int), 2, 2, 2)  # type: ignore[arg-type]


def test_a_researcher_meets_a_value_error() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        code([1], [1], ["a"], ["a", "a"])


def test_narrow_codes_stay_narrow() -> None:
    j = Judgments(
        np.array([0, 1], np.int32), np.array([0, 0], np.int16), np.array([0, 1], np.int8), 2, 1, 2
    )
    assert (j.task.dtype, j.worker.dtype, j.label.dtype) == (np.int32, np.int16, np.int8)


def test_every_fault_is_told_with_its_number_and_places() -> None:
    as_it_came = Unchecked(
        np.array([0, -1, 1, 5, 1]),
        np.zeros(5, np.int32),
        np.array([0, -1, 7, -1, -3], np.int8),
        3,
        1,
        2,
    )
    told = [(f.kind, f.of, f.count, f.places) for f in faults(as_it_came, shown=1)]
    assert told == [
        ("missing", "task", 1, (1,)),
        ("unknown", "task", 1, (3,)),
        ("missing", "label", 2, (1,)),
        ("unknown", "label", 2, (2,)),
    ]
    told = list(faults(as_it_came._replace(task=np.array([0, 2, 0, 2, 2]), label=np.zeros(5, int))))
    assert [(f.kind, f.count, f.place) for f in told] == [
        ("unjudged", 1, {"tasks": [1]}),
        ("twice", 3, {"rows": [2, 3, 4]}),
    ]
