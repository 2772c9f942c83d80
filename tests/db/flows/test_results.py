"""What results say, and that it goes on being true: sure means sure now, and the rest is asked."""

import hashlib
from datetime import timedelta
from itertools import pairwise

import pytest
from tests.cast import NOW, assemble, launched_job, says, send, take, work_off

from ujima.flows import launch, settle
from ujima.pay.queries import reserve_of
from ujima.quality.actions.fits import NOTABLE, due_jobs
from ujima.quality.expected import saved_share
from ujima.quality.models import Belief, Current, Fit, Result, Skill
from ujima.quality.queries import fits, labels, versions
from ujima.web.buyer.live import facts_of
from ujima.work.models import Job, Judgment, Lease, Reservation, Unit

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=5)
TERMS = {"judgments_min": 3, "judgments_max": 6, "confidence_target": 0.9, "gold_share_bp": 0}


def sure_too_early(cast, *, units=1, **terms):
    """A job whose units ended as confident, from people then thought better than they are."""
    job = launched_job(cast, units=units, **(TERMS | terms))
    for turn, worker in enumerate(list(cast.workers.values())[:3]):
        page = take(worker, job)
        Skill.objects.update(counts=[900.0, 1.0, 1.0, 900.0])
        told = [says(n, n, _said(turn, data)) for n, data in page.units]
        send(worker, page, told, device=worker.person_id)
        Belief.objects.filter(judgments=2).update(evidence=[0.0, -9.0])
    assert set(Unit.objects.values_list("state", flat=True)) == {Unit.State.SETTLED}
    assert set(Result.objects.values_list("ended", flat=True)) == {"confident"}
    for worker in list(cast.workers.values())[3:]:
        assert take(worker, job).units == ()
    return job


def _said(turn, data) -> str:
    """The first says yes to all, the second to every other text, the third to the rest."""
    is_odd = int(data["text"].removeprefix("Text ")) % 2
    return "yes" if turn in (0, 1 + is_odd) else "no"


def test_a_unit_that_a_fit_finds_below_the_target_is_asked_again_and_given_out_anew():
    cast = assemble(6)
    job = sure_too_early(cast)

    settle.settle(job_id=job.id, now=LATER)

    unit, current = Unit.objects.get(), Current.objects.get()
    assert (unit.state, unit.is_open, unit.need) == (Unit.State.PENDING, True, 4)
    assert (current.result.version, current.result.ended) == (2, "unsure")
    assert current.confidence == current.result.confidence < 0.9
    for worker in list(cast.workers.values())[3:]:
        page = take(worker, job, now=LATER)
        send(worker, page, [says(1, 100, "yes")], device=worker.person_id, now=LATER)
        settle.settle(job_id=job.id, now=LATER)
        if Job.objects.get().state == "finished":
            break
    final = versions(job.org_id, unit.id)[0]
    assert final.ended == "spent" or final.confidence >= 0.9
    assert Job.objects.get().state == "finished"


def test_no_job_ends_while_a_result_that_calls_itself_confident_is_below_its_target():
    cast = assemble(7)
    job = sure_too_early(cast, units=6)
    for turn in range(12):
        settle.settle(job_id=job.id, now=LATER + timedelta(minutes=turn))
        if Job.objects.get().state == "finished":
            break
        for worker in cast.workers.values():
            work_off(worker, job, "yes", first_key=1000 * turn + 100, now=LATER)
    assert Job.objects.get().state == "finished"
    for current in Current.objects.select_related("result"):
        assert current.result.ended in ("confident", "spent")
        assert (current.result.ended == "confident") == (current.confidence >= 0.9)


def test_a_job_is_not_closed_before_a_fit_has_seen_every_judgment(monkeypatch):
    cast = assemble(6)
    job = sure_too_early(cast)
    monkeypatch.setattr(settle, "_refit", lambda *_: None)
    settle.settle(job_id=job.id, now=LATER)
    assert Job.objects.get().state == "launched"


def test_a_unit_that_everybody_at_work_has_judged_stays_closed_and_says_so():
    cast = assemble(3)
    job = sure_too_early(cast)
    settle.settle(job_id=job.id, now=LATER)
    assert Unit.objects.get().state == Unit.State.SETTLED
    assert Current.objects.get().result.ended == "unsure"
    assert Job.objects.get().state == "finished"


@pytest.mark.parametrize(
    ("how", "ended"), [("cancelled", "unsure"), ("past its closing time", "over")]
)
def test_a_job_that_can_ask_no_more_opens_no_unit_again_and_its_result_says_so(how, ended):
    cast = assemble(6)
    job = sure_too_early(cast)
    if how == "cancelled":
        launch.change_state(by=cast.buyer, job_id=job.id, state="cancelled", now=NOW)
    else:
        Job.objects.update(deadline=NOW)
    settle.settle(job_id=job.id, now=LATER)
    assert Unit.objects.get().state == Unit.State.SETTLED
    assert Current.objects.get().result.ended == ended


def test_a_job_ends_at_its_deadline_with_what_was_judged_and_gives_the_rest_of_the_money_back():
    cast = assemble(2)
    deadline = NOW + timedelta(minutes=3)
    job = launched_job(cast, units=4, deadline=deadline, **TERMS)
    page = take(cast.workers["w001"], job, 2)
    send(cast.workers["w001"], page, [says(1, 1)])  # one answered, one held when time is over
    assert page.expires_at == deadline
    settle.settle(job_id=job.id, now=NOW)
    assert Job.objects.get().state == "launched"

    settle.sweep(now=deadline)
    assert job.id in due_jobs(deadline + timedelta(seconds=3))
    settle.settle(job_id=job.id, now=deadline)

    job.refresh_from_db()
    assert (job.state, job.changes.get(state="finished").reason) == (
        "finished",
        "its deadline has passed",
    )
    [result] = Result.objects.all()
    assert (result.ended, result.judgments) == ("over", 1)
    assert reserve_of(job.org_id, job.id, "USD").minor == 0
    assert not Lease.objects.filter(state=Lease.State.HELD).exists()
    settle.settle(job_id=job.id, now=deadline)
    assert Result.objects.count() == 1


@pytest.mark.parametrize("units", [1, 3])
def test_a_job_that_nobody_took_ends_at_its_deadline_too(units):
    cast = assemble(1)
    job = launched_job(cast, units=units, deadline=NOW + timedelta(minutes=3), **TERMS)
    settle.sweep(now=LATER)
    settle.settle(job_id=job.id, now=LATER)
    job.refresh_from_db()
    assert job.state == "finished"
    assert not Result.objects.exists()
    assert reserve_of(job.org_id, job.id, "USD").minor == 0


@pytest.mark.parametrize(("waits", "state"), [(True, 0), (False, 1)])
def test_a_unit_kept_for_named_people_is_opened_again_only_while_one_of_them_waits(waits, state):
    cast = assemble(6)
    job = sure_too_early(cast)
    unit = Unit.objects.get()
    Unit.objects.update(is_reserved=True)
    for code in ("w001", "w006"):
        Reservation.objects.create(
            org_id=job.org_id,
            job_id=job.id,
            person_id=cast.workers[code].person_id,
            unit=unit,
            provider_id=cast.provider.id,
            until=NOW + timedelta(days=7),
            is_waiting=waits and code == "w006",
        )
    settle.settle(job_id=job.id, now=LATER)
    assert Unit.objects.get().state == state
    if waits:
        assert len(take(cast.workers["w006"], job, now=LATER).units) == 1


def test_a_unit_opened_again_is_found_by_those_who_have_passed_it():
    cast = assemble(6)
    job = sure_too_early(cast, units=4)
    late = cast.workers["w006"]
    settle.settle(job_id=job.id, now=LATER)
    assert len(take(late, job, now=LATER).units) == 4


def test_settling_again_without_new_judgments_gives_nothing_out():
    cast = assemble(6)
    job = sure_too_early(cast)
    settle.settle(job_id=job.id, now=LATER)
    before = Result.objects.count()
    for _ in range(3):
        settle.settle(job_id=job.id, now=LATER)
    assert Result.objects.count() == before
    assert Fit.objects.count() == 1
    assert due_jobs(LATER) == []


def test_known_answers_are_no_results_and_are_counted_nowhere():
    cast = assemble()
    job = launched_job(cast, units=12, golds=4, gold_share_bp=5000)
    page = take(cast.workers["w001"], job, 4)
    send(cast.workers["w001"], page, [says(n, n) for n, _ in page.units])
    settle.settle(job_id=job.id, now=LATER)
    [fit] = Fit.objects.all()
    assert (fit.units, fit.results, fit.ready) == (8, 0, 0)
    assert fit.gold_seen == fit.gold_right > 0
    assert not Current.objects.exists()
    facts = facts_of(job, LATER)
    assert (facts["units"], facts["results"], facts["saved"]) == (8, 0, None)


def test_the_saving_is_that_of_ordinary_units():
    assert saved_share(30, 10, results=10, most=4) == pytest.approx(0.5)
    assert saved_share(16, 0, results=7, most=4) is None
    assert saved_share(40, 0, results=10, most=4) is None


def hash_of(result) -> str:
    """A result's input hash, worked out from the tables as docs/quality.md says."""
    rows = Judgment.objects.filter(unit_id=result.unit_id).order_by("id")[: result.judgments]
    total = 0
    for row in rows:
        told = f"{row.id},{row.person_id},".encode() + bytes(row.content_hash)
        total += int.from_bytes(hashlib.blake2b(told, digest_size=16).digest())
    return f"{total % 2**128:032x}"


def test_the_hash_of_a_results_inputs_can_be_worked_out_from_the_tables():
    cast = assemble(6)
    job = sure_too_early(cast, units=3)
    assert {result.input_hash[32:] for result in Result.objects.all()} == {"0" * 32}
    for turn, worker in enumerate(list(cast.workers.values())[3:]):
        settle.settle(job_id=job.id, now=LATER + timedelta(minutes=turn))
        page = take(worker, job, now=LATER)
        send(worker, page, [says(n, 100 + n) for n, _ in page.units], device=worker.person_id)
        settle.settle(job_id=job.id, now=LATER + timedelta(minutes=turn))
        if Job.objects.get().state == "finished":
            break
    fitted = {fit.input_hash[:32] for fit in Fit.objects.all()} | {"0" * 32}
    assert Result.objects.filter(version__gt=1).exists()
    for result in Result.objects.all():
        assert result.input_hash[:32] == hash_of(result)
        assert result.input_hash[32:] in fitted
    for belief in Belief.objects.all():
        assert bytes(belief.total).hex() == hash_of(belief)


@pytest.mark.parametrize("state", ["paused", "cancelled"])
def test_a_change_of_state_counts_nothing_and_the_background_ends_the_job(state, monkeypatch):
    cast = assemble()
    job = launched_job(cast, units=4)
    with monkeypatch.context() as patch:
        patch.setattr(launch, "tally", lambda *_: pytest.fail("a request counts no units"))
        patch.setattr(launch, "post_batch", lambda *_: pytest.fail("nor does it post batches"))
        launch.change_state(by=cast.buyer, job_id=job.id, state=state, now=NOW)
    assert due_jobs(LATER) == [job.id]
    settle.settle(job_id=job.id, now=LATER)
    reserved = reserve_of(job.org_id, job.id, "USD").minor
    assert (reserved == 0) == (state == "cancelled")


def fit_rows(job, n) -> None:
    """So many fits of a job, one a second."""
    numbers = dict.fromkeys(
        ["judgments", "last_judgment_id", "results", "units", "gold_answers", "gold_right"], 0
    )
    Fit.objects.bulk_create(
        Fit(
            org_id=job.org_id,
            job_id=job.id,
            at=NOW + timedelta(seconds=at),
            method="ibcc",
            method_version="1",
            input_hash=str(at),
            mean_confidence=0.5,
            priors=[],
            power=0.3,
            gold_seen=0,
            converged=True,
            **numbers,
        )
        for at in range(n)
    )


def test_a_long_jobs_fits_are_drawn_evenly_and_the_newest_twelve_are_there():
    job = launched_job(assemble())
    fit_rows(job, 60)
    drawn = fits(job.org_id, job.id, most=20)
    seconds = [(fit.at - NOW).total_seconds() for fit in drawn]
    assert seconds == sorted(seconds)
    assert seconds[0] == 0
    assert seconds[-12:] == list(range(48, 60))
    assert 20 <= len(drawn) <= 32
    assert max(b - a for a, b in pairwise(seconds)) <= 5
    assert len(fits(job.org_id, job.id, most=60)) == 60


def test_the_answers_of_a_filter_are_those_that_occur():
    cast = assemble(3)
    job = launched_job(cast, units=6, judgments_min=1, judgments_max=1)
    page = take(cast.workers["w001"], job, 6)
    send(cast.workers["w001"], page, [says(n, n, "yes" if n % 2 else "no") for n, _ in page.units])
    assert labels(job.org_id, job.id) == ["no", "yes"]
    assert labels(job.org_id, job.id, most=1) == ["no"]
    assert labels(job.org_id, cast.provider.id) == []


def test_a_fit_gives_a_result_out_anew_only_when_a_buyer_would_act_on_it():
    cast = assemble(6)
    job = launched_job(cast, units=20, judgments_min=3, judgments_max=4, confidence_target=0.6)
    for turn, worker in enumerate(list(cast.workers.values())[:4]):
        if Job.objects.get().state == "launched":
            work_off(worker, job, "no" if turn == 1 else "yes")
            settle.settle(job_id=job.id, now=LATER)
    assert Result.objects.exists()
    told = {}
    for result in Result.objects.order_by("unit_id", "version"):
        before = told.get(result.unit_id)
        assert before is None or (
            before.answer != result.answer
            or before.ended != result.ended
            or before.judgments != result.judgments
            or abs(before.confidence - result.confidence) > NOTABLE
        )
        told[result.unit_id] = result
    assert NOTABLE >= 0.05
