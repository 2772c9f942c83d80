"""What comes out of a file, row by row, and the caps on it."""

from typing import Any, NamedTuple

#: characters of one field; a book fits, a forgotten quotation mark does not
MAX_FIELD = 1_000_000
#: bytes of one row; also the most of a file that is ever held in memory (a few times over)
MAX_ROW = 4_000_000
MAX_COLUMNS = 200
#: bytes read at a time
CHUNK = 64 * 1024
#: bytes of a whole file where the caller says nothing else
MAX_FILE = 2_000_000_000

#: code of a refused row -> what to tell the person who sent it
REASONS = {
    "missing_key": "The key is empty.",
    "duplicate_key": "An earlier row of this file has the same key.",
    "key_too_long": "The key is longer than {limit} characters.",
    "empty_value": "There is no text here, and the job shows this column.",
    "not_text": "This is a list or an object; the job needs a text.",
    "long_number": "A number this long loses digits; put it in quotation marks.",
    "field_too_long": "This field is longer than {limit} characters.",
    "row_too_long": "This row is longer than {limit} bytes.",
    "too_many_fields": "This row has more fields ({found}) than there can be ({limit}).",
    "too_few_fields": "This row has fewer fields ({found}) than the header ({limit}).",
    "bad_quoting": "The quotation marks of this row do not fit together: {detail}.",
    "not_an_object": "This is not an object with names and values.",
    "bad_json": "This is not valid JSON: {detail}.",
    "bad_gold_choice": "The known answer does not fit the question: {detail}",
    "control_character": "This holds a NUL character, which no text has.",
    "bad_image_address": "An image's address must begin with https:// or with one /.",
}


class Record(NamedTuple):
    """One row as read: `row` counts as its file does (see `formats`), values by column."""

    row: int
    values: dict[str, Any]


class RefusedRow(NamedTuple):
    """One row that cannot be used. `column` is the file's, empty where the whole row is meant."""

    row: int
    column: str
    code: str
    reason: str


class UnitRow(NamedTuple):
    """One row as a unit.

    key          the buyer's own, or the hash of `data` where the mapping names no key
    data         labelling column -> text
    gold         question -> recorded words; None where no answer is known
    reason       why the gold answer is right, in the buyer's words
    """

    row: int
    key: str
    data: dict[str, str]
    gold: dict[str, list[str]] | None
    reason: str


def refused(row: int, code: str, column: str = "", **facts: Any) -> RefusedRow:
    """A refused row with its reason in words."""
    return RefusedRow(row, column, code, REASONS[code].format(**facts))
