"""Why a unit is given back: kept in plain English for whoever mends the job, shown in her words."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Reasons = tuple[tuple[str, str | Promise], ...]

#: something is wrong with the unit
WRONGS: Reasons = (
    ("broken", _("The text is missing or broken")),
    ("picture", _("The picture does not show")),
    ("language", _("It is in a language that I do not read")),
    ("no_answer", _("No answer fits")),
    ("private", _("It shows private things about a person")),
    ("harmful", _("It is hurtful or frightening")),
)
#: nothing is wrong with it, she would rather not
SKIPS: Reasons = (
    ("unclear", _("I am not sure what is asked")),
    ("unknown", _("I do not know enough about this")),
    ("long", _("It takes too long for what it pays")),
    ("stop", _("I have to stop now")),
)


def words_of(code: str) -> str:
    """What is kept of a reason: its code; nothing for one that is not known."""
    return code if code in {known for known, _words in (*WRONGS, *SKIPS)} else ""
