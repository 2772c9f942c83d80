"""The refusals of quality."""

from ujima.base.errors import BadInput, Conflict, NotFound, Refusal


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


class BadPlan(BadInput, ValueError):
    """No sample can be planned so."""

    code = "bad_plan"


class NotSettled(Conflict):
    """This unit has no result yet; people are still asked."""

    code = "not_settled"
    retry = True


class DecidedMeanwhile(Conflict):
    """Somebody else decided this unit meanwhile. Look at it again."""

    code = "decided_meanwhile"


class NothingDecided(Conflict):
    """Nobody has decided this unit, so there is nothing to take back."""

    code = "nothing_decided"


class NothingToAccept(Conflict):
    """This job has no results yet that could be checked."""

    code = "nothing_to_accept"
    retry = True


class NoSuchLot(NotFound):
    """There is no such check for you."""

    code = "no_such_lot"


class NotDrawn(Conflict):
    """The sample of this check is still being drawn. Please try again in a moment."""

    code = "not_drawn"
    retry = True


class AcceptedAlready(Conflict):
    """This check is closed; what was decided stands."""

    code = "accepted_already"


class NotDecidable(Conflict):
    """Too few units were checked for a decision."""

    code = "not_decidable"


class NoSuchCase(NotFound):
    """There is no such case for you."""

    code = "no_such_case"


class NotHeardYet(Conflict):
    """She has not been heard yet: wait for her answer, or for the time she was given to pass."""

    code = "not_heard_yet"


class CaseClosed(Conflict):
    """This case is decided or withdrawn already."""

    code = "case_closed"
