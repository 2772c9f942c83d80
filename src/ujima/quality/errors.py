"""The refusals of quality."""

from ujima.base.errors import BadInput, Conflict, NotFound


class BadJudgments(BadInput, ValueError):
    """These judgments cannot be inferred from.

    A ValueError too, so that a researcher who uses the kernel alone meets what she expects.
    """

    code = "bad_judgments"


class BadAnswer(BadInput, ValueError):
    """This answer does not fit the questions."""

    code = "bad_answer"


class NoSuchCase(NotFound):
    """There is no such case for you."""

    code = "no_such_case"


class NotHeardYet(Conflict):
    """She has not been heard yet: wait for her answer, or for the time she was given to pass."""

    code = "not_heard_yet"


class CaseClosed(Conflict):
    """This case is decided or withdrawn already."""

    code = "case_closed"
