"""What a buyer should know of a form that is right but that people would not understand."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

#: a name of so few letters says nothing to whoever reads it above a text
SHORT = 2


def hints_on(blocks: Sequence[Mapping[str, Any]]) -> list[str]:
    """A sentence for each label that says nothing, and each question that nothing asks.

    blocks    as `ujima.web.worker.unit.unit_form` makes them
    """
    found = []
    asks = False  # whether a heading stands since the last question
    for block in blocks:
        if block["kind"] == "header":
            asks = True
        elif block["kind"] in ("text", "image"):
            if len(block["caption"]) <= SHORT:
                found.append(_short(block["name"], block["caption"]))
        else:
            if not asks:
                found.append(_unasked(block["name"]))
            asks = False
    return found


def _short(name: str, caption: str) -> str:
    return _(
        "Workers read “%(caption)s” above the part named “%(name)s”: give it a name that says "
        "what it is, such as “statement”."
    ) % {"caption": caption, "name": name}


def _unasked(name: str) -> str:
    return _(
        "Nothing asks the question “%(name)s”: put a Header before it that says what to do."
    ) % {"name": name}
