"""A person's name towards a buyer: steady within one job, and no link to any other job."""

from base64 import b32encode
from hashlib import blake2b
from uuid import UUID


def pseudonym(secret: str, job_id: UUID, person_id: UUID) -> str:
    """Eight letters and digits that only the holder of `secret` can trace to a person.

    Forty bits: among 10,000 people of one job, two share a name once in 20,000 jobs.
    """
    key = blake2b(secret.encode(), person=b"ujima.pseudonym").digest()
    mark = blake2b(job_id.bytes + person_id.bytes, key=key, digest_size=5).digest()
    return b32encode(mark).decode().lower()
