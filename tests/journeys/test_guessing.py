"""Guessing at PINs, passwords and tokens: counted before they are looked at, by name and address;
and nobody is locked out of her own phone by strangers."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.utils import timezone
from tests.api.programs import Program, issued
from tests.cast import PIN, Cast, assemble
from tests.journeys.pages import words, worker, worker_form
from tests.journeys.phones import Phone

from ujima.people import hashers
from ujima.people.actions import signing_in, tries
from ujima.people.errors import Resting, WrongSignIn
from ujima.people.models import Tries

WRONG = "999888"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble(workers=3)


def guess(cast: Cast, code: str, pin: str = WRONG, *, address: str = "192.0.2.1") -> str:
    """What becomes of a try from an address on a new device: in, wrong, or rests."""
    form = worker_form(cast.provider.id, code, pin)
    return _became(Client(REMOTE_ADDR=address).post("/sign-in", form))


def _became(response: Any) -> str:
    if response.status_code == 302:
        return "in"
    return "rests" if "quarter of an hour" in words(response) else "wrong"


@pytest.mark.usefixtures("committed_db")
def test_many_tries_at_once_are_no_more_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try that is looked at waits until all the others are looked at too, or refused."""
    provider = assemble(workers=1).provider.id
    many, all_told = 20, threading.Condition()
    looked, refused = [], []

    def account(where: list[int]) -> None:
        with all_told:
            where.append(1)
            all_told.notify_all()
            all_told.wait_for(lambda: len(looked) + len(refused) == many, timeout=60)

    def check(given: str, secret: str) -> bool:
        account(looked)
        return False

    def once() -> None:
        try:
            signing_in.worker(provider_id=provider, code="w001", pin=WRONG, now=timezone.now())
        except WrongSignIn:
            pass
        except Resting:
            account(refused)
        finally:
            connection.close()

    monkeypatch.setattr(signing_in, "check_password", check)
    threads = [threading.Thread(target=once) for _ in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (len(looked), len(refused)) == (8, 12)


def test_one_pin_tried_at_many_names_from_one_address_comes_to_an_end(
    cast: Cast, settings: Any
) -> None:
    settings.SIGN_IN_TRIES_AN_ADDRESS = 5
    told = [guess(cast, f"made-up-{n}") for n in range(7)]

    assert told == ["wrong"] * 5 + ["rests"] * 2
    assert guess(cast, "w001", PIN) == "rests", "the right PIN is not looked at either"
    assert guess(cast, "w001", PIN, address="192.0.2.2") == "in"


def test_right_pins_of_a_whole_centre_use_up_nothing(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_TRIES_AN_ADDRESS = 2
    assert {guess(cast, code, PIN) for code in ("w001", "w002", "w003") for _ in range(3)} == {"in"}


def test_a_name_tried_from_everywhere_rests_for_strangers(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_TRIES_A_NAME = 12
    told = [guess(cast, "w001", address=f"192.0.2.{n}") for n in range(14)]

    assert told == ["wrong"] * 12 + ["rests"] * 2
    assert signing_in.is_locked_out(cast.memberships["w001"], timezone.now())
    assert guess(cast, "w002") == "wrong"


def test_strangers_do_not_lock_her_out_of_the_phone_she_uses(cast: Cast) -> None:
    phone = worker(cast)
    phone.post("/sign-out")
    for n in range(60):
        guess(cast, "w001", address=f"192.0.2.{n % 2}")
    for n in range(60):
        guess(cast, f"made-up-{n}", address="127.0.0.1")  # her own network's

    form = worker_form(cast.provider.id, "w001", PIN)
    assert _became(Client().post("/sign-in", form)) == "rests"
    assert _became(phone.post("/sign-in", form)) == "in"


def test_her_own_phone_gives_its_finder_eight_tries(cast: Cast) -> None:
    phone = worker(cast)
    form = worker_form(cast.provider.id, "w001", WRONG)
    told = [_became(phone.post("/sign-in", form)) for _ in range(9)]

    assert told == ["wrong"] * 8 + ["rests"]
    other = worker_form(cast.provider.id, "w002", WRONG)
    assert _became(phone.post("/sign-in", other)) == "wrong", "it is known for w001 alone"
    phone.cookies["signed_in_before"] = "forged"
    assert _became(phone.post("/sign-in", form)) == "wrong", "as any stranger's"


def test_a_lead_lets_her_try_again_wherever_she_was_counted(cast: Cast) -> None:
    for n in range(16):
        guess(cast, "w001", address=f"192.0.2.{n % 2}")
    assert guess(cast, "w001", PIN, address="192.0.2.0") == "rests"

    member = cast.memberships["w001"].id
    signing_in.release(by=cast.lead, membership_id=member, now=timezone.now())

    assert guess(cast, "w001", PIN, address="192.0.2.0") == "in"


def test_counts_that_limit_nobody_any_more_are_forgotten(cast: Cast) -> None:
    guess(cast, "made-up")
    assert tries.purge(timezone.now()) == 0
    assert tries.purge(timezone.now() + timedelta(minutes=15)) == 3
    assert not Tries.objects.exists()


def test_a_forwarded_address_counts_where_the_proxy_is_ours(cast: Cast, settings: Any) -> None:
    settings.SIGN_IN_TRIES_AN_ADDRESS = 1

    def tried(forwarded: str) -> str:
        form = worker_form(cast.provider.id, f"x{forwarded}", WRONG)
        client = Client(REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
        return _became(client.post("/sign-in", form))

    assert [tried("203.0.113.1"), tried("203.0.113.2")] == ["wrong", "rests"]
    settings.PROXIES = {"10.0.0.1"}
    assert [tried("203.0.113.3"), tried("203.0.113.4")] == ["wrong", "wrong"]


def test_few_secrets_are_hashed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    changed, go = threading.Condition(), threading.Event()
    running: list[int] = []
    most: list[int] = []

    def verify(self: Any, password: str, encoded: str) -> bool:
        with changed:
            running.append(1)
            most.append(len(running))
            changed.notify_all()
        go.wait(60)
        with changed:
            running.pop()
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", verify)
    threads = [threading.Thread(target=hashers.Argon2().verify, args=("a", "b")) for _ in range(6)]
    for thread in threads:
        thread.start()
    with changed:
        assert changed.wait_for(lambda: len(running) == hashers.AT_ONCE, timeout=60)
    go.set()
    for thread in threads:
        thread.join()
    assert (len(most), max(most)) == (6, hashers.AT_ONCE)


def test_bad_tokens_from_one_address_are_refused_unseen_and_good_ones_go_on(
    cast: Cast, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.BAD_TOKENS_A_MINUTE = 4
    program, phone = Program(issued(cast.manager)), Phone(cast, "w001")
    assert program.get("/me").status_code == 200
    assert phone.get("offers")[0] == 200
    lost = Phone(cast, "w002")
    lost.token = "dev_nonsense"
    assert [lost.get("offers")[0] for _ in range(2)] == [401, 401]
    bad = Program("uj_nonsense")
    assert [bad.get("/me").status_code for _ in range(3)] == [401, 401, 429]

    with django_assert_num_queries(0):
        assert lost.get("offers") == (429, lost.get("offers")[1])
        refused = bad.get("/me")
    assert refused.status_code == 429
    assert b'"retry":true' in refused.content
    assert program.get("/me").status_code == 200
    assert phone.get("offers")[0] == 200
