"""Keys for phones and programs: shown once, kept hashed, withdrawn at any time."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden, NotFound
from ujima.people.models import ApiToken, Device, Membership
from ujima.people.secrets import new_token
from ujima.people.standing import SCOPES, Principal


@transaction.atomic
def issue_device(*, membership: Membership, label: str, now: datetime) -> tuple[Device, str]:
    """Let a phone speak for a worker; returns the token that it keeps."""
    token, hashed = new_token("dev")
    device = Device.objects.create(
        membership=membership, label=label[:100], token_hash=hashed, issued_at=now
    )
    record(
        org_id=membership.organisation_id,
        actor=f"membership:{membership.id}",
        action="issue_device",
        subject=f"device:{device.id}",
        now=now,
    )
    return device, token


@transaction.atomic
def revoke_device(*, membership: Membership, device_id: UUID, now: datetime) -> None:
    """A worker takes a phone's key away, such as of one that was lost. Refuses NotFound."""
    changed = membership.devices.filter(id=device_id, revoked_at=None).update(revoked_at=now)
    if not changed:
        raise NotFound("There is no such phone of yours.")
    record(
        org_id=membership.organisation_id,
        actor=f"membership:{membership.id}",
        action="revoke_device",
        subject=f"device:{device_id}",
        now=now,
    )


@transaction.atomic
def issue_token(
    *,
    by: Principal,
    name: str,
    scopes: list[str],
    expires_at: datetime | None = None,
    now: datetime,
) -> tuple[ApiToken, str]:
    """Make a key for a program; it may do no more than its maker.

    Refuses: Forbidden, BadInput.
    """
    if not by.may("make_tokens") or by.token_id:
        raise Forbidden
    if not name.strip():
        raise BadInput("Give the token a name that tells what uses it.", place={"field": "name"})
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown or not scopes:
        raise BadInput("Choose what the token may do.", place={"field": "scopes"})
    if any(not SCOPES[scope] <= by.powers for scope in scopes):
        raise Forbidden("A token may do no more than you may.")
    token, hashed = new_token("uj")
    made = ApiToken.objects.create(
        organisation_id=by.org_id,
        membership_id=by.membership_id,
        name=name.strip()[:100],
        hint=token[:9],
        scopes=sorted(set(scopes)),
        token_hash=hashed,
        issued_at=now,
        expires_at=expires_at,
    )
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="issue_token",
        subject=f"token:{made.id}",
        now=now,
        facts={"scopes": made.scopes},
    )
    return made, token


@transaction.atomic
def revoke_token(*, by: Principal, token_id: UUID, now: datetime) -> None:
    """Withdraw a program's key. Refuses NotFound."""
    if not by.may("make_tokens"):
        raise Forbidden
    changed = ApiToken.objects.filter(
        id=token_id, organisation_id=by.org_id, revoked_at=None
    ).update(revoked_at=now)
    if not changed:
        raise NotFound("There is no such token.")
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="revoke_token",
        subject=f"token:{token_id}",
        now=now,
    )
