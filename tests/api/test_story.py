"""A buyer's and a provider's story by programs alone, from a project to the last export."""

import csv
import io
from typing import Any

import pytest
from django.utils import timezone
from tests.api.programs import Program, issued, programs, told
from tests.cast import PAIR, Cast, assemble, launched_job, says, send, take, work_off

from ujima.flows import settle
from ujima.work.models import Job, Unit

pytestmark = pytest.mark.django_db
UNITS = b"""key,text,statement,gold
a,Text a,Statement a,yes
b,Text b,Statement b,
c,Text c,,
d,Text d,Statement d,
"""


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=3)


def drafted(buyer: Program, **terms: Any) -> str:
    project = buyer.made("/projects", {"title": "Entailment"})
    given = {"title": "Does it follow?", "config": PAIR, "rate_minor": 5, **terms}
    return str(buyer.made("/jobs", {"project": project["id"], **given})["id"])


def test_a_job_from_draft_to_export(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ujima.quality.trust.SHOWN_EVERY", 1)
    monkeypatch.setattr("ujima.quality.trust.SHOWN_GOLD", 1)
    buyer, provider = programs(cast)
    job = drafted(buyer, judgments_min=2, judgments_max=3)
    here = f"/jobs/{job}"
    assert buyer.read(here)["state"] == "draft"
    looked = buyer.made(f"{here}/units/preview?name=u.csv", UNITS, content_type="text/csv")
    assert looked["columns"] == ["key", "text", "statement", "gold"]
    mapping = '{"key": "key", "gold": {"follows": "gold"}}'
    taken = buyer.made(f"{here}/units?name=u.csv&mapping={mapping}", UNITS, content_type="text/csv")
    assert (taken["kept"], taken["refused"]) == (3, 1)
    [refused] = buyer.read(f"{here}/imports/{taken['id']}/refused")["items"]
    assert (refused["row"], refused["column"]) == (4, "statement")
    [shown, *_] = buyer.read(f"{here}/preview")["units"]
    assert any(block.get("text") == "Text a" for block in shown), shown

    estimate = buyer.read(f"{here}/estimate")
    assert estimate["reserve"]["minor"] > estimate["likely"]["minor"] > 0
    [sundarban] = [p for p in buyer.read("/providers")["items"] if p["name"] == "Sundarban Digital"]
    buyer.made(f"{here}/channels", {"provider": sundarban["id"]})
    assert provider.read("/offers")["items"] == [], "a draft is its buyer's alone"
    assert buyer.made(f"{here}/launch")["state"] == "launched"
    funds = buyer.read("/funds")["funds"][0]
    assert funds["reserved"]["minor"] == estimate["reserve"]["minor"]

    [offer] = provider.read("/offers")["items"]
    assert (offer["title"], offer["rate"]) == (
        "Does it follow?",
        {"minor": 5, "currency": "USD"},
    )
    assert provider.made(f"/offers/{offer['id']}/accept")["accepted_at"]
    pairs = {"pairs": [["b", "w003"]]}
    reserved = provider.made(f"/offers/{offer['id']}/reservations", pairs)
    assert reserved == {"given": 1, "new": 1}

    held = take(cast.workers["w001"], _job(job), now=timezone.now())
    working = provider.read("/at-work")["items"]
    assert [(one["worker_code"], one["units"]) for one in working] == [("w001", len(held.units))]
    for code in ("w001", "w002", "w003"):
        worker = cast.workers[code]
        page = held if code == "w001" else take(worker, _job(job), now=timezone.now())
        answers = [says(n, n, answered_at=timezone.now()) for n, _ in page.units]
        sent = send(worker, page, answers, device=worker.person_id, now=timezone.now())
        assert set(sent) == {"kept"}
    settle.settle(job_id=job, now=_job(job).made_at)

    trusted = {
        one["worker_code"]: one for one in provider.read(f"/offers/{offer['id']}/trust")["items"]
    }
    assert trusted["w001"]["gold_seen"] == 1
    progress = buyer.read(here)["progress"]
    assert progress["judgments"] == len(_judgments(buyer, here))
    units = buyer.read(f"{here}/units?key=d")["items"]
    detail = buyer.read(f"{here}/units/{units[0]['id']}")
    assert {one["answer"]["follows"][0] for one in detail["judgments"]} == {"yes"}
    assert all("w00" not in one["person"] for one in detail["judgments"])
    buyer.made(f"{here}/pause", {"reason": "a look"})
    buyer.made(f"{here}/resume")
    ended = buyer.made(f"{here}/cancel", {"reason": "enough"})
    assert [change["state"] for change in ended["history"]][-3:] == [
        "paused",
        "launched",
        "cancelled",
    ]


def _job(job_id: str) -> Job:
    return Job.objects.get(id=job_id)


def _judgments(buyer: Program, here: str) -> list[dict[str, str]]:
    response = buyer.get(f"{here}/export/judgments.csv")
    assert response.status_code == 200
    assert response.streaming
    return list(csv.DictReader(io.StringIO(b"".join(response).decode("utf-8-sig"))))


def test_units_by_a_json_body_again_are_not_taken_twice(cast: Cast) -> None:
    buyer, _ = programs(cast)
    here = f"/jobs/{drafted(buyer)}"
    units = [{"key": f"k{n}", "text": f"t{n}", "statement": "s"} for n in range(7)]
    mapping = '?mapping={"key":"key"}'

    first = buyer.made(f"{here}/units{mapping}", units)
    again = buyer.made(f"{here}/units{mapping}", units)

    assert (first["kept"], again["kept"], again["already_kept"]) == (7, 0, 7)
    pages, after = [], ""
    while after is not None:
        found = buyer.read(f"{here}/units?limit=3" + (f"&after={after}" if after else ""))
        pages.append([unit["key"] for unit in found["items"]])
        after = found["next"]
    assert pages == [["k0", "k1", "k2"], ["k3", "k4", "k5"], ["k6"]]


def test_a_file_in_a_form_is_taken_like_one_in_the_body(cast: Cast) -> None:
    buyer, _ = programs(cast)
    here = f"/jobs/{drafted(buyer)}"
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="u.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\n" + UNITS + b"\r\n--x--\r\n"
    )

    taken = buyer.made(f"{here}/units", form, content_type="multipart/form-data; boundary=x")

    assert (taken["file_name"], taken["kept"]) == ("u.csv", 3)


def test_a_draft_is_changed_in_part_and_a_launched_job_is_not(cast: Cast) -> None:
    buyer, _ = programs(cast)
    job = drafted(buyer)

    changed = buyer.send("PATCH", f"/jobs/{job}", {"rate_minor": 9})

    assert told(changed)["rate_minor"] == 9
    assert told(changed)["title"] == "Does it follow?"
    running = launched_job(cast)
    refused = buyer.send("PATCH", f"/jobs/{running.id}", {"rate_minor": 1})
    assert refused.status_code == 409
    assert told(refused)["code"] == "not_a_draft"


def test_a_config_is_checked_with_line_and_column(cast: Cast) -> None:
    buyer, _ = programs(cast)

    bad = buyer.made("/labelling/check", {"config": "<View>\n  <Video/>\n</View>"})
    good = buyer.made("/labelling/check", {"config": PAIR})

    assert not bad["is_good"]
    assert bad["problems"][0]["place"]["line"] == 2
    assert good["columns"] == ["text", "statement"]
    assert [question["name"] for question in good["questions"]] == ["follows"]


def test_a_job_without_money_stays_a_draft(cast: Cast) -> None:
    buyer, _ = programs(cast)
    job = drafted(buyer, rate_minor=900_000)
    mapping = '?mapping={"key":"key"}'
    units = [{"key": "k", "text": "t", "statement": "s"}]
    buyer.made(f"/jobs/{job}/units{mapping}", units)
    [sundarban] = [p for p in buyer.read("/providers")["items"] if p["name"] == "Sundarban Digital"]
    buyer.made(f"/jobs/{job}/channels", {"provider": sundarban["id"]})

    refused = buyer.post(f"/jobs/{job}/launch")

    assert told(refused)["code"] == "not_enough_funds"
    assert buyer.read(f"/jobs/{job}")["state"] == "draft"


def test_an_unknown_worker_code_reserves_nothing(cast: Cast) -> None:
    _, provider = programs(cast)
    job = launched_job(cast)
    [offer] = provider.read("/offers")["items"]

    pairs = {"pairs": [["k0", "w001"], ["k1", "w999"]]}
    refused = provider.post(f"/offers/{offer['id']}/reservations", pairs)

    assert refused.status_code == 422
    assert told(refused)["place"] == {"field": "pairs.1"}
    assert not Unit.objects.filter(job_id=job.id, is_reserved=True).exists()


def test_a_provider_sees_its_people_and_invites_one(cast: Cast) -> None:
    _, provider = programs(cast)

    people = provider.read("/people?role=worker&limit=2")
    assert [one["worker_code"] for one in people["items"]] == ["w001", "w002"]
    rest = provider.read(f"/people?role=worker&limit=2&after={people['next']}")
    assert [one["worker_code"] for one in rest["items"]] == ["w003"]
    kinds = {one["name"]: one["kind"] for one in provider.read("/centres")["items"]}
    assert kinds == {"Metiabruz": "delivery", "Nadia at home": "home"}

    asked = {"role": "worker", "worker_code": "w77", "name": "Mira"}
    made = provider.made("/invitations", asked, key="one")
    again = provider.made("/invitations", asked, key="one")

    assert made["token"]
    assert again["token"] is None
    assert again["id"] == made["id"]
    assert [one["worker_code"] for one in provider.read("/invitations")["items"]] == ["w77"]
    assert "token" not in provider.read("/invitations")["items"][0]
    buyers = Program(issued(cast.buyer))
    assert buyers.get("/people").status_code == 403


def test_a_provider_runs_its_centres_and_invitations_by_program(cast: Cast) -> None:
    _, provider = programs(cast)

    made = provider.made("/centres", {"name": "Canning", "kind": "home"}, key="one")
    assert provider.made("/centres", {"name": "Canning", "kind": "home"}, key="one") == made
    assert [c["name"] for c in provider.read("/centres")["items"]].count("Canning") == 1

    asked = {"role": "worker", "worker_code": "w78", "name": "Mira", "centre": made["id"]}
    first = provider.made("/invitations", asked)
    second = provider.made(f"/invitations/{first['id']}/renew")
    assert second["token"] not in (None, first["token"])
    provider.made(f"/invitations/{first['id']}/withdraw")
    assert provider.read("/invitations")["items"] == []
    gone = provider.post(f"/invitations/{first['id']}/renew")
    assert told(gone)["code"] == "invitation_gone"

    leaver = cast.memberships["w001"]
    assert provider.made(f"/people/{leaver.id}/end")["is_ended"]
    staying = [one["worker_code"] for one in provider.read("/people?role=worker")["items"]]
    assert "w001" not in staying


def test_payroll_reads_what_people_earned_and_nobody_else_does(cast: Cast) -> None:
    job = launched_job(cast, units=4, rate_minor=7)
    for code in ("w001", "w002"):
        work_off(cast.workers[code], job)
    _, provider = programs(cast)
    payroll = Program(issued(cast.payroll))

    first = payroll.read("/payroll?since=2026-03-01&limit=1")
    rest = payroll.read(f"/payroll?since=2026-03-01&after={first['next']}")

    rows = first["items"] + rest["items"]
    assert [row["worker_code"] for row in rows] == ["w001", "w002"]
    assert [row["earned"] for row in rows] == [
        {"minor": 7 * row["judgments"], "currency": "USD"} for row in rows
    ]
    assert sum(row["judgments"] for row in rows) > 0
    assert provider.get("/payroll").status_code == 403
    assert payroll.read("/payroll?since=2026-03-03")["items"] == []
