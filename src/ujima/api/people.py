"""People: who belongs to one's own organisation, its centres, and invitations to join it."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Router, Schema

from ujima.api.channels import CentreOut
from ujima.api.fields import AfterWord, Limit, Page, Short, listed, page
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.people.actions.inviting import invite, renew, withdraw
from ujima.people.actions.organisations import add_centre, end_membership
from ujima.people.errors import InvitationGone
from ujima.people.queries import centres_of, invitations_of, members_of
from ujima.people.standing import Principal

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


@router.get("/centres", **reads("see_people", answers=Page[CentreOut]))
def list_centres(request: ApiRequest, after: AfterWord = "", limit: Limit = 50) -> dict[str, Any]:
    """The centres and home-based groups of your organisation, in the order of their making."""
    return listed(centres_of(request.auth), after, limit, lambda centre: centre.id)


class CentreBody(Schema):
    """A centre (`delivery`) or a group of people who work at home (`home`), and its time zone;
    empty: your organisation's."""

    name: Short
    kind: Literal["delivery", "home"]
    timezone: Short = ""


@router.post("/centres", **writes("invite", answers=CentreOut, status=201))
def new_centre(request: ApiRequest, body: CentreBody) -> Any:
    """Add a centre or a home-based group."""
    by = request.auth

    def make(now: datetime) -> str:
        made = add_centre(by=by, name=body.name, kind=body.kind, timezone=body.timezone, now=now)
        return str(made.id)

    return once(
        request,
        make=make,
        read=lambda made: next(one for one in centres_of(by) if str(one.id) == made),
    )


class Ended(Schema):
    """A membership that has ended."""

    id: UUID
    is_ended: bool


@router.post("/people/{uuid:membership_id}/end", **writes("invite", answers=Ended))
def end(request: ApiRequest, membership_id: UUID) -> Any:
    """End somebody's place in your organisation, and with it the phones and keys that speak for
    this person. What was earned stands."""

    def make(now: datetime) -> str:
        end_membership(by=request.auth, membership_id=membership_id, now=now)
        return str(membership_id)

    return once(request, make=make, read=lambda made: Ended(id=UUID(made), is_ended=True))


@router.get("/invitations", **reads("invite", answers=Page[InvitationOut]))
def list_invitations(
    request: ApiRequest, after: AfterWord = "", limit: Limit = 50
) -> dict[str, Any]:
    """Open invitations, in the order in which they were made."""
    return listed(invitations_of(request.auth), after, limit, lambda one: one.id)


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

    return once(request, make=make, read=lambda made: _shown_once(by, made, shown))


@router.post("/invitations/{uuid:invitation_id}/renew", **writes("invite", answers=InvitationMade))
def renew_invitation(request: ApiRequest, invitation_id: UUID) -> Any:
    """Make a new token for an invitation that waits; the one before opens no more. It is shown in
    this answer alone."""
    by = request.auth
    shown: list[str] = []

    def make(now: datetime) -> str:
        invitation, token = renew(by=by, invitation_id=invitation_id, now=now)
        shown.append(token)
        return str(invitation.id)

    return once(request, make=make, read=lambda made: _shown_once(by, made, shown))


def _shown_once(by: Principal, made: str, shown: list[str]) -> dict[str, Any]:
    for invitation in invitations_of(by):
        if str(invitation.id) == made:
            told = InvitationOut.from_orm(invitation).dict()
            return told | {"token": shown[0] if shown else None}
    raise InvitationGone


class Withdrawn(Schema):
    """An invitation that was taken back."""

    id: UUID
    is_withdrawn: bool


@router.post("/invitations/{uuid:invitation_id}/withdraw", **writes("invite", answers=Withdrawn))
def withdraw_invitation(request: ApiRequest, invitation_id: UUID) -> Any:
    """Take an invitation back: its link opens no more."""

    def make(now: datetime) -> str:
        withdraw(by=request.auth, invitation_id=invitation_id, now=now)
        return str(invitation_id)

    return once(request, make=make, read=lambda made: Withdrawn(id=UUID(made), is_withdrawn=True))
