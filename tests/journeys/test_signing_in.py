"""Signing in: two kinds, one answer to all mistakes, a rest after many, no way out to others."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from tests.cast import PASSWORD, PIN, Cast, assemble
from tests.journeys.pages import staff, words, worker, worker_form

from ujima.audit.models import Entry
from ujima.base.errors import BadInput
from ujima.people.actions.inviting import invite, withdraw
from ujima.people.actions.organisations import add_membership, end_membership, set_password
from ujima.people.actions.signing_in import reset_pin
from ujima.people.errors import InvitationGone
from ujima.people.models import Identity, Invitation, Membership, Person, Tries
from ujima.people.queries import principal_in
from ujima.site.languages import FIRST, offered

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=2)


@pytest.fixture
def many_languages(settings: Any) -> None:
    """As if every one of the first languages had its catalogue."""
    settings.LANGUAGES = list(FIRST)


@pytest.mark.parametrize(
    ("email", "home"),
    [
        ("dana@acme.example", "/jobs"),
        ("vic@acme.example", "/jobs"),
        ("ruma@sundarban.example", "/people"),
        ("puja@sundarban.example", "/people"),
    ],
)
def test_staff_arrive_at_the_first_page_of_their_role(cast: Cast, email: str, home: str) -> None:
    response = Client().post("/sign-in", {"as": "staff", "email": email, "password": PASSWORD})

    assert response.url == home


def test_a_worker_arrives_at_her_work_whatever_the_case_of_her_code(cast: Cast) -> None:
    response = Client().post("/sign-in", worker_form(cast.provider.id, " W001 ", PIN))

    assert response.url == "/work"
    assert response.cookies["provider"].value == str(cast.provider.id)


def test_signing_in_takes_a_new_session_key(cast: Cast) -> None:
    client = Client()
    client.session["a"] = 1
    client.get("/sign-in")
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key

    client.post("/sign-in", worker_form(cast.provider.id, "w001", PIN))

    assert client.session.session_key != before


def test_an_unknown_name_and_a_wrong_secret_get_the_same_answer(cast: Cast) -> None:
    def told(**given: str) -> tuple[int, str]:
        response = Client().post("/sign-in", given)
        return response.status_code, words(response)

    known = told(**worker_form(cast.provider.id, "w001", "999888"))
    unknown = told(**worker_form(cast.provider.id, "nobody", "999888"))
    assert known[0] == unknown[0] == 422
    assert known[1] == unknown[1]

    one = told(**{"as": "staff", "email": "dana@acme.example", "password": "wrong one"})
    other = told(**{"as": "staff", "email": "none@acme.example", "password": "wrong one"})
    assert one[0] == other[0] == 422
    assert one[1] == other[1]


def test_nobody_is_preselected_where_several_employ(cast: Cast) -> None:
    fresh, phone = Client(), Client()
    given = worker_form(cast.provider.id, "w001", PIN)

    shown = fresh.get("/sign-in?as=worker").content.decode()
    lacking = phone.post("/sign-in", given | {"provider": ""})
    phone.post("/sign-in", given)
    phone.post("/sign-out")
    again = phone.get("/sign-in").content.decode()

    assert '<option value="" selected>Choose your employer' in shown
    assert f'value="{cast.provider.id}" selected' not in shown
    assert "Choose your employer." in words(lacking)
    assert f'value="{cast.provider.id}" selected' in again, "this phone knows her employer"


def test_too_many_wrong_tries_rest_even_the_right_pin_and_say_what_to_do(cast: Cast) -> None:
    for _ in range(settings.SIGN_IN_TRIES):
        Client().post("/sign-in", worker_form(cast.provider.id, "w001", "999888"))

    rested = Client().post("/sign-in", worker_form(cast.provider.id, "w001", PIN))
    assert rested.status_code == 422
    assert "quarter of an hour" in words(rested)
    assert "team lead" in words(rested)

    Tries.objects.update(since=timezone.now() - timedelta(minutes=16))
    assert Client().post("/sign-in", worker_form(cast.provider.id, "w001", PIN)).url == "/work"


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/earnings", "/earnings"),
        ("https://elsewhere.example/", "/work"),
        ("//elsewhere.example/", "/work"),
        ("/\\elsewhere.example", "/work"),
        ("javascript:alert(1)", "/work"),
        ("/people", "/work"),
        ("/no-such-page", "/work"),
    ],
)
def test_after_signing_in_only_an_own_page_for_her_role_follows(
    cast: Cast, wanted: str, goes_to: str
) -> None:
    given = worker_form(cast.provider.id, "w001", PIN) | {"next": wanted}

    assert Client().post("/sign-in", given).url == goes_to


def test_a_form_from_elsewhere_signs_nobody_in(cast: Cast) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/sign-in", worker_form(cast.provider.id, "w001", PIN)).status_code == 403


def test_signing_out_is_done_by_a_form_and_ends_the_session(cast: Cast) -> None:
    client = worker(cast)
    assert client.get("/sign-out").status_code == 405

    client.post("/sign-out")

    assert client.get("/work").url == "/sign-in?next=%2Fwork"


def test_a_new_pin_ends_the_sessions_under_the_old_one(cast: Cast) -> None:
    old = worker(cast)
    member = cast.memberships["w001"]
    made = reset_pin(by=cast.manager, membership_id=member.id, now=timezone.now())

    assert old.get("/work").status_code == 302
    assert worker(cast, pin=made).get("/work").status_code == 200


def test_changing_her_own_pin_keeps_this_session(cast: Cast) -> None:
    client = worker(cast)
    refused = client.post("/me/pin", {"old": "000111", "pin": "835274", "again": "835274"})
    assert refused.status_code == 422
    assert Tries.objects.get(tries__gt=0).tries == 1, "a wrong old PIN must stay counted"

    client.post("/me/pin", {"old": PIN, "pin": "835274", "again": "835274"})

    assert client.get("/me").status_code == 200
    assert worker(cast, pin="835274").get("/work").status_code == 200


@pytest.mark.parametrize("pin", ["123456", "111111", "12345", "abcdef", "१२३४५६"])
def test_a_pin_that_is_easy_to_guess_is_refused_beside_its_field(cast: Cast, pin: str) -> None:
    response = worker(cast).post("/me/pin", {"old": PIN, "pin": pin, "again": pin})

    assert response.status_code == 422
    assert 'id="id_pin_error"' in response.content.decode()
    assert pin not in words(response)


def test_an_ended_membership_opens_nothing_any_more(cast: Cast) -> None:
    inside = worker(cast)
    end_membership(by=cast.manager, membership_id=cast.memberships["w001"].id, now=timezone.now())

    assert inside.get("/work").status_code == 302
    again = Client().post("/sign-in", worker_form(cast.provider.id, "w001", PIN))
    assert again.status_code == 422


def test_staff_of_two_organisations_choose_and_act_for_no_third(cast: Cast) -> None:
    both = Person.objects.get(id=cast.manager.person_id)
    add_membership(
        organisation_id=cast.buyer.org_id, person=both, role="viewer", now=timezone.now()
    )
    client = Client()
    given = {"as": "staff", "email": "ruma@sundarban.example", "password": PASSWORD}
    assert client.post("/sign-in", given).url == "/choose"
    page = words(client.get("/choose"))
    assert "Acme Search" in page
    assert "Other Co" not in page

    assert client.post("/choose", {"org": str(cast.buyer.org_id)}).url == "/jobs"
    assert client.get("/jobs").status_code == 200
    assert client.get("/people").status_code == 403
    assert client.post("/choose", {"org": str(cast.other.org_id)}).status_code == 403
    assert client.post("/choose", {"org": "nonsense"}).status_code == 403


def test_a_pin_opens_no_staff_page_whatever_else_she_is(cast: Cast) -> None:
    both = Person.objects.get(id=cast.workers["w001"].person_id)
    Identity.objects.filter(person=both).update(email="w1@sundarban.example")
    set_password(person=both, password=PASSWORD)
    for organisation in (cast.provider.id, cast.buyer.org_id):
        add_membership(organisation_id=organisation, person=both, role="viewer", now=timezone.now())
    client = worker(cast)
    for address in ("/jobs", "/account", "/choose", "/people"):
        assert client.get(address).url.startswith("/sign-in"), address
    assert client.post("/choose", {"org": str(cast.buyer.org_id)}).status_code == 302
    assert "org" not in client.session
    assert client.get("/work").status_code == 200

    given = {"as": "staff", "email": "w1@sundarban.example", "password": PASSWORD}
    assert client.post("/sign-in", given).url == "/choose"
    assert client.post("/choose", {"org": str(cast.buyer.org_id)}).url == "/jobs"
    assert client.get("/jobs").status_code == 200
    client.post("/sign-in", worker_form(cast.provider.id, "w001", PIN))
    assert client.get("/jobs").url.startswith("/sign-in")


def test_only_languages_that_have_words_are_offered(cast: Cast, tmp_path: Path) -> None:
    catalogue = tmp_path / "ur" / "LC_MESSAGES" / "django.mo"
    catalogue.parent.mkdir(parents=True)
    assert offered(tmp_path) == [("en", "English")]
    catalogue.touch()
    assert offered(tmp_path) == [("en", "English"), ("ur", "اردو")]

    page = worker(cast).get("/me").content.decode()

    for code, name in FIRST:
        assert (f'value="{code}"' in page) == (
            (code, name) in settings.LANGUAGES and len(settings.LANGUAGES) > 1
        )


def test_the_language_is_kept_for_the_person_and_the_pages_turn(
    cast: Cast, many_languages: None
) -> None:
    client = worker(cast)
    response = client.post("/language", {"language": "ur", "next": "/me"})
    assert response.url == "/me"

    page = client.get("/me").content.decode()
    assert '<html lang="ur" dir="rtl"' in page
    assert Person.objects.get(id=cast.workers["w001"].person_id).language == "ur"
    fresh = worker(cast)
    assert 'lang="ur"' in fresh.get("/work").content.decode()
    assert client.post("/language", {"language": "xx", "next": "/me"}).status_code == 422


def test_a_worker_joins_by_her_letter_once(cast: Cast, many_languages: None) -> None:
    _, token = invite(
        by=cast.manager, role="worker", worker_code="w077", name="Asha", now=timezone.now()
    )
    client = Client()
    assert "w077" in words(client.get(f"/join/{token}"))
    given = {"name": "Asha K", "pin": "835274", "again": "835274", "language": "hi"}

    assert client.post(f"/join/{token}", given | {"again": "835275"}).status_code == 422
    assert client.post(f"/join/{token}", given).url == "/work"

    page = client.get("/work")
    assert "Asha K" in words(page)
    assert 'lang="hi"' in page.content.decode()
    used = Client().get(f"/join/{token}")
    assert used.status_code == 404
    assert "ask whoever invited you" in words(used)


def test_staff_join_and_whoever_has_the_letter_of_an_account_must_prove_it(cast: Cast) -> None:
    _, token = invite(
        by=cast.manager, role="trainer", email="dana@acme.example", now=timezone.now()
    )
    given = {"name": "Not Dana", "password": "a long new password", "language": "en"}
    client = Client()
    assert client.post(f"/join/{token}", given).status_code == 422
    assert {one.tries for one in Tries.objects.all()} == {1}, "a wrong password must stay counted"
    assert client.get("/people").status_code == 302

    assert client.post(f"/join/{token}", given | {"password": PASSWORD}).url == "/choose"
    assert principal_in(cast.buyer.person_id, cast.provider.id).roles == {"trainer"}


@pytest.mark.parametrize("code", ["w 77", "w\u00a077", "w,77", "w\t77"])
def test_a_worker_code_is_one_word(cast: Cast, code: str) -> None:
    with pytest.raises(BadInput, match="one word"):
        invite(by=cast.manager, role="worker", worker_code=code, now=timezone.now())
    assert invite(by=cast.manager, role="worker", worker_code=" W77 ", now=timezone.now())


def test_what_is_done_to_a_sign_in_stands_in_the_log(cast: Cast) -> None:
    letter, _ = invite(by=cast.manager, role="worker", worker_code="w9", now=timezone.now())
    withdraw(by=cast.manager, invitation_id=letter.id, now=timezone.now())
    with pytest.raises(InvitationGone):
        withdraw(by=cast.manager, invitation_id=letter.id, now=timezone.now())
    worker(cast).post("/me/pin", {"old": PIN, "pin": "835274", "again": "835274"})
    given = {"old": PASSWORD, "password": "another quiet river"}
    staff("dana@acme.example").post("/account", given)

    member = f"membership:{cast.memberships['w001'].id}"
    done = Entry.objects.values_list("org_id", "actor", "action", "subject")
    for entry in (
        (cast.provider.id, cast.manager.actor, "withdraw_invitation", f"invitation:{letter.id}"),
        (cast.provider.id, member, "change_pin", member),
        (cast.buyer.org_id, cast.buyer.actor, "change_password", cast.buyer.actor),
    ):
        assert list(done).count(entry) == 1, entry


@pytest.mark.parametrize("end", ["withdrawn", "too old", "unknown"])
def test_a_letter_that_no_longer_opens_says_so_kindly(cast: Cast, end: str) -> None:
    letter, token = invite(by=cast.manager, role="worker", worker_code="w9", now=timezone.now())
    if end == "withdrawn":
        withdraw(by=cast.manager, invitation_id=letter.id, now=timezone.now())
    elif end == "too old":
        Invitation.objects.update(expires_at=timezone.now())
    else:
        token = "join_never"

    response = Client().get(f"/join/{token}")

    assert response.status_code == 404
    assert "no longer opens" in words(response)
    assert not Membership.objects.filter(worker_code="w9").exists()


def test_staff_change_their_password_and_other_sessions_end(cast: Cast) -> None:
    here, elsewhere = staff("dana@acme.example"), staff("dana@acme.example")

    given = {"old": PASSWORD, "password": "another quiet river"}
    assert here.post("/account", given).url == "/account"

    assert "changed" in words(here.get("/account"))
    assert elsewhere.get("/account").status_code == 302
    assert here.post("/account", {"old": "no", "password": "x" * 12}).status_code == 422
