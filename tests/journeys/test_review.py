"""A buyer looks at quality, decides the least certain units, and accepts a lot, at her browser."""

import csv
import io
import re
from typing import Any

import orjson
import pytest
from django.utils import timezone
from tests.cast import Cast, assemble, launched_job, says, send, take
from tests.journeys.pages import staff, words

from ujima.flows import settle
from ujima.quality.models import Acceptance, Adjudication, Current, Draw
from ujima.work.models import Job, Judgment

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=6)


@pytest.fixture
def job(cast: Cast) -> Job:
    """Five people judge everything; the first says no to some."""
    job = launched_job(cast, units=14, golds=3, judgments_min=5, judgments_max=5)
    for number, worker in enumerate(list(cast.workers.values())[:5]):
        key = 0
        while (page := take(worker, job, now=timezone.now())).units:
            answers = [
                says(
                    at,
                    key + n,
                    "no" if number < 2 and re.search("Text [3-6]", str(data)) else "yes",
                )
                for n, (at, data) in enumerate(page.units)
            ]
            send(worker, page, answers, device=worker.person_id, now=timezone.now())
            key += len(answers)
    settle.settle(job_id=job.id, now=timezone.now())
    return job


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def test_the_quality_page_tells_what_known_answers_show(cast: Cast, job: Job) -> None:
    buyer = staff("dana@acme.example")
    told = words(buyer.get(f"/jobs/{job.id}/quality"))
    assert "Results that are right, by known answers 100.0 %" in told
    assert "Agreement (Krippendorff's alpha)" in told
    assert "What is taken for what" in told
    assert "5 people with five answers or more" in told
    assert "Review the least certain" in told
    rows = list(
        csv.DictReader(io.StringIO(body(buyer.get(f"/jobs/{job.id}/quality.csv")).decode()))
    )
    assert {row["measure"] for row in rows} >= {
        "alpha_nominal", "accuracy", "precision", "recall", "confusion", "calibration_error",
        "people_accuracy_quartiles",
    }  # fmt: skip
    told_json = orjson.loads(body(buyer.get(f"/jobs/{job.id}/quality.json")))
    assert told_json["problems"][0]["known"]["units"] == 3
    assert buyer.get(f"/jobs/{job.id}/quality.pdf").status_code == 404


def test_of_people_nothing_is_told_that_names_one(cast: Cast, job: Job) -> None:
    page = staff("dana@acme.example").get(f"/jobs/{job.id}/quality").content.decode()
    for code, worker in cast.workers.items():
        assert code not in page
        assert str(worker.person_id) not in page


def test_a_job_without_known_answers_says_how_to_add_them(cast: Cast) -> None:
    job = launched_job(cast, units=3, judgments_min=1, judgments_max=1)
    buyer = staff("dana@acme.example")
    assert "Nothing to measure yet" in words(buyer.get(f"/jobs/{job.id}/quality"))
    assert "No results to check yet" in words(buyer.get(f"/jobs/{job.id}/lots"))
    assert "Nothing to review" in words(buyer.get(f"/jobs/{job.id}/review"))
    page = take(cast.workers["w001"], job, 2, now=timezone.now())
    send(cast.workers["w001"], page, [says(n, n) for n, _ in page.units], now=timezone.now())
    settle.settle(job_id=job.id, now=timezone.now())
    told = words(buyer.get(f"/jobs/{job.id}/quality"))
    assert "No known answers yet" in told
    assert "Add units with known answers" in told
    assert "from five people on" in told


def hidden(page: Any, name: str) -> str:
    """A hidden field of the form in which a unit is answered, not of the one that takes back."""
    form = page.content.decode().split('class="stack unit"')[1]
    found = re.search(rf'name="{name}" value="([^"]*)"', form)
    assert found, name
    return found[1]


def form_of(page: Any, **more: str) -> dict[str, str]:
    names = ("shown", "seen", "done", "of", "after", "answer", "below", "only")
    return {name: hidden(page, name) for name in names} | more


def test_a_buyer_decides_skips_and_takes_back(cast: Cast, job: Job) -> None:
    buyer = staff("dana@acme.example")
    judged = Judgment.objects.count()
    first = buyer.get(f"/jobs/{job.id}/review")
    told = words(first)
    assert "0 of 11 decided" in told
    assert "3 of 5" in told
    assert "2 of 5" in told
    unit = int(hidden(first, "shown"))
    least = Current.objects.order_by("confidence", "unit_id")[0]
    assert unit == least.unit_id

    again = buyer.post(f"/jobs/{job.id}/review", form_of(first))
    assert again.status_code == 422
    sent = buyer.post(
        f"/jobs/{job.id}/review", form_of(first, **{"a.follows": "no", "reason": "line two"})
    )
    then = buyer.get(sent["Location"])
    assert "1 of 11 decided" in words(then)
    assert "Decided" in words(then)
    assert int(hidden(then, "shown")) != unit
    assert Current.objects.get(unit_id=unit).label == "no"

    skip = re.search(r'href="(\?[^"]*)">Skip', then.content.decode())
    assert skip
    third = buyer.get(f"/jobs/{job.id}/review{skip[1].replace('&amp;', '&')}")
    assert int(hidden(third, "shown")) not in (unit, int(hidden(then, "shown")))

    one = buyer.get(f"/jobs/{job.id}/units/{unit}")
    assert "Decide anew" in words(one)
    assert "a person decided" in words(one)
    back = buyer.post(
        f"/jobs/{job.id}/review/undo", {"shown": unit, "seen": 1, "done": 1, "of": 40}, follow=True
    )
    assert "Taken back" in words(back)
    assert int(hidden(back, "shown")) == unit
    assert Adjudication.objects.filter(unit_id=unit).count() == 2
    assert Judgment.objects.count() == judged
    rows = body(buyer.get(f"/jobs/{job.id}/export/adjudications.csv")).decode().splitlines()
    assert len(rows) == 3
    assert "line two" in rows[1]


@pytest.mark.parametrize(
    "given", ["answer=%00", "answer=nobody+said+this", "below=%00", "after=%00~1", "below=nan"]
)
def test_what_does_not_occur_filters_nothing(cast: Cast, job: Job, given: str) -> None:
    page = staff("dana@acme.example").get(f"/jobs/{job.id}/review?{given}")
    assert page.status_code == 200
    assert "0 of 11 decided" in words(page)


def test_who_comes_second_is_told(cast: Cast, job: Job) -> None:
    buyer = staff("dana@acme.example")
    page = buyer.get(f"/jobs/{job.id}/review")
    sent = form_of(page, **{"a.follows": "no"})
    buyer.post(f"/jobs/{job.id}/review", sent)
    late = buyer.post(f"/jobs/{job.id}/review", sent | {"a.follows": "yes"}, follow=True)
    assert "Somebody else decided this unit meanwhile" in words(late)
    assert Current.objects.get(unit_id=int(sent["shown"])).label == "no"


def test_a_sitting_ends(cast: Cast, job: Job) -> None:
    buyer = staff("dana@acme.example")
    page = buyer.get(f"/jobs/{job.id}/review?of=1")
    done = buyer.post(f"/jobs/{job.id}/review", form_of(page, **{"a.follows": "no"}), follow=True)
    assert "1 unit decided" in words(done)
    assert "Go on with the next" in words(done)


def test_a_viewer_sees_quality_and_decides_nothing(cast: Cast, job: Job) -> None:
    viewer = staff("vic@acme.example")
    assert "Review the least certain" not in words(viewer.get(f"/jobs/{job.id}/quality"))
    assert viewer.get(f"/jobs/{job.id}/review").status_code == 403
    assert viewer.post(f"/jobs/{job.id}/lots", TERMS).status_code == 403


TERMS = {"contracted": "95", "tolerable": "50", "producer": "5", "consumer": "5"}


def test_a_lot_from_plan_to_decision(cast: Cast, job: Job) -> None:
    buyer = staff("dana@acme.example")
    shown = words(buyer.get(f"/jobs/{job.id}/lots", TERMS))
    assert "of 11 results." in shown
    assert "A lot that is only 50.0 % right would pass with a chance of" in shown
    wrong = buyer.post(f"/jobs/{job.id}/lots", TERMS | {"tolerable": "96"})
    assert wrong.status_code == 422
    assert "What could just be tolerated lies below what was contracted." in words(wrong)

    here = buyer.post(f"/jobs/{job.id}/lots", TERMS)["Location"]
    assert "The sample is being drawn" in words(buyer.get(here))
    settle.settle(job_id=job.id, now=timezone.now())
    draw = Draw.objects.get()
    assert f"{draw.sample} units are left to check." in words(buyer.get(here))

    for number in range(draw.sample):
        page = buyer.get(f"{here}/check?after={number}")
        assert f"{number + 1} of {draw.sample}" in words(page)
        place = hidden(page, "place")
        lot_answer = Current.objects.get(unit_id=_unit_at(place)).label
        sent = {"place": place, "seen": hidden(page, "seen"), "a.follows": lot_answer}
        assert buyer.post(f"{here}/check", sent).status_code == 302
        if number == 0:
            assert "100.0 % so far, of 1 checked" in words(buyer.get(here))
    said = words(buyer.get(here))
    assert "The plan says: accept" in said
    buyer.post(f"{here}/undo", {"place": "1", "seen": "1"})
    assert f"{draw.sample - 1} / {draw.sample}" in words(buyer.get(here))
    page = buyer.get(f"{here}/check")
    label = Current.objects.get(unit_id=_unit_at("1")).label
    buyer.post(f"{here}/check", {"place": "1", "seen": hidden(page, "seen"), "a.follows": label})

    buyer.post(here, {"remark": "as agreed"})
    said = words(buyer.get(here))
    assert "The lot was accepted" in said
    assert "as agreed" in said
    assert Acceptance.objects.get().ruling == "accept"
    rows = list(csv.DictReader(io.StringIO(body(buyer.get(f"{here}/protocol.csv")).decode())))
    assert [row["is_right"] for row in rows] == ["true"] * draw.sample
    told = orjson.loads(body(buyer.get(f"{here}/protocol.json")))
    assert (told["ruling"], told["wrong"], len(told["units"])) == ("accept", 0, draw.sample)


def _unit_at(place: str) -> int:
    from ujima.quality.models import Drawn

    return Drawn.objects.get(place=int(place)).unit_id
