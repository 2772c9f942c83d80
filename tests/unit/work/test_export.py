"""Exports come in pieces, read back as they were, and run in no spreadsheet."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.unit.work.streams import rows_of

from ujima.work.export import PIECE, refused_report_csv, safe_cell, write_csv, write_jsonl
from ujima.work.intake.rows import refused

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


def without_mark(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and safe_cell(cell[1:]) == cell else cell


@example([{"a": "'@", "b": "''=1"}])
@given(st.lists(st.fixed_dictionaries({"a": texts, "b": texts}), min_size=1, max_size=5))
def test_any_text_written_as_csv_reads_back_the_same(rows):
    content = b"".join(write_csv(["a", "b"], rows))
    read = [row.values for row in rows_of(content, "csv")]
    assert [{k: without_mark(v) for k, v in row.items()} for row in read] == rows


def cells_of(content: str) -> list[str]:
    """The cells as LibreOffice cuts them by default: at commas, semicolons and tabs alike."""
    cells, cell, is_quoted = [], "", False
    for sign in content:
        is_quoted ^= sign == '"'
        if sign in ",;\t\r\n" and not is_quoted:
            cells.append(cell)
            cell = ""
        else:
            cell += sign
    return [cell[1:-1].replace('""', '"') for cell in cells if cell]


risky = st.text(alphabet="=+-@\t\r\n,;|\"'a1.", max_size=8)


@given(st.lists(st.fixed_dictionaries({"a": risky, "b": risky}), min_size=1, max_size=3))
def test_no_cell_runs_in_a_spreadsheet_that_cuts_at_several_delimiters(rows):
    cells = cells_of(b"".join(write_csv(["a", "b"], rows)).decode())
    assert len(cells) == 2 + 2 * len(rows)
    for cell in cells:
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n") or is_number(cell)


def is_number(cell: str) -> bool:
    try:
        return float(cell) == float(cell)
    except ValueError:
        return False


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "--1",
        "-",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "＝1",
        "-1|' /C x'!A0",
    ],
)
def test_a_cell_that_would_run_gets_a_mark(cell):
    assert safe_cell(cell) == "'" + cell


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("-3.5", "-3.5"),
        ("+254712345678", "+254712345678"),
        ("-1e-7", "-1e-7"),
        ("a=b", "a=b"),
        (-3.5, "-3.5"),
        (Decimal("-0.10"), "-0.10"),
        (None, ""),
        (True, "true"),
        (["cat", "dog"], "cat|dog"),
        (["=1", "dog"], "'=1|dog"),
        ({"a": [1]}, '{"a":[1]}'),
        (datetime(2026, 11, 23, 8, tzinfo=UTC), "2026-11-23T08:00:00+00:00"),
    ],
)
def test_other_values_are_written_plainly(value, cell):
    assert safe_cell(value) == cell


def test_a_text_with_another_delimiter_stays_one_cell():
    content = b"".join(write_csv(["a", "b"], [{"a": "x;=1+1", "b": 'say "hi"'}]))
    assert content == b'"a","b"\r\n"x;=1+1","say ""hi"""\r\n'


def test_what_a_row_lacks_is_empty_and_what_is_not_asked_for_left_out():
    assert b"".join(write_csv(["a", "b"], [{"a": 1, "c": 2}])) == b'"a","b"\r\n"1",""\r\n'


@pytest.mark.parametrize("write", [write_jsonl, lambda rows: write_csv(["a"], rows)])
def test_rows_are_drawn_as_pieces_are_taken(write):
    drawn = []

    def rows():
        for number in range(1000):
            drawn.append(number)
            yield {"a": "x" * 1000}

    first = next(write(rows()))
    assert PIECE < len(first) < 2 * PIECE
    assert len(drawn) < 100


def test_jsonl_holds_one_object_a_line():
    unit = UUID(int=7)
    content = b"".join(write_jsonl([{"unit": unit, "pay": Decimal("0.10")}, {"text": "a\nü"}]))
    first, second = content.decode().splitlines()
    assert json.loads(first) == {"unit": str(unit), "pay": "0.10"}
    assert json.loads(second) == {"text": "a\nü"}
    assert b"".join(write_jsonl([])) == b""


def test_the_report_of_refused_rows_names_row_column_code_and_reason():
    content = b"".join(refused_report_csv([refused(7, "missing_key", "=id")])).decode()
    assert content.splitlines() == [
        '"row","column","code","reason"',
        '"7","\'=id","missing_key","The key is empty."',
    ]
