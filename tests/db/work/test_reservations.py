"""Units kept for named people: for how long, how many, and how they become everybody's again."""

from datetime import timedelta

import pytest
from tests.cast import NOW, assemble, draft_job, launched_job, says, send, take

from ujima.audit.models import Entry
from ujima.base.errors import Forbidden
from ujima.flows import launch, leaving
from ujima.work.actions import channels, reservations
from ujima.work.errors import JobClosed, KeptByOthers, NotOffered, TooManyKept, UnknownUnits
from ujima.work.models import Reservation, Unit

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def cast():
    return assemble()


def keep(cast, job, *pairs, by=None, now=NOW):
    people = [(key, cast.workers[code].person_id) for key, code in pairs]
    return reservations.reserve_units(by=by or cast.manager, job_id=job.id, pairs=people, now=now)


def let_go(cast, job, *pairs, by=None):
    people = [(key, cast.workers[code].person_id) for key, code in pairs]
    return reservations.release_units(by=by or cast.manager, job_id=job.id, pairs=people, now=NOW)


def open_to(cast, job, code, now=NOW):
    """The units that she is offered."""
    return sorted(data["text"] for _, data in take(cast.workers[code], job, 50, now=now).units)


def told(org_id):
    """(action, facts) of the log's entries about reservations."""
    rows = Entry.objects.filter(org_id=org_id, action__endswith="_units").order_by("id")
    return [(row.action, row.facts) for row in rows if row.action != "take_in_units"]


def test_what_was_kept_is_offered_to_everybody_when_it_is_released(cast):
    job = launched_job(cast, units=2)
    assert keep(cast, job, ("k0", "w001"), ("k0", "w002"), ("k1", "w001")) == 3
    assert let_go(cast, job, ("k0", "w001"), ("k1", "w001"), ("k1", "w002")) == 2
    assert open_to(cast, job, "w003") == ["Text 1"], "the other is kept for w002 still"
    assert let_go(cast, job, ("k0", "w002")) == 1
    assert open_to(cast, job, "w004") == ["Text 0", "Text 1"]
    released = '{"pairs":1,"why":"by hand"}'
    for side in (cast.buyer, cast.manager):
        assert told(side.org_id)[-1] == ("release_units", released)


def test_nobody_else_releases_them_and_an_unknown_key_releases_none(cast):
    job = launched_job(cast, units=2)
    keep(cast, job, ("k0", "w001"))
    for by, refusal in ((cast.buyer, Forbidden), (cast.other_manager, NotOffered)):
        with pytest.raises(refusal):
            let_go(cast, job, ("k0", "w001"), by=by)
    with pytest.raises(UnknownUnits, match="nope"):
        let_go(cast, job, ("k0", "w001"), ("nope", "w001"))
    assert Reservation.objects.count() == 1


def test_when_a_person_leaves_her_units_are_offered_to_others(cast):
    job = launched_job(cast, units=2)
    keep(cast, job, ("k0", "w001"), ("k1", "w002"))
    member = cast.memberships["w001"].id
    leaving.end_membership(by=cast.manager, membership_id=member, now=NOW)
    assert open_to(cast, job, "w003") == ["Text 0"]
    assert told(cast.provider.id)[-1] == ("release_units", '{"pairs":1,"why":"she has left"}')


@pytest.mark.parametrize("how", ["declined", "withdrawn"])
def test_when_an_offer_ends_what_was_kept_under_it_is_free(cast, how):
    job = launched_job(cast, units=2)
    keep(cast, job, ("k0", "w001"))
    channel = job.channels.get()
    if how == "declined":
        channels.answer(by=cast.manager, channel_id=channel.id, accepts=False, now=NOW)
    else:
        channels.withdraw(by=cast.buyer, job_id=job.id, channel_id=channel.id, now=NOW)
    assert not Reservation.objects.exists()
    assert not Unit.objects.filter(is_reserved=True).exists()


def test_a_reservation_ends_after_a_week_and_the_sweep_frees_its_units(cast):
    job = launched_job(cast, units=2)
    keep(cast, job, ("k0", "w001"), ("k1", "w001"))
    keep(cast, job, ("k1", "w001"), now=NOW + timedelta(days=1))  # said again, it begins anew
    assert reservations.end_reservations(now=NOW + WEEK - timedelta(seconds=1)) == 0
    assert reservations.end_reservations(now=NOW + WEEK) == 1
    assert open_to(cast, job, "w003", now=NOW + WEEK) == ["Text 0"]
    assert reservations.end_reservations(now=NOW + WEEK + timedelta(days=1)) == 1
    assert Entry.objects.filter(action="release_units").first().actor == "system"


def test_a_reservation_holds_no_longer_than_the_job(cast):
    job = launched_job(cast, deadline=NOW + timedelta(days=2))
    keep(cast, job, ("k0", "w001"))
    assert Reservation.objects.get().until == job.deadline
    with pytest.raises(JobClosed):
        keep(cast, job, ("k1", "w001"), now=job.deadline)


def test_a_job_that_ended_keeps_units_for_nobody(cast):
    job = launched_job(cast)
    launch.change_state(by=cast.buyer, job_id=job.id, state="cancelled", now=NOW)
    with pytest.raises(JobClosed):
        keep(cast, job, ("k0", "w001"))


def test_what_she_holds_she_may_answer_after_it_was_released(cast):
    job = launched_job(cast, units=1)
    keep(cast, job, ("k0", "w001"))
    page = take(cast.workers["w001"], job)
    let_go(cast, job, ("k0", "w001"))
    assert open_to(cast, job, "w002") == ["Text 0"]
    assert send(cast.workers["w001"], page, [says(1, 1)]) == ["kept"]


def test_a_unit_is_kept_for_no_more_people_than_it_may_have_judgments(cast):
    job = launched_job(cast, judgments_min=2, judgments_max=2)
    keep(cast, job, ("k0", "w001"), ("k0", "w002"))
    with pytest.raises(TooManyKept, match="at most 2 judgments"):
        keep(cast, job, ("k0", "w003"))


@pytest.fixture
def shared(cast):
    """A job of eight units that two providers have accepted; the other's worker is x01."""
    job = draft_job(cast, units=8)
    cast.workers["x01"] = cast.other_worker
    for manager in (cast.manager, cast.other_manager):
        channel = channels.offer(
            by=cast.buyer, job_id=job.id, provider_id=manager.org_id, centre_id=None, now=NOW
        )
        if not job.version:
            launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
            job.refresh_from_db()
        channels.answer(by=manager, channel_id=channel.id, accepts=True, now=NOW)
    return job


def test_of_a_job_that_others_are_offered_too_a_provider_keeps_its_part(cast, shared):
    keep(cast, shared, *((f"k{n}", "w001") for n in range(4)))
    with pytest.raises(TooManyKept, match="you may keep 4 of its units, and these would be 5"):
        keep(cast, shared, ("k4", "w001"))
    keep(cast, shared, ("k3", "w002"))  # another person for a unit that it keeps already
    assert open_to(cast, shared, "x01") == [f"Text {n}" for n in range(4, 8)]


def test_what_another_provider_keeps_cannot_be_taken_from_it(cast, shared):
    keep(cast, shared, ("k0", "x01"), by=cast.other_manager)
    with pytest.raises(KeptByOthers, match="k0"):
        keep(cast, shared, ("k0", "w001"), ("k1", "w001"))
    assert not let_go(cast, shared, ("k0", "x01")), "nor released for it"
    assert Reservation.objects.get().provider_id == cast.other_manager.org_id


def test_an_offer_that_was_declined_takes_no_part(cast, shared):
    channel = shared.channels.get(provider_id=cast.other_manager.org_id)
    channels.answer(by=cast.other_manager, channel_id=channel.id, accepts=False, now=NOW)
    assert keep(cast, shared, *((f"k{n}", "w001") for n in range(8))) == 8
