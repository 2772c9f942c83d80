"""How often a secret may be guessed: by whom, for which name, from where.

A try is counted before its secret is looked at, in up to three places, and all of them must have
room: for the name from this address, for the name from anywhere, for the address whatever the name.
A device on which this very name has signed in before has a count of its own and is asked for no
other, so that strangers cannot lock her out.
"""

from dataclasses import dataclass

from ujima.people.secrets import hash_of

#: stands for "from anywhere" and for "whatever the name"
ANY = b""


@dataclass(frozen=True, slots=True)
class Caller:
    """Where somebody signs in from.

    address    the client's network address, as base.addresses counts it
    device     what names a device that keeps a mark of ours; empty where it has none
    known      marks of the names that have signed in on it
    """

    address: str = "unknown"
    device: str = ""
    known: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Limits:
    """Wrong tries in one rest: for a name from one place, for it from all, for one address."""

    a_name_here: int
    a_name: int
    an_address: int


def mark_of(name: str) -> str:
    """What a device keeps of a name that signed in on it; nobody reads the name from it."""
    return hash_of(f"mark:{name}").hex()[:16]


def places(name: str, caller: Caller, limits: Limits) -> list[tuple[bytes, bytes, int]]:
    """(name, source, tries) of each count that this try falls under, in a fixed order."""
    named = hash_of(name)
    if mark_of(name) in caller.known:
        return [(named, hash_of(f"device:{caller.device}"), limits.a_name_here)]
    address = hash_of(f"address:{caller.address}")
    return [
        (named, address, limits.a_name_here),
        (named, ANY, limits.a_name),
        (ANY, address, limits.an_address),
    ]
