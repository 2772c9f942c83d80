"""A buyer's story through the pages: from a draft to the file with the results."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from tests.cast import PAIR, Cast, assemble

from ujima.flows import judgment, settle
from ujima.people.standing import Principal
from ujima.work.actions import channels
from ujima.work.envelopes import Given
from ujima.work.errors import JobClosed
from ujima.work.models import Channel, Job, Unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble()


def signed_in(who: Principal) -> Client:
    client = Client()
    from ujima.people.models import Person

    client.force_login(Person.objects.get(id=who.person_id))
    return client


def file_of(text: str | bytes, name: str = "units.csv") -> BytesIO:
    file = BytesIO(text if isinstance(text, bytes) else text.encode())
    file.name = name
    return file


TITLE = {"title": "Does it follow?", "instructions": "# Read\n\n**both**", "project": "new"}
TERMS = {
    "currency": "USD", "rate": "0.05", "seconds": "20", "provider_share": "30",
    "judgments_min": "2", "judgments_max": "3", "confidence": "90", "gold_share": "20",
    "audit": "3", "ceiling": "", "accuracy": "60", "rework_payer": "buyer",
    "quiz_units": "0", "quiz_right": "0",
    "page_size": "10", "lease_minutes": "60", "deadline": "",
}  # fmt: skip
ROWS = "id,premise,statement,gold,why\n" + "".join(
    f"k{n},Text {n},Statement {n},{'yes' if n < 2 else ''},{'it says so' if n < 2 else ''}\n"
    for n in range(8)
)


def begun(client: Client) -> Job:
    """A draft after step 1."""
    sent = client.post("/jobs/new", TITLE | {"new_project": "Entailment"})
    assert sent.status_code == 302, sent.content.decode()
    return Job.objects.get()


def with_form(client: Client) -> Job:
    job = begun(client)
    assert client.post(f"/jobs/{job.id}/form", {"config": PAIR}).status_code == 302
    return job


def brought(client: Client, job: Job, rows: str = ROWS, **other: str) -> str:
    """The report's address after a file was matched and taken in."""
    looked = client.post(f"/jobs/{job.id}/units", {"file": file_of(rows)})
    assert looked.status_code == 302, looked.content.decode()
    chosen = {
        "column.text": "premise", "column.statement": "statement", "key": "id",
        "gold.follows": "gold", "gold_reason": "why",
    } | other  # fmt: skip
    return client.post(looked["Location"], chosen)["Location"]


def ready(client: Client, cast: Cast) -> Job:
    """A draft after step 4."""
    job = with_form(client)
    brought(client, job)
    assert client.post(f"/jobs/{job.id}/terms", TERMS).status_code == 302
    return job


def launched(client: Client, cast: Cast) -> Job:
    """A running job, accepted by the provider."""
    job = ready(client, cast)
    sent = client.post(
        f"/jobs/{job.id}/launch",
        {"channels": [str(cast.provider.id)], "agrees": "yes", "then": "launch"},
    )
    assert sent.status_code == 302, sent.content.decode()
    channel = Channel.objects.get()
    channels.answer(by=cast.manager, channel_id=channel.id, accepts=True, now=timezone.now())
    job.refresh_from_db()
    return job


def worked(cast: Cast, job: Job) -> None:
    """One after the other takes what there is and says yes, until the job is done."""
    for worker in cast.workers.values():
        now = timezone.now()
        try:
            page = judgment.take(worker=worker, job_id=job.id, wanted=None, now=now)
        except JobClosed:
            return
        judgment.submit(
            worker=worker, org_id=page.org_id, job_id=job.id, page_id=page.id, device_id=uuid4(),
            answers=[
                Given(number, number, {"follows": ["yes"]}, 4000, now)
                for number, _data in page.units
            ],
            now=now,
        )  # fmt: skip
        settle.settle(job_id=job.id, now=timezone.now())


def body(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined]


def streamed(response: object) -> str:
    return b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]


def test_a_buyer_goes_from_a_draft_to_a_file_of_results(cast: Cast) -> None:
    client = signed_in(cast.buyer)

    job = launched(client, cast)
    assert "Accepted" in body(client.get(f"/jobs/{job.id}"))
    worked(cast, job)

    page = body(client.get(f"/jobs/{job.id}"))
    assert "Finished" in page
    assert "6 <small>/ 6</small>" in page
    results = body(client.get(f"/jobs/{job.id}/results"))
    assert "k7" in results
    sent = client.get(f"/jobs/{job.id}/export/results.csv")
    rows = list(csv.DictReader(StringIO(streamed(sent))))
    assert [row["key"] for row in rows] == [f"k{n}" for n in range(2, 8)]
    assert {row["answer.follows"] for row in rows} == {"yes"}
    assert rows[0]["data.text"] == "Text 2"
    assert {row["ended"] for row in rows} <= {"confident", "spent"}
    assert "Known answers" in body(client.get(f"/jobs/{job.id}/export"))
    golds = list(csv.DictReader(StringIO(streamed(client.get(f"/jobs/{job.id}/export/gold.csv")))))
    assert [(row["key"], row["answer.follows"]) for row in golds] == [("k0", "yes"), ("k1", "yes")]
    assert all(row["judgments"] == row["right"] for row in golds)
    assert sum(int(row["judgments"]) for row in golds) > 0


def test_judgments_leave_under_names_that_are_nobodys(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = launched(client, cast)
    worked(cast, job)

    sent = streamed(client.get(f"/jobs/{job.id}/export/judgments.csv"))
    unit = Unit.objects.filter(job_id=job.id, is_gold=False).first()
    page = body(client.get(f"/jobs/{job.id}/units/{unit.id}"))

    rows = list(csv.DictReader(StringIO(sent)))
    assert len({row["person"] for row in rows}) >= 2
    assert rows[0]["person"] in sent
    for worker in cast.workers.values():
        assert str(worker.person_id) not in sent + page
    assert "Person w001" not in sent + page
    assert any(row["person"] in page for row in rows)


def test_each_step_keeps_what_it_was_given(cast: Cast) -> None:
    client = signed_in(cast.buyer)

    job = ready(client, cast)

    job.refresh_from_db()
    assert (job.title, job.project.title, job.rate_minor) == ("Does it follow?", "Entailment", 5)
    assert (job.provider_share_bp, job.gold_share_bp, job.confidence_target) == (3000, 2000, 0.9)
    for step in ("title", "form", "units", "terms", "launch"):
        assert client.get(f"/jobs/{job.id}/{step}").status_code == 200
    assert 'value="0.05"' in body(client.get(f"/jobs/{job.id}/terms"))
    assert client.get(f"/jobs/{job.id}").status_code == 302


def test_the_preview_shows_the_first_unit_as_the_worker_sees_it(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = with_form(client)
    before = body(client.get(f"/jobs/{job.id}/form"))
    brought(client, job)

    shown = body(client.post(f"/jobs/{job.id}/form/preview", {"config": PAIR}))

    assert "Sample words" in before
    assert "Text 0" in shown
    assert 'type="radio" name="a.follows" value="yes"' in shown


def test_a_ready_made_form_takes_the_place_of_another(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)
    config = ""

    for name in ("text", "pair", "image", "words"):
        shown = client.post(f"/jobs/{job.id}/form", {"ready": name, "config": config})
        assert shown.status_code == 200
        assert "not right yet" not in body(shown)
        config = shown.context["form"]["config"].value()
    assert "TextArea" in config


def test_what_the_buyer_wrote_is_not_overwritten_before_she_says_so(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)
    own = PAIR.replace("statement follow", "second text follow")

    asked = client.post(f"/jobs/{job.id}/form", {"ready": "words", "config": own})
    sure = client.post(f"/jobs/{job.id}/form", {"ready": "words", "config": own, "sure": "yes"})

    assert "what you wrote would be gone" in body(asked)
    assert asked.context["form"]["config"].value() == own
    assert "TextArea" in sure.context["form"]["config"].value()


def test_the_form_step_warns_of_labels_that_say_nothing(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)
    poor = (
        '<View><Text name="p" value="$text"/><TextArea name="o" toName="p" required="true"/></View>'
    )

    shown = body(client.post(f"/jobs/{job.id}/form/preview", {"config": poor}))
    good = body(client.post(f"/jobs/{job.id}/form/preview", {"config": PAIR}))

    assert "Workers read “P” above the part named “p”" in shown
    assert "Nothing asks the question “o”" in shown
    assert "Workers read" not in good
    assert "Nothing asks" not in good


def test_passed_steps_lead_back(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)

    shown = client.get(f"/jobs/{job.id}/form").content.decode()

    steps = shown.partition('<ol class="steps"')[2].partition("</ol>")[0]
    assert f'<a href="/jobs/{job.id}/title">' in steps
    assert steps.count("<a ") == 1, "the step that one is at, and those that come, are no links"


def test_the_estimate_follows_the_terms_that_are_written(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = with_form(client)
    brought(client, job)

    told = body(client.post(f"/jobs/{job.id}/terms/estimate", TERMS))

    # 6 units × 3 + 4 of gold = 22 judgments at 0.05, 30 % on top, 5 % for what nobody foresees
    assert "$1.50" in told
    assert "$9.00" in told  # 0.05 every 20 s


def test_a_file_sent_twice_brings_nothing_in_twice(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = with_form(client)
    brought(client, job)

    report = body(client.get(brought(client, job)))

    assert Unit.objects.filter(job_id=job.id).count() == 8
    assert "There already" in report


def test_refused_rows_are_named_and_can_be_taken_away(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = with_form(client)

    address = brought(client, job, ROWS + "k9,,Statement 9,,\nk10,Text,Statement,maybe,\n")
    report = body(client.get(address))
    rows = streamed(client.get(f"/jobs/{job.id}/refused/{address.rpartition('=')[2]}.csv"))

    assert "There is no text here" in report
    assert [row["row"] for row in csv.DictReader(StringIO(rows))] == ["10", "11"]
    assert Unit.objects.filter(job_id=job.id).count() == 8


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("id,text\n1,Zürich\n".encode("cp1252"), "a.csv", "This file is not UTF-8"),
        (b"", "a.csv", "The submitted file is empty"),
        (b"PK\x03\x04 and so on", "a.xlsx", "This is not a CSV, JSONL or JSON file"),
        (b'[{"text": "a"}, {"te', "a.json", "ends in the middle"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_its_field(
    cast: Cast, content: bytes, name: str, sentence: str
) -> None:
    client = signed_in(cast.buyer)
    job = with_form(client)

    sent = client.post(f"/jobs/{job.id}/units", {"file": file_of(content, name)})

    assert sent.status_code == 422
    assert sentence in body(sent)
    assert not Unit.objects.exists()


def test_a_column_that_is_not_matched_is_asked_for(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = with_form(client)
    looked = client.post(f"/jobs/{job.id}/units", {"file": file_of("id,text\n1,a\n")})

    sent = client.post(looked["Location"], {"column.text": "text", "column.statement": ""})

    assert sent.status_code == 422
    assert "Shown as “statement”" in body(sent)
    assert not Unit.objects.exists()


def test_what_is_wrong_with_a_form_is_said_with_line_and_column(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)
    config = "<View>\n  <Video name='v' value='$v'/>\n</View>"

    sent = client.post(f"/jobs/{job.id}/form", {"config": config})

    assert sent.status_code == 422
    assert "Line 2, column 3" in body(sent)
    assert "Video name=&#x27;v&#x27;" in body(sent), "what was typed is still there"
    job.refresh_from_db()
    assert job.config == ""


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("rate", "five", "“five” is not an amount of money."),
        ("rate", "0.005", "more decimals than USD knows"),
        ("rate", "0", "The rate must be more than nothing."),
        ("judgments_max", "1", "cannot be fewer than the fewest"),
        ("deadline", "2020-01-01T10:00", "has passed already"),
        ("confidence", "20", "greater than or equal to 50"),
    ],
)
def test_terms_that_cannot_be_are_refused_beside_their_field(
    cast: Cast, field: str, value: str, sentence: str
) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)

    sent = client.post(f"/jobs/{job.id}/terms", TERMS | {field: value})

    assert sent.status_code == 422
    assert sentence in body(sent)
    assert f'id="id_{field}_error"' in body(sent)
    assert f'value="{value}"' in body(sent)


def test_the_accuracy_asked_and_who_pays_for_asking_again_are_chosen_and_kept(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)
    chosen = TERMS | {"accuracy": "72.5", "rework_payer": "provider", "quiz_units": "4"}
    without_mark = client.post(f"/jobs/{job.id}/terms", chosen)
    assert 'id="id_quiz_right_error"' in body(without_mark)
    chosen["quiz_right"] = "3"
    assert client.post(f"/jobs/{job.id}/terms", chosen).status_code == 302
    again = body(client.get(f"/jobs/{job.id}/terms"))
    assert 'value="72.5"' in again
    assert '<option value="provider" selected' in again
    client.post(f"/jobs/{job.id}/title", {"title": "Another", "instructions": ""})
    job.refresh_from_db()
    assert (job.title, job.accuracy_least, job.rework_payer) == ("Another", 0.725, "provider")
    assert (job.quiz_units, job.quiz_right) == (4, 3)


def test_everything_that_is_wrong_with_the_terms_is_said_in_one_round(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = begun(client)

    sent = body(
        client.post(
            f"/jobs/{job.id}/terms",
            TERMS | {"rate": "1e5", "judgments_max": "1", "deadline": "2020-01-01T10:00"},
        )
    )

    assert "“1e5” is not an amount of money." in sent
    assert "cannot be fewer than the fewest" in sent
    assert "has passed already" in sent


def test_a_job_without_money_stays_a_draft(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = ready(client, cast)
    client.post(f"/jobs/{job.id}/terms", TERMS | {"rate": "5000"})
    page = body(client.get(f"/jobs/{job.id}/launch"))

    sent = client.post(
        f"/jobs/{job.id}/launch",
        {"channels": [str(cast.provider.id)], "agrees": "yes", "then": "launch"},
    )

    assert "Your funds are short by" in page
    assert sent.status_code == 422
    assert "There is not enough money" in body(sent)
    job.refresh_from_db()
    assert job.state == "draft"


def test_whoever_chooses_all_of_a_provider_has_chosen_its_centres_with_it(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = ready(client, cast)
    whole = str(cast.provider.id)
    centres = [f"{whole}:{cast.centre_id}", f"{whole}:{cast.home_id}"]

    for chosen, offered in ((centres, 2), ([whole, *centres], 1), (centres[:1], 1)):
        client.post(f"/jobs/{job.id}/launch", {"channels": chosen, "then": "stay"})
        assert job.channels.filter(withdrawn_at=None).count() == offered


def test_a_job_starts_only_once_its_cost_is_agreed_to(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = ready(client, cast)

    sent = client.post(
        f"/jobs/{job.id}/launch", {"channels": [str(cast.provider.id)], "then": "launch"}
    )

    assert sent.status_code == 422
    job.refresh_from_db()
    assert job.state == "draft"


def test_the_live_part_says_304_until_something_moves(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = launched(client, cast)
    first = client.get(f"/jobs/{job.id}/now")

    again = client.get(f"/jobs/{job.id}/now", headers={"If-None-Match": first["ETag"]})
    worked(cast, job)
    later = client.get(f"/jobs/{job.id}/now", headers={"If-None-Match": first["ETag"]})

    assert (first.status_code, again.status_code, later.status_code) == (200, 304, 200)
    assert "hx-trigger" in body(first)
    assert "hx-trigger" not in body(later), "a job that has ended asks no more"


def test_the_curve_begins_at_the_launch_so_that_one_fit_is_drawn(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = launched(client, cast)
    before = client.get(f"/jobs/{job.id}").context["points"]
    settle.settle(job_id=job.id, now=timezone.now())

    points = client.get(f"/jobs/{job.id}").context["points"]

    assert before == []
    assert len(points) == 2
    assert points[0].at < points[1].at


def test_a_job_is_paused_goes_on_and_is_cancelled(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = launched(client, cast)

    for way, state in (("pause", "paused"), ("resume", "launched"), ("cancel", "cancelled")):
        assert client.get(f"/jobs/{job.id}/{way}").status_code == 200
        client.post(f"/jobs/{job.id}/{way}", {"reason": "we think it over"})
        job.refresh_from_db()
        assert job.state == state
    assert "we think it over" in body(client.get(f"/jobs/{job.id}"))
    assert client.post(f"/jobs/{job.id}/resume", {}).status_code == 422
    assert "$1,000.00" in body(client.get("/funds"))


def test_results_are_filtered_and_found_by_key(cast: Cast) -> None:
    client = signed_in(cast.buyer)
    job = launched(client, cast)
    worked(cast, job)
    unit = Unit.objects.get(job_id=job.id, key="k5")

    assert "k5" in body(client.get(f"/jobs/{job.id}/results?answer=yes"))
    assert "Nothing fits" in body(client.get(f"/jobs/{job.id}/results?below=1"))
    assert client.get(f"/jobs/{job.id}/results?key=k5")["Location"].endswith(f"units/{unit.id}")
    assert "no unit with this key" in body(client.get(f"/jobs/{job.id}/results?key=nope"))


def test_results_page_forward_and_back(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ujima.web.buyer.results.PAGE", 2)
    client = signed_in(cast.buyer)
    job = launched(client, cast)
    worked(cast, job)
    address = f"/jobs/{job.id}/results"

    pages = [client.get(address).context]
    while pages[-1]["older"]:
        pages.append(client.get(address + pages[-1]["older"]).context)
    back = client.get(address + pages[-1]["newer"]).context

    keys = [[row["unit"].key for row in page["rows"]] for page in pages]
    assert keys == [["k2", "k3"], ["k4", "k5"], ["k6", "k7"]]
    assert [row["unit"].key for row in back["rows"]] == keys[1]
    assert pages[0]["newer"] == ""


def test_results_come_the_least_certain_first_if_asked(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ujima.web.buyer.results.PAGE", 3)
    client = signed_in(cast.buyer)
    job = launched(client, cast)
    worked(cast, job)
    address = f"/jobs/{job.id}/results"

    pages = [client.get(f"{address}?sort=confidence").context]
    while pages[-1]["next"]:
        pages.append(client.get(address + pages[-1]["next"]).context)

    found = [row["current"] for page in pages for row in page["rows"]]
    places = [(current.confidence, current.unit_id) for current in found]
    assert len(found) == 6
    assert places == sorted(places)


def test_a_key_for_a_program_is_shown_once_and_can_be_withdrawn(cast: Cast) -> None:
    client = signed_in(cast.buyer)

    asked = {"name": "nightly", "scopes": ["jobs:read"], "days": "30"}
    made = client.post("/tokens", asked, follow=True)
    secret = made.context["secret"]
    listed = client.get("/tokens")

    assert secret in body(made)
    assert secret not in body(listed)
    assert len(listed.context["tokens"]) == 1, "a reload makes no second key"
    assert "people:write" not in body(listed), "no more may be given than one has"
    token = listed.context["tokens"][0]["token"]
    assert "Withdraw" in body(client.get(f"/tokens/{token.id}/revoke"))
    client.post(f"/tokens/{token.id}/revoke")
    assert "No keys yet" in body(client.get("/tokens"))


def test_an_unmeant_file_is_gone_after_a_day(cast: Cast, settings: object) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    from ujima.web.buyer import uploads

    now = timezone.now()
    org = cast.buyer.org_id
    mark = uploads.keep(org, SimpleUploadedFile("a.csv", b"a\n1\n"), now)

    uploads.keep(org, SimpleUploadedFile("b.csv", b"b\n1\n"), now + timedelta(days=2))

    with pytest.raises(uploads.UploadGone):
        uploads.opened(org, mark)
