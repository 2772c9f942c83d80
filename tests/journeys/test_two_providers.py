"""One person who works for two providers: one person still, judging a unit once, and paid by the
provider for whom she took it."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import NOW, PIN, Cast, assemble, draft_job, says, send, take
from tests.journeys.pages import words, worker_form

from ujima.flows import launch
from ujima.pay.models import Accrual
from ujima.people.actions.inviting import invite
from ujima.people.models import Identity, Membership, Person, Tries
from ujima.people.queries import worker_of
from ujima.people.standing import Worker
from ujima.work.actions import channels
from ujima.work.models import Job, Judgment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=1)


@pytest.fixture
def job(cast: Cast) -> Job:
    """Four units, offered to both providers and accepted by both."""
    job = draft_job(cast, units=4, judgments_min=2)
    offers = [
        channels.offer(by=cast.buyer, job_id=job.id, provider_id=by.org_id, centre_id=None, now=NOW)
        for by in (cast.manager, cast.other_manager)
    ]
    launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
    for by, channel in zip((cast.manager, cast.other_manager), offers, strict=True):
        channels.answer(by=by, channel_id=channel.id, accepts=True, now=NOW)
    job.refresh_from_db()
    return job


def joined(cast: Cast) -> tuple[Client, Worker, Worker]:
    """The other provider's x01 has joined here as w088: her browser, her two standings."""
    _, token = invite(by=cast.manager, role="worker", worker_code="w088", now=timezone.now())
    client = Client()
    assert "I have a code and a PIN already" in words(client.get(f"/join/{token}"))
    given = {"provider": str(cast.other_manager.org_id), "code": "X01", "pin": PIN}
    response: Any = client.post(f"/join/{token}?known=1", given)
    assert response.status_code == 302, words(response)
    assert response.url == "/work"
    here = worker_of(Membership.objects.get(worker_code="w088"))
    return client, here, cast.other_worker


def test_who_works_here_already_joins_as_the_person_she_is(cast: Cast) -> None:
    people = Person.objects.count()
    client, here, there = joined(cast)

    assert here.person_id == there.person_id
    assert Person.objects.count() == people
    assert Identity.objects.get(person_id=here.person_id).chosen_name == "Wanjiru"
    assert "Wanjiru" in words(client.get("/work"))
    for provider, code in ((cast.provider.id, "w088"), (cast.other_manager.org_id, "x01")):
        form = worker_form(provider, code, PIN)
        assert Client().post("/sign-in", form).url == "/work"


def test_a_code_of_somebody_else_joins_nobody_and_stays_counted(cast: Cast) -> None:
    _, token = invite(by=cast.manager, role="worker", worker_code="w088", now=timezone.now())
    given = {"provider": str(cast.other_manager.org_id), "code": "x01", "pin": "999888"}

    refused = Client().post(f"/join/{token}?known=1", given)

    assert refused.status_code == 422
    assert "do not belong together" in words(refused)
    assert {row.tries for row in Tries.objects.all()} == {1}
    assert not Membership.objects.filter(worker_code="w088").exists()
    own = {"provider": str(cast.other_manager.org_id), "code": "x01", "pin": PIN}
    _, again = invite(by=cast.other_manager, role="worker", worker_code="x02", now=timezone.now())
    twice = Client().post(f"/join/{again}?known=1", own)
    assert twice.status_code == 422
    assert "already" in words(twice)


def test_nobody_judges_a_unit_twice_through_two_providers(cast: Cast, job: Job) -> None:
    _, here, there = joined(cast)
    page = take(there, job, 3)
    assert set(send(there, page, [says(n, n) for n, _ in page.units])) == {"kept"}

    more = take(here, job, 10)

    assert len(more.units) == 1
    assert not {data["text"] for _, data in more.units} & {data["text"] for _, data in page.units}


def test_she_is_paid_by_the_provider_for_whom_she_took_the_page(cast: Cast, job: Job) -> None:
    _, here, there = joined(cast)
    page = take(there, job, 2)

    assert send(here, page, [says(1, 1), says(2, 2)]) == ["kept", "kept"]

    for row in [*Judgment.objects.all(), *Accrual.objects.all()]:
        assert (row.membership_id, row.provider_id) == (there.membership_id, there.provider_id)
