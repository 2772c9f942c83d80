"""When the time that a unit takes may be told as measured: plain numbers, no framework.

One person's speed is not the work's: somebody who clicks through tells nothing of those who read.
So the middle is taken over people, of each one's own middle, and said only of enough of them.
"""

#: fewer, and one or two hasty people move the middle; also few enough to guess who they are
LEAST_PEOPLE = 5
#: the middle of 30 answers lies, with 95 % confidence, within the 18 in their midst
LEAST_ANSWERS = 30


def measured_seconds(middle_ms: float | None, people: int, answers: int) -> float | None:
    """Seconds for a unit, if enough people and answers stand behind them; else None.

    middle_ms    the median of people's medians
    """
    if not middle_ms or people < LEAST_PEOPLE or answers < LEAST_ANSWERS:
        return None
    return middle_ms / 1000
