"""What work refuses, and why. Docstrings are the sentences that people read."""

from collections.abc import Iterable, Mapping

from ujima.base.errors import BadInput, Conflict, Forbidden, NotFound


class NotYours(NotFound):
    """This unit is not held by you."""

    code = "not_yours"


class NoSuchJob(NotFound):
    """There is no such job for you."""

    code = "no_such_job"


class NotOffered(Forbidden):
    """This job is not offered to you."""

    code = "not_offered"


class NoSuchOffer(NotFound):
    """There is no such offer to you."""

    code = "no_such_offer"


class OfferedAlready(Conflict):
    """This job is offered to all people of this provider, its centres and groups among them."""

    code = "offered_already"


class JobClosed(Conflict):
    """This job takes no more answers."""

    code = "job_closed"


class JobPaused(Conflict):
    """This job is paused; what you hold can still be sent."""

    code = "job_paused"
    retry = True


class QuizLookedAt(Conflict):
    """A person looks at your quiz; you will be offered this work again, and what you answered is
    paid."""

    code = "quiz_looked_at"
    retry = True


class LeaseExpired(Conflict):
    """The time for this unit ran out and others have done it since."""

    code = "lease_expired"


class GivenBack(Conflict):
    """You gave this unit back."""

    code = "given_back"


class AlreadyJudged(Conflict):
    """You have already judged this unit, with another answer."""

    code = "already_judged"


class NotADraft(Conflict):
    """This job has been launched; its form and terms stay as they are."""

    code = "not_a_draft"


class UnknownUnits(BadInput):
    """Some of these keys are not in this job."""

    code = "unknown_units"

    def __init__(self, keys: Iterable[str], lines: Mapping[str, int] | None = None):
        """`lines` tells in which line of a file each key stands first, where there is a file."""
        self.keys, lines = (
            sorted(keys, key=lambda key: ((lines or {}).get(key, 0), key)),
            lines or {},
        )
        named = [f"{key} (line {lines[key]})" if key in lines else key for key in self.keys[:10]]
        more = f" and {len(self.keys) - 10} more" if len(self.keys) > 10 else ""
        super().__init__(
            f"These keys are not in this job: {', '.join(named)}{more}. Nothing was done.",
            place={"field": "pairs"},
        )


class KeptByOthers(Conflict):
    """Another provider keeps these units for its people."""

    code = "kept_by_others"

    def __init__(self, keys: Iterable[str]):
        keys = sorted(keys)
        more = f" and {len(keys) - 10} more" if len(keys) > 10 else ""
        super().__init__(
            f"Another provider keeps these units for its people: {', '.join(keys[:10])}{more}. "
            "Nothing was done.",
            place={"field": "pairs"},
        )


class TooManyKept(Conflict):
    """These are more units, or more people for a unit, than may be kept."""

    code = "too_many_kept"


class WrongState(Conflict):
    """A job in this state cannot do that."""

    code = "wrong_state"


class NotReady(BadInput):
    """This job is not ready to launch."""

    code = "not_ready"


class BadJob(BadInput):
    """Something in this job's form is not right."""

    code = "bad_job"


class BadUpload(BadInput):
    """This file could not be taken in."""

    code = "bad_upload"


class ImpossibleTime(BadInput):
    """The time given for this answer cannot be."""

    code = "impossible_time"


class SameGold(Conflict):
    """This is the known answer already."""

    code = "same_gold"
