"""What the phone's sync refuses beyond what the domains refuse."""

from ujima.base.errors import BadInput, Refusal


class WrongMethod(Refusal):
    """This address does not know this method."""

    code = "wrong_method"
    status = 405


class NotJson(BadInput):
    """This is not the JSON that is expected here."""

    code = "bad_json"
    status = 400


class TooLarge(BadInput):
    """This is larger than one message may be; send it in parts."""

    code = "too_large"
    status = 413


class TooManyAnswers(BadInput):
    """An envelope holds at most 500 answers; send the others in the next."""

    code = "too_many_answers"
    status = 413


class Repeated(BadInput):
    """This unit or key stands earlier in the same page already; send it again by itself."""

    code = "repeated"
    retry = True
