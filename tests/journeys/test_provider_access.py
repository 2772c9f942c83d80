"""Who may come to a provider's, the operator's and an auditor's pages."""

from typing import Any

import pytest
from django.test import Client
from tests.cast import NOW, Cast, add_worker, assemble, launched_job, says, send, take
from tests.journeys.pages import words

from ujima.flows import settle
from ujima.people.actions.inviting import invite
from ujima.people.actions.organisations import add_membership, add_person
from ujima.people.models import Invitation, Membership, Person
from ujima.people.queries import principal_in
from ujima.people.standing import Principal
from ujima.quality.models import Case
from ujima.web.provider.urls import urlpatterns
from ujima.work.models import Channel, Job

pytestmark = pytest.mark.django_db


def signed_in(who: Principal) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(Person.objects.get(id=who.person_id))
    return client


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=2)


@pytest.fixture
def job(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setattr("ujima.quality.trust.SHOWN_EVERY", 1)
    monkeypatch.setattr("ujima.quality.trust.SHOWN_GOLD", 1)
    job = launched_job(cast, units=4, golds=1, title="Rivers of Bengal")
    worker = cast.workers["w001"]
    page = take(worker, job, 2)
    send(worker, page, [says(n, n) for n, _ in page.units])
    settle.settle(job_id=job.id, now=NOW)
    Case.objects.create(
        org_id=job.org_id, job_id=job.id, person_id=worker.person_id,
        provider_id=cast.provider.id, opened_at=NOW, line=0.6, low=0.1, mid=0.2, high=0.4,
        gold_seen=12, gold_right=2,
    )  # fmt: skip
    invite(by=cast.manager, role="worker", worker_code="wnew", name="Mira Nandi", now=NOW)
    return job


def addresses(cast: Cast, job: Job) -> list[str]:
    """Every address of these pages, with the provider's own people and offer."""
    values = {
        "<uuid:invitation_id>": Invitation.objects.get(worker_code="wnew").id,
        "<uuid:membership_id>": cast.memberships["w001"].id,
        "<uuid:channel_id>": job.channels.get().id,
        "<uuid:buyer_id>": cast.buyer.org_id,
        "<uuid:case_id>": Case.objects.get().id,
        "<str:kind>": "deposit",
    }
    found = []
    for pattern in urlpatterns:
        address = "/" + str(pattern.pattern)
        for name, value in values.items():
            address = address.replace(name, str(value))
        assert "<" not in address, f"{address}: say here what stands for its parts"
        found.append(address)
    return found


def test_a_second_organisation_finds_nothing_of_this_one(cast: Cast, job: Job) -> None:
    stranger = signed_in(cast.other_manager)
    before = _state()
    for address in addresses(cast, job):
        for method in (stranger.get, stranger.post):
            response = method(address)
            assert response.status_code != 500, address
            told = words(response).replace(address, "")
            for secret in ("Rivers of Bengal", "Person w001", "w001", "Mira Nandi", "Sundarban"):
                assert secret not in told, f"{address}: {secret}"
            if any(str(part) in address for part in (job.channels.get().id, "operator", "audit")):
                assert response.status_code in (403, 404, 405), address
            if str(cast.memberships["w001"].id) in address:
                assert response.status_code in (404, 405), address
    assert _state() == before


def test_whoever_is_not_signed_in_is_asked_to(cast: Cast, job: Job) -> None:
    for address in addresses(cast, job):
        answer = Client().get(address)
        assert answer.status_code in (302, 405), address
        assert answer.status_code == 405 or answer["Location"].startswith("/sign-in"), address


#: who may open what: page -> those for whom it opens
OPEN = {
    "/people": {"manager", "lead", "trainer", "payroll", "auditor"},
    "/people/invite": {"manager"},
    "/people/invitations": {"manager"},
    "/people/centres": {"manager", "lead", "trainer", "payroll", "auditor"},
    "/people/centres/new": {"manager"},
    "/people/{member}": {"manager", "lead", "trainer", "payroll", "auditor"},
    "/people/{member}/pin": {"manager", "lead"},
    "/people/{member}/end": {"manager"},
    "/offers": {"manager", "lead", "payroll", "auditor"},
    "/offers/{offer}": {"manager", "lead", "payroll", "auditor"},
    "/offers/{offer}/decline": {"manager"},
    "/offers/{offer}/units": {"manager", "lead"},
    "/cases": {"manager", "lead", "trainer"},
    "/cases/{case}": {"manager", "lead", "trainer"},
    "/payroll": {"payroll"},
    "/payroll.csv": {"payroll"},
    "/operator/funds": {"manager", "payroll"},
    "/operator/funds/{buyer}/deposit": {"manager", "payroll"},
    "/audit": {"auditor"},
}


#: what only a form sends to; the tests above and below try them
SENT = {
    "/people/invitations/{invitation}/withdraw", "/people/invitations/{invitation}/renew",
    "/people/{member}/release", "/offers/{offer}/accept",
    # after a form alone: who comes otherwise is led to the list
    "/people/invitations/{invitation}",
}  # fmt: skip


def test_every_page_says_who_may_open_it() -> None:
    parts = {
        "<uuid:membership_id>": "{member}", "<uuid:channel_id>": "{offer}",
        "<uuid:invitation_id>": "{invitation}", "<uuid:buyer_id>": "{buyer}",
        "<uuid:case_id>": "{case}",
        "<str:kind>": "deposit",
    }  # fmt: skip
    found = set()
    for pattern in urlpatterns:
        address = f"/{pattern.pattern}"
        for part, name in parts.items():
            address = address.replace(part, name)
        found.add(address)
    assert found == OPEN.keys() | SENT


@pytest.mark.parametrize("page", OPEN)
def test_each_role_opens_its_own_pages_and_no_others(page: str, cast: Cast, job: Job) -> None:
    address = page.format(
        member=cast.memberships["w001"].id,
        offer=job.channels.get().id,
        case=Case.objects.get().id,
        buyer=cast.buyer.org_id,
    )
    staff = {
        "manager": cast.manager,
        "lead": cast.lead,
        "trainer": trainer_of(cast),
        "payroll": cast.payroll,
        "auditor": cast.auditor,
        "requester": cast.buyer,
        "viewer": cast.viewer,
    }
    allowed = OPEN[page] | ({"requester"} if page in SHARED else set())

    opened = {role for role, who in staff.items() if signed_in(who).get(address).status_code == 200}

    assert opened == allowed


#: a buyer's requester invites her own team on these
SHARED = {"/people/invite", "/people/invitations"}


def trainer_of(cast: Cast) -> Principal:
    person = add_person(name="Tuli Bose", email="tuli@sundarban.example", now=NOW)
    add_membership(organisation_id=cast.provider.id, person=person, role="trainer", now=NOW)
    return principal_in(person.id, cast.provider.id)


def test_a_trainer_sees_who_needs_help_and_changes_nothing(cast: Cast, job: Job) -> None:
    trainer = signed_in(trainer_of(cast))
    before = _state()

    person = words(trainer.get(f"/people/{cast.memberships['w001'].id}"))

    assert "Accuracy on known answers" in person
    assert "Rivers of Bengal" in person
    assert "$0.10" not in person
    for address in addresses(cast, job):
        assert trainer.post(address, {"reason": "x"}).status_code in (403, 405), address
    assert _state() == before


def test_pay_of_a_person_is_for_payroll_and_herself(cast: Cast, job: Job) -> None:
    person = f"/people/{cast.memberships['w001'].id}"

    for who in (cast.manager, cast.lead, cast.auditor):
        page = words(signed_in(who).get(person))
        assert "Earned" not in page
        assert "$0.10" not in page
    assert "Earned" in words(signed_in(cast.payroll).get(person))


def test_a_lead_of_a_centre_sees_her_own_people(cast: Cast, job: Job) -> None:
    Membership.objects.filter(id=cast.lead.membership_id).update(centre_id=cast.home_id)
    add_worker(cast, "w900", "Far Away", centre_id=cast.centre_id)
    lead = signed_in(cast.lead)

    page = words(lead.get("/people"))

    assert "Person w002" in page
    assert "Far Away" not in page
    assert lead.get(f"/people/{cast.memberships['w900'].id}").status_code == 404
    offer = words(lead.get(f"/offers/{job.channels.get().id}"))
    assert "Person w001" not in offer, "nor does her quality list name another centre's people"


def test_an_auditor_changes_nothing(cast: Cast, job: Job) -> None:
    auditor = signed_in(cast.auditor)
    before = _state()
    for address in addresses(cast, job):
        assert auditor.post(address, {"sure": "1"}).status_code in (403, 405), address
    assert _state() == before


def _state() -> list[Any]:
    return [
        list(model.objects.order_by("pk").values()) for model in (Membership, Invitation, Channel)
    ]
