"""How long one unit took: from a signed moment in the form, and what the browser adds to it.

Time counts from when a unit is first shown: a reload or an answer that lacked something goes on
with the same moment, which a cookie of the page keeps. The moment is signed so that nobody can
claim to have begun earlier; the browser, if it runs our script, says how long the page was really
in sight, which can only shorten the time.
"""

from datetime import datetime
from uuid import UUID

from django.core import signing

SALT = "ujima.unit"
#: without the script a page that was left open looks like work; nobody looks at one unit longer
AWAY_MS = 30 * 60 * 1000


def begin(page_id: UUID, number: int, now: datetime) -> str:
    """A token for the form of one unit, shown now."""
    return signing.dumps([page_id.hex, number, int(now.timestamp() * 1000)], salt=SALT)


def shown(before: str, page_id: UUID, number: int, now: datetime) -> str:
    """The token of a unit that is shown: `before`, if it tells of the same unit of this page."""
    found = read(before, page_id)
    return before if found and found[0] == number else begin(page_id, number, now)


def read(token: str, page_id: UUID) -> tuple[int, int] | None:
    """(number of the unit, when it was shown in ms since 1970); None if not this page's."""
    try:
        page, number, began = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return (number, began) if page == page_id.hex else None


def taken(began_ms: int, seen: str, now: datetime) -> int:
    """Milliseconds for a unit, between 0 and what has passed.

    seen    what the browser says the page was in sight, in ms; empty without our script
    """
    passed = max(0, int(now.timestamp() * 1000) - began_ms)
    said = carried(seen)
    return min(passed, int(said) if said else AWAY_MS)


def carried(seen: str) -> str:
    """What the browser says it saw so far, to go on from in the next form; "" for nothing."""
    return seen if seen.isascii() and seen.isdigit() and len(seen) < 10 else ""
