"""Tokens and PINs: made by chance, kept as hashes. Pure; the hashing of PINs is elsewhere."""

import hashlib
import secrets
import string
from itertools import pairwise

from ujima.people.errors import WeakSecret

#: tokens carry 256 bits of chance, so a plain SHA-256 keeps them as well as a slow hash would
TOKEN_BYTES = 32
PIN_LENGTH = range(6, 13)


def new_token(prefix: str) -> tuple[str, bytes]:
    """A token to show once, and the hash to keep."""
    token = f"{prefix}_{secrets.token_urlsafe(TOKEN_BYTES)}"
    return token, hash_of(token)


def hash_of(token: str) -> bytes:
    """SHA-256 of a token, 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


def new_pin() -> str:
    """Six digits that are not easy to guess."""
    while True:
        pin = "".join(secrets.choice(string.digits) for _ in range(6))
        if not is_easy(pin):
            return pin


def check_pin(pin: str) -> None:
    """Refuses WeakSecret for a PIN that is not 6 to 12 digits, or is easy to guess."""
    if len(pin) not in PIN_LENGTH or not pin.isascii() or not pin.isdigit():
        raise WeakSecret("A PIN has 6 to 12 digits.", place={"field": "pin"})
    if is_easy(pin):
        raise WeakSecret(
            "Choose a PIN that is not one digit repeated or digits in a row.",
            place={"field": "pin"},
        )


def is_easy(pin: str) -> bool:
    """Whether every digit follows from the one before in the same way: 111111, 123456, 987654."""
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    return (len(steps) == 1 and steps <= {0, 1, 9}) or len(set(pin)) < 3
