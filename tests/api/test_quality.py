"""Quality, review and acceptance by a program."""

import pytest
from django.utils import timezone
from tests.api.programs import Program, issued, programs, told
from tests.cast import Cast, assemble, launched_job, work_off

from ujima.flows import settle
from ujima.work.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=3)


@pytest.fixture
def job(cast: Cast) -> Job:
    job = launched_job(cast, units=8, golds=2, judgments_min=3, judgments_max=3)
    for code, choice in (("w001", "yes"), ("w002", "yes"), ("w003", "no")):
        work_off(cast.workers[code], job, choice, now=timezone.now())
    settle.settle(job_id=job.id, now=timezone.now())
    return job


def test_a_program_reads_quality_and_reviews(cast: Cast, job: Job) -> None:
    buyer, _ = programs(cast)
    here = f"/jobs/{job.id}"
    quality = buyer.read(f"{here}/quality")
    [problem] = quality["problems"]
    assert problem["classes"] == ["yes", "no"]
    assert problem["known"]["units"] == 2
    assert quality["people"] is None

    first = buyer.read(f"{here}/review?limit=1")
    [one] = first["items"]
    assert {tuple(s["answer"]): s["people"] for s in one["split"]} == {("yes",): 2, ("no",): 1}
    [second] = buyer.read(f"{here}/review?limit=1&after={first['next']}")["items"]
    assert second["unit"] != one["unit"]
    path = f"{here}/units/{one['unit']}/adjudication"
    body = {"answer": {"follows": ["no"]}, "reason": "why", "seen": one["seen"]}
    made = buyer.made(path, body, key="k")
    assert (made["turn"], made["role"], made["lot"]) == (1, "buyer", None)
    assert buyer.made(path, body, key="k") == made
    late = buyer.post(path, body)
    assert (late.status_code, told(late)["code"]) == (409, "decided_meanwhile")
    detail = buyer.read(f"{here}/units/{one['unit']}")
    assert detail["results"][0]["method"] == "adjudicated"
    assert len(detail["judgments"]) == 3
    buyer.made(f"{path}/undo", {"seen": 1})
    assert [a["answer"] for a in buyer.read(f"{here}/adjudications")["items"]] == [
        {"follows": ["no"]}, None
    ]  # fmt: skip


def test_a_program_accepts_a_lot(cast: Cast, job: Job) -> None:
    buyer, _ = programs(cast)
    here = f"/jobs/{job.id}/lots"
    lot = buyer.made(here, {"contracted": 0.95, "tolerable": 0.5})
    assert (lot["sample"], lot["ruling"]) == (None, "open")
    assert told(buyer.post(f"{here}/{lot['id']}/decision", {}))["code"] == "not_drawn"
    settle.settle(job_id=job.id, now=timezone.now())
    lot = buyer.read(f"{here}/{lot['id']}")
    assert lot["results"] == 6
    sample = buyer.read(f"{here}/{lot['id']}/sample")["items"]
    assert len(sample) == lot["sample"]
    for one in sample:
        body = {"place": one["place"], "answer": one["answer"], "seen": one["seen"]}
        assert buyer.made(f"{here}/{lot['id']}/checks", body)["is_right"]
    done = buyer.made(f"{here}/{lot['id']}/decision", {"remark": "fine"})
    assert (done["ruling"], done["wrong"], done["remark"]) == ("accept", 0, "fine")
    assert buyer.read(here)["items"][0]["ruling"] == "accept"
    refused = buyer.post(here, {"contracted": 0.9, "tolerable": 0.95})
    assert (refused.status_code, told(refused)["code"]) == (422, "bad_plan")


def test_without_the_scope_nothing_is_decided(cast: Cast, job: Job) -> None:
    reader = Program(issued(cast.buyer, ["results:read"]))
    [one] = reader.read(f"/jobs/{job.id}/review?limit=1")["items"]
    body = {"answer": {"follows": ["no"]}}
    refused = reader.post(f"/jobs/{job.id}/units/{one['unit']}/adjudication", body)
    assert refused.status_code == 403
    assert reader.post(f"/jobs/{job.id}/lots", {}).status_code == 403
