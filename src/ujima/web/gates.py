"""The gates of pages: each view says who may come in, and finds there on whose behalf it acts."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.crypto import salted_hmac
from django.utils.timezone import override

from ujima.base.errors import Forbidden, NotSignedIn
from ujima.people.queries import principal_in, staff_places, worker_membership, worker_of
from ujima.people.standing import Principal, Worker

View = Callable[..., HttpResponseBase]


class StaffRequest(HttpRequest):
    """A request from a member of staff."""

    principal: Principal


class WorkerRequest(HttpRequest):
    """A request from a worker."""

    worker: Worker
    membership: Any


def public(view: View) -> View:
    """Marks a view that anybody may see; tests refuse views that carry no mark."""
    view.gate = "public"  # type: ignore[attr-defined]
    return view


def is_by_pin(request: Any) -> bool:
    """Whether a session was opened with a PIN: six digits open no staff page, whoever she is."""
    return "pin" in request.session


def staff(*powers: str) -> Callable[[View], View]:
    """Lets in members of staff who have all these powers in the organisation they act for, and who
    signed in with a password."""

    def gate(view: View) -> View:
        @wraps(view)
        def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated or is_by_pin(request):
                raise NotSignedIn
            request.principal = _principal(request)
            if not all(request.principal.may(power) for power in powers):
                raise Forbidden
            with override(ZoneInfo(request.principal.timezone)):
                return view(request, *args, **kwargs)

        inside.gate = "staff"  # type: ignore[attr-defined]
        return inside

    return gate


def _principal(request: Any) -> Principal:
    chosen = request.session.get("org")
    if chosen:
        return principal_in(request.user.id, UUID(chosen))
    places = staff_places(request.user.id)
    if not places:
        raise NotSignedIn
    return principal_in(request.user.id, places[0].id)


def pin_mark(membership: Any) -> str:
    """What a session remembers of a worker's PIN: a changed PIN ends the sessions under the old."""
    return salted_hmac("ujima.pin", membership.pin, algorithm="sha256").hexdigest()[:16]


def worker(view: View) -> View:
    """Lets in workers; a person who works for two providers acts for the one she signed in at."""

    @wraps(view)
    def inside(request: Any, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            raise NotSignedIn
        provider = request.session.get("provider")
        membership = worker_membership(request.user.id, UUID(provider) if provider else None)
        if not membership or request.session.get("pin") not in (None, pin_mark(membership)):
            raise NotSignedIn
        request.membership = membership
        request.worker = worker_of(membership)
        with override(ZoneInfo(request.worker.timezone)):
            return view(request, *args, **kwargs)

    inside.gate = "worker"  # type: ignore[attr-defined]
    return inside
