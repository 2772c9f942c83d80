"""What every page knows: who is signed in, in which organisation, and where she can go."""

from typing import Any

from django.http import HttpRequest

from ujima.people.queries import name_of, staff_places
from ujima.web.nav import account_of, home_of, nav_for


def who(request: HttpRequest) -> dict[str, Any]:
    """`principal` (staff) or `worker`, as the page's gate has set it, or neither; for staff also
    what the bar shows: `nav`, `account` and `home`."""
    principal = getattr(request, "principal", None)
    known = {"principal": principal, "worker": getattr(request, "worker", None)}
    if not principal:
        return known
    person = principal.person_id
    return known | {
        "nav": nav_for(principal, request.path),
        "account": account_of(principal, name_of(person), len(staff_places(person))),
        "home": home_of(principal),
    }
