"""JSONL and JSON are read element by element; what is broken is refused at its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.work.streams import Endless, opened, rows_of

from ujima.work.intake.errors import (
    BadJson,
    EmptyFile,
    NotAnArray,
    RowTooLong,
    TruncatedFile,
    WrongEncoding,
)
from ujima.work.intake.json_rows import is_cut_off, json_rows
from ujima.work.intake.rows import CHUNK, MAX_ROW, Record, RefusedRow


def test_lines_are_counted_and_empty_ones_passed_over():
    assert rows_of('{"a":1}\n\n  \n{"b":"ü"}', "jsonl") == [
        Record(1, {"a": 1}),
        Record(4, {"b": "ü"}),
    ]


def test_elements_of_an_array_are_counted():
    assert rows_of(' [ {"a":1} ,\n{"b":null}]\n', "json") == [
        Record(1, {"a": 1}),
        Record(2, {"b": None}),
    ]


@pytest.mark.parametrize("format", ["jsonl", "json"])
def test_label_studios_form_is_opened(format):
    task = '{"id": 7, "data": {"text": "x", "id": "mine"}, "predictions": []}'
    content = task if format == "jsonl" else f"[{task}]"
    assert rows_of(content, format) == [Record(1, {"id": "mine", "predictions": [], "text": "x"})]


def test_utf16_with_its_mark_is_read():
    assert rows_of('{"a":"ü"}\n'.encode("utf-16"), "jsonl") == [Record(1, {"a": "ü"})]
    assert rows_of('[{"a":"ü"}]'.encode("utf-16"), "json") == [Record(1, {"a": "ü"})]


WIDE = "{" + ",".join(f'"{n}":1' for n in range(201)) + "}"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("{nope}", "bad_json"),
        ('{"a":1}}', "bad_json"),
        ('{"a":NaN}', "bad_json"),
        ('{"a":"\\ud800"}', "bad_json"),
        ('{"a":' * 2000, "bad_json"),
        ("[1]", "not_an_object"),
        ("7", "not_an_object"),
        ("null", "not_an_object"),
        (WIDE, "too_many_fields"),
    ],
)
def test_a_broken_line_is_refused_and_the_others_go_on(line, code):
    first, second, third = rows_of(f'{{"a":1}}\n{line}\n{{"a":2}}\n', "jsonl")
    assert isinstance(second, RefusedRow)
    assert (second.row, second.code) == (2, code)
    assert (first.values, third.values) == ({"a": 1}, {"a": 2})


@pytest.mark.parametrize(
    ("element", "code"),
    [
        ('{"a":NaN}', "bad_json"),
        ('{"a":"\\ud800"}', "bad_json"),
        ("[1]", "not_an_object"),
        ("7", "not_an_object"),
        (WIDE, "too_many_fields"),
    ],
)
def test_an_element_that_is_no_unit_is_refused_and_the_others_go_on(element, code):
    first, second, third = rows_of(f'[{{"a":1}},{element},{{"a":2}}]', "json")
    assert (second.row, second.code) == (2, code)
    assert (first.values, third.values) == ({"a": 1}, {"a": 2})


def test_a_number_of_a_million_digits_costs_nothing():
    (row,) = rows_of("[" + "9" * 1_000_000 + "]", "json")
    assert (row.row, row.code) == (1, "bad_json")


@pytest.mark.parametrize(
    ("content", "refusal", "place"),
    [
        ("", EmptyFile, {}),
        ("[]", EmptyFile, {}),
        ("{}", NotAnArray, {}),
        ("7", NotAnArray, {}),
        ('[{"a":1} {"a":2}]', BadJson, {"row": 1}),
        ('[{"a":1}]]', BadJson, {"row": 1}),
        ('[{"a":1},{"a" 2},' + " " * 100 + "{}]", BadJson, {"row": 2, "character": 6}),
        ('[{"a":1},]', BadJson, {"row": 2, "character": 1}),
        ("[" * 100_000, BadJson, {"row": 1, "character": 1}),
        ('[{"a":' * 100_000, BadJson, {"row": 1, "character": 1}),
        ("[", TruncatedFile, {"row": 1}),
        ('[{"a":1}', TruncatedFile, {"row": 1}),
        ('[{"a":1},', TruncatedFile, {"row": 2}),
        ('[{"a":1},{"a":"and th', TruncatedFile, {"row": 2}),
        ('[{"a":1},{"a":tru', TruncatedFile, {"row": 2}),
        (b'[{"a":"\xc3', TruncatedFile, {"row": 1}),
        (b'[{"a":1},{"a":"\xff"}]', WrongEncoding, {"row": 2, "byte": 16}),
    ],
)
def test_an_array_that_is_broken_is_refused_at_its_place(content, refusal, place):
    with pytest.raises(refusal) as refused:
        rows_of(content, "json")
    assert type(refused.value) is refusal
    assert refused.value.place == place


@pytest.mark.parametrize(
    ("content", "refusal", "place"),
    [
        (b'{"a":1}\n{"a":"and th', TruncatedFile, {"row": 2}),
        (b'{"a":1}\n{"a":"\xc3', TruncatedFile, {"row": 2}),
        (b'{"a":1}\n{"a":"\xff"}\n', WrongEncoding, {"row": 2, "byte": 15}),
        (b"\n \n", EmptyFile, {}),
    ],
)
def test_lines_that_cannot_be_text_refuse_the_file(content, refusal, place):
    with pytest.raises(refusal) as refused:
        rows_of(content, "jsonl")
    assert refused.value.place == place


def test_a_line_over_the_cap_is_refused_and_the_next_is_read():
    lines = b'{"a":1}\n{"a":"' + b"x" * (MAX_ROW * 2) + b'"}\n{"a":2}\n'
    first, second, third = rows_of(lines, "jsonl")
    assert (second.row, second.code) == (2, "row_too_long")
    assert (first.values, third) == ({"a": 1}, Record(3, {"a": 2}))


def test_bytes_after_a_line_over_the_cap_are_still_counted_right():
    long = b"x" * (MAX_ROW + 3 * CHUNK)
    with pytest.raises(WrongEncoding) as refusal:
        rows_of(long + b"\n\xff\n", "jsonl")
    assert refusal.value.place == {"row": 2, "byte": len(long) + 2}


def test_an_element_of_two_gigabytes_is_refused_without_being_read():
    file = Endless(b'[{"a":"', b"x", 2 * 1024**3)
    with pytest.raises(RowTooLong) as refusal:
        list(opened(file, "json").rows)
    assert refusal.value.place == {"row": 1}
    # what is held is doubled until it passes the cap
    assert file.given < 2 * MAX_ROW + 3 * CHUNK


@pytest.mark.parametrize(
    ("text", "is_cut"),
    [
        ('{"a":"}', True),
        ('{"a":"\\"}', True),
        ('{"a":[1,{"b":2}', True),
        ('{"a":"{["}', False),
        ('{"a"}', False),
        ("nu", False),
    ],
)
def test_a_piece_of_json_is_known_to_be_cut_off(text, is_cut):
    assert is_cut_off(text) is is_cut


simple = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text()
objects = st.dictionaries(st.text().filter(lambda name: name != "data"), simple, max_size=4)


@given(
    st.lists(objects, min_size=1, max_size=5),
    st.sampled_from([None, 1, 40]),
    st.booleans(),
    st.integers(1, 20),
)
def test_an_array_is_read_alike_in_whatever_pieces_it_comes(elements, indent, ascii_only, size):
    text = json.dumps(elements, indent=indent, ensure_ascii=ascii_only)
    content = text.encode("utf-8", "replace")
    pieces = [content[n : n + size] for n in range(0, len(content), size)]
    assert [row.values for row in json_rows(pieces)] == elements
