"""The switch for model labels, and what a buyer sees of the model's part."""

import re
import sys

import pytest
from tests.cast import Cast, assemble, draft_job
from tests.journeys.pages import staff, words
from tests.journeys.test_buyer_story import TERMS
from tests.modelled import UNITS, judged_job, settled

from ujima.quality.models import Current, Fit

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr("ujima.quality.model_labels.units.FEWEST_UNITS", 20)
    return assemble()


def dana():
    return staff("dana@acme.example")


def test_a_buyer_switches_model_labels_on_and_off_before_launch(cast):
    job, client = draft_job(cast), dana()
    page = client.get(f"/jobs/{job.id}/terms")
    assert "never counts as a judgment" in words(page)
    assert not re.search(r'name="model_labels"[^>]*checked', page.content.decode())
    for sent, is_on in ((TERMS | {"model_labels": "on"}, True), (TERMS, False)):
        assert client.post(f"/jobs/{job.id}/terms", sent).status_code == 302
        job.refresh_from_db()
        assert job.model_labels is is_on
        told = words(client.get(f"/jobs/{job.id}/launch"))
        assert ("join as one more opinion" in told) is is_on


def test_the_models_part_is_on_the_job_its_results_and_each_unit(cast):
    job = judged_job(cast)
    client = dana()
    assert "They join once people have judged 20 units." in words(client.get(f"/jobs/{job.id}"))
    settled(job, is_over=True)
    told = words(client.get(f"/jobs/{job.id}"))
    assert f"A model learned from people's answers to {UNITS} units" in told
    assert f"Results it is part of {UNITS}" in told
    assert f"Results that would differ without it {Fit.objects.last().model_turned}" in told
    assert "Model's share" in words(client.get(f"/jobs/{job.id}/results"))
    current = Current.objects.select_related("result").first()
    share = round(current.result.model_share * 100)
    told = words(client.get(f"/jobs/{job.id}/units/{current.unit_id}"))
    assert f"People's share of the evidence {100 - share} % The model's share {share} %" in told


def test_without_the_switch_no_page_speaks_of_a_model(cast):
    job = judged_job(cast, wants=False)
    settled(job, is_over=True)
    client = dana()
    unit = Current.objects.first().unit_id
    for path in ("", "/results", f"/units/{unit}"):
        assert "odel" not in words(client.get(f"/jobs/{job.id}{path}")), path


def test_a_site_without_what_model_labels_need_says_so_on_the_job(cast, monkeypatch):
    monkeypatch.setitem(sys.modules, "sklearn", None)
    job = judged_job(cast)
    settled(job)
    told = words(dana().get(f"/jobs/{job.id}"))
    assert "This site has not installed what model labels need." in told


def test_another_organisation_sees_nothing_of_it(cast):
    job = judged_job(cast)
    settled(job, is_over=True)
    client = staff("olu@other.example")
    unit = Current.objects.first().unit_id
    for path in ("", "/results", f"/units/{unit}", "/export/results.csv"):
        assert client.get(f"/jobs/{job.id}{path}").status_code == 404
