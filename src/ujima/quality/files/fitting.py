"""Options that would change nothing are refused: who gives one expects that it does."""

from collections.abc import Set

from ujima.quality.files.asked import Asked
from ujima.quality.files.errors import NoMethod, NotForThis
from ujima.quality.truth.places import ALONE

_CLASSED = ("choice", "ordinal")
_MARKS = ("spans", "boxes", "pairs")


def fitting(kind: str, asked: Asked, columns: Set[str]) -> None:
    """Refuse NoMethod and NotForThis for what this kind of answer does not use.

    columns   those that the kind reads
    """
    if kind not in _CLASSED and asked.method != "default":
        raise NoMethod(f"Answers of type {kind} have one method; leave --method out.")
    if kind not in _CLASSED and asked.how != ALONE:
        _refuse("--threads, --kernel and --cluster", "choice and ordinal")
    if kind not in (*_CLASSED, "multi") and asked.classes:
        _refuse("--classes", "choice, ordinal and multi")
    if kind != "multi" and asked.separator != Asked.separator:
        _refuse("--separator", "multi")
    if kind in _MARKS and asked.repeats != Asked.repeats:
        _refuse("--duplicates", "choice, ordinal, multi, number and text")
    if kind != "spans" and asked.items is not None:
        _refuse("--items", "spans")
    there = {*columns, "task"} | ({"text"} if asked.items else set())
    unknown = sorted(set(asked.called) - there)
    if unknown:
        raise NotForThis(
            f"Answers of type {kind} have no column {unknown[0]}; they have "
            f"{', '.join(sorted(there))}.",
            place={"columns": unknown},
        )


def _refuse(option: str, kinds: str) -> None:
    raise NotForThis(f"{option}: of use for type {kinds} only; leave it out.")
