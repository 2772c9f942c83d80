"""Whatever is uploaded, the answer is units, refused rows or a refusal; never a crash."""

import io

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.unit.work.configs import pair

from ujima.base.errors import Refusal
from ujima.work.intake.mapping import Mapping
from ujima.work.intake.preview import preview
from ujima.work.intake.rows import RefusedRow, UnitRow
from ujima.work.intake.units import units

MAPPING = Mapping({"text": "a", "hypothesis": "b"}, "", {"entails": "c"}, "d")
CSV = b'a,b,c,d,e\n1,"x ""y""",Yes,because,w1\n2,z,,,\n'
JSONL = b'{"a":"1","b":"x","c":"1"}\n{"data":{"a":2,"b":"y"},"e":["w"]}\n'
JSON = b'[{"a":"1","b":"x","c":["1"]},{"a":"\\u00fc","b":2.5,"d":null}]'
WHOLE = {"csv": CSV, "jsonl": JSONL, "json": JSON}

pieces = st.sampled_from(
    [b'"', b",", b";", b"\n", b"\r", b"\0", b"[", b"]", b"{", b"}", b":", b"\\u", b"\\", b"1", b"a",
     b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\xff\xfe", b"data", b'"a"', b"null", b"1e999", b" "]
)  # fmt: skip
soup = st.lists(pieces, max_size=40).map(b"".join) | st.binary(max_size=200)


def read(content: bytes, format: str) -> None:
    try:
        rows = list(units(io.BytesIO(content), format, MAPPING, pair))
    except Refusal:
        return
    assert rows
    assert all(isinstance(row, UnitRow | RefusedRow) for row in rows)


@pytest.mark.parametrize("format", WHOLE)
@settings(max_examples=300)
@given(content=soup)
@example(content=b"")
@example(content=b"[" * 5000)
@example(content=b'{"a":' * 5000)
@example(content=b"\xff\xfe")
def test_any_bytes_are_read_or_refused(format, content):
    read(content, format)


@pytest.mark.parametrize("format", WHOLE)
@settings(max_examples=300)
@given(data=st.data())
def test_a_good_file_spoilt_at_any_place_is_read_or_refused(format, data):
    whole = WHOLE[format]
    place = data.draw(st.integers(0, len(whole)))
    cut = data.draw(st.integers(0, 3))
    read(whole[:place] + data.draw(soup) + whole[place + cut :], format)


@pytest.mark.parametrize("format", WHOLE)
def test_a_good_file_cut_off_anywhere_never_gives_a_unit_it_does_not_hold(format):
    whole = list(units(io.BytesIO(WHOLE[format]), format, MAPPING, pair))
    for end in range(len(WHOLE[format])):
        try:
            rows = list(units(io.BytesIO(WHOLE[format][:end]), format, MAPPING, pair))
        except Refusal:
            continue
        assert rows[:-1] == whole[: len(rows) - 1]


@settings(max_examples=300)
@given(soup, st.sampled_from(["x.csv", "x.json", "x.jsonl", "x", "x.txt", "\0"]))
def test_any_bytes_are_previewed_or_refused(content, name):
    try:
        seen = preview(io.BytesIO(content), name)
    except Refusal:
        return
    assert seen.rows or seen.refused
