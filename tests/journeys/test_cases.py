"""A case on the pages: asked, heard and decided; and a buyer's correction."""

import dataclasses
from datetime import timedelta
from uuid import uuid4

import pytest
from tests.api.programs import Program, issued
from tests.cast import NOW, Cast, assemble, launched_job, says, send, take
from tests.journeys.pages import staff, words, worker

from ujima.base.errors import Forbidden
from ujima.flows import settle
from ujima.quality.models import Case
from ujima.quality.queries import cases_at
from ujima.work.models import Gold, Job, Stop, Unit

pytestmark = pytest.mark.django_db


def missed(cast: Cast) -> tuple[Job, str]:
    """A job on which w001 missed all known answers, and her case."""
    job = launched_job(cast, units=60, golds=12, gold_share_bp=5000)
    golds = {f"Text {n}" for n in range(12)}
    key = 0
    while units := (page := take(cast.workers["w001"], job)).units:
        answers = [says(n, key + n, "no" if data["text"] in golds else "yes") for n, data in units]
        key += 100
        send(cast.workers["w001"], page, answers)
    settle.settle(job_id=job.id, now=NOW + timedelta(hours=1))
    return job, str(Case.objects.get().id)


def test_a_case_is_asked_heard_and_decided() -> None:
    cast = assemble(2)
    _, case = missed(cast)
    lead, her = staff("ruma@sundarban.example"), worker(cast, "w001")
    assert "Person w001" in words(lead.get("/cases"))
    here = f"/cases/{case}"
    assert "0 of 12 known answers" in words(lead.get(here))
    early = lead.post(here, {"do": "decide", "decision": "stop", "reason": "Too often"})
    assert early.status_code == 409
    assert lead.post(here, {"do": "decide", "decision": "stop", "reason": ""}).status_code == 422
    assert lead.post(here, {"do": "ask"}).status_code == 302
    assert "About your work" in words(her.get("/work"))
    about = f"/work/about/{case}"
    assert "Your lead asks you" in words(her.get(about))
    assert her.post(about, {"words": " "}).status_code == 422
    assert her.post(about, {"words": "The picture did not load."}).status_code == 302
    assert "The picture did not load." in words(lead.get(here))
    how = {"do": "decide", "decision": "stop", "reason": "We train you first"}
    assert lead.post(here, how).status_code == 302
    assert "We train you first" in words(her.get(about))
    assert "offered no more of this job" in words(her.get(about))
    assert Stop.objects.count() == 1
    assert "The picture" not in words(worker(cast, "w002").get(about, follow=True))
    assert staff("oma@other.example").get(here).status_code == 404


def test_a_buyer_corrects_a_known_answer_on_the_page_and_by_program() -> None:
    cast = assemble(2)
    job, case = missed(cast)
    first, second = Unit.objects.filter(job_id=job.id, is_gold=True).order_by("id")[:2]
    buyer, here = staff("dana@acme.example"), f"/jobs/{job.id}/units/{first.id}"
    assert "It is wrong" in words(buyer.get(here))
    assert buyer.post(f"{here}/gold", {"answer.follows": "yes", "reason": "x"}).status_code == 422
    done = buyer.post(f"{here}/gold", {"answer.follows": "no", "reason": "I misread it"})
    assert done.status_code == 302
    assert "I misread it" in words(buyer.get(here))
    assert "This was our mistake" in words(worker(cast, "w001").get(f"/work/about/{case}"))
    told = Program(issued(cast.buyer)).post(
        f"/jobs/{job.id}/units/{second.id}/gold", {"answer": None, "reason": "no right answer"}
    )
    assert told.status_code == 200, told.content
    assert told.json()["gold"] is None
    assert Gold.objects.filter(job_id=job.id).count() == 11


def test_a_lead_sees_her_centres_cases_open_ones_first_however_many_there_are() -> None:
    cast = assemble(4)
    lead = dataclasses.replace(cast.lead, centre_id=cast.centre_id)
    for hour, (code, closed) in enumerate(
        {"w001": "withdrawn_at", "w002": "", "w003": "", "w004": ""}.items()
    ):
        Case.objects.create(
            org_id=uuid4(), job_id=uuid4(), person_id=cast.workers[code].person_id,
            provider_id=cast.provider.id, opened_at=NOW + timedelta(hours=hour),
            line=0.6, low=0.2, mid=0.3, high=0.5, gold_seen=20, gold_right=6,
            **({closed: NOW + timedelta(days=1)} if closed else {}),
        )  # fmt: skip
    codes = {worker.person_id: code for code, worker in cast.workers.items()}
    seen = [codes[case.person_id] for case in cases_at(lead, limit=2)]
    assert seen == ["w003", "w001"], "w002 and w004 work elsewhere; what was withdrawn comes last"
    assert len(cases_at(cast.manager)) == 4
    with pytest.raises(Forbidden):
        cases_at(cast.buyer)
    assert cases_at(dataclasses.replace(cast.manager, org_id=uuid4())) == []
