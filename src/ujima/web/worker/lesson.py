"""What known units teach: after a quiz, after practice, and after a case."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from ujima.base.errors import Refusal
from ujima.flows import trusting
from ujima.quality.errors import NoSuchCase
from ujima.quality.queries import own_case
from ujima.web.gates import WorkerRequest, worker
from ujima.web.worker.tabs import page
from ujima.work.actions.forms import form_of
from ujima.work.queries.jobs import titles_of
from ujima.work.queries.lessons import Taught, missed_by


@worker
@never_cache
@require_safe
def lesson(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """The known units of a case's job that she missed, with right answers and reasons."""
    try:
        case = own_case(request.worker, case_id)
    except NoSuchCase as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("web:work")
    return page(
        request,
        "lesson.html",
        {
            "case": case,
            "job": titles_of([case.job_id])[case.job_id],
            "may_practise": not case.withdrawn_at and case.decision != "stop",
            "lessons": shown(case.job_id, missed_by(request.worker, case.org_id, case.job_id)),
            "back": {"url": f"/work/about/{case.id}", "label": _("About your work")},
        },
    )


@worker
@require_POST
def practise(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """Take known units to practise on, paid like all others."""
    try:
        got = trusting.practise(worker=request.worker, case_id=case_id, now=clock())
    except NoSuchCase as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("web:work")
    except Refusal as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("web:about", case_id=case_id)
    if not got.units:
        messages.info(request, _("There is nothing more to practise on in this job."))
        return redirect("web:about", case_id=case_id)
    return redirect("web:unit", page_id=got.id)


def shown(job_id: UUID, taught: Sequence[Taught]) -> list[dict[str, Any]]:
    """Lessons ready for `ujima/worker/_lessons.html`, each in the words of its form."""
    found = []
    for one in taught:
        form = form_of(job_id, one.version)
        data = [
            {
                "name": name.replace("_", " ").capitalize(),
                "value": one.data.get(name),
                "is_image": name in form.image_columns,
            }
            for name in form.columns
        ]
        asked = [
            {"said": ", ".join(one.said.get(name, ())), "known": ", ".join(words)}
            for name, words in one.known.items()
        ]
        found.append({"data": data, "asked": asked, "reason": one.reason, "is_right": one.is_right})
    return found
