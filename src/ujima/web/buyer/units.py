"""One unit: what was asked, every answer to it, and every result that was given out."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ujima.people.pseudonyms import pseudonym
from ujima.quality.queries import versions
from ujima.quality.review.queries import newest_of_units
from ujima.web.buyer.live import said_in
from ujima.web.gates import StaffRequest, staff
from ujima.work.labelling.config import parse
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import corrections, gold_of, judgments_of_unit, retired_golds, unit_of

if TYPE_CHECKING:
    from ujima.work.models import Job


@staff("see_results")
@require_safe
def unit(request: StaffRequest, job_id: UUID, unit_id: int) -> HttpResponse:
    """Everything that is known of one unit; people under pseudonyms."""
    job = job_of(request.principal, job_id)
    found = unit_of(request.principal, job, unit_id)
    given_out = versions(job.org_id, found.id)
    gold = gold_of(job, [found.id]).get(found.id)
    images = parse(job.config).image_columns if job.config else frozenset()
    return render(
        request,
        "ujima/buyer/unit.html",
        {
            "job": job,
            "unit": found,
            "data": [
                {"name": name, "value": value, "is_image": name in images}
                for name, value in found.data.items()
            ],
            "gold": gold,
            "decided": newest_of_units(job.org_id, [found.id]).get(found.id),
            "may_review": request.principal.may("review"),
            "retired_at": gold and retired_golds(job.org_id, job.id).get(found.id),
            "corrections": corrections(job, found.id) if found.is_gold else [],
            "may_correct": gold and job.version and request.principal.may("make_jobs"),
            "gold_answer": lines_of(gold.answer) if gold else [],
            "newest": given_out[0] if given_out else None,
            "people_share": 1 - (given_out[0].model_share or 0) if given_out else None,
            "said": said_in(found.data),
            "versions": [{"result": one, "answer": lines_of(one.answer)} for one in given_out],
            "judgments": judgments(job, found.id),
            "trail": [
                {"label": _("Jobs"), "url": "/jobs"},
                {"label": job.title, "url": f"/jobs/{job.id}"},
                {"label": _("Results"), "url": f"/jobs/{job.id}/results"},
                {"label": found.key},
            ],
        },
    )


def judgments(job: "Job", unit_id: int) -> list[dict[str, Any]]:
    """Every answer, oldest first, under the name its giver has towards this buyer."""
    return [
        {
            "person": pseudonym(settings.SECRET_KEY, job.id, one.person_id),
            "answer": lines_of(one.answer),
            "seconds": one.milliseconds / 1000,
            "at": one.at,
            "gold_right": one.gold_right,
        }
        for one in judgments_of_unit(job, unit_id)
    ]


def lines_of(answer: dict[str, list[str]]) -> list[tuple[str, str]]:
    """An answer as (question, words)."""
    return [(name, ", ".join(words)) for name, words in answer.items()]
