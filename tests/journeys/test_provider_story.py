"""A provider's story in its staff's browsers: people in, a job accepted, work seen, wages paid."""

import re
from html import unescape
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import now as clock
from tests.cast import NOW, PIN, Cast, add_worker, assemble, draft_job
from tests.journeys.pages import hidden, staff, words, worker_form
from tests.journeys.phones import Phone

from ujima.flows import launch, settle
from ujima.people.actions.organisations import add_centre
from ujima.people.models import Invitation, Membership
from ujima.work.actions import channels
from ujima.work.models import Job, Judgment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=3)


def offered(cast: Cast, **terms: object) -> Job:
    """A job that runs and that the provider has not answered."""
    job = draft_job(cast, units=6, golds=2, page_size=6, **terms)
    channels.offer(
        by=cast.buyer, job_id=job.id, provider_id=cast.provider.id, centre_id=None, now=NOW
    )
    launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
    return job


def test_a_manager_invites_a_worker_who_joins(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")
    asked = {"role": "worker", "worker_code": "w77", "centre": str(cast.home_id)}

    shown = manager.post("/people/invite", asked, follow=True).content.decode()

    link = re.search(r"http://testserver(/join/[^<\s]+)", shown)
    assert link
    assert "w77" in words(manager.get("/people/invitations"))
    joining = {"name": "Mira", "pin": "835274", "again": "835274", "language": "en"}
    assert Client().post(link[1], joining).status_code == 302
    assert "No invitation waits" in words(manager.get("/people/invitations"))
    people = words(manager.get("/people?search=w77"))
    assert "Mira" in people
    assert "Nadia at home" in people


def test_an_invitation_taken_back_opens_no_more(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")
    shown = manager.post("/people/invite", {"role": "worker", "worker_code": "w78"}, follow=True)
    link = re.search(r"http://testserver(/join/[^<\s]+)", shown.content.decode())
    assert link
    away = re.search(
        r"/people/invitations/[0-9a-f-]+/withdraw", str(manager.get("/people/invitations").content)
    )
    assert away

    manager.post(away[0])

    assert "835274" not in words(Client().get(link[1]))
    assert Client().get(link[1]).status_code == 404
    assert not Membership.objects.filter(worker_code="w78").exists()


def test_a_lost_link_is_replaced_by_a_new_one(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")
    shown = manager.post("/people/invite", {"role": "worker", "worker_code": "w79"}, follow=True)
    old = re.search(r"http://testserver(/join/[^<\s]+)", shown.content.decode())
    Invitation.objects.update(expires_at=NOW)
    renew = f"/people/invitations/{Invitation.objects.get().id}/renew"
    assert "Expired" in words(manager.get("/people/invitations"))

    again = manager.post(renew, follow=True)

    new = re.search(r"http://testserver(/join/[^<\s]+)", again.content.decode())
    assert old
    assert new
    assert Client().get(old[1]).status_code == 404
    assert "w79" in words(Client().get(new[1]))
    joining = {"name": "Mira", "pin": "835274", "again": "835274", "language": "en"}
    Client().post(new[1], joining)
    assert manager.post(renew).status_code == 404, "who has joined needs no new link"


def test_a_worker_is_asked_for_a_code_and_staff_for_an_address(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")

    worker, lead = manager.get("/people/invite"), manager.get("/people/invite?as=staff")

    assert "Worker code" in words(worker)
    assert "E-mail address" not in words(worker)
    assert "E-mail address" in words(lead)
    assert "Worker code" not in words(lead)
    refused = manager.post("/people/invite", {"role": "worker", "worker_code": "w001"})
    assert "is in use" in words(refused)
    asked = {"role": "lead", "email": "mo@sundarban.example", "centre": str(cast.home_id)}
    assert "Team lead" in words(manager.post("/people/invite", asked, follow=True))
    assert Invitation.objects.get().centre_id == cast.home_id


@pytest.mark.parametrize(
    ("address", "sort"), [("/people", "name"), ("/people", "-since"), ("/people", "centre")]
)
def test_people_come_in_the_order_asked_for_page_by_page(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, address: str, sort: str
) -> None:
    for n in range(5):
        add_worker(cast, f"y{n}", name=f"{'zyxwv'[n]}oya", centre_id=cast.home_id)
    monkeypatch.setattr("ujima.web.sorting.PAGE", 3)
    manager = staff("ruma@sundarban.example")

    pages = [manager.get(address, {"sort": sort}).context]
    while pages[-1]["next"]:
        pages.append(manager.get(address + pages[-1]["next"]).context)

    found = [one for page in pages for one in page["people"]]
    places = [(one.sorted_by, one.id) for one in found]
    assert len(found) == len({one.id for one in found}) == 12
    assert places == sorted(places, reverse=sort.startswith("-"))


def test_payroll_comes_page_by_page_in_the_order_asked_for(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ujima.web.sorting.PAGE", 2)
    job = offered(cast)
    staff("ruma@sundarban.example").post(f"/offers/{job.channels.get().id}/accept")
    for code, most in (("w001", 1), ("w002", 3), ("w003", 2)):
        phone = Phone(cast, code)
        page = phone.take(job.id, most)
        phone.send(page, [phone.answer(number) for number, _ in page["units"]])
    payroll = staff("puja@sundarban.example")

    first = payroll.get("/payroll", {"sort": "-units"}).context
    second = payroll.get("/payroll" + first["next"]).context

    told = [(row["payee"].code, row["judgments"]) for row in first["rows"] + second["rows"]]
    assert told == [("w002", 3), ("w003", 2), ("w001", 1)]
    assert second["people"] == 3, "sums are of everybody"


def test_a_centre_is_added_and_tells_who_works_there(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")

    manager.post("/people/centres/new", {"name": "Dhubri at home", "kind": "home"})

    page = words(manager.get("/people/centres"))
    assert "Dhubri at home Home-based group 0" in page
    assert "Metiabruz Delivery centre 2" in page
    there = words(manager.get(f"/people?centre={cast.home_id}"))
    assert "Person w002" in there
    assert "Person w001" not in there


def test_a_draft_is_no_offer_yet(cast: Cast) -> None:
    job = draft_job(cast)
    channel = channels.offer(
        by=cast.buyer, job_id=job.id, provider_id=cast.provider.id, centre_id=None, now=NOW
    )
    manager = staff("ruma@sundarban.example")

    assert "Does it follow?" not in words(manager.get("/offers"))
    assert manager.get(f"/offers/{channel.id}").status_code == 404
    assert manager.post(f"/offers/{channel.id}/accept").status_code == 404

    launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
    assert "Does it follow?" in words(manager.get("/offers"))


def test_an_offer_is_read_accepted_worked_seen_and_paid(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ujima.quality.trust.SHOWN_EVERY", 1)
    monkeypatch.setattr("ujima.quality.trust.SHOWN_GOLD", 1)
    job = offered(cast)
    manager = staff("ruma@sundarban.example")
    listed = words(manager.get("/offers"))
    assert "Does it follow?" in listed
    offer = f"/offers/{job.channels.get().id}"
    terms = words(manager.get(offer))
    assert "$0.05" in terms
    assert "not measured yet" in terms
    assert "$0.40 – $0.60" in terms, "4 units, 2 to 3 judgments each, at 5 cents"
    assert Phone(cast, "w001").post("pages", {"job": job.id})[0] == 403

    assert manager.post(f"{offer}/accept").status_code == 302

    phone = Phone(cast, "w001")
    page = phone.take(job.id)
    working = words(manager.get(offer))
    assert "Person w001" in working
    phone.send(page, [phone.answer(number) for number, _ in page["units"]])
    settle.settle(job_id=job.id, now=job.made_at)
    seen = words(manager.get(offer))
    gold = Judgment.objects.filter(gold_right__isnull=False).count()
    assert gold >= 1
    assert "Person w001" in seen, "with an interval, for those who met known answers"
    assert f"{gold} known answers" in seen
    assert "/ 4" in seen, "how many known answers the job has stays its buyer's"
    assert "/ 6" not in seen + words(manager.get("/offers"))
    paid = f"${Judgment.objects.count() * 5 / 100:.2f}"
    payroll = staff("puja@sundarban.example")
    assert paid in words(payroll.get("/payroll?since=2026-03-01"))
    rows = payroll.get("/payroll.csv?since=2026-03-01").content.decode().splitlines()
    assert len(rows) == 2
    assert "w001" in rows[1]
    assert paid not in words(manager.get("/people")), "a manager sees no pay"


def test_an_offer_is_declined_with_a_reason_that_the_buyer_reads(cast: Cast) -> None:
    job = offered(cast)
    manager = staff("ruma@sundarban.example")
    offer = f"/offers/{job.channels.get().id}"

    assert manager.post(f"{offer}/decline", {"reason": ""}).status_code == 422
    assert manager.post(f"{offer}/decline", {"reason": "Too little pay"}).status_code == 302

    assert "Too little pay" in words(staff("dana@acme.example").get(f"/jobs/{job.id}"))
    assert Phone(cast, "w001").post("pages", {"job": job.id})[0] == 403


def test_units_are_kept_for_named_people_or_none_is(cast: Cast) -> None:
    job = offered(cast)
    manager = staff("ruma@sundarban.example")
    offer = f"/offers/{job.channels.get().id}"
    manager.post(f"{offer}/accept")

    wrong = manager.post(f"{offer}/units", {"pairs": "unit,worker\nk2,w001\nk3,w999"})
    assert wrong.status_code == 422
    assert "w999" in words(wrong)
    assert manager.post(f"{offer}/units", {"pairs": "k2,w002\nk3,w002"}).status_code == 302

    others = Phone(cast, "w001").take(job.id)
    hers = Phone(cast, "w002").take(job.id)
    texts = [data["text"] for _, data in others["units"]]
    assert "Text 2" not in texts
    assert "Text 3" not in texts
    assert {"Text 2", "Text 3"} <= {data["text"] for _, data in hers["units"]}


def test_a_new_pin_is_shown_once_and_lets_a_locked_out_worker_in(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")
    address = f"/people/{cast.memberships['w001'].id}/pin"
    assert not re.search(r"\b\d{6}\b", words(manager.get(address)))

    shown = manager.post(address, follow=True)

    pin = re.search(r"\b(\d{6,12})\b", words(shown))
    assert pin
    form = {"as": "worker", "provider": str(cast.provider.id), "code": "w001", "pin": pin[1]}
    assert Client().post("/sign-in", form).status_code == 302
    assert pin[1] not in words(manager.get(address))


def test_a_reload_gives_no_second_pin_or_link_and_shows_the_first_no_more(cast: Cast) -> None:
    manager = staff("ruma@sundarban.example")
    address = f"/people/{cast.memberships['w001'].id}/pin"
    manager.post(address)
    first = re.search(r'id="new-pin">(\d+)<', manager.get(address).content.decode())
    made = manager.post("/people/invite", {"role": "worker", "worker_code": "w80"})
    assert "/join/" in words(manager.get(made["Location"]))

    again, link_again = manager.get(address), manager.get(made["Location"], follow=True)

    assert first
    assert first[1] not in words(again)
    assert "Give Person w001 a new PIN?" in words(again)
    form = worker_form(cast.provider.id, "w001", first[1])
    assert Client().post("/sign-in", form).status_code == 302
    assert "/join/" not in words(link_again)
    assert "The link was shown once" in words(link_again)


def test_a_locked_out_worker_is_let_in_with_the_pin_she_has(cast: Cast) -> None:
    lead = staff("lipi@sundarban.example")
    person = f"/people/{cast.memberships['w001'].id}"
    wrong = worker_form(cast.provider.id, "w001", "904315")
    for _ in range(settings.SIGN_IN_TRIES):
        Client().post("/sign-in", wrong)
    right = worker_form(cast.provider.id, "w001", PIN)
    assert Client().post("/sign-in", right).status_code != 302
    assert "she is locked out" in words(lead.get(person))

    assert lead.post(f"{person}/release").status_code == 302

    assert Client().post("/sign-in", right).status_code == 302
    assert "she is locked out" not in words(lead.get(person))
    assert "Lipi Roy let “Person w001” try her PIN again" in words(
        staff("arun@audit.example").get("/audit")
    )


def test_who_leaves_signs_in_no_more_and_is_still_paid(cast: Cast) -> None:
    job = offered(cast)
    manager = staff("ruma@sundarban.example")
    manager.post(f"/offers/{job.channels.get().id}/accept")
    phone = Phone(cast, "w001")
    page = phone.take(job.id)
    phone.send(page, [phone.answer(number) for number, _ in page["units"][:2]])
    address = f"/people/{cast.memberships['w001'].id}/end"
    assert "What she has earned stays owed to her" in words(manager.get(address))

    manager.post(address)

    assert phone.get("offers")[0] == 401
    assert "has ended" in words(manager.get("/people"))
    assert "Person w001" not in words(manager.get("/people"))
    payroll = words(staff("puja@sundarban.example").get("/payroll?since=2026-03-01"))
    assert "Person w001" in payroll
    assert "$0.10" in payroll


def test_the_operator_records_a_deposit_once_after_a_look(cast: Cast) -> None:
    payroll = staff("puja@sundarban.example")
    address = f"/operator/funds/{cast.buyer.org_id}/deposit"
    given = {"amount": "250.00", "currency": "USD", "reference": "bank-77"}

    sure = payroll.post(address, given)
    assert "$250.00" in words(sure)
    assert "$1,250.00" not in words(payroll.get("/operator/funds"))
    given["sure"] = hidden(sure, "sure")
    payroll.post(address, given)
    payroll.post(address, given)

    assert "$1,250.00" in words(payroll.get("/operator/funds"))
    assert "$1,250.00" in words(staff("dana@acme.example").get("/funds"))


def test_an_auditor_reads_what_was_done_and_that_the_books_sum_to_zero(cast: Cast) -> None:
    job = offered(cast)
    staff("ruma@sundarban.example").post(f"/offers/{job.channels.get().id}/accept")

    page = words(staff("arun@audit.example").get("/audit"))

    assert f"Ruma Das accepted the offer of “{job.title}”" in page
    assert "provider: Sundarban Digital" in page
    assert "sums to zero" in page


def test_the_log_is_asked_for_one_action_one_person_or_one_day(cast: Cast) -> None:
    job = offered(cast)
    staff("ruma@sundarban.example").post(f"/offers/{job.channels.get().id}/accept")
    auditor = staff("arun@audit.example")
    ruma = f"membership:{cast.manager.membership_id}"
    today = clock().astimezone(ZoneInfo("Asia/Kolkata")).date()

    def told(**asked: str) -> str:
        return words(auditor.get("/audit", asked)).partition("newest first")[2]

    assert "accepted the offer" in told(action="accept_offer", who=ruma, day=today.isoformat())
    assert "added the centre “Metiabruz”" in told(action="add_centre")
    assert "accepted the offer" not in told(action="add_centre")
    assert "accepted the offer" not in told(who=f"membership:{cast.auditor.membership_id}")
    assert "Nothing of this was recorded" in told(day="2020-01-01")


def test_a_long_log_is_read_page_by_page(cast: Cast) -> None:
    for n in range(60):
        add_centre(by=cast.manager, name=f"Centre {n}", kind="home", now=clock())
    auditor = staff("arun@audit.example")

    first = auditor.get("/audit", {"action": "add_centre"})
    older = unescape(re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1])
    second = auditor.get(older)

    assert "“Centre 59”" in words(first)
    assert "“Centre 0”" not in words(first)
    assert "“Centre 0”" in words(second)
    assert "“Centre 59”" not in words(second)
