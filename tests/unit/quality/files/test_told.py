"""Nothing that a file or an option says is dropped in silence."""

from pathlib import Path

import numpy as np
import pytest

from ujima.quality.errors import BadJudgments
from ujima.quality.files import choices
from ujima.quality.files.asked import Asked, Inferred
from ujima.quality.files.errors import NoMethod, NotForThis
from ujima.quality.files.run import infer_file
from ujima.quality.readers.errors import MissingColumns
from ujima.quality.readers.judgments_file import read
from ujima.quality.truth.places import How

LABELS = "task,worker,label\n" + "".join(
    f"{task},{worker},{label}\n"
    for worker in "vwxyz"
    for task, label in (("1", "a"), ("2", "b"), ("3", "a"), ("4", "b"), ("5", "a"), ("6", "b"))
)
NUMBERS = LABELS.replace(",a", ",3").replace(",b", ",10")
CHOICE = ("task", "worker", "label")


@pytest.fixture
def inferred(tmp_path: Path):  # type: ignore[no-untyped-def]
    def run(labels: str, kind: str, gold: str = "", **more: object) -> Inferred:
        one, other = tmp_path / "labels.csv", tmp_path / "gold.csv"
        one.write_text(labels)
        other.write_text(gold)
        use = bool(more.pop("use_gold", False))
        asked = Asked(**more)  # type: ignore[arg-type]
        return infer_file(one, kind, asked, gold=other if gold else None, use_gold=use)

    return run


def told(found: Inferred) -> list[tuple[str, tuple[int, ...], str]]:
    return [(f.code, f.rows, f.sentence) for f in found.faults]


def test_what_is_wrong_with_true_answers_is_told(inferred) -> None:
    found = inferred(LABELS, "choice", "task,label\n1,a\n1,b\n2,b\n2,b\n9,a\n3,\n")
    assert told(found) == [
        ("missing", (7,), "True answers: nothing stands in the column label."),
        ("unknown_task", (6,), "True answers: a task is not in the file of judgments."),
        ("twice", (5,), "True answers: a task has the same answer again."),
        ("changed", (3,), "True answers: a task has another answer again."),
    ]
    assert found.scores["true_answers"] == 2


def test_true_numbers_that_are_none_are_told(inferred) -> None:
    found = inferred(NUMBERS, "number", "task,label\n1,3\n2,ten\n")
    assert told(found) == [("bad_number", (3,), "True answers: a label is no number.")]


SPANS = "task,worker,start,end\n" + "".join(f"{t},{w},0,4\n" for t in "12" for w in "abc")


def test_a_broken_true_span_is_not_taken_for_none(inferred) -> None:
    found = inferred(SPANS, "spans", "task,start,end\n1,0,4\n2,9,3\n")
    assert told(found) == [("no_size", (3,), "True answers: what is marked has no size.")]
    assert (found.scores["true_answers"], found.scores["exact_f1"]) == (1, 1.0)
    with pytest.raises(MissingColumns, match="no column end"):
        inferred(SPANS, "spans", "task,start\n1,0\n")
    with pytest.raises(MissingColumns, match="no column end"):
        inferred("task,worker,start\n1,w,0\n", "spans")


def test_answers_not_held_are_scored_together(inferred) -> None:
    gold = "task,label\n1,a\n2,b\n3,a\n4,b\n5,a\n6,a\n"
    scores = inferred(LABELS, "choice", gold, use_gold=True).scores
    assert scores["accuracy"] == pytest.approx(5 / 6)
    assert scores["accuracy_low"] < 0.6 < 0.95 < scores["accuracy_high"]
    assert sum(part["n"] for part in scores["calibration"]) == 6
    numbers = gold.replace(",a", ",3").replace(",b", ",10")
    scores = inferred(NUMBERS, "number", numbers, use_gold=True).scores
    # the root of the mean over all tasks, not the mean of each fold's root
    assert scores["rmse"] > 1.5 * scores["mean_absolute_error"]


def test_more_classes_than_fit_are_refused_before_anything_is_made(
    inferred, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choices, "MOST_BYTES", 5 * 2 * 2 * 8)
    inferred(LABELS, "choice")
    with pytest.raises(BadJudgments, match=r"2 classes and 5 people .* --type text"):
        inferred(LABELS, "choice", method="careful")


def test_an_order_of_words_must_be_given(inferred) -> None:
    with pytest.raises(BadJudgments, match="'a' is no number: --classes"):
        inferred(LABELS, "ordinal")
    with pytest.raises(BadJudgments, match="'nan' is no number"):
        inferred(NUMBERS.replace(",3", ",nan"), "ordinal")
    assert inferred(LABELS, "ordinal", classes=("b", "a")).confusion.classes == ["b", "a"]
    assert inferred(NUMBERS, "ordinal").confusion.classes == ["3", "10"]
    assert choices.in_order(["nan", "10", "9"]) == ["10", "9", "nan"]
    for wrong in ({"classes": ("a", "b", "a")}, {"seed": -1}, {"separator": ""}):
        with pytest.raises(BadJudgments):
            Asked(**wrong)  # type: ignore[arg-type]


def test_who_ticked_nothing_counts_and_order_is_nothing(inferred) -> None:
    labels = "task,worker,label\n" + "".join(
        f"1,{w},\n2,{w},{'p|q' if w != 'x' else 'q|p'}\n3,{w},p\n" for w in "wxyz"
    )
    found = inferred(labels + "2,x,p|q\n3,y,p|r\n", "multi", "task,label\n1,\n2,q|p\n3,p\n")
    assert [row[:2] for row in found.rows] == [("1", ""), ("2", "p|q"), ("3", "p")]
    assert found.scores["accuracy"] == 1
    assert [(f.code, f.rows) for f in found.faults] == [("twice", (14,)), ("changed", (15,))]
    found = inferred(labels + "3,v,p|r\n", "multi", classes=("p", "q"))
    assert told(found) == [
        ("unknown", (14,), "A label has a choice that is not among the classes.")
    ]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("choice", {"items": Path("x")}),
        ("choice", {"called": {"labels": "x"}}),
        ("choice", {"separator": ";"}),
        ("text", {"how": How(threads=2)}),
        ("number", {"classes": ("1", "2")}),
        ("boxes", {"repeats": "first"}),
        ("text", {"method": "careful"}),
        ("choice", {"use_gold": True}),
    ],
)
def test_options_that_would_change_nothing_are_refused(inferred, kind: str, options) -> None:
    with pytest.raises((NotForThis, NoMethod)):
        inferred(LABELS, kind, **options)


def test_a_class_only_among_true_answers_is_wrong_and_changes_nothing(inferred) -> None:
    without = inferred(LABELS, "choice")
    found = inferred(LABELS, "choice", "task,label\n1,a\n2,c\n")
    assert found.confusion.classes == ["a", "b"]
    assert found.scores["accuracy"] == 0.5
    assert [r[:2] for r in found.rows] == [r[:2] for r in without.rows]
    assert (
        inferred(LABELS, "choice", "task,label\n1,a\n2,c\n", use_gold=True).scores["accuracy"]
        == 0.5
    )
    scores = inferred(NUMBERS, "ordinal", "task,label\n1,3\n2,5\n").scores
    assert scores["mean_absolute_error"] == 0.5
    with pytest.raises(BadJudgments, match="not listed: c"):
        inferred(LABELS, "choice", "task,label\n2,c\n", classes=("a", "b"))


def test_a_first_record_may_lack_a_column(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    path.write_text('{"task":"t","worker":"w"}\n{"task":"t","worker":"v","answer":"a"}\n')
    table = read(path, CHOICE)
    assert table.columns["label"].texts() == ["a"]
    assert [(f.code, f.rows) for f in table.faults] == [("missing", (1,))]
    path.write_text('{"task":"t","worker":"w"}\n{"task":"t","worker":"v"}\n')
    with pytest.raises(MissingColumns, match="no column label; it has task, worker"):
        read(path, CHOICE)


def test_parquet_holds_nan_for_nothing_and_lists_for_several(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    path = tmp_path / "labels.parquet"
    who = {"task": ["1", "1", "2", "2"], "worker": ["v", "w", "v", "w"]}
    parquet.write_table(pyarrow.table({**who, "label": [1.5, np.nan, 2.0, 2.0]}), path)
    table = read(path, CHOICE)
    assert table.columns["label"].texts() == ["1.5", "2", "2"]
    assert [f.code for f in table.faults] == ["missing"]
    parquet.write_table(pyarrow.table({**who, "label": [["a", "b"], ["b", "a"], [], None]}), path)
    assert [row[1] for row in infer_file(path, "multi", Asked()).rows] == ["a|b", ""]
