"""Checks an answer against the questions and gives it the one form in which it is kept.

The same judgment always has the same form, so that its hash can tell a replay from a change:
questions in the config's order, choices in the config's order and recorded words, each once,
line breaks as \\n, unanswered questions left out.
"""

from collections.abc import Mapping
from typing import Any

from ujima.work.labelling.model import Labelling, Question
from ujima.work.labelling.problems import BadAnswer, Problem

#: characters in one text; ten pages
MAX_TEXT = 10_000

#: question -> recorded choices, or the one text
Answer = dict[str, list[str]]


class _AnswerError(Exception):
    """Carries one problem from where it is seen to where all are gathered."""

    def __init__(self, code: str, **facts: Any):
        self.code = code
        self.facts = facts


def check_answer(labelling: Labelling, answer: Mapping[str, Any]) -> Answer:
    """The answer in its kept form, or a refusal with everything that is wrong.

    answer     question -> list of words, or one word; empty means unanswered

    Refuses: BadAnswer (not_an_answer, unknown_question, unknown_choice, one_choice_only,
    one_text_only, required, nothing_answered, text_too_long, unreadable_text).
    """
    if not isinstance(answer, Mapping):
        raise BadAnswer([Problem("not_an_answer", {"question": ""})])
    words = labelling.words
    problems = [
        Problem("unknown_question", {"question": str(name)}, {"question": str(name)})
        for name in answer
        if name not in words
    ]
    kept: Answer = {}
    for question in labelling.questions:
        try:
            given = _given(question, words[question.name], answer.get(question.name))
        except _AnswerError as wrong:
            problems.append(Problem(wrong.code, {"question": question.name}, wrong.facts))
        else:
            if given:
                kept[question.name] = given
    if problems:
        raise BadAnswer(problems)
    if not kept:
        raise BadAnswer([Problem("nothing_answered", {"question": ""})])
    return kept


def check_gold(labelling: Labelling, question: str, given: Any) -> list[str]:
    """One question's known answer in its kept form; like an answer, but never required.

    Refuses: BadAnswer.
    """
    asked = next((q for q in labelling.questions if q.name == question), None)
    if asked is None:
        raise BadAnswer(
            [Problem("unknown_question", {"question": question}, {"question": question})]
        )
    try:
        return _words(asked, labelling.words[question], given)
    except _AnswerError as wrong:
        raise BadAnswer([Problem(wrong.code, {"question": question}, wrong.facts)]) from None


def _given(question: Question, words: dict[str, str] | None, given: Any) -> list[str]:
    kept = _words(question, words, given)
    if question.required and not kept:
        raise _AnswerError("required")
    return kept


def _words(question: Question, words: dict[str, str] | None, given: Any) -> list[str]:
    given = [given] if isinstance(given, str) else given or []
    if not isinstance(given, list | tuple) or not all(isinstance(w, str) for w in given):
        raise _AnswerError("not_an_answer")
    if words is None:
        return _text([word for word in given if word.strip()])
    recorded = {_recorded(words, word) for word in given if word}
    if question.kind == "single" and len(recorded) > 1:
        raise _AnswerError("one_choice_only", count=len(recorded))
    if len(recorded) > 1:
        return [choice for choice in question.choices if choice in recorded]
    return list(recorded)


def _recorded(words: dict[str, str], word: str) -> str:
    try:
        return words[word]
    except KeyError:
        raise _AnswerError("unknown_choice", found=word) from None


def _text(texts: list[str]) -> list[str]:
    if len(texts) > 1:
        raise _AnswerError("one_text_only", count=len(texts))
    if not texts:
        return []
    # a browser's form sends \r\n where a phone's sends \n; it is the same text
    text = texts[0].replace("\r\n", "\n").replace("\r", "\n").strip()
    if len(text) > MAX_TEXT:
        raise _AnswerError("text_too_long", length=len(text), limit=MAX_TEXT)
    if "\0" in text or not _has_utf8(text):
        raise _AnswerError("unreadable_text")
    return [text]


def _has_utf8(text: str) -> bool:
    """Half of a surrogate pair, which JSON can spell, has no UTF-8 and cannot be stored."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
