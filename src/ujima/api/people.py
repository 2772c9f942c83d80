"""People: who belongs to one's own organisation, its centres, and invitations to join it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from ujima.api.channels import CentreOut
from ujima.api.fields import Limit, Page, Short, page
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.people.actions.inviting import invite
from ujima.people.errors import InvitationGone
from ujima.people.queries import centres_of, invitations_of, members_of

router = Router(tags=["people"])


class MemberOut(Schema):
    """A person's place in your organisation."""

    id: UUID
    name: str
    role: str
    worker_code: str
    centre: UUID | None
    contract: str
    started_at: datetime

    @staticmethod
    def resolve_name(member: Any) -> str:
        return str(member.person.identity.chosen_name)

    @staticmethod
    def resolve_centre(member: Any) -> UUID | None:
        return member.centre_id  # type: ignore[no-any-return]


class InviteBody(Schema):
    """Whom to invite: staff by e-mail address, workers by a code of their own."""

    role: Short
    name: Short = ""
    email: Short = ""
    worker_code: Short = ""
    centre: UUID | None = None


class InvitationOut(Schema):
    """An open invitation."""

    id: UUID
    role: str
    name: str
    email: str
    worker_code: str
    centre_id: UUID | None
    invited_at: datetime
    expires_at: datetime


class InvitationMade(InvitationOut):
    """An invitation with its token, which is shown this once: hand over /join/<token>."""

    token: str | None


@router.get("/people", **reads("see_people", answers=Page[MemberOut]))
def list_people(
    request: ApiRequest,
    role: Short = "",
    search: Short = "",
    after: UUID | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """The people of your organisation, in the order in which they came."""
    found = members_of(request.auth, role=role, search=search)
    if after:
        found = found.filter(id__gt=after)
    return page(list(found[: limit + 1]), limit, lambda member: member.id)


@router.get("/centres", **reads("see_people", answers=list[CentreOut]))
def list_centres(request: ApiRequest) -> Any:
    """The centres and home-based groups of your organisation."""
    return centres_of(request.auth)


@router.get("/invitations", **reads("invite", answers=list[InvitationOut]))
def list_invitations(request: ApiRequest) -> Any:
    """Open invitations, newest first."""
    return invitations_of(request.auth)


@router.post("/invitations", **writes("invite", answers=InvitationMade, status=201))
def add_invitation(request: ApiRequest, body: InviteBody) -> Any:
    """Invite somebody. The token is shown in this answer alone; a replay does not show it."""
    by = request.auth
    shown: list[str] = []

    def make(now: datetime) -> str:
        invitation, token = invite(
            by=by,
            role=body.role,
            name=body.name,
            email=body.email,
            worker_code=body.worker_code,
            centre_id=body.centre,
            now=now,
        )
        shown.append(token)
        return str(invitation.id)

    def read(made: str) -> dict[str, Any]:
        for invitation in invitations_of(by):
            if str(invitation.id) == made:
                told = InvitationOut.from_orm(invitation).dict()
                return told | {"token": shown[0] if shown else None}
        raise InvitationGone

    return once(request, make=make, read=read)
