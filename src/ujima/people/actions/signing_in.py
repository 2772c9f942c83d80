"""Signing in: staff by e-mail and password, workers by provider, code and PIN, both slowed down
after wrong tries. An unknown name takes as long as a wrong password."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden
from ujima.people.actions.organisations import set_password
from ujima.people.actions.tries import forget, one_try, rests
from ujima.people.errors import WrongSignIn
from ujima.people.guessing import Caller
from ujima.people.models import Identity, Membership, Person
from ujima.people.queries import live_memberships, member_of
from ujima.people.secrets import check_pin, new_pin
from ujima.people.standing import Principal

NOWHERE = Caller()
#: what an unknown name's secret is compared with, so that it takes as long as a known one's
_NOBODY = make_password("nobody")


class PersonBackend(BaseBackend):
    """Finds the person of a session; passwords are checked by `staff` and `worker` alone."""

    def get_user(self, user_id: UUID) -> Person | None:
        return Person.objects.filter(id=user_id).first()

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None


def staff(*, email: str, password: str, caller: Caller = NOWHERE, now: datetime) -> Person:
    """The person with this e-mail and password. Refuses: WrongSignIn, Resting."""
    with one_try(staff_name(email), caller, now):
        identity = (
            Identity.objects.filter(email__iexact=email.strip()).select_related("person").first()
        )
        secret = identity.person.password if identity else _NOBODY
        if not check_password(password, secret) or not identity:
            raise WrongSignIn
    return identity.person


def worker(
    *, provider_id: UUID, code: str, pin: str, caller: Caller = NOWHERE, now: datetime
) -> Membership:
    """The worker's membership with this code and PIN. Refuses: WrongSignIn, Resting."""
    with one_try(worker_name(provider_id, code), caller, now):
        membership = (
            Membership.objects.filter(
                organisation_id=provider_id,
                worker_code=code.strip().lower(),
                role="worker",
                ended_at=None,
            )
            .select_related("person", "organisation")
            .first()
        )
        secret = membership.pin if membership and membership.pin else _NOBODY
        if not check_password(pin, secret) or not membership:
            raise WrongSignIn
    return membership


@transaction.atomic
def reset_pin(*, by: Principal, membership_id: UUID, now: datetime) -> str:
    """Give a worker a new PIN, shown once to whoever hands it to her. Refuses: Forbidden."""
    if not by.may("reset_pins"):
        raise Forbidden
    membership = member_of(by, membership_id)
    pin = new_pin()
    membership.pin = make_password(pin)
    membership.save(update_fields=["pin"])
    forget(_name(membership))
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="reset_pin",
        subject=f"membership:{membership.id}",
        now=now,
    )
    return pin


@transaction.atomic
def release(*, by: Principal, membership_id: UUID, now: datetime) -> None:
    """Let a worker try her PIN again at once, after too many wrong tries. Refuses: Forbidden."""
    if not by.may("reset_pins"):
        raise Forbidden
    membership = member_of(by, membership_id)
    forget(_name(membership))
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="release_sign_in",
        subject=f"membership:{membership.id}",
        now=now,
    )


def is_locked_out(membership: Membership, now: datetime) -> bool:
    """Whether a worker must rest before she may try her PIN again."""
    return rests(_name(membership), now)


def change_pin(
    *, membership: Membership, old: str, new: str, caller: Caller = NOWHERE, now: datetime
) -> None:
    """A worker chooses a new PIN. Refuses: WrongSignIn, Resting, WeakSecret.

    Not one transaction: a wrong old PIN must stay counted when the change is refused.
    """
    worker(
        provider_id=membership.organisation_id,
        code=membership.worker_code,
        pin=old,
        caller=caller,
        now=now,
    )
    check_pin(new)
    membership.pin = make_password(new)
    with transaction.atomic():
        membership.save(update_fields=["pin"])
        _changed(membership, "change_pin", now)


def change_password(
    *, person: Person, old: str, new: str, caller: Caller = NOWHERE, now: datetime
) -> None:
    """A member of staff chooses a new password. Refuses: WrongSignIn, Resting, WeakSecret."""
    identity = Identity.objects.get(person=person)
    staff(email=identity.email or "", password=old, caller=caller, now=now)
    with transaction.atomic():
        set_password(person=person, password=new)
        for membership in live_memberships(person.id):  # each organisation's log tells of it
            if membership.role != "worker":
                _changed(membership, "change_password", now)


def choose_language(*, person: Person, language: str) -> None:
    """A person chooses the language she reads in. Refuses BadInput for one we do not speak."""
    if language not in dict(settings.LANGUAGES):
        raise BadInput("We do not speak this language yet.", place={"field": "language"})
    person.language = language
    person.save(update_fields=["language"])


def worker_name(provider_id: UUID, code: str) -> str:
    """The name under which a worker's tries are counted."""
    return f"code:{provider_id}:{code.strip().lower()}"


def staff_name(email: str) -> str:
    """The name under which tries at a password are counted."""
    return f"email:{email.strip().lower()}"


def _changed(membership: Membership, action: str, now: datetime) -> None:
    subject = f"membership:{membership.id}"
    record(
        org_id=membership.organisation_id, actor=subject, action=action, subject=subject, now=now
    )


def _name(membership: Membership) -> str:
    return worker_name(membership.organisation_id, membership.worker_code)
