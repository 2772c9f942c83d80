"""What travels between a phone and the server: pages out, answers in, a verdict on each."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from ujima.base.errors import Refusal

Answer = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class PageOut:
    """Units leased together. `units` are (number on the wire, the buyer's data); of a quiz, every
    one has a known answer, and she is told so."""

    id: UUID
    org_id: UUID
    job_id: UUID
    version: int
    expires_at: datetime
    units: tuple[tuple[int, dict[str, Any]], ...]
    ask_again: bool
    is_quiz: bool = False


@dataclass(frozen=True, slots=True)
class Given:
    """One answer as it came in: `number` is the unit's in its page, `key` the device's."""

    number: int
    key: int
    answer: Any
    milliseconds: int
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer that was kept just now, for the membership under which its unit was leased;
    `content_hash` is that of the answer, written as one."""

    key: int
    judgment_id: int
    unit_id: int
    version: int
    answer: Answer
    content_hash: bytes
    milliseconds: int
    gold: Answer | None
    gold_right: bool | None
    membership_id: UUID


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one answer: kept, already kept, or refused."""

    key: int
    number: int
    refusal: Refusal | None = None
    already: bool = False

    def on_the_wire(self) -> dict[str, Any]:
        if self.refusal:
            return {
                "key": self.key,
                "status": "refused",
                "code": self.refusal.code,
                "retry": self.refusal.retry,
                "sentence": self.refusal.sentence,
                **({"place": self.refusal.place} if self.refusal.place else {}),
            }
        return {"key": self.key, "status": "already_kept" if self.already else "kept"}


def canonical(answer: Answer) -> bytes:
    """The one way to write an answer down, so that equal answers have equal hashes."""
    return orjson.dumps(
        {name: sorted(values) for name, values in answer.items()}, option=orjson.OPT_SORT_KEYS
    )


def says_the_same(answer: Answer, gold: Answer) -> bool:
    """Whether an answer agrees with gold on every question that gold answers, in any order."""
    return all(sorted(answer.get(name, ())) == sorted(values) for name, values in gold.items())
