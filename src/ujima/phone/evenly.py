"""Answering at even times, so that the time which an answer took does not say what was done.

An answer to gold is scored and another one moves a unit, gives its result out and lets it go; that
is a few milliseconds, which a phone beside the server can measure. A message with few answers is
therefore answered at the next full step after it came. One with many tells nothing of any of them
and does not wait.
"""

import time
from math import ceil

#: milliseconds between the times at which few answers are answered: more than a submit takes. Who
#: answers a unit every few seconds does not feel it.
STEP_MS = 20.0
#: in a message of more answers, no single one's time can be told
FEW = 5


def wait_evenly(started: float, answers: int) -> None:
    """Wait until a whole number of steps after `started` (`time.monotonic`)."""
    if not STEP_MS or answers > FEW:
        return
    step = STEP_MS / 1000
    passed = time.monotonic() - started
    time.sleep(max(0.0, max(1, ceil(passed / step)) * step - passed))
