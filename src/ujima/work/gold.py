"""How often a worker meets gold: by chance, at one rate for as long as she works, so that neither a
unit's place in a page nor how long she has worked says whether its answer is known."""

from dataclasses import dataclass

#: of what is left of a whole job, the part that gold is kept for beyond a fair share of it
TAIL = 0.25


@dataclass(frozen=True, slots=True)
class Supply:
    """What a job holds, and what one person has had of it.

    golds, units        of the job; units without gold
    judgments_max       of a unit
    people              who came for the job's work so far
    offered, had        units that she was given, and of these how many were gold
    """

    golds: int
    units: int
    judgments_max: int
    people: int
    offered: int
    had: int


def rate(share: float, supply: Supply) -> float:
    """The chance that the next unit is gold: `share` gold to one that is not, as the reserve
    pays for, or less where the gold would run out before her work does; after that she would know
    of every unit that nobody checks it.

    Her work is taken to be her part of the judgments that the job wants, and never less than a
    quarter of the units she has not had.
    """
    left = max(0, supply.golds - supply.had)
    done = supply.offered - supply.had
    fair = supply.units * supply.judgments_max / max(supply.people, supply.judgments_max, 1)
    ahead = max(fair - done, TAIL * (supply.units - done), 1.0)
    return min(share / (1 + share), left / (left + ahead))


def drawn(size: int, chance: float, uniform: list[float]) -> int:
    """How many of the next `size` units are gold: each by a throw of its own from `uniform`, so
    that a page of one is as likely to be gold as any unit of a page of fifty."""
    return sum(throw < chance for throw in uniform[:size])
