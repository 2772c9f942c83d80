"""What people refuses, and why."""

from ujima.base.errors import BadInput, Conflict, Forbidden, NotFound, NotSignedIn, TooMany


class WrongSignIn(NotSignedIn):
    """The name and the password or PIN do not belong together."""

    code = "wrong_sign_in"


class Resting(TooMany):
    """Too many wrong tries; wait a quarter of an hour, or ask your team lead for a new PIN."""

    code = "sign_in_rests"


class BadToken(NotSignedIn):
    """This token is unknown, has run out, or was withdrawn."""

    code = "bad_token"


class InvitationGone(NotFound):
    """This invitation has been used, withdrawn, or has run out; ask for a new one."""

    code = "invitation_gone"


class NotAMember(Forbidden):
    """You do not belong to this organisation."""

    code = "not_a_member"


class WeakSecret(BadInput):
    """This password or PIN is too easy to guess."""

    code = "weak_secret"


class Taken(Conflict):
    """This is in use already."""

    code = "taken"
