"""What Ujima promises to workers, in plain words, and who keeps each promise.

`kept_by_software` is true only where the program itself makes the opposite impossible, and names
the rule of the house (docs/architecture.md) that its test is named after. What depends on the
provider who employs the worker says so: an unkept promise shown as kept is worse than none.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Rule:
    """One promise: its short form, what it means, and whether the software itself keeps it."""

    title: str | Promise
    text: str | Promise
    kept_by_software: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Promises on one subject."""

    title: str | Promise
    rules: tuple[Rule, ...]


PROMISES = (
    Part(
        _("Pay"),
        (
            Rule(
                _("You see the pay before you take the work"),
                _(
                    "Each offer shows what one unit pays, about how long it takes and what that "
                    "makes in an hour. What you were shown is what you get, even if the rate "
                    "changes later."
                ),
                True,
            ),
            Rule(
                _("You are owed the money when you answer"),
                _(
                    "Pay is owed the moment your answer is in. It does not wait until a buyer "
                    "is content, and it is set aside before the first unit is offered."
                ),
                True,
            ),
            Rule(
                _("Each answer is paid once, and exactly once"),
                _(
                    "If the line breaks and your phone sends an answer twice, it counts once. If "
                    "we said that it is in, it is not lost."
                ),
                True,
            ),
            Rule(
                _("A guess about quality never takes pay away"),
                _(
                    "The system estimates how sure an answer is. That decides whether somebody "
                    "else is asked too, never whether you are paid. Earned pay is not undone."
                ),
                True,
            ),
            Rule(
                _("No fee is taken from wages"),
                _(
                    "The provider's share and the platform's fee are added on top, paid by the "
                    "buyer and shown openly. The rate you see is yours."
                ),
                True,
            ),
            Rule(
                _("There is a floor for every hour"),
                _(
                    "Piece pay is measured against an hourly minimum over all of your time: "
                    "work, training, waiting that was asked of you. Where it falls short the "
                    "provider tops it up."
                ),
                False,
            ),
            Rule(
                _("Doing it again is paid time"),
                _(
                    "When a unit comes back with a reason, working on it is paid. Who pays for "
                    "it is written in the job's terms, and it is never you."
                ),
                False,
            ),
        ),
    ),
    Part(
        _("Respect"),
        (
            Rule(
                _("A person decides, and hears you first"),
                _(
                    "Nobody is stopped from working by a number alone. A person looks at it, "
                    "tells you why, and listens before deciding."
                ),
                False,
            ),
            Rule(
                _("You are not a number, and not a name on a list"),
                _(
                    "On your pages you have the name you chose. Buyers see neither your name nor "
                    "your code. There are no rankings of people anywhere."
                ),
                True,
            ),
            Rule(
                _("Your earnings are your own business"),
                _(
                    "They are seen by you and by the provider's payroll. Not by buyers, not by "
                    "team leads, not by colleagues."
                ),
                True,
            ),
        ),
    ),
)
