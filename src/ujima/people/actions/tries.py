"""Counting tries at a secret: each before it is looked at, in one step, so that none slips by."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F, Q

from ujima.people.errors import Resting, WrongSignIn
from ujima.people.guessing import ANY, Caller, Limits, places
from ujima.people.models import Tries
from ujima.people.secrets import hash_of

#: one row lock: tries that come at once are counted one after another; none where it is full
_DRAW = """
insert into people_tries (name_hash, source_hash, tries, since)
values (%(name)s, %(source)s, 1, %(now)s)
on conflict (name_hash, source_hash) do update
    set tries = case when people_tries.since <= %(rested)s then 1 else people_tries.tries + 1 end,
        since = case when people_tries.since <= %(rested)s then %(now)s else people_tries.since end
    where people_tries.since <= %(rested)s or people_tries.tries < %(most)s
returning tries
"""


def limits() -> Limits:
    """The limits that the site is set to."""
    return Limits(
        settings.SIGN_IN_TRIES, settings.SIGN_IN_TRIES_A_NAME, settings.SIGN_IN_TRIES_AN_ADDRESS
    )


@contextmanager
def one_try(name: str, caller: Caller, now: datetime) -> Iterator[None]:
    """Count a try at a name's secret, and take it back unless it ends in WrongSignIn. When the
    secret was right, her own count for this place begins anew.

    Not inside a transaction: a wrong try must stay counted when what it was for is refused.
    Refuses Resting before anything is looked at.
    """
    drawn: list[tuple[bytes, bytes]] = []
    for named, source, most in places(name, caller, limits()):
        if not _draw(named, source, most, now):
            _give_back(drawn)
            raise Resting
        drawn.append((named, source))
    try:
        yield
    except WrongSignIn:
        raise
    except BaseException:
        _give_back(drawn)
        raise
    Tries.objects.filter(name_hash=drawn[0][0], source_hash=drawn[0][1]).delete()
    _give_back(drawn[1:])


def forget(name: str) -> None:
    """Let a name be tried again at once, from everywhere."""
    Tries.objects.filter(name_hash=hash_of(name)).delete()


def rests(name: str, now: datetime) -> bool:
    """Whether a name must rest, from some address or from all."""
    most = limits()
    full = Q(source_hash=ANY, tries__gte=most.a_name) | (
        ~Q(source_hash=ANY) & Q(tries__gte=most.a_name_here)
    )
    found = Tries.objects.filter(full, name_hash=hash_of(name), since__gt=now - _rest())
    return found.exists()


def purge(now: datetime) -> int:
    """Forget the counts that limit nobody any more; for the background's sweep."""
    return Tries.objects.filter(since__lte=now - _rest()).delete()[0]


def _rest() -> timedelta:
    return timedelta(minutes=settings.SIGN_IN_REST_MINUTES)


def _draw(named: bytes, source: bytes, most: int, now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            _DRAW,
            {
                "name": named,
                "source": source,
                "now": now,
                "rested": now - _rest(),
                "most": most,
            },
        )
        return cursor.fetchone() is not None


def _give_back(drawn: list[tuple[bytes, bytes]]) -> None:
    for named, source in drawn:
        Tries.objects.filter(name_hash=named, source_hash=source, tries__gt=0).update(
            tries=F("tries") - 1
        )
