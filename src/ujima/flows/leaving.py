"""A person leaves: her membership ends, and what was kept for her is everybody's again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from ujima.people.actions import organisations
from ujima.people.standing import Principal
from ujima.work.actions import reservations


@transaction.atomic
def end_membership(*, by: Principal, membership_id: UUID, now: datetime) -> None:
    """End a membership, and free the units that were reserved for her. Units that she holds go
    back when their time is up; pay already earned stands. Refuses: Forbidden, BadInput."""
    ended = organisations.end_membership(by=by, membership_id=membership_id, now=now)
    if ended.role == "worker":
        reservations.release_person(by=by, person_id=ended.person_id, why="she has left", now=now)
