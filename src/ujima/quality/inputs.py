"""What a result rests on, as a hash that an auditor can work out again from the tables.

The first half stands for the unit's judgments, the second names the fit whose view of the people
was used. The judgments' half is a sum, so the order in which they came does not matter and each
submit only adds its own.
"""

import hashlib
from uuid import UUID

#: sums are taken modulo this
WHOLE = 2**128
#: hex digits of each half
HALF = 32


def weight(judgment_id: int, person_id: UUID, content_hash: bytes) -> int:
    """One judgment's part of the sum: BLAKE2b of its id, its person and what it says."""
    told = f"{judgment_id},{person_id},".encode() + content_hash
    return int.from_bytes(hashlib.blake2b(told, digest_size=16).digest())


def input_hash(total: int, fit_hash: str) -> str:
    """The hash of a result: its unit's judgments' weights summed, and the fit's own hash (the
    empty text before the first fit)."""
    return f"{total % WHOLE:0{HALF}x}{fit_hash[:HALF]:0<{HALF}}"
