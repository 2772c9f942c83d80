"""Answering gold as slowly as anything else, so that a phone beside the server learns nothing from
the time: an answer to gold moves no unit and gives no result out, and is a few milliseconds less
work. It waits for the difference, whatever the server's load makes of it at this moment."""

from bisect import bisect_left
from collections import deque

#: newest times that are kept of either kind, and how few say nothing yet
KEPT, FEWEST = 200, 5


class Evenly:
    """The newest times of both kinds of answers in one process, in seconds."""

    def __init__(self) -> None:
        self.known: deque[float] = deque(maxlen=KEPT)
        self.others: deque[float] = deque(maxlen=KEPT)

    def wait(self, took: float, *, is_known: bool) -> float:
        """How long to wait before answering: nothing but for gold, and for gold what lies between
        its time and the time of the same rank among the others. So both are spread alike."""
        (self.known if is_known else self.others).append(took)
        if not is_known or min(len(self.known), len(self.others)) < FEWEST:
            return 0.0
        known, others = sorted(self.known), sorted(self.others)
        rank = (bisect_left(known, took) + 0.5) / len(known)
        return max(0.0, others[min(int(rank * len(others)), len(others) - 1)] - took)
