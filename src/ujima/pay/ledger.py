"""What a transaction is, as plain values: amounts that move between accounts and sum to zero."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from ujima.base.money import part_of


@dataclass(frozen=True, order=True, slots=True)
class AccountName:
    """Which account: its kind, whose it is, and for what (a job, a person), in one currency."""

    kind: str
    currency: str
    org_id: UUID | None = None
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One move of money: `moves` maps accounts to signed minor units, none of them zero."""

    kind: str
    source: str
    moves: Mapping[AccountName, int]

    def __post_init__(self) -> None:
        amounts = list(self.moves.values())
        if len(amounts) < 2 or sum(amounts) != 0 or 0 in amounts:
            raise ValueError(f"{self.kind} {self.source} is no balanced transaction")
        if len({account.currency for account in self.moves}) != 1:
            raise ValueError(f"{self.kind} {self.source} mixes currencies")


def transfer(
    kind: str, source: str, *, out_of: AccountName, into: AccountName, minor: int
) -> Posting:
    """Move an amount of minor units from one account to another."""
    return Posting(kind, source, {out_of: -minor, into: minor})


def share_due(wages_before: int, wages_now: int, basis_points: int) -> int:
    """What a share grows by when wages grow, so that the sum over all batches is the share of
    the whole, rounded once: batches cut in any way give the same total."""
    return part_of(wages_before + wages_now, basis_points) - part_of(wages_before, basis_points)
