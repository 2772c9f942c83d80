"""An answer in Label Studio's form: its `result` list, both ways.

Each region is {"from_name", "to_name", "type", "value"}; choices are
{"choices": [recorded words]}, a text is {"text": [it]}.
Source: HumanSignal/label-studio docs/source/guide/task_format.md, and the regions that
label-studio-sdk 2.1 sends (annotations.create).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ujima.work.labelling.answers import Answer, check_answer
from ujima.work.labelling.model import Choices, Labelling, TextArea
from ujima.work.labelling.problems import BadAnswer, Problem


def to_results(labelling: Labelling, answer: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """One region for each answered question, in the config's order. Takes a checked answer."""
    return [
        _region(block, answer[block.name])
        for block in labelling.blocks
        if isinstance(block, Choices | TextArea) and answer.get(block.name)
    ]


def from_results(labelling: Labelling, results: Sequence[Any]) -> Answer:
    """The answer that these regions give, checked; a region's own id and the like are ignored.

    Refuses: BadAnswer (bad_result, and what check_answer refuses).
    """
    kinds = {q.name: "text" if q.kind == "text" else "choices" for q in labelling.questions}
    answer: dict[str, Any] = {}
    for region in results if isinstance(results, list | tuple) else [None]:
        name, words = _read(region, kinds)
        if name in answer:
            raise _refusal(name)
        answer[name] = words
    return check_answer(labelling, answer)


def _region(block: Choices | TextArea, words: list[str]) -> dict[str, Any]:
    is_text = isinstance(block, TextArea)
    return {
        "from_name": block.name,
        "to_name": block.to_name,
        "type": "textarea" if is_text else "choices",
        "value": {"text" if is_text else "choices": list(words)},
    }


def _read(region: Any, kinds: dict[str, str]) -> tuple[str, Any]:
    if not isinstance(region, Mapping) or not isinstance(region.get("from_name"), str):
        raise _refusal("")
    name = region["from_name"]
    value = region.get("value")
    # an unknown name goes on as it is: check_answer has the better word for it
    key = kinds.get(name, "choices")
    kind = "textarea" if key == "text" else "choices"
    if name in kinds and region.get("type") != kind:
        raise _refusal(name)
    if not isinstance(value, Mapping) or (name in kinds and key not in value):
        raise _refusal(name)
    return name, value.get(key)


def _refusal(question: str) -> BadAnswer:
    return BadAnswer([Problem("bad_result", {"question": question})])
