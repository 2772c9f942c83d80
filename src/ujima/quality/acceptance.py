"""Accepting a lot by a sample: how many units to check, how many may be wrong, and what follows.

A lot of N units is accepted if at most c of n units drawn from it are wrong. n and c are the least
that keep two risks: a lot at the contracted accuracy is turned down with at most the producer's
risk, one at the tolerable accuracy is accepted with at most the consumer's. Lots are finite and
drawn from without putting back, so everything is hypergeometric and exact; in plain Python and in
milliseconds, as a page works it out.

Source: Guenther 1969, "Use of the Binomial, Hypergeometric and Poisson Tables to obtain Sampling
Plans", Journal of Quality Technology 1(2); Wright 1991 on exact intervals for finite lots.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, exp, floor, lgamma

from ujima.quality.errors import BadPlan

#: shares such as .95 of 2,000 units are whole numbers, though not in binary
_HAIR = 1e-9
#: what no longer counts in a sum
_DUST = 1e-18
#: the largest sample: more than anybody checks by hand, and what keeps a plan quick
MOST = 5_000


@dataclass(frozen=True)
class Plan:
    """Check `sample` of `lot` units; accept if at most `allowed` of them are wrong.

    contracted, tolerable            accuracies from 0 to 1 that the risks are told for
    producer_risk, consumer_risk     what this plan risks: that a lot with the contracted accuracy
                                     is turned down, that one with the tolerable is accepted
    """

    lot: int
    sample: int
    allowed: int
    contracted: float
    tolerable: float
    producer_risk: float
    consumer_risk: float

    def accepts(self, accuracy: float) -> float:
        """How likely a lot of this accuracy is accepted."""
        return chance_of_at_most(self.allowed, self.lot, _wrong(self.lot, accuracy), self.sample)


@dataclass(frozen=True)
class Terms:
    """What a lot is held to: the accuracy that was contracted, one that could just be tolerated,
    and the chances at most that a lot of the first is turned down (the producer's risk), one of
    the second accepted (the consumer's). All from 0 to 1."""

    contracted: float
    tolerable: float
    producer: float = 0.05
    consumer: float = 0.05

    def __post_init__(self) -> None:
        if not 0 < self.contracted <= 1:
            raise BadPlan(
                "An accuracy lies above 0 % and up to 100 %.", place={"field": "contracted"}
            )
        if not 0 <= self.tolerable < self.contracted:
            raise BadPlan(
                "What could just be tolerated lies below what was contracted.",
                place={"field": "tolerable"},
            )
        for name in ("producer", "consumer"):
            if not 0 < getattr(self, name) < 0.5:
                raise BadPlan("A risk lies between 0 and 50 %.", place={"field": name})


class Ruling(StrEnum):
    """What a sample says so far; once decided, the rest of it cannot change that."""

    OPEN = "open"
    ACCEPT = "accept"
    REJECT = "reject"


def plan(lot: int, terms: Terms) -> Plan:
    """Find the least sample that keeps both risks. The whole lot always does.

    Refuses BadPlan: no units, a tolerable accuracy so close to the contracted that in this lot
    both mean the same number of wrong units, or that more than MOST units would have to be
    checked.
    """
    if lot < 1:
        raise BadPlan("There are no units to accept.", place={"field": "lot"})
    contracted, tolerable = terms.contracted, terms.tolerable
    good, bad = floor(lot * (1 - contracted) + _HAIR), ceil(lot * (1 - tolerable) - _HAIR)
    if good >= bad:
        raise BadPlan(
            f"Of {lot} units, {contracted:.1%} and {tolerable:.1%} right are the same number.",
            place={"field": "tolerable"},
        )
    most = min(lot, MOST)
    if not _may_keep(lot, good, bad, most, terms):
        raise _too_many()
    # no test with less can keep both risks; from there on both bounds only rise with the sample,
    # so that a sample too small for what the one needs is passed over as a whole
    sample = _first(1, most, lambda n: _may_keep(lot, good, bad, n, terms))
    allowed = -1
    while (needed := _least_allowed(lot, good, sample, terms.producer, allowed)) > allowed:
        allowed = needed
        sample = least_sample(lot, bad, allowed, terms.consumer, start=sample)
    if sample > most:
        raise _too_many()
    return Plan(
        lot,
        sample,
        allowed,
        contracted,
        tolerable,
        producer_risk=1 - chance_of_at_most(allowed, lot, good, sample),
        consumer_risk=chance_of_at_most(allowed, lot, bad, sample),
    )


def _too_many() -> BadPlan:
    return BadPlan(
        f"More than {MOST:,} units would have to be checked. Leave more room between the two"
        " accuracies, or take greater risks.",
        place={"field": "tolerable"},
    )


def _may_keep(lot: int, good: int, bad: int, sample: int, terms: Terms) -> bool:
    """Whether the best test of so many units keeps both risks, if it may also throw a coin where
    the sample has a certain number of wrong ones. Without the coin none does better; and as the
    larger sample holds the smaller one, it holds for all larger samples too."""
    consumer = terms.consumer * (1 + _HAIR)
    at = _first(0, sample, lambda c: chance_of_at_most(c, lot, bad, sample) > consumer)
    below, upto = (chance_of_at_most(c, lot, bad, sample) for c in (at - 1, at))
    coin = (consumer - below) / (upto - below) if upto > below else 1.0
    less, more = (chance_of_at_most(c, lot, good, sample) for c in (at - 1, at))
    return less + coin * (more - less) >= 1 - terms.producer - _HAIR


def _least_allowed(lot: int, good: int, sample: int, risk: float, low: int) -> int:
    """How many wrong ones must be allowed at least, so that a lot with `good` wrong units is
    turned down with at most this chance; not less than `low`."""
    return _soonest(
        max(low, 0),
        min(good, sample),
        lambda c: 1 - chance_of_at_most(c, lot, good, sample) <= risk * (1 + _HAIR),
    )


def least_sample(lot: int, bad: int, allowed: int, risk: float, start: int = 1) -> int:
    """The least sample, from `start` on, in which a lot with `bad` wrong units shows at most
    `allowed` of them with at most this chance; the whole lot if no smaller one does."""
    return _soonest(
        start, lot, lambda n: chance_of_at_most(allowed, lot, bad, n) <= risk * (1 + _HAIR)
    )


def ruling(of: Plan, checked: int, wrong: int) -> Ruling:
    """What `wrong` of `checked` units mean, be the rest of the sample as it will."""
    if not 0 <= wrong <= checked <= of.sample:
        raise BadPlan(f"{wrong} wrong of {checked} checked in a sample of {of.sample} cannot be.")
    if wrong > of.allowed:
        return Ruling.REJECT
    if wrong + of.sample - checked <= of.allowed:
        return Ruling.ACCEPT
    return Ruling.OPEN


def accuracy_interval(
    lot: int, checked: int, wrong: int, coverage: float = 0.95
) -> tuple[float, float]:
    """The exact interval of a lot's accuracy, from wrong units in a random sample of it.

    All numbers of wrong units in the lot are kept that would not make the sample's a surprise:
    as Clopper and Pearson's, for a finite lot. Without a sample it is (0, 1).
    """
    if not 0 <= wrong <= checked <= lot or lot < 1:
        raise BadPlan(f"{wrong} wrong of {checked} checked in a lot of {lot} cannot be.")
    tail = (1 - coverage) / 2
    fewest, most = wrong, lot - (checked - wrong)
    low = _first(
        fewest, most, lambda bad: 1 - chance_of_at_most(wrong - 1, lot, bad, checked) > tail
    )
    too_many = _first(
        low, most + 1, lambda bad: chance_of_at_most(wrong, lot, bad, checked) <= tail
    )
    return 1 - (too_many - 1) / lot, 1 - low / lot


def confidence_of(lot: int, checked: int, wrong: int, accuracy: float) -> float:
    """With which confidence (0 to 1) at least this share of the lot is right: 1 minus the chance
    that a lot just below it shows so few wrong units."""
    just_below = floor(lot * (1 - accuracy) + _HAIR) + 1
    if just_below > lot:
        return 1.0
    return 1 - chance_of_at_most(wrong, lot, just_below, checked)


def chance_of_at_most(k: int, lot: int, bad: int, sample: int) -> float:
    """P(at most k wrong in the sample), `bad` of the lot being wrong (hypergeometric)."""
    first, last = max(0, sample - (lot - bad)), min(bad, sample)
    if k < first:
        return 0.0
    if k >= last:
        return 1.0
    if (k + 1) * (lot + 2) <= (bad + 1) * (sample + 1):  # k lies before the likeliest number
        return min(1.0, _down(k, first, lot, bad, sample))
    return max(0.0, 1 - _up(k + 1, last, lot, bad, sample))


def _down(k: int, first: int, lot: int, bad: int, sample: int) -> float:
    """The chances of k and less, added while they count; they fall."""
    term = total = _chance(k, lot, bad, sample)
    while k > first and term > total * _DUST:
        term *= k * (lot - bad - sample + k) / ((bad - k + 1) * (sample - k + 1))
        total += term
        k -= 1
    return total


def _up(k: int, last: int, lot: int, bad: int, sample: int) -> float:
    """The chances of k and more, added while they count; they fall."""
    term = total = _chance(k, lot, bad, sample)
    while k < last and term > total * _DUST:
        term *= (bad - k) * (sample - k) / ((k + 1) * (lot - bad - sample + k + 1))
        total += term
        k += 1
    return total


def _chance(k: int, lot: int, bad: int, sample: int) -> float:
    return exp(_choose(bad, k) + _choose(lot - bad, sample - k) - _choose(lot, sample))


def _choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first of low to high for which it holds, as it does for all after; high if for none."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return high


def _soonest(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """As `_first`, for what is likely near the low end."""
    step = 1
    while low + step < high and not holds(low + step):
        low, step = low + step + 1, 2 * step
    return _first(low, min(low + step, high), holds)


def _wrong(lot: int, accuracy: float) -> int:
    return round(lot * (1 - accuracy))
