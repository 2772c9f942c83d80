"""A refusal as JSON for programs: problem details after RFC 9457, with our stable `code`."""

from typing import Any

from ujima.base.errors import Refusal

CONTENT_TYPE = "application/problem+json"
#: members of a refusal's facts that a program may act on; other facts are for the log
_OPEN_FACTS = ("problems", "columns")


def problem(refusal: Refusal) -> dict[str, Any]:
    """The members `type, title, status, detail, code, place, retry`, and `problems` if there are.

    title    what any refusal of this code says; detail is the sentence of this one
    place    where in the input the trouble is; {} where no place is meant
    retry    whether sending the very same thing later can succeed
    """
    kind = type(refusal)
    facts = {name: refusal.facts[name] for name in _OPEN_FACTS if name in refusal.facts}
    return {
        "type": f"/problems/{refusal.code}",
        "title": (kind.__doc__ or "").strip().splitlines()[0],
        "status": refusal.status,
        "detail": refusal.sentence,
        "code": refusal.code,
        "place": refusal.place,
        "retry": refusal.retry,
        **facts,
    }
