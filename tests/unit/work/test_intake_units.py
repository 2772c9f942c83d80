"""Rows become units by a mapping; a row that cannot is refused at its column."""

import io
import json

import pytest
from tests.unit.work.configs import pair, photo

from ujima.work.intake.errors import BadMapping, MissingColumn, TruncatedFile
from ujima.work.intake.mapping import Mapping, check_mapping, propose_mapping
from ujima.work.intake.preview import preview
from ujima.work.intake.rows import MAX_FIELD, REASONS, RefusedRow, UnitRow
from ujima.work.intake.units import MAX_KEY, units

COLUMNS = {"text": "sentence", "hypothesis": "claim"}
PLAIN = Mapping(columns=COLUMNS, key="id")
FULL = Mapping(COLUMNS, "id", {"entails": "gold"}, "why")
PHOTOS = Mapping({"image": "url"}, "", {"seen": "seen", "note": "words"})


def from_json(*objects, mapping=PLAIN, labelling=pair):
    content = "\n".join(json.dumps(thing) for thing in objects).encode()
    return list(units(io.BytesIO(content), "jsonl", mapping, labelling))


def from_csv(content, mapping=PLAIN, labelling=pair):
    return list(units(io.BytesIO(content.encode()), "csv", mapping, labelling))


def row(**changes):
    return {"id": "k1", "sentence": "A", "claim": "B"} | changes


def test_a_row_becomes_a_unit_with_only_the_columns_that_are_used():
    (unit,) = from_json(row(secret="not to be kept"))
    assert unit == UnitRow(1, "k1", {"text": "A", "hypothesis": "B"}, None, "")


def test_gold_reason_and_people_come_with_the_unit():
    content = "id,sentence,claim,gold,why,for\n1,A,B,Yes, since it says so ,w1; w2 w1\n2,C,D,,,\n"
    first, second = from_csv(content, FULL)
    gold, reason = {"entails": ["1"]}, "since it says so"
    assert first == UnitRow(2, "1", {"text": "A", "hypothesis": "B"}, gold, reason)
    assert second == UnitRow(3, "2", {"text": "C", "hypothesis": "D"}, None, "")


def test_numbers_and_truth_values_of_json_are_read_as_json_writes_them():
    (unit,) = from_json(row(id=17, sentence=2.5, claim=True, gold=0), mapping=FULL)
    assert (unit.key, unit.data) == ("17", {"text": "2.5", "hypothesis": "true"})
    assert unit.gold == {"entails": ["0"]}


def test_formula_like_texts_are_kept_as_they_are():
    (unit,) = from_csv('id,sentence,claim\n1,"=HYPERLINK(""x"")",@b\n')
    assert unit.data == {"text": '=HYPERLINK("x")', "hypothesis": "@b"}


def test_several_choices_of_a_known_answer_are_parted_by_bars_or_lines():
    for seen in ("cat|a bird", "a bird\ncat", ["cat", "a bird"]):
        (unit,) = from_json({"url": "/1.png", "seen": seen}, mapping=PHOTOS, labelling=photo)
        assert unit.gold == {"seen": ["cat", "a bird"]}


def test_without_a_key_the_hash_of_the_data_is_the_key():
    keyless = Mapping(COLUMNS)
    one, other = from_json(row(), row(claim="C"), mapping=keyless)
    (again,) = from_json(row(id="other"), mapping=keyless)
    assert one.key == again.key != other.key
    assert len(one.key) == 32


REFUSED = [
    # changes of the second row, the column and the code of its refusal
    ({"id": " "}, "id", "missing_key"),
    ({"id": None}, "id", "missing_key"),
    ({"id": "k1"}, "id", "duplicate_key"),
    ({"id": "k" * (MAX_KEY + 1)}, "id", "key_too_long"),
    ({"sentence": ""}, "sentence", "empty_value"),
    ({"claim": " \n"}, "claim", "empty_value"),
    ({"claim": None}, "claim", "empty_value"),
    ({"claim": ["B"]}, "claim", "not_text"),
    ({"claim": {"b": 1}}, "claim", "not_text"),
    ({"id": 123456789012345678901}, "id", "long_number"),
    ({"claim": "x" * (MAX_FIELD + 1)}, "claim", "field_too_long"),
    ({"claim": "a\0b"}, "claim", "control_character"),
    ({"gold": "maybe"}, "gold", "bad_gold_choice"),
    ({"gold": ["1", "0"]}, "gold", "bad_gold_choice"),
    ({"gold": [["1"]]}, "gold", "not_text"),
    ({"why": "\0"}, "why", "control_character"),
]


@pytest.mark.parametrize(("changes", "column", "code"), REFUSED)
def test_a_row_that_cannot_be_a_unit_is_refused_at_its_column(changes, column, code):
    first, second, third = from_json(row(), row(id="k2") | changes, row(id="k3"), mapping=FULL)
    assert isinstance(second, RefusedRow)
    assert (second.row, second.column, second.code) == (2, column, code)
    assert "{" not in second.reason
    assert (first.key, third.key) == ("k1", "k3")


def test_the_reason_of_a_bad_known_answer_names_it():
    (refused,) = from_json(row(gold="maybe"), mapping=FULL)
    assert refused.reason == (
        "The known answer does not fit the question: “maybe” is not one of the choices."
    )


def test_an_image_that_is_no_safe_address_is_refused():
    objects = [{"url": "javascript:alert(1)"}, {"url": " https://example.org/a.png\n"}]
    refused, unit = from_json(*objects, mapping=Mapping({"image": "url"}), labelling=photo)
    assert (refused.column, refused.code) == ("url", "bad_image_address")
    assert unit.data == {"image": "https://example.org/a.png"}


def test_a_row_refused_for_another_reason_does_not_take_its_key_with_it():
    refused, unit = from_json(row(claim=""), row())
    assert (refused.code, unit.key) == ("empty_value", "k1")


def test_the_same_data_twice_is_refused_where_there_is_no_key():
    _, refused = from_json(row(), row(), mapping=Mapping(COLUMNS))
    assert (refused.row, refused.code) == (2, "duplicate_key")


def test_a_file_cut_off_refuses_itself_after_its_last_whole_row():
    reading = units(io.BytesIO(b'id,sentence,claim\n1,A,B\n2,"C'), "csv", PLAIN, pair)
    assert next(reading).key == "1"
    with pytest.raises(TruncatedFile):
        next(reading)


def test_every_code_of_a_refused_row_has_a_reason():
    assert {code for _, _, code in REFUSED} <= set(REASONS)


@pytest.mark.parametrize(
    ("mapping", "refusal", "column"),
    [
        (Mapping({"text": "sentence"}), MissingColumn, "hypothesis"),
        (Mapping({"text": "sentence", "hypothesis": ""}), MissingColumn, "hypothesis"),
        (Mapping(COLUMNS | {"text": "satz"}), MissingColumn, "satz"),
        (Mapping(COLUMNS, key="nr"), MissingColumn, "nr"),
        (Mapping(COLUMNS, gold={"entails": "x"}), MissingColumn, "x"),
        (Mapping(COLUMNS | {"image": "id"}), BadMapping, "image"),
        (Mapping(COLUMNS, gold={"colour": "id"}), BadMapping, "colour"),
        (Mapping(COLUMNS, gold={"entails": "claim"}), BadMapping, "claim"),
        (Mapping(COLUMNS, gold_reason="claim"), BadMapping, "claim"),
    ],
)
def test_a_mapping_that_does_not_serve_is_refused_before_any_row(mapping, refusal, column):
    file = io.BytesIO(b"id,sentence,claim\n1,A,B\n")
    with pytest.raises(refusal) as refused:
        units(file, "csv", mapping, pair)
    assert refused.value.place == {"column": column}


def test_a_mapping_is_proposed_from_the_names_of_the_columns():
    columns = ["ID", "Text", "hypothesis", "gold", "gold_reason", "more"]
    assert propose_mapping(columns, pair) == Mapping(
        {"text": "Text", "hypothesis": "hypothesis"}, "ID", {"entails": "gold"}, "gold_reason"
    )


def test_a_proposed_mapping_that_lacks_a_column_says_which():
    with pytest.raises(MissingColumn) as refused:
        check_mapping(propose_mapping(["id", "text"], pair), pair, ["id", "text"])
    assert refused.value.place == {"column": "hypothesis"}


def test_a_preview_shows_the_first_rows_and_what_to_look_at():
    content = "id,,text\n" + "".join(f"{n},x,{'y' * 400}\n" for n in range(30)) + "\n"
    seen = preview(io.BytesIO(content.encode()), "Units.CSV")
    assert (seen.format, seen.columns, len(seen.rows)) == ("csv", ("id", "column_2", "text"), 20)
    assert seen.rows[0] == {"id": "0", "column_2": "x", "text": "y" * 300 + "…"}
    assert seen.warnings == ("Some columns have no name; they are called column_2.",)


def test_a_preview_lists_the_rows_that_cannot_be_read():
    seen = preview(io.BytesIO(b"id,text\n1\n2,b\n"), "x.csv")
    assert [refused.row for refused in seen.refused] == [2]
    assert seen.warnings == ("1 of the first 20 rows cannot be read.",)


@pytest.mark.parametrize(
    ("name", "content", "format"),
    [
        ("a.json", b'[{"a":1}]', "json"),
        ("a.json", b'{"a":1}\n{"a":2}', "jsonl"),
        ("a.txt", b"a\tb\n1\t2", "csv"),
        ("a", b'  [{"a":1}]', "json"),
        ("a.ndjson", b'{"a":1}', "jsonl"),
        ("a.tsv", b"a\tb\n1\t2", "csv"),
    ],
)
def test_the_format_is_told_by_name_and_by_content(name, content, format):
    assert preview(io.BytesIO(content), name).format == format


def test_a_preview_of_json_has_the_columns_of_its_rows():
    seen = preview(io.BytesIO(b'[{"a":null,"b\\u0000":1},{"c":[[1]],"a":2}]'), "x.json")
    assert seen.columns == ("a", "c")
    assert seen.rows == ({"a": "null"}, {"a": "2", "c": "[…]"})
