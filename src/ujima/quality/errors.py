"""The refusals of quality."""

from ujima.base.errors import BadInput


class BadJudgments(BadInput, ValueError):
    """These judgments cannot be inferred from.

    A ValueError too, so that a researcher who uses the kernel alone meets what she expects.
    """

    code = "bad_judgments"


class BadAnswer(BadInput, ValueError):
    """This answer does not fit the questions."""

    code = "bad_answer"


class BadPlan(BadInput, ValueError):
    """No sample can be planned so."""

    code = "bad_plan"
