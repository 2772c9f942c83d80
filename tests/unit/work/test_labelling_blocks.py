"""A config as JSON for a phone, and filled with a unit for a page."""

import json

import pytest
from tests.unit.work.configs import pair, photo

from ujima.work.labelling.addresses import is_image_address
from ujima.work.labelling.blocks import (
    BadImageAddress,
    UnitLacksColumn,
    filled,
    to_blocks,
    to_blocks_json,
)


def test_blocks_name_the_columns_that_a_phone_fills_in():
    assert to_blocks(pair) == [
        {"kind": "header", "size": 3, "text": "Does the second follow from the first?"},
        {"kind": "text", "name": "premise", "column": "text"},
        {"kind": "text", "name": "claim", "column": "hypothesis"},
        {
            "kind": "choices",
            "name": "entails",
            "to": "claim",
            "required": True,
            "multiple": False,
            "inline": True,
            "choices": [
                {"value": "1", "label": "Yes", "hotkey": "y"},
                {"value": "0", "label": "No", "hint": "also if unsure"},
            ],
        },
    ]


def test_blocks_as_json_are_the_same_without_spaces():
    written = to_blocks_json(photo)
    assert json.loads(written) == to_blocks(photo)
    assert '": ' not in written


def test_filled_blocks_hold_the_units_texts():
    blocks = filled(pair, {"text": "<b>A</b>", "hypothesis": "B", "other": "C"})
    assert [block["text"] for block in blocks[1:3]] == ["<b>A</b>", "B"]
    assert all("column" not in block for block in blocks)


def test_a_unit_that_lacks_a_column_is_refused_at_the_column():
    with pytest.raises(UnitLacksColumn) as refusal:
        filled(pair, {"text": "A"})
    assert refusal.value.place == {"column": "hypothesis"}


def test_an_unsafe_image_address_is_never_filled_in():
    with pytest.raises(BadImageAddress) as refusal:
        filled(photo, {"image": "javascript:alert(1)"})
    assert refusal.value.place == {"column": "image"}


@pytest.mark.parametrize(
    "address", ["https://example.org/a.png", "https://x?y=1#z", "/media/a%20b.png", "/"]
)
def test_https_and_site_relative_addresses_are_taken(address):
    assert is_image_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "", "a.png", "http://example.org/a.png", "//example.org/a.png", "/\\example.org/a.png",
        "https:///a.png", "https:\\\\example.org", "javascript:alert(1)", "JaVaScRiPt:alert(1)",
        "data:image/svg+xml,<svg/>", " https://example.org", "https://example.org/a\n.png",
        "/\t/example.org", "blob:https://x", "file:///etc/passwd", "https://x/" + "a" * 2000,
    ],
)  # fmt: skip
def test_every_other_address_is_refused(address):
    assert not is_image_address(address)
