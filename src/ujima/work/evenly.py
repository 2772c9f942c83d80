"""Answering gold as slowly as anything else, so that a phone beside the server learns nothing from
the time: an answer to gold moves no unit and gives no result out, and is a few milliseconds less
work. It waits for the difference, whatever the server's load makes of it at this moment."""

import time
from bisect import bisect_left
from collections import deque

#: newest times that are kept, and how few of either kind say nothing yet
KEPT, FEWEST = 120, 5
#: a sleep ends late by about a tenth of a millisecond, which would tell by itself: the last part
#: of a wait is spent awake
AWAKE = 0.0005


class Evenly:
    """The newest times of both kinds of answers in one process, in seconds, over the same while:
    what the load made of one kind it made of the other."""

    def __init__(self) -> None:
        self.newest: deque[tuple[float, bool]] = deque(maxlen=KEPT)

    def wait(self, took: float, *, is_known: bool) -> float:
        """How long to wait before answering: nothing but for gold, and for gold what lies between
        its time and the time of the same rank among the others. So both are spread alike."""
        self.newest.append((took, is_known))
        if not is_known:
            return 0.0
        known = sorted(it for it, is_gold in self.newest if is_gold)
        others = sorted(it for it, is_gold in self.newest if not is_gold)
        if min(len(known), len(others)) < FEWEST:
            return 0.0
        rank = (bisect_left(known, took) + 0.5) / len(known)
        return max(0.0, others[min(int(rank * len(others)), len(others) - 1)] - took)


def until(moment: float) -> None:
    """Come back at a moment of `time.perf_counter`, late by microseconds only."""
    left = moment - time.perf_counter()
    if left > AWAKE:
        time.sleep(left - AWAKE)
    while time.perf_counter() < moment:
        pass
