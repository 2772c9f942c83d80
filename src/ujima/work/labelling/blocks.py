"""A labelling as plain JSON: once for a phone, or filled with one unit for a page.

Each block is a dict with `kind` and, by kind:
    header     text or column, size
    text       name, text or column
    image      name, text or column (the address)
    choices    name, to, multiple, required, inline, choices: [{value, label, hotkey?, hint?}]
    textarea   name, to, rows, placeholder, required
`column` stands where the unit's data has to be filled in, `text` where it already is.
`value` of a choice is what an answer carries, `label` what a worker reads.
"""

import json
from collections.abc import Mapping
from typing import Any

from ujima.base.errors import BadInput
from ujima.work.labelling.addresses import is_image_address
from ujima.work.labelling.model import (
    Block,
    Choice,
    Choices,
    Header,
    Image,
    Labelling,
    Text,
    TextArea,
)


class UnitLacksColumn(BadInput):
    """The unit's data lacks a column that the labelling config shows."""

    code = "unit_lacks_column"


class BadImageAddress(BadInput):
    """An image's address must begin with https:// or with one /."""

    code = "bad_image_address"


def to_blocks(labelling: Labelling) -> list[dict[str, Any]]:
    """The blocks with the names of columns, to be filled for each unit later."""
    return [_block(block) for block in labelling.blocks]


def to_blocks_json(labelling: Labelling) -> str:
    """`to_blocks` as JSON without spaces."""
    return json.dumps(to_blocks(labelling), ensure_ascii=False, separators=(",", ":"))


def filled(labelling: Labelling, data: Mapping[str, str]) -> list[dict[str, Any]]:
    """The blocks with one unit's texts in them, to be escaped by whatever shows them.

    Refuses: UnitLacksColumn, BadImageAddress.
    """
    return [_filled(block, data) for block in labelling.blocks]


def _filled(block: Block, data: Mapping[str, str]) -> dict[str, Any]:
    shape = _block(block)
    if column := shape.pop("column", ""):
        if column not in data:
            raise UnitLacksColumn(place={"column": column})
        shape["text"] = data[column]
    if isinstance(block, Image) and not is_image_address(shape["text"]):
        raise BadImageAddress(place={"column": column})
    return shape


def _block(block: Block) -> dict[str, Any]:
    shape: dict[str, Any] = {"kind": type(block).__name__.lower()}
    if isinstance(block, Header | Text | Image):
        shape |= {"name": block.name} if not isinstance(block, Header) else {"size": block.size}
        value = block.value
        return shape | ({"column": value.column} if value.column else {"text": value.literal})
    shape |= {"name": block.name, "to": block.to_name, "required": block.required}
    return shape | (_text_area(block) if isinstance(block, TextArea) else _choices(block))


def _text_area(block: TextArea) -> dict[str, Any]:
    return {"rows": block.rows, "placeholder": block.placeholder}


def _choices(block: Choices) -> dict[str, Any]:
    choices = [_choice(choice) for choice in block.choices]
    return {"multiple": block.multiple, "inline": block.inline, "choices": choices}


def _choice(choice: Choice) -> dict[str, str]:
    shape = {"value": choice.recorded, "label": choice.value}
    if choice.hotkey:
        shape["hotkey"] = choice.hotkey
    if choice.hint:
        shape["hint"] = choice.hint
    return shape
