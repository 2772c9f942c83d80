"""A phone takes units and sends answers over HTTP; each answer gets its own verdict."""

import zlib
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone
from tests.cast import Cast, add_worker, assemble, launched_job
from tests.journeys.phones import Phone

from ujima.flows import judgment, launch, settle
from ujima.pay.queries import own_total
from ujima.people.actions.organisations import end_membership
from ujima.phone.messages import MOST_BYTES, read_body
from ujima.work.models import Job, Judgment, Lease
from ujima.work.queries.worker import recent_judgments

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=3)


@pytest.fixture
def job(cast: Cast) -> Job:
    return launched_job(cast, units=6)


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return Phone(cast, "w001")


def let_leases_run_out(job: Job) -> None:
    Lease.objects.filter(job_id=job.id, state=0).update(
        expires_at=timezone.now() - timedelta(seconds=1)
    )
    settle.sweep(now=timezone.now())


def test_a_phone_sees_the_pay_before_it_takes_any_work(phone: Phone, job: Job) -> None:
    status, told = phone.get("offers")

    assert status == 200
    assert told["offers"] == [
        {
            "job": str(job.id),
            "title": "Does it follow?",
            "rate_minor": 5,
            "currency": "USD",
            "seconds": None,
            "measured": 0,
            "people": 0,
            "seconds_expected": None,
            "an_hour_minor": None,
            "deadline": None,
            "page_size": 10,
        }
    ]


def test_a_few_answers_of_one_person_are_no_measured_pay_an_hour(
    cast: Cast, phone: Phone, job: Job
) -> None:
    page = phone.take(job.id, 3)
    phone.send(page, [phone.answer(number) for number, _ in page["units"]])

    (offer,) = phone.get("offers")[1]["offers"]

    assert (offer["seconds"], offer["an_hour_minor"]) == (None, None)
    assert (offer["measured"], offer["people"]) == (3, 1)


def test_a_form_comes_with_its_terms_and_may_be_kept_for_ever(phone: Phone, job: Job) -> None:
    response = phone.client.get(f"/api/v1/phone/jobs/{job.id}/versions/1", headers=phone.signed_in)

    form = response.json()
    assert "immutable" in response.headers["Cache-Control"]
    assert [block["kind"] for block in form["blocks"]] == ["text", "header", "text", "choices"]
    assert (form["version"], form["rate_minor"], form["currency"]) == (1, 5, "USD")


@pytest.mark.parametrize("number", [0, 2, 40_000])
def test_a_version_that_is_not_there_is_refused(phone: Phone, job: Job, number: int) -> None:
    status, told = phone.get(f"jobs/{job.id}/versions/{number}")

    assert status in (403, 404)
    assert told["retry"] is False


def test_a_page_carries_numbers_and_data_and_nothing_else(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 2)

    assert set(page) == {"page", "job", "version", "expires", "units", "again", "quiz"}
    assert [number for number, _ in page["units"]] == [1, 2]
    assert {frozenset(data) for _, data in page["units"]} == {frozenset({"text", "statement"})}
    assert page["again"] is True
    assert page["quiz"] is False


def test_a_phone_that_heard_no_answer_asks_what_it_holds(phone: Phone, job: Job) -> None:
    first, second = phone.take(job.id, 2), phone.take(job.id, 1)
    phone.send(first, [phone.answer(1)])

    status, told = phone.get("held")

    assert status == 200
    assert told["pages"] == [
        {name: first[name] for name in ("page", "job", "version", "expires")}
        | {"units": first["units"][1:]},
        {name: second[name] for name in ("page", "job", "version", "expires", "units")},
    ]


def test_an_answer_is_kept_and_paid_once_however_often_it_is_sent(
    cast: Cast, phone: Phone, job: Job
) -> None:
    page = phone.take(job.id, 1)
    answer = phone.answer(1)

    first = phone.send(page, [answer])
    second = phone.send(page, [answer])

    assert first == [{"key": 1, "status": "kept"}]
    assert second == [{"key": 1, "status": "already_kept"}]
    assert [money.minor for money in own_total(cast.workers["w001"])] == [5]


def test_verdicts_stand_in_the_order_of_the_envelope(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 3)
    answers = [
        phone.answer(3),
        phone.answer(2, {"follows": ["perhaps"]}),
        "what is this?",
        phone.answer(1),
        phone.answer(9),
        [1, 2],
    ]

    verdicts = phone.send(page, answers)

    assert [(v["key"], v["status"], v.get("code")) for v in verdicts] == [
        (1, "kept", None),
        (2, "refused", "bad_answer"),
        (None, "refused", "bad_input"),
        (3, "kept", None),
        (4, "refused", "not_yours"),
        (2, "refused", "bad_input"),
    ]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ([-1, 1, {"follows": ["yes"]}, 4000, 0], "bad_input"),
        ([1, 2**31, {"follows": ["yes"]}, 4000, 0], "bad_input"),
        ([True, 1, {"follows": ["yes"]}, 4000, 0], "bad_input"),
        ([1, 1, {"follows": ["yes"]}, 1.5, 0], "bad_input"),
        ([1, 1, {"follows": ["yes"]}, -1, 0], "impossible_time"),
        ([1, 1, {"follows": ["yes"]}, 5 * 3600 * 1000, 0], "impossible_time"),
        ([1, 1, {"follows": ["yes"]}, 10**18, 0], "impossible_time"),
        ([1, 1, ["yes"], 4000, 0], "bad_answer"),
        ([1, 1, {}, 4000, 0], "bad_answer"),
        ([1, 1, {"follows": ["yes", "no"]}, 4000, 0], "bad_answer"),
        ([1, 1, {"other": ["yes"]}, 4000, 0], "bad_answer"),
        ([1, 1, {"follows": [None]}, 4000, 0], "bad_answer"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_by_itself(
    phone: Phone, job: Job, answer: list[object], code: str
) -> None:
    page = phone.take(job.id, 2)

    bad, good = phone.send(page, [answer, [2, 50, {"follows": ["no"]}, 4000, 0]])

    assert (bad["status"], bad["code"], bad["retry"]) == ("refused", code, False)
    assert bad["sentence"]
    assert good["status"] == "kept"


def test_the_same_key_with_other_content_is_refused(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)
    phone.send(page, [[1, 7, {"follows": ["yes"]}, 4000, 0]])

    (verdict,) = phone.send(page, [[1, 7, {"follows": ["no"]}, 4000, 0]])

    assert verdict["code"] == "same_key_other_content"


def test_another_answer_under_another_key_is_refused(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)
    phone.send(page, [[1, 7, {"follows": ["yes"]}, 4000, 0]])

    (verdict,) = phone.send(page, [[1, 8, {"follows": ["no"]}, 4000, 0]])

    assert verdict["code"] == "already_judged"


def test_a_unit_or_key_twice_in_one_envelope_counts_once(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 2)

    verdicts = phone.send(
        page, [phone.answer(1), phone.answer(1), [2, 1, {"follows": ["no"]}, 4000, 0]]
    )

    assert [v.get("code") for v in verdicts] == [None, "repeated", "repeated"]
    assert verdicts[1]["retry"] is True


def test_anothers_page_is_not_answered(cast: Cast, phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)
    other = Phone(cast, "w002")

    (verdict,) = other.send(page, [other.answer(1)])

    assert verdict["code"] == "not_yours"
    assert not Judgment.objects.exists()


def test_another_organisations_worker_reaches_nothing(cast: Cast, phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)
    cast.memberships["x01"] = type(cast.memberships["w001"]).objects.get(
        id=cast.other_worker.membership_id
    )
    stranger = Phone(cast, "x01")

    assert stranger.get("offers") == (200, {"offers": []})
    assert stranger.get(f"jobs/{job.id}/versions/1")[1]["code"] == "not_offered"
    assert stranger.post("pages", {"job": job.id})[1]["code"] == "not_offered"
    (verdict,) = stranger.send(page, [stranger.answer(1)])
    assert verdict["code"] == "not_offered"


def test_an_answer_after_the_lease_is_kept_while_there_is_room(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)
    let_leases_run_out(job)

    (verdict,) = phone.send(page, [phone.answer(1)])

    assert verdict["status"] == "kept"


def test_an_answer_after_the_lease_is_refused_once_others_did_the_unit(cast: Cast) -> None:
    job = launched_job(cast, units=1, judgments_min=1, judgments_max=1, confidence_target=0.5)
    late = Phone(cast, "w001")
    page = late.take(job.id)
    let_leases_run_out(job)
    quick = Phone(cast, "w002")
    quick.send(quick.take(job.id), [quick.answer(1)])

    (verdict,) = late.send(page, [late.answer(1)])

    assert (verdict["code"], verdict["retry"]) == ("lease_expired", False)


def test_a_unit_given_back_takes_no_answer_and_is_offered_to_others(
    cast: Cast, phone: Phone, job: Job
) -> None:
    page = phone.take(job.id, 2)
    status, told = phone.post(
        "judgments",
        phone.envelope(page, [], [[1, "the text is cut off"], [2], [1, "bad\0words"]]),
    )

    assert status == 200
    assert [(b["number"], b["status"]) for b in told["pages"][0]["back"]] == [
        (1, "let_go"),
        (2, "refused"),
        (1, "refused"),
    ]
    assert phone.send(page, [phone.answer(1)])[0]["code"] == "given_back"
    assert len(Phone(cast, "w002").take(job.id)["units"]) == 6


def test_a_cancelled_job_gives_no_units_but_keeps_what_is_held(
    cast: Cast, phone: Phone, job: Job
) -> None:
    page = phone.take(job.id, 1)
    launch.change_state(by=cast.buyer, job_id=job.id, state="cancelled", now=timezone.now())

    status, refused = phone.post("pages", {"job": job.id})

    assert (status, refused["code"], refused["retry"]) == (409, "job_closed", False)
    assert phone.send(page, [phone.answer(1)])[0]["status"] == "kept"


def test_a_paused_job_asks_the_phone_to_come_back(cast: Cast, phone: Phone, job: Job) -> None:
    launch.change_state(by=cast.buyer, job_id=job.id, state="paused", now=timezone.now())

    status, refused = phone.post("pages", {"job": job.id})

    assert (status, refused["code"], refused["retry"]) == (409, "job_paused", True)


@pytest.mark.parametrize("at", [10**15, -(10**17), None, "yesterday", {}, 32_503_680_000_000])
def test_r14_a_phones_wrong_clock_is_harmless(
    cast: Cast, phone: Phone, job: Job, at: object
) -> None:
    page = phone.take(job.id, 1)

    (verdict,) = phone.send(page, [[1, 1, {"follows": ["yes"]}, 4000, at]])

    assert verdict["status"] == "kept"
    (kept,) = recent_judgments(cast.workers["w001"])
    assert abs(kept.answered_at - timezone.now()) < timedelta(minutes=5)


def test_r14_a_clock_that_is_behind_is_kept_for_the_record(
    cast: Cast, phone: Phone, job: Job
) -> None:
    page = phone.take(job.id, 1)

    (verdict,) = phone.send(page, [[1, 1, {"follows": ["yes"]}, 4000, 1_000_000_000_000]])

    assert verdict["status"] == "kept"
    assert recent_judgments(cast.workers["w001"])[0].answered_at.year == 2001


def test_two_pages_travel_in_one_envelope(cast: Cast, phone: Phone, job: Job) -> None:
    first, second = phone.take(job.id, 2), phone.take(job.id, 2)
    envelope = phone.envelope(first, [phone.answer(1), phone.answer(2)])
    envelope["pages"] += phone.envelope(second, [phone.answer(1)])["pages"]

    status, told = phone.post("judgments", envelope)

    assert status == 200
    assert [page["page"] for page in told["pages"]] == [first["page"], second["page"]]
    assert [[v["key"] for v in page["answers"]] for page in told["pages"]] == [[1, 2], [3]]
    assert Judgment.objects.count() == 3


def test_one_page_that_cannot_be_does_not_sink_the_other(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)
    envelope = phone.envelope(page, [phone.answer(1)])
    unknown = {"job": "0190a000-0000-7000-8000-000000000000", "page": page["page"]}
    envelope["pages"].insert(0, unknown | {"answers": [phone.answer(1)]})

    told = phone.post("judgments", envelope)[1]

    assert [page["answers"][0].get("code") for page in told["pages"]] == ["not_offered", None]


def test_a_packed_envelope_is_unpacked(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)

    status, told = phone.post("judgments", phone.envelope(page, [phone.answer(1)]), packed=True)

    assert (status, told["pages"][0]["answers"][0]["status"]) == (200, "kept")


def test_a_gzip_bomb_is_refused_without_unpacking_it(phone: Phone) -> None:
    status, told = phone.post("judgments", b" " * 50_000_000, packed=True)

    assert (status, told["code"]) == (413, "too_large")


def test_an_envelope_larger_than_a_megabyte_is_refused(phone: Phone) -> None:
    status, told = phone.post("judgments", b"[" + b" " * MOST_BYTES)

    assert (status, told["code"]) == (413, "too_large")


@pytest.mark.parametrize(
    "packed", [b"\x1f\x8bno", zlib.compress(b"{}"), b"{}"], ids=["cut", "zlib", "plain"]
)
def test_what_is_not_gzip_is_refused(phone: Phone, packed: bytes) -> None:
    response = phone.client.post(
        "/api/v1/phone/judgments",
        packed,
        content_type="application/json",
        headers=phone.signed_in | {"Content-Encoding": "gzip"},
    )

    assert (response.status_code, response.json()["code"]) == (400, "bad_json")


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b"[" * 100_000])
def test_broken_json_is_refused(phone: Phone, body: bytes) -> None:
    status, told = phone.post("judgments", body)

    assert (status, told["code"]) == (400, "bad_json")


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"device": "mine", "pages": []},
        {"device": None, "pages": []},
        {"device": "0190a000-0000-7000-8000-000000000000", "pages": {}},
        {"device": "0190a000-0000-7000-8000-000000000000", "pages": [1]},
        {"device": "0190a000-0000-7000-8000-000000000000", "pages": [{}]},
        {
            "device": "0190a000-0000-7000-8000-000000000000",
            "pages": [{"answers": {}}],
        },
    ],
)
def test_an_envelope_that_is_none_is_refused(phone: Phone, envelope: object) -> None:
    status, told = phone.post("judgments", envelope)

    assert (status, told["code"]) == (422, "bad_input")
    assert told["place"]["field"]


def test_more_than_500_answers_are_refused_and_none_is_kept(phone: Phone, job: Job) -> None:
    page = phone.take(job.id, 1)

    status, told = phone.post("judgments", phone.envelope(page, [phone.answer(1)] * 501))

    assert (status, told["code"]) == (413, "too_many_answers")
    assert not Judgment.objects.exists()


@pytest.mark.parametrize("token", ["", "Bearer", "Bearer dev_unknown", "Basic abc", "Bearer uj_x"])
def test_without_a_good_token_nothing_opens(phone: Phone, job: Job, token: str) -> None:
    for method, path in [("get", "offers"), ("post", "pages"), ("post", "judgments")]:
        response = getattr(phone.client, method)(
            f"/api/v1/phone/{path}", headers={"Authorization": token}
        )
        assert response.status_code == 401
        assert response.headers["Content-Type"] == "application/problem+json"
        assert response.headers["WWW-Authenticate"] == "Bearer"


def test_a_phone_whose_owner_left_opens_nothing(cast: Cast, phone: Phone, job: Job) -> None:
    end_membership(by=cast.manager, membership_id=cast.memberships["w001"].id, now=timezone.now())

    assert phone.get("offers")[0] == 401


def test_a_wrong_method_is_refused(phone: Phone) -> None:
    status, told = phone.get("pages")

    assert (status, told["code"]) == (405, "wrong_method")


@pytest.mark.parametrize("want", [-1, "ten", 1.5, True])
def test_how_many_units_is_a_count(phone: Phone, job: Job, want: object) -> None:
    status, told = phone.post("pages", {"job": job.id, "want": want})

    assert (status, told["place"]) == (422, {"field": "want"})


def test_a_database_that_is_away_asks_the_phone_to_come_back(
    phone: Phone, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(**_: object) -> None:
        raise OperationalError("the server is away, password=secret")

    monkeypatch.setattr(judgment, "take", gone)

    status, told = phone.post("pages", {"job": job.id})

    assert (status, told["code"], told["retry"]) == (503, "away", True)
    assert "secret" not in str(told)


def test_a_bug_is_told_without_its_details(
    phone: Phone, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise KeyError("secret")

    monkeypatch.setattr(judgment, "take", broken)

    status, told = phone.post("pages", {"job": job.id})

    assert (status, told["code"], told["retry"]) == (500, "trouble", True)
    assert "secret" not in str(told)


def test_a_worker_of_another_centre_is_not_offered_a_centres_job(cast: Cast) -> None:
    job = launched_job(cast, units=1)
    Job.objects.get(id=job.id).channels.update(centre_id=cast.centre_id)
    add_worker(cast, "w900", centre_id=cast.home_id)

    assert Phone(cast, "w900").post("pages", {"job": job.id})[1]["code"] == "not_offered"


def test_unpacking_never_holds_more_than_a_message() -> None:
    class Reading:
        asked = 0

        def read(self, most: int) -> bytes:
            self.asked = most
            return b"{}"

    reading = Reading()

    assert read_body(reading, "") == b"{}"  # type: ignore[arg-type]
    assert reading.asked == MOST_BYTES + 1
