"""Jobs: drafted, changed, launched, paused, let go on, cancelled; their estimate and preview."""

from typing import Any
from uuid import UUID

from django.conf import settings
from ninja import Router, Schema

from ujima.api.fields import Limit, Page, Short, page
from ujima.api.job_forms import Amount, EstimateOut, JobBody, JobDetail, JobOut, JobPatch
from ujima.api.operations import changes, reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.flows import launch as launching
from ujima.flows.estimating import estimate_for
from ujima.flows.intake import labelling_of
from ujima.people.standing import Principal
from ujima.quality.expected import saved_share
from ujima.quality.queries import newest_fit
from ujima.work.actions.jobs import change_draft, draft_job
from ujima.work.labelling.blocks import filled
from ujima.work.queries.jobs import draft_of, history, job_of, jobs_of, units_brought
from ujima.work.queries.units import units_of
from ujima.work.terms import Draft

router = Router(tags=["jobs"])
#: units that a preview shows
PREVIEWED = 3


@router.get("/jobs", **reads("see_jobs", answers=Page[JobOut]))
def list_jobs(request: ApiRequest, after: UUID | None = None, limit: Limit = 50) -> dict[str, Any]:
    """Your jobs, newest first."""
    found = jobs_of(request.auth, before=after, limit=limit + 1)
    return page(found, limit, lambda job: job.id)


@router.post("/jobs", **writes("make_jobs", answers=JobDetail, status=201))
def add_job(request: ApiRequest, body: JobBody) -> Any:
    """Draft a job. It costs nothing and nobody sees it until it is launched."""
    by = request.auth
    draft = Draft(**body.model_dump(exclude={"project"}))
    return once(
        request,
        make=lambda now: str(
            draft_job(
                by=by, project_id=body.project, draft=draft, fee_bp=settings.FEE_BP, now=now
            ).id
        ),
        read=lambda made: _detail(by, UUID(made)),
    )


@router.get("/jobs/{uuid:job_id}", **reads("see_jobs", answers=JobDetail))
def one_job(request: ApiRequest, job_id: UUID) -> Any:
    """One job, its history, and how far it is."""
    return _detail(request.auth, job_id)


@router.patch("/jobs/{uuid:job_id}", **changes("make_jobs", answers=JobDetail))
def change_job(request: ApiRequest, job_id: UUID, body: JobPatch) -> Any:
    """Change a draft. A job that was launched keeps its form and its terms."""
    by = request.auth
    stands = draft_of(job_of(by, job_id))
    chosen = {name: getattr(stands, name) for name in Draft.__dataclass_fields__}
    given = body.model_dump(exclude_unset=True)
    asked = {name: value for name, value in given.items() if value is not None}
    if "deadline" in given:  # the one choice that may be taken back
        asked["deadline"] = given["deadline"]
    change_draft(by=by, job_id=job_id, draft=Draft(**(chosen | asked)), now=request.now)
    return _detail(by, job_id)


@router.get("/jobs/{uuid:job_id}/estimate", **reads("see_jobs", answers=EstimateOut))
def estimate(request: ApiRequest, job_id: UUID) -> Any:
    """What the job may cost at most, and what it will probably cost, with the units it has."""
    seen = estimate_for(request.auth, job_id)
    found = seen.estimate
    return EstimateOut(
        judgments_most=found.judgments_most,
        judgments_low=found.judgments_low,
        judgments_likely=found.judgments_likely,
        judgments_high=found.judgments_high,
        gold_judgments=found.gold_judgments,
        accuracy=seen.accuracy[1],
        accuracy_from=seen.golds,
        days_likely=seen.days[1] if seen.days else None,
        reserve=Amount.of(found.reserve),
        likely=Amount.of(found.likely),
    )


class PreviewOut(Schema):
    """A job's first units as a worker will see them. Blocks: docs/labelling.md."""

    title: str
    instructions: str
    units: list[list[dict[str, Any]]]


@router.get("/jobs/{uuid:job_id}/preview", **reads("see_jobs", answers=PreviewOut))
def preview(request: ApiRequest, job_id: UUID) -> Any:
    """The first units of the job as a worker will see them."""
    job = job_of(request.auth, job_id)
    labelling = labelling_of(job)
    return {
        "title": job.title,
        "instructions": job.instructions,
        "units": [filled(labelling, unit.data) for unit in units_of(job, limit=PREVIEWED)],
    }


class Why(Schema):
    """Why the state is changed; it is kept in the job's history."""

    reason: Short = ""


@router.post("/jobs/{uuid:job_id}/launch", **writes("make_jobs", answers=JobDetail))
def launch(request: ApiRequest, job_id: UUID) -> Any:
    """Put the whole cost aside from your funds, and open the job."""
    by = request.auth
    return once(
        request,
        make=lambda now: str(launching.launch(by=by, job_id=job_id, now=now).id),
        read=lambda made: _detail(by, UUID(made)),
    )


@router.post("/jobs/{uuid:job_id}/pause", **writes("make_jobs", answers=JobDetail))
def pause(request: ApiRequest, job_id: UUID, body: Why | None = None) -> Any:
    """Hand out no more units for now. What workers hold may still be sent, and is paid."""
    return _move(request, job_id, "paused", body)


@router.post("/jobs/{uuid:job_id}/resume", **writes("make_jobs", answers=JobDetail))
def resume(request: ApiRequest, job_id: UUID, body: Why | None = None) -> Any:
    """Let a paused job go on."""
    return _move(request, job_id, "launched", body)


@router.post("/jobs/{uuid:job_id}/cancel", **writes("make_jobs", answers=JobDetail))
def cancel(request: ApiRequest, job_id: UUID, body: Why | None = None) -> Any:
    """End a job early. What workers hold may still be sent, and is paid; then what is left of the
    money put aside comes back to your funds."""
    return _move(request, job_id, "cancelled", body)


def _move(request: ApiRequest, job_id: UUID, state: str, why: Why | None) -> Any:
    by, reason = request.auth, why.reason if why else ""
    return once(
        request,
        make=lambda now: str(
            launching.change_state(by=by, job_id=job_id, state=state, reason=reason, now=now).id
        ),
        read=lambda made: _detail(by, UUID(made)),
    )


def _detail(by: Principal, job_id: UUID) -> dict[str, Any]:
    job = job_of(by, job_id)
    fit = newest_fit(job.org_id, job.id)
    most = job.judgments_max
    return {
        **JobOut.from_orm(job).dict(),
        "units": units_brought(by, [job]).get(job.id, 0),
        "history": history(job),
        "progress": fit,
        "saved": fit and saved_share(fit.judgments, fit.gold_seen, fit.ready, most),
    }
