"""How many requests a principal may make: a bucket that fills steadily and is emptied by use.

One bucket a principal and process: with several web processes each allows its own share. That
bounds the load on a process, which is what it is for; it is no quota to be billed by.
"""

from collections import OrderedDict
from dataclasses import dataclass
from math import ceil
from threading import Lock

#: principals remembered at once; whoever was away longest is forgotten and begins with a full one
MOST_BUCKETS = 10_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a principal stands after a request.

    remaining    requests that may follow at once
    reset        seconds until the bucket is full again
    wait         seconds to wait before the next request; 0 where this one was let through
    """

    limit: int
    remaining: int
    reset: int
    wait: int

    @property
    def headers(self) -> dict[str, str]:
        told = {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(self.remaining),
            "RateLimit-Reset": str(self.reset),
        }
        return told | ({"Retry-After": str(self.wait)} if self.wait else {})


class Buckets:
    """The buckets of one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        #: principal -> (requests left, seconds of the clock when that was so)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def draw(self, principal: str, a_minute: int, clock: float) -> Standing:
        """Count one request. `clock` is in seconds and never goes back."""
        with self._lock:
            left, then = self._left.pop(principal, (float(a_minute), clock))
            left = min(float(a_minute), left + (clock - then) * a_minute / 60)
            is_let_through = left >= 1
            left -= is_let_through
            self._left[principal] = (left, clock)
            if len(self._left) > MOST_BUCKETS:
                self._left.popitem(last=False)
        return Standing(
            limit=a_minute,
            remaining=int(left),
            reset=ceil((a_minute - left) * 60 / a_minute),
            wait=0 if is_let_through else max(1, ceil((1 - left) * 60 / a_minute)),
        )
