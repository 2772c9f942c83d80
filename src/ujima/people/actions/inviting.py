"""Invitations, the only way in: made by a manager, shown once, used once, within two weeks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden
from ujima.people.actions.organisations import add_membership, add_person, code_of, set_password
from ujima.people.actions.signing_in import NOWHERE, staff, worker
from ujima.people.errors import InvitationGone, Taken
from ujima.people.guessing import Caller
from ujima.people.models import Centre, Identity, Invitation, Membership, Organisation, Person
from ujima.people.queries import TEAM, invitation_by_token, invitations_of
from ujima.people.secrets import check_pin, hash_of, new_token
from ujima.people.standing import Principal

GOOD_FOR = timedelta(days=14)
PROVIDER_ROLES = {"manager", "lead", "trainer", "payroll", "worker", "auditor"}


@transaction.atomic
def invite(
    *,
    by: Principal,
    role: str,
    name: str = "",
    email: str = "",
    worker_code: str = "",
    centre_id: UUID | None = None,
    now: datetime,
) -> tuple[Invitation, str]:
    """Invite somebody into one's own organisation; returns the token to hand over, shown once.

    Who runs a buyer's team invites to that team alone. Refuses: Forbidden, BadInput, Taken.
    """
    organisation = Organisation.objects.get(id=by.org_id)
    if not (by.may("invite") or (organisation.is_buyer and by.may("run_team"))):
        raise Forbidden
    allowed = (set(TEAM) if organisation.is_buyer else set()) | (
        # who only buys for an organisation that also provides lets nobody into its people
        PROVIDER_ROLES if organisation.is_provider and by.may("invite") else set()
    )
    if role not in allowed:
        raise BadInput("This organisation has no such role.", place={"field": "role"})
    if role == "worker" and not worker_code.strip():
        raise BadInput("A worker needs a code to sign in with.", place={"field": "worker_code"})
    if role != "worker" and "@" not in email:
        raise BadInput("Staff are invited by e-mail address.", place={"field": "email"})
    if centre_id and not Centre.objects.filter(id=centre_id, organisation_id=by.org_id).exists():
        raise BadInput("There is no such centre.", place={"field": "centre"})
    code = code_of(worker_code) if role == "worker" else ""
    if code and Membership.objects.filter(organisation_id=by.org_id, worker_code=code).exists():
        raise Taken(f"The worker code “{code}” is in use.", place={"field": "worker_code"})
    token, hashed = new_token("join")
    invitation = Invitation.objects.create(
        organisation_id=by.org_id,
        role=role,
        centre_id=centre_id,
        email=email.strip(),
        name=name.strip(),
        worker_code=code,
        token_hash=hashed,
        invited_by_id=by.membership_id,
        invited_at=now,
        expires_at=now + GOOD_FOR,
    )
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="invite",
        subject=f"invitation:{invitation.id}",
        now=now,
        facts={"role": role},
    )
    return invitation, token


@transaction.atomic
def invite_first(
    *, organisation: Organisation, email: str, now: datetime
) -> tuple[Invitation, str]:
    """Invite an organisation's first member of staff, who then invites the others: a buyer's
    requester, or a provider's manager. For the operator's own hand on the command line.

    Refuses BadInput without an e-mail address.
    """
    if "@" not in email:
        raise BadInput("Staff are invited by e-mail address.", place={"field": "email"})
    role = "manager" if organisation.is_provider else "requester"
    token, hashed = new_token("join")
    invitation = Invitation.objects.create(
        organisation=organisation,
        role=role,
        email=email.strip(),
        token_hash=hashed,
        invited_at=now,
        expires_at=now + GOOD_FOR,
    )
    record(
        org_id=organisation.id,
        actor="operator",
        action="invite",
        subject=f"invitation:{invitation.id}",
        now=now,
        facts={"role": role},
    )
    return invitation, token


@transaction.atomic
def renew(*, by: Principal, invitation_id: UUID, now: datetime) -> tuple[Invitation, str]:
    """Make a new link for an invitation that waits, good for two weeks more; the link before it
    opens no more. For a link that was lost, or has expired. Refuses: Forbidden, InvitationGone."""
    if invitation_id not in {invitation.id for invitation in invitations_of(by)}:
        raise InvitationGone
    token, hashed = new_token("join")
    changed = Invitation.objects.filter(
        id=invitation_id, accepted_at=None, withdrawn_at=None
    ).update(token_hash=hashed, expires_at=now + GOOD_FOR)
    if not changed:
        raise InvitationGone
    subject = f"invitation:{invitation_id}"
    record(org_id=by.org_id, actor=by.actor, action="renew_invitation", subject=subject, now=now)
    return Invitation.objects.get(id=invitation_id), token


@transaction.atomic
def withdraw(*, by: Principal, invitation_id: UUID, now: datetime) -> None:
    """Take an invitation back. Refuses InvitationGone."""
    if invitation_id not in {invitation.id for invitation in invitations_of(by)}:
        raise InvitationGone
    changed = Invitation.objects.filter(
        id=invitation_id, accepted_at=None, withdrawn_at=None
    ).update(withdrawn_at=now)
    if not changed:
        raise InvitationGone
    subject = f"invitation:{invitation_id}"
    record(org_id=by.org_id, actor=by.actor, action="withdraw_invitation", subject=subject, now=now)


@dataclass(frozen=True, slots=True)
class Already:
    """How a worker says that she has an account: the code and PIN with which she signs in."""

    provider_id: UUID
    code: str
    pin: str


def accept(
    *,
    token: str,
    name: str,
    password: str = "",
    pin: str = "",
    language: str,
    already: Already | None = None,
    caller: Caller = NOWHERE,
    now: datetime,
) -> Membership:
    """Join: the person chooses her name and her password or PIN.

    already    for a worker who works here for another provider: she stays the one person that she
               is, so that nobody judges a unit twice through two providers, and keeps her PIN

    Refuses: InvitationGone, WeakSecret, BadInput; WrongSignIn and Resting where an account with
    the invited address exists, whose password it must be, or `already` does not belong together.
    """
    # Outside the transaction: a wrong password must stay counted when joining is refused.
    invitation = invitation_by_token(token, now)
    if already and invitation and invitation.role == "worker":
        other = worker(
            provider_id=already.provider_id,
            code=already.code,
            pin=already.pin,
            caller=caller,
            now=now,
        )
        return _join(token, other.person, name, "", already.pin, language, now)
    known = _proven(invitation, password, caller, now)
    return _join(token, known, name, password, pin, language, now)


def _proven(
    invitation: Invitation | None, password: str, caller: Caller, now: datetime
) -> Person | None:
    """The person whose address was invited, if she has an account and has proven it is hers.

    Whoever holds the letter is not yet whoever holds the account.
    """
    if not invitation or invitation.role == "worker":
        return None
    if not Identity.objects.filter(email__iexact=invitation.email).exists():
        return None
    return staff(email=invitation.email, password=password, caller=caller, now=now)


@transaction.atomic
def _join(
    token: str,
    known: Person | None,
    name: str,
    password: str,
    pin: str,
    language: str,
    now: datetime,
) -> Membership:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(token_hash=hash_of(token), accepted_at=None, withdrawn_at=None, expires_at__gt=now)
        .first()
    )
    if not invitation:
        raise InvitationGone
    if invitation.role == "worker":
        check_pin(pin)
    person = known or _new_person(invitation, name, password, language, now)
    membership = add_membership(
        organisation_id=invitation.organisation_id,
        person=person,
        role=invitation.role,
        centre_id=invitation.centre_id,
        worker_code=invitation.worker_code,
        pin=pin,
        now=now,
    )
    invitation.accepted_at, invitation.accepted_by = now, person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record(
        org_id=invitation.organisation_id,
        actor=f"membership:{membership.id}",
        action="join",
        subject=f"membership:{membership.id}",
        now=now,
        facts={"role": invitation.role},
    )
    return membership


def _new_person(
    invitation: Invitation, name: str, password: str, language: str, now: datetime
) -> Person:
    email = None if invitation.role == "worker" else invitation.email
    person = add_person(name=name, email=email, language=language, now=now)
    if email:
        set_password(person=person, password=password)
    return person
