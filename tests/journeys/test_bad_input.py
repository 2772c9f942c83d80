"""Bad input, one test for each kind of it: a clear refusal with its place, nothing half done.

Each is sent as a person or a program would send it, and the whole database is compared before and
after. Finer cases of the same stand in tests/unit/work (every code of a file, a row, a config, an
answer), tests/api/test_malformed.py and tests/journeys/test_phone.py.
"""

import csv
import io
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone
from tests.api.programs import Program, issued, told
from tests.cast import (
    PAIR,
    Cast,
    add_worker,
    assemble,
    draft_job,
    launched_job,
)
from tests.journeys.pages import hidden, staff, words, worker
from tests.journeys.phones import Phone
from tests.served import Answer, Served, served
from tests.state import everything

from ujima.flows import launch, settle
from ujima.work.models import Import, Job, Judgment, Lease, RefusedRow, Unit

HEAD = "key,text,statement\n"
GOOD = HEAD + "n1,Text,Statement\nn2,Text,Statement\n"


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble(workers=3)


@pytest.fixture
def draft(cast: Cast) -> Job:
    return draft_job(cast, units=2)


@pytest.fixture
def buyer(cast: Cast) -> Client:
    return staff("dana@acme.example")


@pytest.fixture
def program(cast: Cast) -> Program:
    return Program(issued(cast.buyer))


@pytest.fixture
def phone(cast: Cast) -> Phone:
    return Phone(cast, "w001")


def by_page(buyer: Client, job: Job, content: str | bytes, name: str = "units.csv") -> Any:
    """A file on the page of units, and if its first rows can be read, on to the import."""
    file = io.BytesIO(content if isinstance(content, bytes) else content.encode())
    file.name = name
    looked = buyer.post(f"/jobs/{job.id}/units", {"file": file})
    if looked.status_code != 302:
        return looked
    shown = {"column.text": "text", "column.statement": "statement", "key": "key"}
    return buyer.post(looked["Location"], shown)


def by_program(program: Program, job: Job, content: str | bytes, name: str = "units.csv") -> Any:
    """A file as the body of a request."""
    raw = content if isinstance(content, bytes) else content.encode()
    return program.post(f"/jobs/{job.id}/units?name={name}", raw, content_type="text/csv")


def refused(response: Any, status: int, code: str, **place: Any) -> str:
    """A problem's sentence; its code and place are as they must be."""
    problem = told(response)
    found = (response.status_code, problem["code"], problem["place"])
    assert found == (status, code, place), problem
    return str(problem["detail"])


# files


@pytest.mark.parametrize("rows_before", [0, 3000], ids=["at once", "far down"])
def test_wrong_encoding(buyer: Client, program: Program, draft: Job, rows_before: int) -> None:
    good = "".join(f"n{n},Text,Statement\n" for n in range(rows_before))
    content = (HEAD + good).encode() + "x,Zürich,Statement\n".encode("cp1252")
    row, byte = rows_before + 2, len(HEAD + good) + 4
    before = everything()

    page = by_page(buyer, draft, content)
    answer = by_program(program, draft, content)

    assert page.status_code == 422
    assert "This file is not UTF-8. Save it as “CSV UTF-8” (or as UTF-8)" in words(page)
    assert f"(row {row}, byte {byte})" in words(page)
    assert "not UTF-8" in refused(answer, 422, "wrong_encoding", row=row, byte=byte)
    assert everything() == before


def test_missing_column(buyer: Client, program: Program, draft: Job) -> None:
    before = everything()

    page = by_page(buyer, draft, "key,text\nn1,Text\n")
    answer = by_program(program, draft, "key,text\nn1,Text\n")

    assert page.status_code == 422
    assert "Shown as “statement”" in words(page)
    assert "Select a valid choice. statement is not one of the available choices." in words(page)
    sentence = refused(answer, 422, "missing_column", column="statement")
    assert sentence == "The job shows “statement”; say which column of the file it is."
    mapped = '{"columns": {"statement": "claim"}}'
    named = program.post(f"/jobs/{draft.id}/units?{urlencode({'mapping': mapped})}", GOOD.encode())
    assert "no column “claim”" in refused(named, 422, "missing_column", column="claim")
    assert everything() == before


def test_duplicate_keys(buyer: Client, program: Program, draft: Job) -> None:
    rows = GOOD + "n1,Another text,Statement\nk0,Text 0,Statement 0\nk1,Other words,Statement 1\n"

    page = buyer.get(by_page(buyer, draft, rows)["Location"])

    intake = Import.objects.exclude(file_name="units.csv", kept=2, refused=0).get()
    assert (intake.kept, intake.already_kept, intake.refused) == (2, 1, 2)
    found = program.read(f"/jobs/{draft.id}/imports/{intake.id}/refused")["items"]
    assert [(one["row"], one["column"], one["code"]) for one in found] == [
        (4, "key", "duplicate_key"),
        (6, "key", "key_has_other_data"),
    ]
    for one in found:
        assert one["reason"] in words(page)
    assert Unit.objects.get(key="n1").data["text"] == "Text", "the first row stands"
    assert Unit.objects.get(key="k1").data["text"] == "Text 1", "what was there stays as it was"


FORMULA = '=HYPERLINK("http://evil.example","x")'


def test_spreadsheet_formulas(cast: Cast, buyer: Client, program: Program) -> None:
    add_worker(cast, "w900", "+1-2", cast.centre_id)
    form = PAIR.replace("</View>", '<TextArea name="note" toName="text"/></View>')
    job = launched_job(cast, units=1, config=form, judgments_min=1, judgments_max=1)
    rows = csv_of(("@key", FORMULA, "-1+2"), ("=bad", "", "Statement"))
    taken = by_program(program, job, rows)
    phone = Phone(cast, "w900")
    page = phone.take(job.id)
    said = {"follows": ["yes"], "note": ["=1+1"]}
    phone.send(page, [phone.answer(number, said) for number, _ in page["units"]])
    settle.settle(job_id=job.id, now=timezone.now())
    bad = f"/jobs/{job.id}/refused/{told(taken)['id']}.csv"

    assert Unit.objects.get(key="@key").data == {"text": FORMULA, "statement": "-1+2"}
    for what in ("results", "judgments"):
        here = f"/jobs/{job.id}/export/{what}"
        lines = {
            kind: (streamed(buyer.get(f"{here}.{kind}")), streamed(program.get(f"{here}.{kind}")))
            for kind in ("csv", "jsonl")
        }
        assert lines["csv"][0] == lines["csv"][1]
        assert lines["jsonl"][0] == lines["jsonl"][1]
        [cells] = [r for r in csv.DictReader(io.StringIO(lines["csv"][0])) if "key" in r["key"]]
        [whole] = [r for line in lines["jsonl"][0].splitlines()
                   if "@" in (r := orjson.loads(line))["key"]]  # fmt: skip
        assert (cells["key"], cells["answer.note"]) == ("'@key", "'=1+1")
        assert (whole["key"], whole["answer.note"]) == ("@key", ["=1+1"])
    results = streamed(buyer.get(f"/jobs/{job.id}/export/results.csv"))
    assert "'" + FORMULA.replace('"', '""') in results
    assert '"\'-1+2"' in results
    assert FORMULA in orjson_texts(streamed(buyer.get(f"/jobs/{job.id}/export/results.jsonl")))
    payroll = staff("puja@sundarban.example").get("/payroll.csv").content.decode()
    for file in (results, streamed(buyer.get(bad)), payroll):
        for cell in (cell for row in csv.reader(io.StringIO(file)) for cell in row):
            assert not cell.startswith(("=", "+", "@", "\t")), cell
    assert "'+1-2" in payroll


def csv_of(*rows: tuple[str, ...]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([HEAD.strip().split(","), *rows])
    return out.getvalue()


def orjson_texts(lines: str) -> set[Any]:
    """Every text that stands as a value in lines of JSON."""
    found = (value for line in lines.splitlines() for value in orjson.loads(line).values())
    return {value for value in found if isinstance(value, str)}


def streamed(response: Any) -> str:
    return b"".join(response).decode()


# what needs a line that can be cut, and a process whose memory can be looked at


@pytest.fixture(scope="module")
def site(django_db_setup: None) -> Iterator[Served]:
    with served() as site:
        yield site


@pytest.mark.slow
def test_a_field_of_2_gb(committed_db: None, site: Served) -> None:
    cast = assemble(workers=1)
    job = draft_job(cast, units=1)
    token = issued(cast.buyer)
    upload(site, token, job, "warm.csv", [GOOD.replace("n", "w").encode()])
    site.forget_peak()
    small, before = site.peak(), everything()

    refused = upload(
        site, token, job, "units.csv", *of_2_gb(GOOD + 'n3,Text,"', '"\nn4,Text,Statement\n')
    )
    assert (refused.status, refused.json()["code"]) == (422, "row_too_long"), refused
    assert refused.json()["place"] == {"row": 4}
    assert "goes on for more than 4 MB" in str(refused.json()["detail"])
    assert everything() == before

    # the lines of JSON tell where the next row begins, so this one alone is refused
    good = '{"key":"n1","text":"Text","statement":"Statement"}\n'
    taken = upload(
        site, token, job, "units.jsonl", *of_2_gb(good + '{"key":"n2","text":"', '"}\n' + good)
    )
    assert (taken.status, taken.json()["kept"], taken.json()["refused"]) == (201, 1, 2), taken
    long, again = RefusedRow.objects.order_by("row")
    assert (long.row, long.code) == (2, "row_too_long")
    assert long.reason == "This row is longer than 4000000 bytes."
    assert (again.row, again.code) == (3, "duplicate_key")
    assert site.peak() - small < 100_000_000, "a row of 4 MB is the most that is held"
    assert site.files() == []


def of_2_gb(begin: str, end: str) -> tuple[Iterator[bytes], int]:
    """A body with a field of 2 GB, made as it is sent; and its length."""
    million = b"x" * 1_000_000

    def pieces() -> Iterator[bytes]:
        yield begin.encode()
        for _ in range(2000):
            yield million
        yield end.encode()

    return pieces(), len(begin) + 2_000_000_000 + len(end)


def test_a_file_over_the_limit(buyer: Client, program: Program, draft: Job, settings: Any) -> None:
    settings.UPLOAD_LIMIT = 400
    before = everything()

    page = by_page(buyer, draft, GOOD + "n3,Text,Statement\n" * 30)
    answer = by_program(program, draft, GOOD + "n3,Text,Statement\n" * 30)

    assert page.status_code == 422
    assert "This file is larger than one upload may be. Send it in parts." in words(page)
    assert "Send it in parts" in refused(answer, 422, "file_too_large")
    assert everything() == before


def upload(
    site: Served,
    token: str,
    job: Job,
    name: str,
    pieces: Any,
    length: int | None = None,
    then: str = "listen",
    kind: str = "text/csv",
) -> Answer:
    """Units sent to a served site by a program."""
    pieces = list(pieces) if length is None else pieces
    headers = {
        "Authorization": f"Bearer {token}",
        "Idempotency-Key": f"{time.monotonic_ns()}",
        "Content-Type": kind,
        "Content-Length": str(sum(map(len, pieces)) if length is None else length),
    }
    return site.send("POST", f"/api/v1/jobs/{job.id}/units?name={name}", headers, pieces, then=then)


def test_a_truncated_upload(committed_db: None, site: Served) -> None:
    cast = assemble(workers=1)
    job = draft_job(cast, units=1)
    token = issued(cast.buyer)
    part = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="u.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n"
    )
    # cut after a whole row, so that the file itself looks whole
    bodies = {"text/csv": GOOD.encode(), "multipart/form-data; boundary=x": part + GOOD.encode()}
    before = everything()
    for kind, body in bodies.items():
        sent = len(body) + 300
        heard = upload(site, token, job, "u.csv", [body], sent, "stop", kind)
        upload(site, token, job, "u.csv", [body], sent, "hang up", kind)
        assert (heard.status, heard.json()["code"]) == (422, "truncated_upload"), heard
        assert "ends in the middle; the upload was probably cut off" in str(heard.json())
    time.sleep(1)  # for what was hung up
    assert everything() == before
    assert site.files() == []
    again = upload(site, token, job, "u.csv", [GOOD.encode()])
    assert (again.status, again.json()["kept"]) == (201, 2), "and then it is sent again"


def test_a_truncated_upload_on_the_page(committed_db: None, site: Served) -> None:
    cast = assemble(workers=1)
    job = draft_job(cast, units=1)
    buyer = staff("dana@acme.example")
    csrf = hidden(buyer.get(f"/jobs/{job.id}/units"), "csrfmiddlewaretoken")
    cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in buyer.cookies.items())
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{csrf}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="u.csv"\r\n\r\n'
        f"{GOOD}\r\n--x--\r\n"
    ).encode()
    headers = {"Cookie": cookies, "Content-Type": "multipart/form-data; boundary=x"}
    length = {"Content-Length": str(len(body))}
    address, before = f"/jobs/{job.id}/units", everything()

    for then in ("stop", "hang up"):
        heard = site.send("POST", address, headers | length, [body[:-20]], then=then)
        assert heard.status in (0, 400), heard
        assert then == "hang up" or "ended in the middle" in heard.body.decode()
    time.sleep(1)
    assert everything() == before
    assert site.files() == []
    assert site.send("POST", address, headers | length, [body]).status == 302, "the whole is taken"


def test_a_truncated_request(committed_db: None, site: Served) -> None:
    cast = assemble(workers=1)
    job = launched_job(cast, units=1)
    token, phone = issued(cast.buyer), Phone(cast, "w001")
    before = everything()

    for way, key, body in (
        (f"jobs/{job.id}/cancel", token, b""),
        (f"jobs/{job.id}/cancel", token, b'{"reason": "we th'),
        ("phone/pages", phone.token, b'{"job": "'),
    ):
        headers = {
            "Authorization": f"Bearer {key}",
            "Idempotency-Key": "cut",
            "Content-Type": "application/json",
            "Content-Length": "90",
        }
        heard = site.send("POST", f"/api/v1/{way}", headers, [body], then="stop")
        problem = heard.json()
        assert (heard.status, problem["code"]) == (400, "truncated_request"), heard
        assert problem["retry"] is True
    assert everything() == before


def test_a_body_of_unknown_length(committed_db: None, site: Served) -> None:
    cast = assemble(workers=1)
    job = launched_job(cast, units=1)
    headers = {
        "Authorization": f"Bearer {issued(cast.buyer)}",
        "Idempotency-Key": "chunked",
        "Content-Type": "application/json",
        "Transfer-Encoding": "chunked",
    }
    before = everything()

    body = b'{"reason": "enough"}'
    chunks = [b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)]
    heard = site.send("POST", f"/api/v1/jobs/{job.id}/cancel", headers, chunks)

    assert (heard.status, heard.json()["code"]) == (411, "length_missing"), heard
    assert everything() == before


# configs, money


BOMB = (
    '<?xml version="1.0"?>\n<!DOCTYPE View [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 1000
    + '"><!ENTITY c "'
    + "&b;" * 1000
    + '">]>\n<View><Text name="text" value="$text"/><Header value="&c;"/></View>'
)
FETCH = '<!DOCTYPE View [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<View>&a;</View>'


@pytest.mark.parametrize("config", [BOMB, FETCH], ids=["bomb", "fetch"])
def test_an_xml_bomb_as_config(buyer: Client, program: Program, draft: Job, config: str) -> None:
    body = {"title": "Boom", "project": str(draft.project_id), "config": config, "rate_minor": 5}
    before, began = everything(), time.monotonic()

    page = buyer.post(f"/jobs/{draft.id}/form", {"config": config})
    shown = buyer.post(f"/jobs/{draft.id}/form/preview", {"config": config})
    made = program.post("/jobs", body)
    changed = program.send("PATCH", f"/jobs/{draft.id}", {"config": config})
    checked = program.post("/labelling/check", {"config": config})

    assert page.status_code == 422
    assert "A config may not declare a document type or entities." in words(page)
    assert "Line " in words(page)
    assert "root:" not in words(shown)
    for response in (made, changed):
        problem = told(response)
        assert (response.status_code, problem["code"]) == (422, "bad_config")
        [one] = [one for one in problem["problems"] if one["code"] == "declares_entities"]
        assert one["place"]["line"] in (1, 2)
    assert not told(checked)["is_good"]
    assert everything() == before
    assert time.monotonic() - began < 5, "nothing is unfolded"


def test_a_job_without_money(cast: Cast, buyer: Client, program: Program) -> None:
    job = draft_job(cast, units=6, rate_minor=50_000)
    [place] = [p for p in program.read("/providers")["items"] if p["name"] == "Sundarban Digital"]
    program.made(f"/jobs/{job.id}/channels", {"provider": place["id"]})
    before = everything()

    page = buyer.post(
        f"/jobs/{job.id}/launch",
        {"channels": [str(cast.provider.id)], "agrees": "yes", "then": "launch"},
    )
    answer = program.post(f"/jobs/{job.id}/launch")

    assert page.status_code == 422
    assert "There is not enough money" in words(page)
    assert "Your funds are short by" in words(page)
    problem = told(answer)
    assert (answer.status_code, problem["code"]) == (409, "not_enough_funds")
    assert everything() == before


def test_more_units_without_money(cast: Cast, buyer: Client, program: Program) -> None:
    job = launched_job(cast, units=6, rate_minor=4_000)
    rows = HEAD + "".join(f"n{n},Text,Statement\n" for n in range(40))
    before = everything()

    page = by_page(buyer, job, rows)
    answer = by_program(program, job, rows)

    assert page.status_code == 422
    assert "There is not enough money" in words(page)
    assert told(answer)["code"] == "not_enough_funds"
    assert everything() == before


# judgments


def run_out(job: Job) -> None:
    """The leases of a job run out, and the sweep sees it."""
    past = timezone.now() - timedelta(seconds=1)
    Lease.objects.filter(job_id=job.id, state=Lease.State.HELD).update(expires_at=past)
    settle.sweep(now=timezone.now())


def held_on_a_page(cast: Cast, job: Job, code: str = "w001") -> tuple[Client, str, str]:
    """A worker at her browser with a page: she, its address, and the token of its first unit."""
    client = worker(cast, code)
    page = client.post(f"/work/{job.id}/take")["Location"]
    return client, page, hidden(client.get(page), "unit")


def one_refused(verdict: dict[str, Any], code: str, sentence: str, place: Any = None) -> None:
    assert verdict["status"] == "refused"
    assert (verdict["code"], verdict["retry"]) == (code, False)
    assert sentence in verdict["sentence"]
    assert verdict.get("place") == place


def test_a_judgment_after_the_lease(cast: Cast, phone: Phone) -> None:
    job = launched_job(cast, units=1, judgments_min=2, judgments_max=2, confidence_target=0.5)
    page = phone.take(job.id)
    client, address, token = held_on_a_page(cast, job, "w002")
    run_out(job)
    Unit.objects.filter(job_id=job.id).update(taken=F("need"), is_open=False)
    before = everything()

    [verdict] = phone.send(page, [phone.answer(1)])
    shown = client.post(address, {"unit": token, "a.follows": "yes"})

    one_refused(verdict, "lease_expired", "The time for this unit ran out and others have done it")
    assert shown.status_code == 409
    assert "it is not paid" in words(shown)
    assert everything() == before


def test_a_judgment_for_a_closed_job(cast: Cast, phone: Phone) -> None:
    job = launched_job(cast, units=2)
    page = phone.take(job.id, 1)
    client, address, token = held_on_a_page(cast, job, "w002")
    run_out(job)
    launch.change_state(by=cast.buyer, job_id=job.id, state="cancelled", now=timezone.now())
    before = everything()

    [verdict] = phone.send(page, [phone.answer(1)])
    status, more = phone.post("pages", {"job": job.id})
    shown = client.post(address, {"unit": token, "a.follows": "yes"})

    one_refused(verdict, "job_closed", "This job takes no more answers.")
    assert (status, more["code"], more["retry"]) == (409, "job_closed", False)
    assert shown.status_code == 409
    assert everything() == before


def test_a_judgment_for_anothers_unit(cast: Cast, phone: Phone) -> None:
    job = launched_job(cast, units=2)
    page = phone.take(job.id, 1)
    _client, address, token = held_on_a_page(cast, job, "w002")
    thief, same_job = Phone(cast, "w003"), worker(cast, "w003")
    before = everything()

    [verdict] = thief.send(page, [thief.answer(1)])
    [unheld] = phone.send(page, [phone.answer(2)])
    shown = same_job.post(address, {"unit": token, "a.follows": "yes"})

    one_refused(verdict, "not_yours", "")
    one_refused(unheld, "not_yours", "")
    assert verdict["sentence"]
    assert shown.status_code == 404
    assert everything() == before


def test_a_choice_that_does_not_exist(cast: Cast, phone: Phone) -> None:
    job = launched_job(cast, units=2)
    page = phone.take(job.id, 1)
    client, address, token = held_on_a_page(cast, job, "w002")
    before = everything()

    [verdict] = phone.send(page, [phone.answer(1, {"follows": ["perhaps"]})])
    shown = client.post(address, {"unit": token, "a.follows": "perhaps"})

    one_refused(verdict, "bad_answer", "“perhaps” is not one of", {"question": "follows"})
    assert shown.status_code == 422
    assert "is not one of the choices" in words(shown)
    assert everything() == before


def test_the_same_key_with_other_content(cast: Cast, phone: Phone, program: Program) -> None:
    job = launched_job(cast, units=2)
    page = phone.take(job.id, 2)
    phone.send(page, [[1, 7, {"follows": ["yes"]}, 4000, 0]])
    program.made("/projects", {"title": "One"}, key="a")
    program.made(f"/jobs/{job.id}/units?name=u.csv", GOOD.encode(), key="b")
    before = everything()

    [other] = phone.send(page, [[1, 7, {"follows": ["no"]}, 4000, 0]])
    [elsewhere] = phone.send(page, [[2, 7, {"follows": ["yes"]}, 4000, 0]])
    project = program.post("/projects", {"title": "Two"}, key="a")
    file = program.post(f"/jobs/{job.id}/units?name=u.csv", (GOOD + "n3,a,b\n").encode(), key="b")

    for verdict in (other, elsewhere):
        one_refused(verdict, "same_key_other_content", "This key was already used")
    for answer in (project, file):
        assert "already used" in refused(answer, 409, "same_key_other_content")
    assert everything() == before
    assert Judgment.objects.count() == 1
