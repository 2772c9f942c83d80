"""A job before it is taken: what is asked, what is paid, when, and what if; and taking it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ujima.base.errors import Refusal
from ujima.base.money import Money
from ujima.flows import judgment
from ujima.people.standing import Worker
from ujima.quality.queries import Trust, trust
from ujima.web.gates import WorkerRequest, worker
from ujima.web.instructions import rendered
from ujima.web.worker.home import held_pages
from ujima.web.worker.tabs import page
from ujima.work.actions.forms import terms_of
from ujima.work.queries.worker import held_by, offers, org_of_job, version_for


@worker
@require_safe
def look(request: WorkerRequest, job_id: UUID) -> HttpResponse:
    """A job's instructions and terms, before she decides."""
    now = clock()
    version = version_for(request.worker, job_id)
    mine = next((h for h in held_by(request.worker, now) if h.job_id == job_id), None)
    return page(
        request,
        "look.html",
        {
            "version": version,
            "rate": Money(version.rate_minor, version.currency),
            "offer": next(iter(offers(request.worker, now, job_id)), None),
            "quiz": terms_of(job_id, version.number),
            "held": mine
            and next(h for h in held_pages(request.worker, now) if h["page_id"] == mine.page_id),
            "instructions": rendered(version.instructions),
            "accuracy": own_accuracy(request.worker, job_id),
            "back": {"url": "/work", "label": _("Work")},
        },
    )


def own_accuracy(worker: Worker, job_id: UUID) -> Trust | None:
    """Her accuracy on this work, for herself, once she has met known answers."""
    found = trust(org_of_job(worker, job_id), job_id, [worker.person_id])
    return found[0] if found and found[0].gold_seen else None


@worker
@require_POST
def take(request: WorkerRequest, job_id: UUID) -> HttpResponse:
    """Take a page of units; what she holds of this job already comes first."""
    now = clock()
    for held in held_by(request.worker, now):
        if held.job_id == job_id:
            return redirect("web:unit", page_id=held.page_id)
    try:
        got = judgment.take(worker=request.worker, job_id=job_id, wanted=None, now=now)
    except Refusal as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("web:work")
    if got.units:
        return redirect("web:unit", page_id=got.id)
    if got.ask_again:
        messages.info(request, _("Others hold these units at this moment. Try again in a minute."))
    else:
        messages.info(request, _("Others were quicker: nothing is left for you in this job now."))
    return redirect("web:work")
