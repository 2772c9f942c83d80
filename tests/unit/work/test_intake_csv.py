"""CSV is read row by row; what is broken is refused at its row."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.work.streams import Endless, opened, rows_of

from ujima.work.intake.csv_rows import sniff_delimiter
from ujima.work.intake.errors import (
    BadHeader,
    EmptyFile,
    FileTooLarge,
    RowTooLong,
    TruncatedFile,
    UnknownFormat,
    WrongEncoding,
)
from ujima.work.intake.rows import CHUNK, MAX_COLUMNS, MAX_ROW, Record


def csv_of(content: bytes | str, **kwargs):
    return rows_of(content, "csv", **kwargs)


def test_rows_count_as_a_spreadsheet_shows_them():
    assert csv_of('a,b\r\n1,2\r\n\r\n"3\n3",4\r\n5,6') == [
        Record(2, {"a": "1", "b": "2"}),
        Record(4, {"a": "3\n3", "b": "4"}),
        Record(5, {"a": "5", "b": "6"}),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(delimiter):
    content = f'id{delimiter}text\n1{delimiter}"a, b; c | d\te"\n2{delimiter}x\n'
    assert csv_of(content)[0].values == {"id": "1", "text": "a, b; c | d\te"}


def test_commas_in_the_texts_of_a_semicolon_file_do_not_mislead():
    assert sniff_delimiter(b"id;text, long\n1;a, b, c\n2;d\n3;e, f") == ";"


def test_a_file_of_one_column_is_read():
    assert csv_of("text\nhello\nworld\n")[1].values == {"text": "world"}


def test_utf8_and_utf16_with_their_marks_are_read():
    content = "text,n\nसंपत्ति,1\n"
    for encoded in (content.encode("utf-8-sig"), content.encode("utf-16")):
        assert csv_of(encoded) == [Record(2, {"text": "संपत्ति", "n": "1"})]


def test_a_header_without_names_gets_numbers():
    assert csv_of(" a ,,b\n1,2,3\n")[0].values == {"a": "1", "column_2": "2", "b": "3"}


@pytest.mark.parametrize(
    ("content", "row", "code"),
    [
        ("a,b\n1,2\n3\n5,6\n", 3, "too_few_fields"),
        ("a,b\n1,2\n3,4,5\n6,7\n", 3, "too_many_fields"),
        ('a,b\n1,2\n"3"x,4\n6,7\n', 3, "bad_quoting"),
        ("a,b\n1,2\n3\r4,5\n6,7\n", 3, "bad_quoting"),
    ],
)
def test_a_broken_row_is_refused_and_the_others_go_on(content, row, code):
    first, second, third = csv_of(content)
    assert (second.row, second.code) == (row, code)
    assert isinstance(first, Record)
    assert third.row == row + 1
    assert isinstance(third, Record)


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"a,b\n1,2\n3,abc\xe9\n", {"row": 3, "byte": 14}),
        (b"a,b\n" + b"1,2\n" * CHUNK + b"\xff,4\n", {"row": CHUNK + 2, "byte": 4 * CHUNK + 5}),
        ("a,b\n1,2\n".encode("utf-16-le"), {"row": 1, "byte": 1}),
        ("a,b\n1,2\n".encode("utf-32"), {"row": 1, "byte": 1}),
        ("a,b\n1,".encode("utf-16") + b"\x00\xdc" + b"x\0\n\0", {"row": 2, "byte": 15}),
    ],
)
def test_another_encoding_is_refused_with_row_and_byte(content, place):
    with pytest.raises(WrongEncoding) as refusal:
        csv_of(content)
    assert refusal.value.place == place
    assert "CSV UTF-8" in refusal.value.sentence


@pytest.mark.parametrize(
    ("content", "row"),
    [
        (b'a,b\n1,2\n3,"and then the li', 3),
        (b'a,"b', 1),
        (b"a,b\n1,abc\xc3", 2),
        ("a,b\n1,2".encode("utf-16")[:-1], 2),
    ],
)
def test_an_upload_cut_off_in_the_middle_is_refused_at_its_row(content, row):
    with pytest.raises(TruncatedFile) as refusal:
        csv_of(content)
    assert refusal.value.code == "truncated_upload"
    assert refusal.value.place == {"row": row}


@pytest.mark.parametrize("begin", [b'a,b\n1,2\n3,"', b"a,b\n1,2\n3,"])
def test_a_field_of_two_gigabytes_is_refused_without_being_read(begin):
    file = Endless(begin, b"x", 2 * 1024**3)
    with pytest.raises(RowTooLong) as refusal:
        list(opened(file, "csv").rows)
    assert refusal.value.place == {"row": 3}
    assert file.given < MAX_ROW + 3 * CHUNK


def test_a_quoted_field_of_endless_short_lines_is_refused_too():
    file = Endless(b'a,b\n1,2\n3,"', b"x\n", 2 * 1024**3)
    with pytest.raises(RowTooLong) as refusal:
        list(opened(file, "csv").rows)
    assert refusal.value.place == {"row": 3}
    assert file.given < MAX_ROW + 3 * CHUNK


def test_many_rows_together_may_be_longer_than_one_row_may_be():
    content = "a\n" + ("x" * 900_000 + "\n") * 6
    assert len(csv_of(content)) == 6


def test_a_field_just_over_a_megabyte_comes_through_to_be_refused_by_name():
    (record,) = csv_of("a\n" + "x" * 1_000_001)
    assert len(record.values["a"]) == 1_000_001


def test_more_bytes_than_allowed_are_refused():
    with pytest.raises(FileTooLarge):
        csv_of("a\n" + "x\n" * 100, total=50)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", EmptyFile),
        (b"\xef\xbb\xbf", EmptyFile),
        (b" \n\n", EmptyFile),
        (b"a,b\n", EmptyFile),
        (b"a,b\n\n\n", EmptyFile),
        (b"PK\x03\x04....", UnknownFormat),
        (b"a,b,a\n1,2,3\n", BadHeader),
        (b"first,b\0\n1,2\n", BadHeader),
        (b'a,"b"c\n1,2\n', BadHeader),
        (b"a,b\r1,2\r3,4\r", BadHeader),
        (b"a" + b",".join(b"%d" % n for n in range(MAX_COLUMNS + 1)) + b"\n1", BadHeader),
    ],
)
def test_a_file_that_is_no_table_is_refused(content, refusal):
    with pytest.raises(refusal):
        csv_of(content)


cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_any_text_comes_back_as_it_was_written(table):
    file = io.StringIO(newline="")
    csv.writer(file).writerows([["a", "b", "c"], *table])
    read = csv_of(file.getvalue())
    assert [list(row.values.values()) for row in read] == table


@given(cells, st.sampled_from([",", ";", "\t", "|"]))
def test_sniffing_takes_any_text(text, delimiter):
    assert sniff_delimiter((text + delimiter + text).encode()) in ",;\t|"
