"""One unit as a form: the labelling's blocks made ready for `ujima/worker/_unit.html`.

Shared by the page where she answers and the buyer's preview, so that both show the same.
"""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext

from ujima.base.errors import Refusal
from ujima.work.labelling.blocks import filled
from ujima.work.labelling.model import Labelling

#: before each question's name in the form, so that no question can stand for another field
PREFIX = "a."
#: keys of a keyboard that choose answers, in order; more choices than these have none
DIGITS = "123456789"


def unit_form(
    labelling: Labelling,
    data: Mapping[str, Any],
    given: Mapping[str, list[str]] | None = None,
    problems: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """The blocks of one unit, in order, ready to show.

    given       what was answered before, by question, to stand in the form again
    problems    a sentence for each question that was not answered well

    Adds to the blocks of `ujima.work.labelling.blocks.filled`: `field`, `id`, `titled_by` (the id
    of the heading that asks), `given`, `problem`, and for each choice `key` and `checked`.
    """
    keys = iter(DIGITS)
    title = ""
    blocks = filled(labelling, {name: _words(value) for name, value in data.items()})
    for number, block in enumerate(blocks):
        block["id"] = f"b{number}"
        if block["kind"] in ("header", "text", "image"):
            title = block["id"] if block["kind"] == "header" or not title else title
            block["caption"] = block.get("name", "").replace("_", " ").capitalize()
            continue
        name = block["name"]
        answered = (given or {}).get(name, [])
        block |= {
            "field": PREFIX + name,
            "titled_by": title,
            "given": answered[0] if answered else "",
            "problem": (problems or {}).get(name, ""),
        }
        for choice in block.get("choices", ()):
            choice["key"] = choice.get("hotkey") or next(keys, "")
            choice["checked"] = choice["value"] in answered
    return blocks


def _words(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def answer_in(labelling: Labelling, sent: QueryDict) -> dict[str, list[str]]:
    """The answer that a sent form carries, by question, not yet checked."""
    return {q.name: sent.getlist(PREFIX + q.name) for q in labelling.questions}


def problems_of(refusal: Refusal) -> dict[str, str]:
    """What is wrong with an answer: a sentence for each question; "" for the unit as a whole."""
    listed = refusal.facts.get("problems", ())
    if not listed:
        return {"": gettext(refusal.sentence)}
    return {p["place"].get("question", ""): gettext(p["sentence"]) for p in listed}
