"""A lead keeps units for named people and lets them go, on the page and by program."""

from datetime import datetime
from typing import Any

import pytest
from tests.api.programs import Program, issued, told
from tests.cast import NOW, Cast, assemble, draft_job, launched_job
from tests.journeys.pages import staff, words

from ujima.flows import launch
from ujima.people.models import Membership
from ujima.work.actions import channels
from ujima.work.models import Reservation

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def address(job: Any) -> str:
    return f"/offers/{job.channels.get().id}/units"


def test_the_page_tells_who_has_how_many_and_lets_them_go(cast: Cast) -> None:
    job = launched_job(cast)
    lead = staff("lipi@sundarban.example")
    page = address(job)
    pairs = {"pairs": "unit,worker\nk0,w001\nk1,w001\nk0,w002"}

    kept = words(lead.post(page, pairs, follow=True))
    assert "3 units are kept for people now" in kept
    assert "Person w001 w001 2 2" in kept

    gone = words(lead.post(page, {"pairs": "k0,w001", "do": "release"}, follow=True))
    assert "1 unit is offered to everybody again" in gone
    words(lead.post(page, {"person": "w001"}))
    assert [r.person_id for r in Reservation.objects.all()] == [cast.workers["w002"].person_id]


def test_unknown_keys_are_named_with_their_lines(cast: Cast) -> None:
    job = launched_job(cast)
    pairs = {"pairs": "unit,worker\nk0,w001\nfar,w001\nk1,w002\nfar,w002\naway,w001"}

    refused = staff("lipi@sundarban.example").post(address(job), pairs)

    assert refused.status_code == 422
    assert "not in this job: far (line 3), away (line 6). Nothing was done." in words(refused)


def test_a_lead_of_a_centre_sees_and_releases_what_is_kept_for_her_own_people(cast: Cast) -> None:
    job = launched_job(cast)
    page = address(job)
    staff("ruma@sundarban.example").post(page, {"pairs": "k0,w001\nk1,w002"})
    Membership.objects.filter(id=cast.lead.membership_id).update(centre_id=cast.home_id)
    lead = staff("lipi@sundarban.example")

    assert "w002" in words(lead.get(page))
    assert "w001" not in words(lead.get(page))
    lead.post(page, {"person": "w001"})
    assert lead.post(page, {"pairs": "k0,w001", "do": "release"}).status_code == 422
    assert Reservation.objects.count() == 2


def test_a_program_lists_and_releases_what_is_kept(cast: Cast) -> None:
    program = Program(issued(cast.manager))
    job = launched_job(cast)
    here = f"/offers/{job.channels.get().id}/reservations"
    pairs = [["k0", "w001"], ["k1", "w001"], ["k2", "w003"]]
    program.made(here, {"pairs": pairs})

    first = program.read(f"{here}?limit=2")
    rest = program.read(f"{here}?limit=2&after={first['next']}")
    listed = [[one["key"], one["worker_code"]] for one in first["items"] + rest["items"]]
    assert listed == pairs
    assert rest["next"] is None
    assert all(one["is_waiting"] for one in first["items"])
    assert datetime.fromisoformat(first["items"][0]["until"]) > NOW

    body = {"pairs": [["k0", "w001"], ["k0", "w002"]]}
    ended = program.made(f"{here}/release", body, key="once")
    assert ended == {"given": 2, "ended": 1}
    assert program.made(f"{here}/release", body, key="once") == ended
    reads = Program(issued(cast.manager, ["offers:read", "people:read"]))
    assert reads.post(f"{here}/release", body).status_code == 403
    assert len(reads.read(here)["items"]) == 2


def test_units_are_kept_for_nobody_to_whom_the_job_is_not_offered(cast: Cast) -> None:
    job = draft_job(cast)
    channel = channels.offer(
        by=cast.buyer,
        job_id=job.id,
        provider_id=cast.provider.id,
        centre_id=cast.centre_id,
        now=NOW,
    )
    launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
    channels.answer(by=cast.manager, channel_id=channel.id, accepts=True, now=NOW)
    program = Program(issued(cast.manager))

    away = program.post(f"/offers/{channel.id}/reservations", {"pairs": [["k0", "w002"]]})

    assert away.status_code == 422
    assert "for this job" in told(away)["detail"]
    program.made(f"/offers/{channel.id}/reservations", {"pairs": [["k0", "w001"]]})
