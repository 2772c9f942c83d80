"""How fast results come, and when a job may be done: plain numbers in, a range out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

#: fewer new results than this say nothing about a pace
LEAST = 8
Z95 = 1.96


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """Seconds until the last result, if the pace of the last `over` seconds holds."""

    low: float
    mid: float
    high: float
    over: float


def time_left(points: Sequence[tuple[datetime, int]], units: int, now: datetime) -> TimeLeft | None:
    """When `units` results may be there; None while too few came to say so.

    points    (moment, results so far), oldest first; the last twelve count

    Results are taken to come as a Poisson process, so the range is that of its rate: n results
    lie within n ± 1.96 √n. People come and go by day and night, which this does not know.
    """
    if len(points) < 2 or points[-1][1] >= units:
        return None
    begin, end = points[-12:][0], points[-1]
    came = end[1] - begin[1]
    over = (max(now, end[0]) - begin[0]).total_seconds()
    if came < LEAST or over <= 0:
        return None
    wanted, spread = units - end[1], Z95 * came**0.5
    slow, quick = max(came - spread, 1.0) / over, (came + spread) / over
    return TimeLeft(wanted / quick, wanted / (came / over), wanted / slow, over)


@dataclass(frozen=True, slots=True)
class Hourly:
    """Pay for an hour at work in minor units: in the middle, and of the slowest tenth."""

    median: int
    lowest_tenth: int | None
    people: int


def hourly(paces: Sequence[tuple[int, float]], rate_minor: int) -> Hourly | None:
    """What people earn in an hour of this work at its rate.

    paces     (judgments, seconds for one) of each person; None below five people and no tenth
              below ten, so that no one person's pay can be read from it
    """
    if len(paces) < 5:
        return None
    pay = sorted(rate_minor * 3600 / seconds for _, seconds in paces)
    tenths = quantiles(pay, n=10, method="inclusive")
    return Hourly(
        round(tenths[4]), round(tenths[0]) if len(paces) >= 10 else None, people=len(paces)
    )


def until(seconds: float, now: datetime) -> datetime:
    """The moment so many seconds from now."""
    return now + timedelta(seconds=min(seconds, 3.15e8))
