"""A worker's story in her browser: invited, joined, looks, takes, judges, earns."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from tests.cast import NOW, Cast, assemble, launched_job
from tests.journeys.pages import hidden, staff, words, worker
from tests.journeys.phones import Phone

from ujima.people.actions.inviting import invite
from ujima.people.actions.tokens import issue_device
from ujima.work.models import Job, Judgment, Lease, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=3)


@pytest.fixture
def job(cast: Cast) -> Job:
    return launched_job(
        cast, units=5, page_size=3, instructions="# How\n\nSay **yes** <b>x</b> [a](javascript:1)"
    )


def taken(client: Client, job: Job) -> str:
    """Take a page; its address."""
    response = client.post(f"/work/{job.id}/take")
    assert response.status_code == 302
    assert re.fullmatch(r"/work/page/[0-9a-f-]{36}", response.url)
    return str(response.url)


def answered(client: Client, page: str, choice: str = "yes", **more: str) -> Any:
    """Answer the unit that a page shows."""
    shown = client.get(page)
    return client.post(page, {"unit": hidden(shown, "unit"), "a.follows": choice, **more})


def test_a_worker_is_invited_joins_looks_takes_judges_and_earns(cast: Cast, job: Job) -> None:
    _, token = invite(by=cast.manager, role="worker", worker_code="w50", now=timezone.now())
    client = Client()
    given = {"name": "Mira", "pin": "835274", "again": "835274", "language": "en"}
    client.post(f"/join/{token}", given)

    home = words(client.get("/work"))
    assert "Does it follow?" in home
    assert "$0.05" in home, "the pay stands there before she takes the work"
    assert "Not measured yet" in home
    look = client.get(f"/work/{job.id}")
    assert "<strong>yes</strong>" in look.content.decode()
    assert "Take 3 units" in words(look)

    page = taken(client, job)
    assert "1 of 3" in words(client.get(page))
    for at in (1, 2, 3):
        assert f"{at} of 3" in words(client.get(page))
        answered(client, page)
    done = client.get(page, follow=True)
    assert "$0.15" in words(done)
    assert "for 3 answers" in words(done)
    earned = words(client.get("/earnings"))
    assert "$0.15" in earned
    rows = client.get("/earnings.csv").content.decode().splitlines()
    assert rows[0] == "date,currency,earned,units,minutes"
    assert rows[1].split(",")[1:4] == ["USD", "0.15", "3"]
    assert Judgment.objects.count() == 3


def test_one_quick_person_is_no_measurement(cast: Cast, job: Job) -> None:
    Job.objects.filter(id=job.id).update(seconds_expected=30)
    answer_all(cast, job, ["w001"], [0.4])

    home = words(worker(cast, "w002").get("/work"))
    look = words(worker(cast, "w002").get(f"/work/{job.id}"))

    assert "Not measured yet. The buyer's estimate: about 30 s each" in home
    assert "an hour" not in home.partition("Work for you")[2]
    assert "$6.00 by the buyer's estimate" in look


def test_an_offer_tells_the_pace_of_the_middle_of_people_once_enough_are_measured() -> None:
    cast = assemble(workers=6)
    job = launched_job(cast, units=20, page_size=10, judgments_min=5, judgments_max=6)
    answer_all(cast, job, ["w001", "w002", "w003", "w004", "w005"], [0.4, 20, 25, 30, 900])

    home = words(worker(cast, "w006").get("/work"))

    assert "About 25 s each: the middle of 5 people, from 50 answers measured" in home
    assert "$7.20 an hour" in home


def answer_all(cast: Cast, job: Job, codes: list[str], seconds: list[float]) -> None:
    """Each of these workers answers one page, and takes so many seconds for each unit of it."""
    for code, each in zip(codes, seconds, strict=True):
        phone = Phone(cast, code)
        page = phone.take(job.id)
        answers = [phone.answer(number) for number, _ in page["units"]]
        for answer in answers:
            answer[3] = round(each * 1000)
        assert all(verdict["status"] == "kept" for verdict in phone.send(page, answers))


def test_instructions_bring_no_markup_of_their_own(cast: Cast, job: Job) -> None:
    page = worker(cast).get(f"/work/{job.id}").content.decode()

    assert "<b>x</b>" not in page
    assert 'href="javascript:' not in page


def test_an_unfinished_answer_stays_in_the_form_and_says_what_is_missing(
    cast: Cast, job: Job
) -> None:
    client = worker(cast)
    page = taken(client, job)

    empty = answered(client, page, "")
    assert empty.status_code == 422
    assert "Please answer this question." in words(empty)
    wrong = answered(client, page, "maybe")
    assert wrong.status_code == 422
    assert Judgment.objects.count() == 0


def test_a_second_tap_is_kept_once_and_another_answer_is_refused_kindly(
    cast: Cast, job: Job
) -> None:
    client = worker(cast)
    page = taken(client, job)
    token = hidden(client.get(page), "unit")
    client.post(page, {"unit": token, "a.follows": "yes"})

    again = client.post(page, {"unit": token, "a.follows": "yes"})
    other = client.post(page, {"unit": token, "a.follows": "no"})

    assert again.status_code == 302
    assert other.status_code == 409
    assert "Your first answer stands and is paid" in words(other)
    assert Judgment.objects.count() == 1


def test_giving_back_needs_a_reason_and_costs_nothing(cast: Cast, job: Job) -> None:
    client = worker(cast)
    page = taken(client, job)
    back = re.search(rf"{page}/\d+/back", client.get(page).content.decode())
    assert back
    assert client.post(back[0]).status_code == 422

    client.post(back[0], {"reason": "broken"})

    assert Lease.objects.filter(state=Lease.State.SKIPPED, reason="broken").count() == 1
    assert "2 of 3" in words(client.get(page))
    further = re.search(rf"{page}/\d+/back", client.get(page).content.decode())
    assert further
    client.post(further[0], {"reason": "stop", "all": "1"})
    done = client.get(page, follow=True)
    assert "not counted against you" in words(done)
    assert Lease.objects.filter(state=Lease.State.HELD).count() == 0


def test_work_that_comes_too_late_is_told_what_it_means_for_her_pay(cast: Cast, job: Job) -> None:
    late = worker(cast, "w001")
    page = taken(late, job)
    token = hidden(late.get(page), "unit")
    Lease.objects.update(state=Lease.State.EXPIRED, expires_at=timezone.now())
    Unit.objects.update(taken=F("need"), is_open=False)

    refused = late.post(page, {"unit": token, "a.follows": "yes"})

    assert refused.status_code == 409
    assert "it is not paid" in words(refused)
    assert "not counted against you" in words(refused)


def test_a_form_of_another_page_or_a_forged_one_keeps_nothing(cast: Cast, job: Job) -> None:
    one, two = worker(cast, "w001"), worker(cast, "w002")
    mine, hers = taken(one, job), taken(two, job)
    token = hidden(two.get(hers), "unit")

    assert one.post(mine, {"unit": token, "a.follows": "yes"}).status_code == 302
    assert one.post(mine, {"unit": "forged", "a.follows": "yes"}).status_code == 302
    assert Judgment.objects.count() == 0


def test_another_workers_page_is_not_there(cast: Cast, job: Job) -> None:
    page = taken(worker(cast, "w001"), job)
    other = worker(cast, "w002")

    for address in (page, f"{page}/done", f"{page}/1/back"):
        assert other.get(address).status_code == 404, address
    assert other.post(page, {"unit": "x"}).status_code == 404


def test_the_time_of_an_answer_is_never_more_than_what_has_passed(cast: Cast, job: Job) -> None:
    client = worker(cast)
    page = taken(client, job)

    answered(client, page, seen="999999999")
    answered(client, page, seen="-5")

    assert all(0 <= j.milliseconds < 60_000 for j in Judgment.objects.all())


def test_time_counts_from_when_a_unit_is_first_shown(
    cast: Cast, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, start = worker(cast), timezone.now()
    page = taken(client, job)

    def at(seconds: int) -> Client:
        monkeypatch.setattr("ujima.web.worker.page.clock", lambda: start + timedelta(0, seconds))
        return client

    first = hidden(at(10).get(page), "unit")
    assert hidden(at(30).get(page), "unit") == first, "a reload begins no new time"
    lacking = at(40).post(page, {"unit": first, "a.follows": "", "seen": "25000"})
    assert hidden(lacking, "unit") == first
    assert hidden(lacking, "seen") == "25000", "what was seen goes on with the form"
    at(50).post(page, {"unit": first, "a.follows": "yes", "seen": "33000"})
    at(50).get(page)
    second = hidden(at(70).get(page), "unit")
    at(95).post(page, {"unit": second, "a.follows": "yes"})

    taken_ms = Judgment.objects.order_by("id").values_list("milliseconds", flat=True)
    assert list(taken_ms) == [33_000, 45_000]


def test_taking_again_goes_on_with_what_she_holds(cast: Cast, job: Job) -> None:
    client = worker(cast)
    page = taken(client, job)

    assert taken(client, job) == page
    home = client.get("/work")
    assert "Yours to go on with" in words(home)
    assert page in home.content.decode()


def test_no_offers_says_why_and_when_to_look_again(cast: Cast) -> None:
    home = words(worker(cast).get("/work"))

    assert "No work for you at this moment" in home
    assert "look again in a while" in home


def test_a_job_that_is_not_offered_to_her_is_closed_to_her(cast: Cast) -> None:
    job = launched_job(cast, units=2)
    job.channels.update(centre_id=cast.home_id)
    there, elsewhere = worker(cast, "w002"), worker(cast, "w001")

    assert there.get(f"/work/{job.id}").status_code == 200
    assert elsewhere.get(f"/work/{job.id}").status_code == 403
    assert elsewhere.post(f"/work/{job.id}/take").url == "/work"
    assert Lease.objects.count() == 0


def test_she_takes_a_phone_away_and_nobody_elses(cast: Cast) -> None:
    mine, _ = issue_device(membership=cast.memberships["w001"], label="Old phone", now=NOW)
    hers, _ = issue_device(membership=cast.memberships["w002"], label="Hers", now=NOW)
    client = worker(cast)
    assert "Old phone" in words(client.get("/me"))

    assert client.post(f"/me/phones/{hers.id}").status_code == 404
    client.post(f"/me/phones/{mine.id}")

    mine.refresh_from_db()
    hers.refresh_from_db()
    assert mine.revoked_at
    assert not hers.revoked_at


@pytest.mark.parametrize("address", ["/work", "/earnings", "/earnings.csv", "/me", "/me/pin"])
def test_workers_pages_are_for_workers(cast: Cast, address: str) -> None:
    for client in (Client(), staff("ruma@sundarban.example")):
        response = client.get(address)
        assert response.status_code == 302
        assert response.url.startswith("/sign-in?next=")


def test_a_page_of_a_unit_is_light_enough_for_a_poor_line(cast: Cast, job: Job) -> None:
    client = worker(cast)

    assert len(client.get(taken(client, job)).content) < 12_000
