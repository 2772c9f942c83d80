"""Who may come to the buyer's pages: her own organisation, and there by what each may do."""

import pytest
from django.test import Client
from tests.cast import Cast, assemble, launched_job

from ujima.people.actions.tokens import issue_token
from ujima.people.models import Person
from ujima.people.standing import Principal
from ujima.web.buyer.urls import urlpatterns
from ujima.work.models import Job, Unit

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def cast() -> Cast:
    return assemble()


def signed_in(who: Principal) -> Client:
    client = Client()
    client.force_login(Person.objects.get(id=who.person_id))
    return client


def addresses(job: Job, token_id: object, colleague: object) -> list[str]:
    """Every address of the buyer's pages, with this job, its first unit, and this token."""
    values = {
        "<uuid:job_id>": str(job.id),
        "<uuid:import_id>": str(job.imports.get().id),
        "<str:mark>": "0" * 64,
        "<int:unit_id>": str(Unit.objects.filter(job_id=job.id).order_by("id")[0].id),
        "<str:what>": "results",
        "<str:kind>": "csv",
        "<uuid:lot_id>": NOBODY,
        "<uuid:token_id>": str(token_id),
        "<uuid:membership_id>": str(colleague),
    }
    found = []
    for pattern in urlpatterns:
        address = "/" + str(pattern.pattern)
        for name, value in values.items():
            address = address.replace(name, value)
        assert "<" not in address, f"{address}: say here what stands for its parts"
        found.append(address)
    return found


def test_a_second_organisation_finds_nothing_at_any_address(cast: Cast) -> None:
    job = launched_job(cast, golds=1, title="Rivers of Bengal")
    now = job.made_at
    token, _secret = issue_token(by=cast.buyer, name="a", scopes=["jobs:read"], now=now)
    stranger = signed_in(cast.other)
    shared = {"/jobs", "/jobs/new", "/jobs/instructions", "/tokens", "/funds", "/team"}

    for address in addresses(job, token.id, cast.viewer.membership_id):
        if address in shared:
            page = stranger.get(address).content.decode()
            assert job.title not in page, address
            assert "Acme" not in page, address
            continue
        for method in (stranger.get, stranger.post):
            status = method(address).status_code
            assert status in (404, 405), f"{method.__name__} {address}: {status}"

    job.refresh_from_db()
    assert job.state == "launched"


def test_whoever_is_not_signed_in_is_asked_to(cast: Cast) -> None:
    job = launched_job(cast)

    for address in addresses(job, NOBODY, NOBODY):
        answer = Client().get(address)
        assert answer.status_code in (302, 405), address
        assert answer.status_code == 405 or answer["Location"].startswith("/sign-in"), address


def test_a_viewer_sees_and_changes_nothing(cast: Cast) -> None:
    job = launched_job(cast)
    viewer = signed_in(cast.viewer)
    base = f"/jobs/{job.id}"

    for address in ("/jobs", base, f"{base}/now", f"{base}/results", f"{base}/export"):
        assert viewer.get(address).status_code == 200, address
    page = viewer.get(base).content.decode()
    for way in ("pause", "resume", "cancel", "units", "title", "form", "terms", "launch"):
        assert viewer.post(f"{base}/{way}", {"reason": "x"}).status_code == 403, way
        assert f"{base}/{way}" not in page, "nothing is offered that is then refused"
    assert viewer.get("/jobs/new").status_code == 403
    refused = viewer.get("/tokens")
    assert refused.status_code == 403
    assert "Dana Lee" in refused.content.decode(), "it says whom to ask"
    assert viewer.get("/funds").status_code == 403
    job.refresh_from_db()
    assert job.state == "launched"


def test_a_unit_is_found_under_its_own_job_only(cast: Cast) -> None:
    job, other = launched_job(cast), launched_job(cast, title="Another")
    unit = Unit.objects.filter(job_id=other.id).first()
    assert unit
    buyer = signed_in(cast.buyer)

    assert buyer.get(f"/jobs/{job.id}/units/{unit.id}").status_code == 404
    assert buyer.get(f"/jobs/{other.id}/units/{unit.id}").status_code == 200


def test_a_job_that_runs_cannot_be_changed_as_a_draft(cast: Cast) -> None:
    job = launched_job(cast)
    buyer = signed_in(cast.buyer)

    for step in ("title", "form", "terms", "launch"):
        assert buyer.post(f"/jobs/{job.id}/{step}", {"title": "Other"}).status_code == 409, step
    job.refresh_from_db()
    assert job.title == "Does it follow?"


def test_a_requester_runs_the_team_and_nobody_elses(cast: Cast) -> None:
    buyer = signed_in(cast.buyer)
    asked = {"role": "viewer", "name": "Noor", "email": "noor@acme.example"}

    assert "/join/" in buyer.post("/people/invite", asked, follow=True).content.decode()
    assert "Noor" in buyer.get("/people/invitations").content.decode()
    assert buyer.post("/people/invite", asked | {"role": "worker"}).status_code == 422
    assert "Vic Moe" in buyer.get("/team").content.decode()
    away = f"/team/{cast.viewer.membership_id}/end"
    assert "Take Vic Moe out of the team?" in buyer.get(away).content.decode()
    viewer = signed_in(cast.viewer)
    assert viewer.get("/team").status_code == 403
    assert viewer.post(f"/team/{cast.buyer.membership_id}/end").status_code == 403

    assert buyer.post(away).status_code == 302

    assert viewer.get("/jobs").status_code == 302
    own = f"/team/{cast.buyer.membership_id}/end"
    assert "cannot end your own" in buyer.post(own).content.decode()
    assert buyer.get("/jobs").status_code == 200


def test_a_team_is_of_buyers_only_where_an_organisation_also_provides(cast: Cast) -> None:
    both = signed_in(cast.other)

    page = both.get("/team").content.decode()

    assert "Olu Eze" in page
    assert "Oma Eze" not in page, "its manager is no part of the team"
    assert "Wanjiru" not in page
    assert both.get(f"/team/{cast.other_manager.membership_id}/end").status_code == 404
