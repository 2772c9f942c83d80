"""An estimate rests on the target and on what is known of the people, and says which."""

from datetime import timedelta

import pytest
from tests.cast import NOW, add_worker, assemble, draft_job, launched_job, work_off

from ujima.flows import estimating, settle
from ujima.flows.estimating import outlook
from ujima.work.actions import channels
from ujima.work.actions.forms import terms_of

pytestmark = pytest.mark.django_db


def test_the_likely_judgments_follow_the_target():
    cast = assemble()
    easy = outlook(draft_job(cast, confidence_target=0.7, judgments_max=10))
    hard = outlook(draft_job(cast, confidence_target=0.95, judgments_max=10))
    assert easy.estimate.judgments_likely < hard.estimate.judgments_likely
    assert easy.estimate.likely.minor < hard.estimate.likely.minor
    assert easy.estimate.reserve == hard.estimate.reserve
    low, likely, high = (
        getattr(easy.estimate, f"judgments_{name}") for name in ("low", "likely", "high")
    )
    assert low < likely < high <= easy.estimate.judgments_most


def test_accuracy_is_assumed_and_time_unknown_until_the_people_have_worked_for_this_buyer(
    monkeypatch,
):
    monkeypatch.setattr(estimating, "PACE_NEEDED", 10)
    cast = assemble()
    for n in range(5, 16):
        add_worker(cast, f"w{n:03}")
    new = draft_job(cast, units=20)
    channels.offer(
        by=cast.buyer, job_id=new.id, provider_id=cast.provider.id, centre_id=None, now=NOW
    )
    before = outlook(new)
    assert (before.accuracy, before.golds, before.days) == ((0.7, 0.8, 0.9), 0, None)

    old = launched_job(cast, units=40, golds=20, gold_share_bp=5000)
    for n, worker in enumerate(cast.workers.values()):
        work_off(worker, old, "no" if n == 0 else "yes")
    settle.settle(job_id=old.id, now=NOW + timedelta(days=2))

    after = outlook(new)
    assert after.golds >= 30
    assert after.accuracy[1] != 0.8
    assert after.paces == 1
    low, likely, high = after.days
    assert 0 < low <= likely <= high
    other = draft_job(cast, units=20)
    assert outlook(other).days is None, "it is offered to nobody yet"


def test_terms_are_the_same_wherever_they_are_read():
    job = launched_job(assemble())
    assert estimating.terms_for(job) == terms_of(job.id, job.version)
