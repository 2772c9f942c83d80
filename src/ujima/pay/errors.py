"""What pay refuses, and why."""

from ujima.base.errors import BadInput, Conflict, Forbidden


class NotEnoughFunds(Conflict):
    """There is not enough money for this; add a deposit or a purchase order first."""

    code = "not_enough_funds"


class BadAmount(BadInput):
    """This amount cannot be recorded."""

    code = "bad_amount"


class NotForYou(Forbidden):
    """Only the person herself and her payroll see what she earns."""

    code = "not_for_you"
