"""The refusals of quality."""

from ujima.base.errors import BadInput, Refusal


class BadJudgments(BadInput, ValueError):
    """These judgments cannot be inferred from.

    A ValueError too, so that a researcher who uses the kernel alone meets what she expects.
    """

    code = "bad_judgments"


class BadAnswer(BadInput, ValueError):
    """This answer does not fit the questions."""

    code = "bad_answer"


class NoNumba(Refusal):
    """The compiled stream needs numba: install ujima[fast]."""

    code = "no_numba"


class NoModelLabels(BadInput):
    """Model labels need scikit-learn: install ujima with the extra [models]."""

    code = "no_model_labels"
