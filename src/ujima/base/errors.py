"""Refusals: what the system foresees and says no to, in words a person understands.

A refusal's docstring is its sentence; `code` is stable and part of the API; `place` says where
in the input the trouble is (row, column, field). Anything else that is raised is a bug.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """This cannot be done."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422
    #: whether sending the very same thing later can succeed; the phone keeps it if so
    retry: ClassVar[bool] = False

    def __init__(self, sentence: str = "", *, place: dict[str, Any] | None = None, **facts: Any):
        self.sentence = sentence or (type(self).__doc__ or "").strip().splitlines()[0]
        self.place = place or {}
        self.facts = facts
        super().__init__(self.sentence)


class BadInput(Refusal):
    """Something in what you sent is not right."""

    code = "bad_input"


class Conflict(Refusal):
    """This contradicts something that already stands."""

    code = "conflict"
    status = 409


class NotFound(Refusal):
    """There is nothing here for you."""

    code = "not_found"
    status = 404


class Forbidden(Refusal):
    """You may not do this."""

    code = "forbidden"
    status = 403


class NotSignedIn(Refusal):
    """Please sign in first."""

    code = "not_signed_in"
    status = 401


class TooMany(Refusal):
    """Too many requests; please wait a little."""

    code = "too_many_requests"
    status = 429
    retry = True


class SameKeyOtherContent(Conflict):
    """This key was already used for something else."""

    code = "same_key_other_content"
