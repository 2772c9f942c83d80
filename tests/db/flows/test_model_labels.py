"""Model labels in a job: off unless its buyer wants them, one more opinion, their share told."""

import sys
from types import SimpleNamespace

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.cast import assemble
from tests.modelled import LATER, UNITS, is_yes, judged_job, settled

from ujima.flows import model_labels, settle, tasks
from ujima.flows.export import columns_of, result_rows
from ujima.flows.judgment import asked_of
from ujima.quality.actions.fits import NOTABLE
from ujima.quality.models import Belief, Current, Dirty, Fit, ModelLabel, Result, Training
from ujima.quality.queries import model_labels_of
from ujima.quality.refit import refit
from ujima.quality.stopping import CAUTIOUS_POWER, temper
from ujima.work.models import Gold, Job, Unit
from ujima.work.queries.units import judgments_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    monkeypatch.setattr("ujima.quality.model_labels.units.FEWEST_UNITS", 20)


def test_without_the_switch_no_model_is_trained_and_no_share_is_told():
    cast = assemble()
    job = judged_job(cast, wants=False)
    assert Job._meta.get_field("model_labels").default is False
    settled(job)
    model_labels.train(job_id=job.id, now=LATER)
    assert not Training.objects.exists()
    assert set(Result.objects.values_list("model_share", flat=True)) <= {None}
    assert (Fit.objects.last().model_results, Fit.objects.last().model_turned) == (0, 0)


def test_with_the_switch_the_models_share_stands_with_every_result():
    cast = assemble()
    job = judged_job(cast)
    settled(job, is_over=True)
    training, fit = Training.objects.get(), Fit.objects.last()
    assert (training.judged, training.problem) == (UNITS, "")
    assert training.agreement > 0.7
    shares = [current.result.model_share for current in Current.objects.select_related("result")]
    assert len(shares) == UNITS == fit.model_results
    assert all(0 < share < 1 for share in shares)
    rows = list(result_rows(cast.buyer, job.id))
    assert "model_share" in columns_of(cast.buyer, job.id, "results")
    assert [row["model_share"] for row in rows] == [round(share, 4) for share in shares]


def test_a_poisoned_known_answer_changes_nothing_that_a_model_says():
    cast = assemble()
    job = judged_job(cast, golds=6)
    settled(job)
    before, hashed = model_labels_of(job.org_id, job.id), Training.objects.get().input_hash
    assert len(before) == UNITS
    for gold in Gold.objects.all():
        gold.answer = {"follows": ["no" if gold.answer["follows"] == ["yes"] else "yes"]}
        gold.save()
    again = model_labels._trained(job)
    assert again.labels == before
    assert again.input_hash == hashed


def test_the_model_counts_towards_no_minimum_and_no_maximum():
    cast = assemble()
    job = judged_job(cast, people=2)
    settled(job)
    assert ModelLabel.objects.count() == UNITS
    assert not Result.objects.exists()
    assert set(Unit.objects.values_list("state", flat=True)) == {Unit.State.PENDING}


def test_a_model_makes_no_result_surer_than_people_do():
    """However well it agrees with them: a unit's confidence is the lower one of people's evidence
    alone and of both."""
    cast = assemble()
    job = judged_job(cast)
    settled(job, is_over=True)
    asked, fit = asked_of(job.id, 1), _fit_of(job)
    for current in Current.objects.select_related("result"):
        people, both = (
            max(temper(found, CAUTIOUS_POWER))
            for found in (
                fit.units[current.unit_id].by_people[0],
                fit.units[current.unit_id].posteriors[0],
            )
        )
        assert current.confidence == pytest.approx(min(people, both), abs=NOTABLE)
        belief = Belief.objects.get(unit_id=current.unit_id)
        assert max(asked.posteriors(belief.evidence)[0]) == pytest.approx(
            max(fit.units[current.unit_id].by_people[0]), abs=1e-6
        )
    assert any(max(u.posteriors[0]) > max(u.by_people[0]) + 0.02 for u in fit.units.values())


def _fit_of(job):
    rows = [(row.unit_id, row.person_id, row.answer) for row in judgments_of(job.org_id, job.id)]
    model = model_labels_of(job.org_id, job.id)
    return refit(asked_of(job.id, 1), rows, {}, round((3 + 4) / 2), model)


def test_a_model_is_not_trained_anew_before_the_job_has_grown():
    cast = assemble()
    job = judged_job(cast)
    settled(job)
    assert not model_labels.is_due(job.id)
    model_labels.train(job_id=job.id, now=LATER)
    assert Training.objects.count() == 1


def test_a_trained_model_marks_its_job_so_that_the_next_fit_reads_it():
    cast = assemble()
    job = judged_job(cast)
    settle.settle(job_id=job.id, now=LATER)
    assert not Dirty.objects.exists()
    model_labels.train(job_id=job.id, now=LATER)
    assert Dirty.objects.get().job_id == job.id


def test_without_scikit_learn_results_come_all_the_same_and_the_reason_is_kept(monkeypatch):
    cast = assemble()
    job = judged_job(cast)
    monkeypatch.setitem(sys.modules, "sklearn", None)
    settled(job)
    assert Training.objects.get().problem == "no_model_labels"
    assert Fit.objects.exists()
    assert not ModelLabel.objects.exists()
    assert not model_labels.is_due(job.id)


def test_a_model_that_breaks_keeps_its_reason_and_raises_for_the_queue(monkeypatch):
    cast = assemble()
    job = judged_job(cast)
    settle.settle(job_id=job.id, now=LATER)

    def breaks(*_args, **_kwargs):
        raise MemoryError

    monkeypatch.setattr("ujima.quality.model_labels.units.train", breaks)
    with pytest.raises(MemoryError):
        model_labels.train(job_id=job.id, now=LATER)
    assert Training.objects.get().problem == "failed"
    settle.settle(job_id=job.id, now=LATER)


def test_a_job_too_large_for_a_model_says_so(monkeypatch):
    cast = assemble()
    job = judged_job(cast)
    monkeypatch.setattr("ujima.quality.model_labels.units.MOST_UNITS", UNITS - 1)
    settled(job)
    assert Training.objects.get().problem == "too_many_units"


def test_a_model_sees_what_the_form_shows_and_nothing_else_of_a_unit():
    cast = assemble()
    job = judged_job(cast)
    for unit in Unit.objects.all():
        unit.data |= {"answer": "yes" if is_yes(unit.key) else "no"}
        unit.save()
    assert {name for row in model_labels._fields(job).values() for name in row} == {
        "text",
        "statement",
    }


def test_another_organisation_has_nothing_of_it():
    cast = assemble()
    job = judged_job(cast)
    settled(job)
    assert model_labels_of(job.org_id, job.id)
    assert model_labels_of(cast.other.org_id, job.id) == {}
    assert set(ModelLabel.objects.values_list("org_id", flat=True)) == {job.org_id}


def test_a_settling_queues_the_training_once_and_only_where_it_is_due(monkeypatch):
    monkeypatch.setattr(tasks, "connection", SimpleNamespace(close=lambda: None))
    cast = assemble()
    wanted, unwanted = judged_job(cast), judged_job(cast, wants=False)
    for job in (wanted, unwanted, wanted):
        tasks.settle_job.func(str(job.id))
    queued = ProcrastinateJob.objects.filter(task_name="train_model")
    assert [job.args["job_id"] for job in queued] == [str(wanted.id)]
    tasks.train_model.func(str(wanted.id))
    assert Training.objects.get().job_id == wanted.id
