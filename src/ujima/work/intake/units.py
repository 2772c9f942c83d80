"""Turns a file's rows into units, and says of each row that cannot be one why."""

import re
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any, BinaryIO

import orjson

from ujima.work.intake.formats import Format, open_rows
from ujima.work.intake.mapping import Mapping, check_mapping
from ujima.work.intake.rows import (
    MAX_FIELD,
    MAX_FILE,
    Record,
    RefusedRow,
    UnitRow,
    refused,
)
from ujima.work.labelling.addresses import is_image_address
from ujima.work.labelling.answers import check_gold
from ujima.work.labelling.model import Labelling
from ujima.work.labelling.problems import BadAnswer

#: characters of a buyer's key; an address fits
MAX_KEY = 255
#: from here on, neighbouring whole numbers are the same float
LONG_NUMBER = 2.0**53
_BETWEEN_CHOICES = re.compile(r"[|\n]")


def units(
    file: BinaryIO,
    format: Format,
    mapping: Mapping,
    labelling: Labelling,
    *,
    total: int = MAX_FILE,
) -> Iterator[UnitRow | RefusedRow]:
    """The file's rows as units, in the file's order, as they are drawn.

    total      the most bytes the file may have

    Refuses: MissingColumn and BadMapping at once; every other BadFile at once or while rows are
    drawn, and then nothing that was drawn before is to be kept.
    """
    opened = open_rows(file, format=format, total=total)
    check_mapping(mapping, labelling, opened.columns)
    return unit_rows(opened.rows, mapping, labelling)


def unit_rows(
    rows: Iterator[Record | RefusedRow], mapping: Mapping, labelling: Labelling
) -> Iterator[UnitRow | RefusedRow]:
    """The same from rows that are already read; the mapping must have been checked."""
    making = _Making(mapping, labelling)
    for row in rows:
        yield making.unit(row) if isinstance(row, Record) else row


class _RowError(Exception):
    """Carries a refused row from where it is seen to where it is given out."""

    def __init__(self, code: str, column: str = "", **facts: Any):
        self.code = code
        self.column = column
        self.facts = facts


class _Making:
    """Makes units of one file; holds 16 bytes of each key, to see a second one."""

    def __init__(self, mapping: Mapping, labelling: Labelling) -> None:
        self.mapping = mapping
        self.labelling = labelling
        self.kinds = {question.name: question.kind for question in labelling.questions}
        self.shown = [
            (column, mapping.columns[column], column in labelling.image_columns)
            for column in labelling.columns
        ]
        self.seen: set[bytes] = set()

    def unit(self, record: Record) -> UnitRow | RefusedRow:
        values, mapping = record.values, self.mapping
        try:
            data = self.data(values)
            gold = self.gold(values) if mapping.gold else None
            reason = _text(values, mapping.gold_reason) if mapping.gold_reason else ""
            # last, so that a row refused for another reason does not take its key with it
            key = self.key(values, data)
        except _RowError as error:
            return refused(record.row, error.code, error.column, **error.facts)
        return UnitRow(record.row, key, data, gold, reason.strip())

    def data(self, values: dict[str, Any]) -> dict[str, str]:
        data = {}
        for name, column, is_image in self.shown:
            text = _text(values, column)
            if not text or text.isspace():
                raise _RowError("empty_value", column)
            if is_image:
                text = text.strip()
                if not is_image_address(text):
                    raise _RowError("bad_image_address", column)
            data[name] = text
        return data

    def key(self, values: dict[str, Any], data: dict[str, str]) -> str:
        column = self.mapping.key
        if column:
            key = _text(values, column).strip()
            if not key:
                raise _RowError("missing_key", column)
            if len(key) > MAX_KEY:
                raise _RowError("key_too_long", column, limit=MAX_KEY)
            digest = blake2b(key.encode(), digest_size=16).digest()
        else:
            canonical = orjson.dumps(data, option=orjson.OPT_SORT_KEYS)
            digest = blake2b(canonical, digest_size=16).digest()
            key = digest.hex()
        if digest in self.seen:
            raise _RowError("duplicate_key", column)
        self.seen.add(digest)
        return key

    def gold(self, values: dict[str, Any]) -> dict[str, list[str]] | None:
        gold = {}
        for question, column in self.mapping.gold.items():
            words = self.gold_words(question, column, values)
            try:
                known = check_gold(self.labelling, question, words)
            except BadAnswer as error:
                raise _RowError("bad_gold_choice", column, detail=error.sentence) from None
            if known:
                gold[question] = known
        return gold or None

    def gold_words(self, question: str, column: str, values: dict[str, Any]) -> list[str]:
        if isinstance(values.get(column), list):
            return _texts(values, column)
        text = _text(values, column).strip()
        if self.kinds[question] != "multiple" or text in (self.labelling.words[question] or ()):
            return [text]
        return [word.strip() for word in _BETWEEN_CHOICES.split(text)]


def _texts(values: dict[str, Any], column: str) -> list[str]:
    return [_text({column: value}, column).strip() for value in values[column]]


def _text(values: dict[str, Any], column: str) -> str:
    """The value as it is if it is text, JSON's other simple values as JSON writes them."""
    value = values.get(column, "")
    if type(value) is not str:
        value = _simple(value, column)
    if len(value) > MAX_FIELD:
        raise _RowError("field_too_long", column, limit=MAX_FIELD)
    if "\0" in value:
        raise _RowError("control_character", column)
    return value


def _simple(value: Any, column: str) -> str:
    if isinstance(value, list | dict):
        raise _RowError("not_text", column)
    if isinstance(value, float) and abs(value) >= LONG_NUMBER:
        raise _RowError("long_number", column)
    return "" if value is None else orjson.dumps(value).decode()
