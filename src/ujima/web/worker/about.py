"""About her own work: what was seen of it on one job, what she says to it, what was decided."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ujima.base.errors import BadInput
from ujima.quality.actions.cases import hear
from ujima.quality.errors import NoSuchCase
from ujima.quality.queries import own_case
from ujima.web.gates import WorkerRequest, worker
from ujima.web.worker.tabs import page
from ujima.work.queries.jobs import titles_of


@worker
@require_http_methods(["GET", "HEAD", "POST"])
def about(request: WorkerRequest, case_id: UUID) -> HttpResponse:
    """The evidence in plain words, her answer, the decision and its reason."""
    try:
        case = own_case(request.worker, case_id)
    except NoSuchCase as refusal:
        messages.warning(request, _(refusal.sentence))
        return redirect("web:work")
    lacks = False
    if request.method == "POST":
        try:
            hear(
                worker=request.worker,
                case_id=case_id,
                words=request.POST.get("words", ""),
                now=clock(),
            )
        except BadInput:
            lacks = True
        else:
            messages.success(request, _("Your words are kept. Your lead reads them first."))
            return redirect("web:about", case_id=case_id)
    return page(
        request,
        "about.html",
        {
            "case": case,
            "job": titles_of([case.job_id])[case.job_id],
            "lacks_words": lacks,
            "may_practise": not case.withdrawn_at and case.decision != "stop",
            "is_open": not (case.decided_at or case.withdrawn_at),
            "back": {"url": "/work", "label": _("Work")},
        },
        status=422 if lacks else 200,
    )
