"""Which units are asked on to the maximum although they could stop, to check what is claimed.

A worker cannot know which: it hangs on a secret, and on nothing else that she sees.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

from ujima.quality.trust import Interval, wilson


def is_audited(unit: int, secret: bytes, share_bp: int) -> bool:
    """Whether a unit belongs to the sample of so many hundredths of a percent; always the same."""
    if not share_bp:
        return False
    drawn = blake2b(f"audit:{unit}".encode(), key=secret[:64], digest_size=8).digest()
    return int.from_bytes(drawn) * 10_000 < share_bp << 64


@dataclass(frozen=True, slots=True)
class Audit:
    """What the sample showed.

    seen      units that have all their judgments
    same      of these, the ones whose answer is still the one they would have stopped with
    claimed   confidence in those answers when they would have stopped, summed
    found     confidence in the same answers after all judgments, summed
    """

    seen: int = 0
    same: int = 0
    claimed: float = 0.0
    found: float = 0.0


def audit_from(units: Iterable[tuple[bool, float, float]]) -> Audit:
    """Sum up (is the answer the same, confidence at the stop, confidence at the end) of each unit.

    Where the answer changed, what is left for the old one is at most what the new one lacks.
    """
    listed = list(units)
    return Audit(
        len(listed),
        sum(same for same, _, _ in listed),
        sum(then for _, then, _ in listed),
        sum(now if same else 1 - now for same, _, now in listed),
    )


def share_interval(summed: float, of: int) -> Interval:
    """A sum of confidences over so many units as a share, with Wilson's interval, which is a little
    too wide for confidences: they spread less than right and wrong."""
    low, high = wilson(summed / of, of)
    return Interval(low, summed / of, high)
