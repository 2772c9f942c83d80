"""How many bad tokens an address may send: a bucket for each, that fills steadily. Pure.

Tokens cannot be guessed; this bounds what it costs to refuse them. A token that was good a while
ago is let through whatever its neighbours at the same address send, so that one lost phone does
not stop a whole centre's.
"""

from collections import OrderedDict
from threading import Lock

#: addresses, and good tokens, remembered at once in a process
MOST = 10_000


class Failing:
    """The bad tokens that came to one process."""

    def __init__(self) -> None:
        self._lock = Lock()
        #: address -> (bad tokens that it may still send, seconds of the clock when that was so)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._good: OrderedDict[str, None] = OrderedDict()

    def must_wait(self, address: str, token: str, a_minute: int, clock: float) -> bool:
        """Whether a token need not even be looked at; 0 a minute is no limit."""
        if not a_minute or address not in self._left or token in self._good:
            return False
        with self._lock:
            return self._now(address, a_minute, clock) < 1

    def was_bad(self, address: str, token: str, a_minute: int, clock: float) -> None:
        """Count a token that is none."""
        with self._lock:
            self._good.pop(token, None)
            self._left[address] = (max(0.0, self._now(address, a_minute, clock) - 1), clock)
            self._left.move_to_end(address)
            if len(self._left) > MOST:
                self._left.popitem(last=False)

    def was_good(self, token: str) -> None:
        """Remember a token that is one."""
        if token in self._good:
            return
        with self._lock:
            self._good[token] = None
            if len(self._good) > MOST:
                self._good.popitem(last=False)

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._left.clear()
            self._good.clear()

    def _now(self, address: str, a_minute: int, clock: float) -> float:
        left, then = self._left.get(address, (float(a_minute), clock))
        return min(float(a_minute), left + (clock - then) * a_minute / 60)


#: of this process, for phones and programs together
bad_tokens = Failing()
