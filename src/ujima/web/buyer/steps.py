"""What the five steps of a new job share: where each is, what is done, how one is shown."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from ujima.people.standing import Principal
from ujima.work.errors import NotADraft
from ujima.work.queries.jobs import job_of

if TYPE_CHECKING:
    from ujima.work.models import Job

#: the last part of each step's address, in order
STEPS = ("title", "form", "units", "terms", "launch")


def names() -> list[str]:
    """The steps' names, in the reader's language."""
    return [_("Title"), _("Form"), _("Units"), _("Terms"), _("People and launch")]


def draft(by: Principal, job_id: UUID) -> "Job":
    """A buyer's job that can still be changed. Refuses: NoSuchJob, NotADraft."""
    job = job_of(by, job_id)
    if job.state != "draft":
        raise NotADraft
    return job


def show(
    request: HttpRequest,
    step: str,
    job: "Job | None",
    facts: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """One step's page, with the way through all of them."""
    at = STEPS.index(step)
    back = f"/jobs/{job.id}/{STEPS[at - 1]}" if job and at else "/jobs"
    context = {
        "step_names": names(),
        "step": at + 1,
        "step_urls": [f"/jobs/{job.id}/{name}" for name in STEPS] if job else [],
        "job": job,
        "back": back,
        "trail": [
            {"label": _("Jobs"), "url": "/jobs"},
            {"label": job.title if job else _("New job")},
        ],
        **facts,
    }
    return render(request, f"ujima/buyer/step_{step}.html", context, status=status)


def go_on(request: HttpRequest, step: str, job: "Job") -> HttpResponse:
    """After a step is saved: the next one, or this one again if only saving was asked for."""
    stay = request.POST.get("then") == "stay"
    return redirect(f"/jobs/{job.id}/{step if stay else STEPS[STEPS.index(step) + 1]}")
