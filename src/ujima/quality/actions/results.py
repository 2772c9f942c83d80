"""Giving results out: each a new version, with the pointer to the newest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson

from ujima.base.hot import hot
from ujima.base.ids import uuid7
from ujima.quality import statements
from ujima.quality.asked import METHOD_VERSION

#: a result that had reached the target, until a later fit found it below with judgments left
UNSURE = "unsure"


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer inferred for a unit, to be given out as this version of its result.

    ended   why no more judgments are asked (`stopping.Outcome`); "audit" if more are asked only to
            check it, "unsure" if more are asked as it fell below its target
    model_share   of the evidence for the answer, the part that is a model's (0 to 1); None where no
                  model labels joined
    """

    unit_id: int
    version: int
    answer: dict[str, list[str]]
    confidence: float
    judgments: int
    method: str
    ended: str
    input_hash: str
    model_share: float | None = None


def label_of(answer: dict[str, list[str]]) -> str:
    """An answer in one line, for lists and filters."""
    return " · ".join(", ".join(values) for values in answer.values())[:200]


def give_out(*, org_id: UUID, job_id: UUID, findings: Sequence[Finding], now: datetime) -> None:
    """Append these results and point to them; a version that stands already is left alone."""
    hot(
        statements.RESULTS,
        {
            "org": org_id,
            "job": job_id,
            "ids": [uuid7() for _ in findings],
            "units": [f.unit_id for f in findings],
            "versions": [f.version for f in findings],
            "answers": [orjson.dumps(f.answer).decode() for f in findings],
            "confidences": [f.confidence for f in findings],
            "judgments": [f.judgments for f in findings],
            "methods": [f.method for f in findings],
            "ended": [f.ended for f in findings],
            "hashes": [f.input_hash for f in findings],
            "shares": [f.model_share for f in findings],
            "labels": [label_of(f.answer) for f in findings],
            "method_version": METHOD_VERSION,
            "now": now,
        },
    )
