"""When a job stops asking: nothing to gain, a sample asked on all the same, a ceiling of cost."""

from datetime import timedelta

import pytest
from tests.cast import NOW, assemble, launched_job, says, send, take, work_off

from ujima.flows import judgment, settle
from ujima.pay.models import Accrual
from ujima.pay.queries import cost_of, reserve_of
from ujima.quality.models import Belief, Current, Fit, Result
from ujima.web.buyer.live import facts_of
from ujima.work.models import Job, Judgment, Lease, Unit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
TERMS = {"judgments_min": 2, "judgments_max": 6, "confidence_target": 0.99, "gold_share_bp": 0}


def _known_people(cast, units=40):
    """Three people agree on everything but every fifth unit, and a fit has seen them."""
    job = launched_job(cast, units=units, **TERMS)
    for turn, worker in enumerate(list(cast.workers.values())[:3]):
        key = 0
        while (page := take(worker, job)).units:
            told = [says(n, key + n, _split(turn, data)) for n, data in page.units]
            send(worker, page, told, device=worker.person_id)
            key += 1000
    settle.settle(job_id=job.id, now=LATER)
    return job


def _split(turn, data) -> str:
    number = int(data["text"].removeprefix("Text "))
    return "yes" if number % 2 or (number % 5 == 0 and turn == 0) else "no"


def test_units_are_given_up_only_once_people_are_known_and_more_would_not_help():
    cast = assemble(6)
    job = _known_people(cast)
    fit = Fit.objects.latest("id")
    assert len(fit.told) == 4
    assert min(fit.told) == 0 < max(fit.told)
    assert fit.estimate_low < fit.estimate_mid < fit.estimate_high
    # all agreed on four of five: a fourth judgment of these is worth nothing, of the others it is
    ends = dict(Result.objects.values_list("unit_id", "ended"))
    assert set(ends.values()) == {"enough"}
    split = set(Unit.objects.exclude(id__in=ends).values_list("seq", flat=True))
    assert len(split) == units_split(40)

    fit.pk, fit.told = None, [0.0, 1e-7, 1e-7, 0.0]  # now one would tell next to nothing
    fit.save()
    Belief.objects.exclude(unit_id__in=ends).update(evidence=[0.0, 0.0])
    fourth = list(cast.workers.values())[3]
    page = take(fourth, job, now=LATER)
    send(fourth, page, [says(n, n) for n, _ in page.units], device=fourth.person_id, now=LATER)

    given_up = Result.objects.filter(ended="review")
    assert given_up.count() == len(page.units) == len(split)
    settled = Unit.objects.filter(id__in=given_up.values("unit_id"), state=Unit.State.SETTLED)
    assert settled.count() == len(split)
    assert len(ends) + len(split) == 40


def units_split(units: int) -> int:
    return sum(n % 2 == 0 and n % 5 == 0 for n in range(units))


def test_a_job_too_small_for_a_sample_has_none():
    cast = assemble(1)
    assert launched_job(cast, units=99).audit_bp == 0
    assert launched_job(cast, units=100).audit_bp == 300


def test_the_sample_is_asked_to_the_maximum_and_says_whether_stopping_was_right(monkeypatch):
    cast = assemble(6)
    job = launched_job(cast, units=12, **(TERMS | {"confidence_target": 0.6}))
    first = Unit.objects.order_by("id").first().id
    for place in (judgment, settle):
        monkeypatch.setattr(place, "audited_of", lambda units, share: {first} & set(units))
    for turn, worker in enumerate(cast.workers.values()):
        work_off(worker, job, "yes", first_key=turn * 100)
    settle.settle(job_id=job.id, now=LATER)

    asked = dict(Belief.objects.values_list("unit_id", "judgments"))
    assert asked.pop(first) == 6
    assert max(asked.values()) < 6
    ends = list(Result.objects.filter(unit_id=first).order_by("version").values_list("ended"))
    assert ends[0] == ("audit",)
    assert Current.objects.get(unit_id=first).result.ended == "confident"
    fit = Fit.objects.latest("id")
    assert (fit.audit_seen, fit.audit_same) == (1, 1)
    assert fit.audit_claimed <= fit.audit_found <= 1
    job.refresh_from_db()
    assert job.state == "finished"
    shown = facts_of(job, LATER)["audit"]
    assert (shown["seen"], shown["same"]) == (1, 1)


def test_a_job_that_costs_the_most_it_may_stops_asking_and_pays_all_it_accepted():
    cast = assemble(6)
    job = launched_job(cast, units=12, **(TERMS | {"ceiling_minor": 200}))
    for turn, worker in enumerate(list(cast.workers.values())[:2]):
        work_off(worker, job, "yes", first_key=turn * 100)
        settle.settle(job_id=job.id, now=LATER)
    third = list(cast.workers.values())[2]
    page = take(third, job, now=LATER)  # held when the ceiling is reached
    settle.settle(job_id=job.id, now=LATER)
    assert Job.objects.get().state == "finished"
    assert set(Result.objects.values_list("ended", flat=True)) == {"ceiling"}
    assert Current.objects.count() == 12

    told = [says(n, n) for n, _ in page.units]
    assert set(send(third, page, told, device=third.person_id, now=LATER)) == {"kept"}
    settle.settle(job_id=job.id, now=LATER)
    kept = Judgment.objects.count()
    assert Accrual.objects.count() == kept
    job.refresh_from_db()
    spent = cost_of(job.org_id, job.id, currency="USD", provider_share_bp=3000, fee_bp=200)
    assert spent.wages.minor == kept * 5
    assert not Lease.objects.filter(state=0).exists()
    assert reserve_of(job.org_id, job.id, "USD").minor == 0


def test_without_a_ceiling_money_ends_no_job():
    cast = assemble(4)
    job = launched_job(cast, units=4, **TERMS)
    work_off(next(iter(cast.workers.values())), job)
    settle.settle(job_id=job.id, now=LATER)
    assert Job.objects.get().state == "launched"


def test_of_the_open_units_near_each_other_the_least_sure_are_given_first():
    cast = assemble(5)
    job = launched_job(cast, units=12, **(TERMS | {"judgments_min": 1}))
    for turn, worker in enumerate(list(cast.workers.values())[:3]):
        page = take(worker, job, wanted=12)
        told = [
            says(n, n, "no" if turn == 1 and data["text"] in ("Text 7", "Text 9") else "yes")
            for n, data in page.units
        ]
        send(worker, page, told, device=worker.person_id)
    fourth = list(cast.workers.values())[3]
    sure = dict(Unit.objects.values_list("data__text", "sure"))
    least = sorted(sure, key=sure.__getitem__)[:2]
    assert 0 < sure[least[0]] < sure["Text 0"]
    page = take(fourth, job, wanted=2)
    assert {data["text"] for _, data in page.units} == set(least)
    rest = take(fourth, job, wanted=12)  # the bookmark comes round to what was passed over
    assert len(rest.units) == 10
