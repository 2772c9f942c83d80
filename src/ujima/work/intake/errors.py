"""What makes a whole file unusable. Nothing of such a file is to be kept."""

from ujima.base.errors import BadInput


class BadFile(BadInput):
    """This file cannot be read."""

    code = "bad_file"


class EmptyFile(BadFile):
    """This file holds no rows."""

    code = "empty_file"


class UnknownFormat(BadFile):
    """This is not a CSV, JSONL or JSON file. Save it as one of these and send it again."""

    code = "unknown_format"


class WrongEncoding(BadFile):
    """This file is not UTF-8. Save it as “CSV UTF-8” (or as UTF-8) and send it again.

    place: row (or line) and byte of the first character that cannot be read, both from 1.
    """

    code = "wrong_encoding"


class FileTooLarge(BadFile):
    """This file is larger than one upload may be. Send it in parts."""

    code = "file_too_large"


class TruncatedFile(BadFile):
    """This file ends in the middle; the upload was probably cut off. Send it again."""

    code = "truncated_upload"


class RowTooLong(BadFile):
    """A row goes on for more than 4 MB; a closing quotation mark is probably missing.

    place: the row, from 1. Raised where the row's end cannot be found; a long line of a JSONL
    file is a refused row instead.
    """

    code = "row_too_long"


class BadJson(BadFile):
    """This is not valid JSON.

    place: the element, from 1, and the character within it.
    """

    code = "bad_json"


class NotAnArray(BadFile):
    """A JSON file must hold one array of objects: [{…}, {…}]."""

    code = "not_an_array"


class BadHeader(BadFile):
    """The first row must name each column once."""

    code = "bad_header"


class MissingColumn(BadFile):
    """The file lacks a column that the job needs."""

    code = "missing_column"


class BadMapping(BadInput):
    """The columns are matched to something that the job does not have."""

    code = "bad_mapping"
