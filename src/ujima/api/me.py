"""Who the token speaks for."""

from datetime import datetime
from uuid import UUID

from ninja import Router, Schema

from ujima.api.operations import reads
from ujima.api.tokens import ApiRequest
from ujima.people.standing import SCOPES

router = Router(tags=["me"])


class Me(Schema):
    """The organisation that a token acts for, and what it may do there."""

    organisation: UUID
    organisation_name: str
    roles: list[str]
    scopes: list[str]
    timezone: str
    now: datetime


@router.get("/me", **reads(answers=Me))
def me(request: ApiRequest) -> Me:
    """Who the token speaks for, what it may do, and the site's clock."""
    by = request.auth
    return Me(
        organisation=by.org_id,
        organisation_name=by.org_name,
        roles=sorted(by.roles),
        scopes=sorted(scope for scope, powers in SCOPES.items() if powers <= by.powers),
        timezone=by.timezone,
        now=request.now,
    )
