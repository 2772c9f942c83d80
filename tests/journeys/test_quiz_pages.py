"""A quiz on the pages: told before, said on the page, taught after; practice after a case."""

import re
from typing import Any

import pytest
from django.test import Client
from tests.cast import NOW, Cast, assemble, launched_job, says, send, take
from tests.journeys.pages import hidden, staff, words, worker

from ujima.flows import settle
from ujima.pay.models import Accrual
from ujima.quality.models import Case
from ujima.work.models import Channel, Gold, Quiz

pytestmark = pytest.mark.django_db
SAYS_QUIZ = "This is a quiz."


def quizzed(cast: Cast) -> Any:
    """A quiz of two, both to be right; every known answer is yes, "because it says so"."""
    job = launched_job(cast, units=40, golds=16, page_size=4, quiz_units=2, quiz_right=2)
    Gold.objects.update(reason="Because it says so")
    return job


def answer_page(client: Client, job: Any, choice: str) -> str:
    """Take a page and answer all of it; its address."""
    here = client.post(f"/work/{job.id}/take").headers["Location"]
    assert here.startswith("/work/page/"), here
    return answered(client, here, choice)


def answered(client: Client, here: str, choice: str) -> str:
    for _ in range(20):
        shown = client.get(here)
        if shown.status_code == 302:
            return here
        client.post(here, {"unit": hidden(shown, "unit"), "seen": "", "a.follows": choice})
    raise AssertionError("the page never ends")


def test_a_quiz_is_told_before_said_on_its_page_and_taught_after() -> None:
    cast = assemble(2)
    job = quizzed(cast)
    her = worker(cast)
    look = words(her.get(f"/work/{job.id}"))
    assert "begins with a quiz of 2 units, paid like all others" in look
    channel = Channel.objects.get(job_id=job.id)
    assert "2 of 2 right, two tries" in words(
        staff("ruma@sundarban.example").get(f"/offers/{channel.id}")
    )
    here = her.post(f"/work/{job.id}/take").headers["Location"]
    page = words(her.get(here))
    assert SAYS_QUIZ in page
    assert "Because it says so" not in page, "nothing is taught before she has answered"
    answered(her, here, "no")
    done = words(her.get(f"{here}/done"))
    assert "0 of 2 right; the job asks for 2" in done
    assert "Right answer yes" in done
    assert done.count("Because it says so") == 2
    assert "Try once more" in done
    here = answer_page(her, job, "yes")
    done = words(her.get(f"{here}/done"))
    assert "2 of 2 right: you go on" in done
    ordinary = her.post(f"/work/{job.id}/take").headers["Location"]
    assert SAYS_QUIZ not in words(her.get(ordinary))
    answered(her, ordinary, "no")
    assert "Because it says so" not in words(her.get(f"{ordinary}/done")), "hidden gold stays so"
    assert worker(cast, "w002").get(f"{here}/done", follow=True).status_code in (200, 404)
    assert "Because" not in words(worker(cast, "w002").get(f"{here}/done", follow=True))


def test_after_a_case_she_sees_what_is_right_and_may_practise_paid() -> None:
    cast = assemble(2)
    job = quizzed(cast)
    her, other = worker(cast), worker(cast, "w002")
    for _ in range(2):
        here = answer_page(her, job, "no")
    assert "A person looks at it" in words(her.get(f"{here}/done"))
    case = Case.objects.get()
    about = f"/work/about/{case.id}"
    assert "In the quiz before this job" in words(her.get(about))
    told = words(her.post(f"/work/{job.id}/take", follow=True))
    assert "A person looks at your quiz" in told
    lesson = words(her.get(f"{about}/lesson"))
    assert lesson.count("Because it says so") == 4
    assert "Because" not in words(other.get(f"{about}/lesson", follow=True))
    paid = Accrual.objects.count()
    start = her.post(f"{about}/practise")
    assert "You practise." in words(her.get(start.headers["Location"]))
    here = answered(her, start.headers["Location"], "yes")
    assert Accrual.objects.count() == paid + 10
    assert words(her.get(f"{here}/done")).count("You had it right.") == 10
    assert "nothing more to practise" in words(her.post(f"{about}/practise", follow=True))
    assert other.post(f"{about}/practise").headers["Location"] == "/work"
    assert "its mark is 100 %" in words(staff("ruma@sundarban.example").get(f"/cases/{case.id}"))
    assert staff("oma@other.example").get(f"/cases/{case.id}").status_code == 404
    assert set(Quiz.objects.values_list("outcome", flat=True)) == {"again", "case"}


def test_she_sees_how_sure_we_are_and_from_how_many_answers_in_steps_only() -> None:
    cast = assemble(1)
    job = launched_job(cast, units=60, golds=20, page_size=1, gold_share_bp=5000)
    her, told = worker(cast), {}
    for n in range(1, 42):
        page = take(cast.workers["w001"], job)
        send(cast.workers["w001"], page, [says(number, n) for number, _ in page.units])
        if n in (19, 20, 39, 40, 41):
            settle.settle(job_id=job.id, now=NOW)
            told[n] = re.search(r"are right .*? from (\d+) answers", words(her.get("/me")))
    moments = {n: found and found[1] for n, found in told.items()}
    assert moments[19] is None
    assert moments[20] == moments[39] in (None, "20")
    assert moments[40] == moments[41] in ("20", "40")
