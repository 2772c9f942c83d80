"""What work refuses, and why. Docstrings are the sentences that people read."""

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


class JobClosed(Conflict):
    """This job takes no more answers."""

    code = "job_closed"


class JobPaused(Conflict):
    """This job is paused; what you hold can still be sent."""

    code = "job_paused"
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
