"""Refusals of a file as a whole, once it has been read."""

from ujima.base.errors import BadInput


class RepeatedJudgments(BadInput):
    """People answered the same task more than once, and otherwise."""

    code = "repeated_judgments"


class NoMethod(BadInput):
    """This kind of answer is not inferred by that method."""

    code = "no_method"


class NoTruthFits(BadInput):
    """None of the true answers is of a task in the file."""

    code = "no_truth_fits"


class NoSuchPlace(BadInput):
    """The results cannot be written there."""

    code = "no_such_place"


class NotForThis(BadInput):
    """This option means nothing for this type of answer."""

    code = "not_for_this"
