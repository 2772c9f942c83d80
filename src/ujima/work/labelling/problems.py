"""What can be wrong with a config or an answer: a code, a sentence, and the place of each."""

from dataclasses import dataclass, field
from typing import Any

from ujima.base.errors import BadInput

#: code -> sentence; named places are filled from the problem's facts
SENTENCES = {
    # the file as such
    "too_large": "The config is larger than {limit} bytes.",
    "not_utf8": "The config is not UTF-8 text.",
    "not_well_formed": "This is not well-formed XML: {detail}.",
    "declares_entities": "A config may not declare a document type or entities.",
    "processing_instruction": "A config may not hold processing instructions.",
    "too_deep": "Tags are nested more than {limit} deep.",
    # tags
    "wrong_root": "The outermost tag must be View, not {tag}.",
    "unknown_tag": "The tag {tag} is not supported. Supported: {supported}.",
    "misplaced_tag": "{tag} cannot stand inside {parent}.",
    "stray_text": "Words between tags are not shown; put them into a Header.",
    "choices_without_choice": "Choices needs at least one Choice.",
    "no_question": "The config asks nothing; add Choices or TextArea.",
    # attributes
    "unknown_attribute": "{tag} has no attribute {attribute}. Supported: {supported}.",
    "missing_attribute": "{tag} needs {attribute}.",
    "bad_attribute": "{attribute} of {tag} must be {expected}, not “{found}”.",
    "bad_name": "“{found}” is no usable name: begin with a letter, then letters, digits, - . _",
    "duplicate_name": "The name {found} is already used in line {first_line}.",
    "unknown_to_name": "toName “{found}” names no Text or Image of this config.",
    "bad_value": "Write $column alone or plain words, not “{found}”.",
    "bad_image_address": "An image's address must begin with https:// or with one /.",
    "duplicate_choice": "The choice “{found}” stands here already, in line {first_line}.",
    # answers
    "not_an_answer": "An answer gives each question's name and a list of words.",
    "unknown_question": "This job has no question “{question}”.",
    "unknown_choice": "“{found}” is not one of the choices.",
    "one_choice_only": "Choose one answer, not {count}.",
    "one_text_only": "Write one text, not {count}.",
    "required": "Please answer this question.",
    "nothing_answered": "Please answer at least one question.",
    "text_too_long": "The text has {length} characters; the most is {limit}.",
    "unreadable_text": "The text holds characters that cannot be stored.",
    "bad_result": "This is not a result of this config.",
}

#: how much of a foreign word a sentence repeats: enough to find it, too little to flood a page
QUOTED = 80
#: how many problems are listed: more than anyone mends at a time, too few to flood a page
LISTED = 100


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong; `place` names line and column, or the question."""

    code: str
    place: dict[str, Any]
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code].format(**_shortened(self.facts))

    def as_dict(self) -> dict[str, Any]:
        """`code, sentence, place, facts`, ready for JSON."""
        return {
            "code": self.code,
            "sentence": self.sentence,
            "place": _shortened(self.place),
            "facts": _shortened(self.facts),
        }


def _shortened(facts: dict[str, Any]) -> dict[str, Any]:
    return {
        key: value[:QUOTED] if isinstance(value, str) and key != "supported" else value
        for key, value in facts.items()
    }


class _WithProblems(BadInput):
    """Several things are wrong."""

    def __init__(self, problems: list[Problem]):
        first = problems[0]
        super().__init__(
            first.sentence,
            place=_shortened(first.place),
            problem=first.code,
            problems=[problem.as_dict() for problem in problems[:LISTED]],
        )


class BadConfig(_WithProblems):
    """The labelling config cannot be used.

    place      {'line', 'column', 'tag', 'attribute'} of the first problem, lines and columns
               from 1; 'attribute' is empty where the whole tag is meant
    facts      problem   code of the first
               problems  all of them, up to 100: [{'code', 'sentence', 'place', 'facts'}, ...]
    """

    code = "bad_config"


class BadAnswer(_WithProblems):
    """The answer does not fit the questions.

    place      {'question': name} of the first problem; the name is empty where none is meant
    facts      as in BadConfig
    """

    code = "bad_answer"
