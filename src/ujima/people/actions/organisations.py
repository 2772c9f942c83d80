"""Organisations and centres; the first ones are made on the command line by the operator."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden
from ujima.people.errors import Taken, WeakSecret
from ujima.people.models import Centre, Identity, Membership, Organisation, Person
from ujima.people.queries import member_of, team_member
from ujima.people.standing import Principal


def add_organisation(
    *,
    name: str,
    country: str,
    is_buyer: bool = False,
    is_provider: bool = False,
    is_operator: bool = False,
    timezone: str = "UTC",
    now: datetime,
) -> Organisation:
    """Add an organisation. Refuses BadInput without a name, a purpose or a known time zone."""
    if not name.strip():
        raise BadInput("An organisation needs a name.", place={"field": "name"})
    if not (is_buyer or is_provider):
        raise BadInput("An organisation buys work or provides it.", place={"field": "is_buyer"})
    if timezone not in available_timezones():
        raise BadInput(f"There is no time zone “{timezone}”.", place={"field": "timezone"})
    return Organisation.objects.create(
        name=name.strip(),
        country=country.upper(),
        is_buyer=is_buyer,
        is_provider=is_provider,
        is_operator=is_operator,
        timezone=str(ZoneInfo(timezone)),
        created_at=now,
    )


@transaction.atomic
def add_centre(*, by: Principal, name: str, kind: str, timezone: str = "", now: datetime) -> Centre:
    """Add a delivery centre or a home-based group. Refuses: Forbidden, BadInput, Taken."""
    if not by.may("invite"):
        raise Forbidden
    if not name.strip() or kind not in Centre.Kind.values:
        raise BadInput("A centre needs a name, and is a delivery centre or a home-based group.")
    if Centre.objects.filter(organisation_id=by.org_id, name=name.strip()).exists():
        raise Taken("There is a centre with this name.", place={"field": "name"})
    centre = Centre.objects.create(
        organisation_id=by.org_id, name=name.strip(), kind=kind, timezone=timezone or by.timezone
    )
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="add_centre",
        subject=f"centre:{centre.id}",
        now=now,
    )
    return centre


def add_person(*, name: str, email: str | None, language: str = "en", now: datetime) -> Person:
    """Add a person, who cannot sign in yet. Refuses BadInput without a name."""
    if not name.strip():
        raise BadInput("What shall we call you?", place={"field": "name"})
    person = Person(language=language, created_at=now)
    person.set_unusable_password()
    person.save()
    Identity.objects.create(person=person, chosen_name=name.strip(), email=email or None)
    return person


def set_password(*, person: Person, password: str) -> None:
    """Set a person's password. Refuses WeakSecret with what is wrong with it."""
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise WeakSecret(" ".join(problem.messages), place={"field": "password"}) from None
    person.password = make_password(password)
    person.save(update_fields=["password"])


def code_of(given: str) -> str:
    """A worker code as it is kept: in small letters. Refuses BadInput for one with spaces or commas
    inside, which nobody types twice in the same way and no list of pairs can hold."""
    code = given.strip().lower()
    if any(sign.isspace() or sign == "," or not sign.isprintable() for sign in code):
        raise BadInput(
            "A worker code is one word, without spaces or commas.", place={"field": "worker_code"}
        )
    return code


def add_membership(
    *,
    organisation_id: UUID,
    person: Person,
    role: str,
    now: datetime,
    centre_id: UUID | None = None,
    worker_code: str = "",
    pin: str = "",
    contract: str = "piece",
) -> Membership:
    """Give a person a role in an organisation. Refuses Taken for a code that is in use, or a role
    that she has there already."""
    code = code_of(worker_code)
    known = Membership.objects.filter(organisation_id=organisation_id, worker_code=code)
    if code and known.exists():
        raise Taken(f"The worker code “{code}” is in use.", place={"field": "worker_code"})
    own = Membership.objects.filter(organisation_id=organisation_id, person=person, role=role)
    if own.filter(ended_at=None).exists():
        raise Taken("You have this role in this organisation already; just sign in.")
    return Membership.objects.create(
        organisation_id=organisation_id,
        person=person,
        role=role,
        centre_id=centre_id,
        worker_code=code,
        pin=make_password(pin) if pin else "",
        contract=contract,
        started_at=now,
    )


@transaction.atomic
def end_membership(*, by: Principal, membership_id: UUID, now: datetime) -> Membership:
    """End a membership and with it its devices and tokens; pay already earned stands.

    Refuses: Forbidden; BadInput for one's own.
    """
    if not (by.may("invite") or by.may("run_team")):
        raise Forbidden
    if membership_id == by.membership_id:
        raise BadInput("You cannot end your own membership; ask a colleague who may.")
    find = member_of if by.may("invite") else team_member
    membership = find(by, membership_id)
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    membership.devices.filter(revoked_at=None).update(revoked_at=now)
    membership.apitoken_set.filter(revoked_at=None).update(revoked_at=now)
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="end_membership",
        subject=f"membership:{membership.id}",
        now=now,
    )
    return membership
