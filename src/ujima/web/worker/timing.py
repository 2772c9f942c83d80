"""How long one unit took: from a signed moment in the form, and what the browser adds to it.

The moment is signed so that nobody can claim to have begun earlier; the browser, if it runs our
script, says how long the page was really in sight, which can only shorten the time.
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
    if seen.isascii() and seen.isdigit() and len(seen) < 10:
        return min(passed, int(seen))
    return min(passed, AWAY_MS)
