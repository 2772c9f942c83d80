"""Files of judgments as coded arrays, and what was wrong in them."""

import gzip
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ujima.base.errors import BadInput
from ujima.quality.files.errors import RepeatedJudgments
from ujima.quality.files.repeats import distinct, once
from ujima.quality.readers.errors import MissingColumns, NoSuchFile, NothingLeft
from ujima.quality.readers.judgments_file import read
from ujima.quality.readers.table import Table

CHOICE = ("task", "worker", "label")


def told(table: Table) -> list[tuple[str, int, tuple[int, ...]]]:
    return [(f.code, f.count, f.rows) for f in table.faults]


def written(folder: Path, text: str | bytes, name: str = "labels.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_names_become_codes_in_the_order_they_come(tmp_path: Path) -> None:
    table = read(written(tmp_path, "task,worker,label\nb,w1,yes\na,w2,no\nb,w2,yes\n"), CHOICE)
    assert table.columns["task"].values == ["b", "a"]
    assert table.columns["task"].codes.tolist() == [0, 1, 0]
    assert table.columns["label"].texts() == ["yes", "no", "yes"]
    assert table.row.tolist() == [2, 3, 4]
    assert table.columns["task"].codes.dtype == np.int32


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\ufeffTask;Worker;LABEL\nt;w;1\n", "labels.csv"),
        ("unit\tannotator\tanswer\nt\tw\t1\n", "labels.tsv"),
        ('{"task":"t","worker":"w","label":1}\n', "labels.jsonl"),
        ('[{"item":"t","user":"w","judgment":1.0}]', "labels.json"),
        ("task,worker,label\nt,w,1\n".encode("utf-16"), "labels.csv"),
        (gzip.compress(b"task,worker,label\nt,w,1\n", mtime=0), "labels.csv.gz"),
    ],
)
def test_however_it_is_written_it_is_read_the_same(
    tmp_path: Path, text: str | bytes, name: str
) -> None:
    table = read(written(tmp_path, text, name), CHOICE)
    assert [table.columns[c].texts() for c in CHOICE] == [["t"], ["w"], ["1"]]


def test_parquet_is_read_as_the_same_csv(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import csv, parquet

    text = "task,worker,label\nb,w1,3\na,,2\nb,w2,\na,w2,3\n"
    path = written(tmp_path, text)
    columns = csv.ConvertOptions(
        column_types={"label": pyarrow.int64()}, null_values=[""], strings_can_be_null=True
    )
    parquet.write_table(csv.read_csv(path, convert_options=columns), tmp_path / "l.parquet")
    one, other = read(path, CHOICE), read(tmp_path / "l.parquet", CHOICE)
    for name in CHOICE:
        assert one.columns[name].texts() == other.columns[name].texts()
    assert [f.code for f in other.faults] == ["missing", "missing"]


def test_what_is_missing_is_set_aside_with_its_rows(tmp_path: Path) -> None:
    text = "task,worker,label\nt1,w1,yes\n,w1,no\nt2,w1,\nt3,w1,yes,more\nt4,w1,no\n"
    table = read(written(tmp_path, text), CHOICE)
    assert table.columns["task"].values == ["t1", "t4"]
    assert told(table) == [("too_many_fields", 1, (5,)), ("missing", 1, (3,)), ("missing", 1, (4,))]
    assert table.read == 5


@pytest.mark.parametrize(
    ("text", "refusal", "says"),
    [
        ("task,worker\nt,w\n", MissingColumns, "no column label; it has task, worker"),
        ("task,worker,label\n,,\n", NothingLeft, "No row of the file can be used"),
        ("task,worker,label\nt,w,caf\xe9\n".encode("latin-1"), BadInput, "not UTF-8"),
        ('task,worker,label\nt,w,"yes\n', BadInput, "ends in the middle"),
        ("", BadInput, "holds no rows"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(
    tmp_path: Path, text: str | bytes, refusal: type[BadInput], says: str
) -> None:
    with pytest.raises(refusal, match=says):
        read(written(tmp_path, text), CHOICE)


def test_a_file_that_is_not_there_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(NoSuchFile, match="No such file"):
        read(tmp_path / "none.csv", CHOICE)


def test_columns_may_have_other_names(tmp_path: Path) -> None:
    path = written(tmp_path, "image,who,label\nt,w,1\n")
    table = read(path, CHOICE, called={"task": "Image", "worker": "who"})
    assert table.columns["task"].values == ["t"]


REPEATED = "task,worker,label\nt,w,a\nt,w,b\nu,w,a\nu,w,a\nt,x,a\n"


@pytest.mark.parametrize(("repeats", "label"), [("last", "b"), ("first", "a")])
def test_an_answer_given_again_counts_once_and_is_told(
    tmp_path: Path, repeats: str, label: str
) -> None:
    table = once(read(written(tmp_path, REPEATED), CHOICE), CHOICE[:2], CHOICE[2:], repeats)
    assert len(table) == 3
    assert table.columns["label"].texts()[0] == label
    assert told(table) == [("twice", 1, (5,)), ("changed", 1, (3,))]


def test_changed_answers_can_be_refused(tmp_path: Path) -> None:
    with pytest.raises(RepeatedJudgments) as refused:
        once(read(written(tmp_path, REPEATED), CHOICE), CHOICE[:2], CHOICE[2:], "refuse")
    assert refused.value.place == {"rows": [3]}


def test_the_same_row_again_counts_once(tmp_path: Path) -> None:
    table = distinct(read(written(tmp_path, REPEATED), CHOICE), CHOICE)
    assert len(table) == 4
    assert told(table) == [("twice", 1, (5,))]


ROWS = st.lists(st.tuples(*[st.sampled_from(["", "a", "b", "c"])] * 3), min_size=1, max_size=30)


@given(ROWS)
def test_every_row_is_kept_or_told(rows: list[tuple[str, str, str]]) -> None:
    import tempfile

    text = "task,worker,label\n" + "".join(",".join(row) + "\n" for row in rows)
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), text)
        try:
            table = once(read(path, CHOICE), CHOICE[:2], CHOICE[2:], "last")
        except NothingLeft:
            assert not any(all(row) for row in rows)
            return
    assert len(table) + sum(fault.count for fault in table.faults) == len(rows)
    for column in table.columns.values():
        assert sorted(set(column.codes.tolist())) == list(range(len(column.values)))
