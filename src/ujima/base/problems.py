"""A refusal as JSON for programs: problem details after RFC 9457, with our stable `code`."""

from typing import Any

from ujima.base.errors import BadInput, Refusal

CONTENT_TYPE = "application/problem+json"


class Trouble(Refusal):
    """Something went wrong on our side; nothing is half done, please send it again later."""

    code = "trouble"
    status = 500
    retry = True


class Away(Trouble):
    """The site cannot keep anything at this moment; please send it again later."""

    code = "away"
    status = 503


class CutOff(BadInput):
    """This request ended in the middle; the line was probably cut. Send it again."""

    code = "truncated_request"
    status = 400
    retry = True


def problem(refusal: Refusal) -> dict[str, Any]:
    """The members `type, title, status, detail, code, place, retry`, and `problems` if known.

    title    what any refusal of this code says; detail is the sentence of this one
    place    where in the input the trouble is; {} where no place is meant
    retry    whether sending the very same thing later can succeed
    problems everything that is wrong: [{"sentence", "place", ...}, ...]
    """
    kind = type(refusal)
    return {
        "type": f"/problems/{refusal.code}",
        "title": (kind.__doc__ or "").strip().splitlines()[0],
        "status": refusal.status,
        "detail": refusal.sentence,
        "code": refusal.code,
        "place": refusal.place,
        "retry": refusal.retry,
        **_problems(refusal.facts.get("problems")),
    }


def _problems(found: Any) -> dict[str, Any]:
    """Everything that is wrong, one by one, where a refusal names more than one thing."""
    if isinstance(found, dict):  # field -> sentence
        found = [{"sentence": sentence, "place": {"field": f}} for f, sentence in found.items()]
    return {"problems": found} if found else {}
