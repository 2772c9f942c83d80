"""What makes a file of judgments unusable as a whole."""

from ujima.base.errors import BadInput


class NoSuchFile(BadInput):
    """There is no such file, or it cannot be read."""

    code = "no_such_file"


class MissingColumns(BadInput):
    """The file lacks columns that are needed."""

    code = "missing_columns"


class NothingLeft(BadInput):
    """No row of the file can be used."""

    code = "nothing_left"


class NotClean(BadInput):
    """The file has faults, and only a clean one was asked for."""

    code = "not_clean"


class NeedsExtra(BadInput):
    """This needs a part of Ujima that is not installed."""

    code = "needs_extra"
