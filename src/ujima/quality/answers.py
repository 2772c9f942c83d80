"""A unit's questions as problems that inference knows, and inferred problems as an answer.

A single choice is one problem over its choices; a multiple choice is one yes/no problem a choice;
a text is not categorical, its answer is the one that is nearest to all that people wrote.
An answer is a mapping from a question's name to a list of strings: chosen values, or text lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from ujima.quality.errors import BadAnswer
from ujima.quality.medoid import METHOD, medoid, normal
from ujima.quality.stopping import temper

Kind = Literal["single", "multiple", "text"]
Answer = Mapping[str, Sequence[str]]
Posterior = Sequence[float] | None

NO, YES = 0, 1


@dataclass(frozen=True)
class Question:
    """One question of a job; `choices` is empty for a text."""

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()


class Problem(NamedTuple):
    """One categorical problem, its name unique in the job; a single choice has no `choice`."""

    name: str
    classes: tuple[str, ...]
    question: str
    choice: str | None = None


class Inferred(NamedTuple):
    """A question's inferred answer, how sure it is (0 to 1), and by which method."""

    values: list[str]
    confidence: float
    method: str


def problems(questions: Sequence[Question]) -> tuple[Problem, ...]:
    """The categorical problems of a job, in the order in which labels and posteriors stand."""
    listed: list[Problem] = []
    for q in questions:
        if q.kind == "single":
            listed.append(Problem(q.name, q.choices, q.name))
        elif q.kind == "multiple":
            listed += [Problem(f"{q.name}={c}", ("no", "yes"), q.name, c) for c in q.choices]
    return tuple(listed)


def labels_of(answer: Answer, questions: Sequence[Question]) -> list[int | None]:
    """One label per problem; None where the question was left out.

    A multiple choice that is there but empty says no to every choice; a single choice that is
    there but empty was left out. Refuses BadAnswer for a choice or question that does not exist,
    or for two values to a single choice.
    """
    stray = answer.keys() - {q.name for q in questions}
    if stray:
        raise BadAnswer(f"There is no question {min(stray)!r}.", place={"field": min(stray)})
    labels: list[int | None] = []
    for q in questions:
        given = answer.get(q.name)
        if q.kind == "single":
            labels.append(_chosen(q, given or ()))
        elif q.kind == "multiple":
            labels += _ticked(q, given)
    return labels


def answer_from(
    questions: Sequence[Question],
    posteriors: Sequence[Posterior],
    texts: Mapping[str, Sequence[Sequence[str]]],
    *,
    power: float = 1.0,
) -> dict[str, Inferred]:
    """The inferred answer to each question that somebody answered.

    posteriors   one per problem, in the order of `problems`; None where nobody answered it
    texts        question name -> every worker's lines
    power        tempers the confidence (see `stopping`), never the choice

    A multiple choice is as sure as the least sure of its choices.
    """
    rest = iter(posteriors)
    answers: dict[str, Inferred] = {}
    for q in questions:
        if q.kind == "text":
            said = [lines for lines in texts.get(q.name, ()) if normal(lines)]
            if said:
                answers[q.name] = Inferred(*medoid(said), METHOD)
            continue
        own = [next(rest) for _ in range(1 if q.kind == "single" else len(q.choices))]
        known = [p for p in own if p is not None]
        if own and len(known) == len(own):
            sure = min(max(temper(p, power)) for p in known)
            answers[q.name] = Inferred(_values(q, known), sure, "ibcc")
    return answers


def _values(q: Question, posteriors: Sequence[Sequence[float]]) -> list[str]:
    if q.kind == "single":
        (p,) = posteriors
        return [q.choices[max(range(len(p)), key=p.__getitem__)]]
    return [c for c, p in zip(q.choices, posteriors, strict=True) if p[YES] > p[NO]]


def _chosen(q: Question, given: Sequence[str]) -> int | None:
    if len(given) > 1:
        raise BadAnswer(f"{q.name!r} takes one choice, not {len(given)}.", place={"field": q.name})
    _refuse_unknown(q, given)
    return q.choices.index(given[0]) if given else None


def _ticked(q: Question, given: Sequence[str] | None) -> list[int | None]:
    if given is None:
        return [None] * len(q.choices)
    _refuse_unknown(q, given)
    return [YES if choice in given else NO for choice in q.choices]


def _refuse_unknown(q: Question, given: Sequence[str]) -> None:
    for value in given:
        if value not in q.choices:
            raise BadAnswer(f"{q.name!r} has no choice {value!r}.", place={"field": q.name})
