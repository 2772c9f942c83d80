"""Labelling configs: checked before they are used."""

from typing import Any

from ninja import Router, Schema

from ujima.api.fields import Words
from ujima.api.operations import OneProblem, writes
from ujima.api.receipts import key_of
from ujima.api.tokens import ApiRequest
from ujima.work.labelling.blocks import to_blocks
from ujima.work.labelling.config import parse
from ujima.work.labelling.problems import BadConfig

router = Router(tags=["labelling"])


class ConfigBody(Schema):
    """A labelling config, as XML."""

    config: Words


class QuestionOut(Schema):
    """What a config asks: `kind` is single, multiple or text."""

    name: str
    kind: str
    choices: list[str]
    required: bool


class ConfigOut(Schema):
    """What a config shows and asks, or everything that is wrong with it.

    problems    each with line and column, from 1, in its place
    columns     that every unit's data must have
    """

    is_good: bool
    problems: list[OneProblem]
    columns: list[str]
    questions: list[QuestionOut]
    blocks: list[dict[str, Any]]


@router.post("/labelling/check", **writes("see_jobs", answers=ConfigOut))
def check_config(request: ApiRequest, body: ConfigBody) -> Any:
    """Check a labelling config. Nothing is kept."""
    key_of(request)
    try:
        labelling = parse(body.config)
    except BadConfig as refusal:
        wrong = refusal.facts["problems"]
        return ConfigOut(is_good=False, problems=wrong, columns=[], questions=[], blocks=[])
    return {
        "is_good": True,
        "problems": [],
        "columns": list(labelling.columns),
        "questions": [
            {"name": q.name, "kind": q.kind, "choices": list(q.choices), "required": q.required}
            for q in labelling.questions
        ],
        "blocks": to_blocks(labelling),
    }
