"""Signing in: staff by e-mail and password, workers by provider, code and PIN, both slowed down
after wrong tries. An unknown name takes as long as a wrong password."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.http import HttpRequest

from ujima.audit.actions import record
from ujima.base.errors import BadInput, Forbidden
from ujima.people.actions.organisations import set_password
from ujima.people.errors import Resting, WrongSignIn
from ujima.people.models import Identity, Membership, Person, SignInFailure
from ujima.people.queries import member_of
from ujima.people.secrets import check_pin, hash_of, new_pin
from ujima.people.standing import Principal

#: what an unknown name's secret is compared with, so that it takes as long as a known one's
_NOBODY = make_password("nobody")


class PersonBackend(BaseBackend):
    """Finds the person of a session; passwords are checked by `staff` and `worker` alone."""

    def get_user(self, user_id: UUID) -> Person | None:
        return Person.objects.filter(id=user_id).first()

    def authenticate(self, request: HttpRequest | None, **credentials: object) -> None:
        return None


def staff(*, email: str, password: str, now: datetime) -> Person:
    """The person with this e-mail and password. Refuses: WrongSignIn, Resting."""
    name = f"email:{email.strip().lower()}"
    _refuse_resting(name, now)
    identity = Identity.objects.filter(email__iexact=email.strip()).select_related("person").first()
    secret = identity.person.password if identity else _NOBODY
    if not check_password(password, secret) or not identity:
        _count(name, now)
        raise WrongSignIn
    _forget(name)
    return identity.person


def worker(*, provider_id: UUID, code: str, pin: str, now: datetime) -> Membership:
    """The worker's membership with this code and PIN. Refuses: WrongSignIn, Resting."""
    code = code.strip().lower()
    name = f"code:{provider_id}:{code}"
    _refuse_resting(name, now)
    membership = (
        Membership.objects.filter(
            organisation_id=provider_id, worker_code=code, role="worker", ended_at=None
        )
        .select_related("person", "organisation")
        .first()
    )
    secret = membership.pin if membership and membership.pin else _NOBODY
    if not check_password(pin, secret) or not membership:
        _count(name, now)
        raise WrongSignIn
    _forget(name)
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
    _forget(_worker_name(membership))
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
    _forget(_worker_name(membership))
    record(
        org_id=by.org_id,
        actor=by.actor,
        action="release_sign_in",
        subject=f"membership:{membership.id}",
        now=now,
    )


def is_locked_out(membership: Membership, now: datetime) -> bool:
    """Whether a worker must rest before she may try her PIN again."""
    return _tries(_worker_name(membership), now) >= settings.SIGN_IN_TRIES


def change_pin(*, membership: Membership, old: str, new: str, now: datetime) -> None:
    """A worker chooses a new PIN. Refuses: WrongSignIn, Resting, WeakSecret.

    Not one transaction: a wrong old PIN must stay counted when the change is refused.
    """
    worker(provider_id=membership.organisation_id, code=membership.worker_code, pin=old, now=now)
    check_pin(new)
    membership.pin = make_password(new)
    membership.save(update_fields=["pin"])


def change_password(*, person: Person, old: str, new: str, now: datetime) -> None:
    """A member of staff chooses a new password. Refuses: WrongSignIn, Resting, WeakSecret."""
    identity = Identity.objects.get(person=person)
    staff(email=identity.email or "", password=old, now=now)
    set_password(person=person, password=new)


def choose_language(*, person: Person, language: str) -> None:
    """A person chooses the language she reads in. Refuses BadInput for one we do not speak."""
    if language not in dict(settings.LANGUAGES):
        raise BadInput("We do not speak this language yet.", place={"field": "language"})
    person.language = language
    person.save(update_fields=["language"])


def _worker_name(membership: Membership) -> str:
    return f"code:{membership.organisation_id}:{membership.worker_code}"


def _tries(name: str, now: datetime) -> int:
    since = now - timedelta(minutes=settings.SIGN_IN_REST_MINUTES)
    return SignInFailure.objects.filter(name_hash=hash_of(name), at__gte=since).count()


def _refuse_resting(name: str, now: datetime) -> None:
    if _tries(name, now) >= settings.SIGN_IN_TRIES:
        raise Resting


def _count(name: str, now: datetime) -> None:
    SignInFailure.objects.create(name_hash=hash_of(name), at=now)


def _forget(name: str) -> None:
    SignInFailure.objects.filter(name_hash=hash_of(name)).delete()
