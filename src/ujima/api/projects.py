"""Projects: a buyer's folders of jobs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema

from ujima.api.fields import Limit, Page, Short, page
from ujima.api.operations import reads, writes
from ujima.api.receipts import once
from ujima.api.tokens import ApiRequest
from ujima.work.actions.jobs import make_project
from ujima.work.queries.jobs import project_of, projects_of

router = Router(tags=["projects"])


class ProjectBody(Schema):
    """A project to be made."""

    title: Short


class ProjectOut(Schema):
    """A project."""

    id: UUID
    title: str
    made_at: datetime


@router.get("/projects", **reads("see_jobs", answers=Page[ProjectOut]))
def list_projects(
    request: ApiRequest, after: UUID | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """Your projects, newest first."""
    found = projects_of(request.auth)
    if after:
        found = found.filter(id__lt=after)
    return page(list(found[: limit + 1]), limit, lambda project: project.id)


@router.post("/projects", **writes("make_jobs", answers=ProjectOut, status=201))
def add_project(request: ApiRequest, body: ProjectBody) -> Any:
    """Make a project."""
    by = request.auth
    return once(
        request,
        make=lambda now: str(make_project(by=by, title=body.title, now=now).id),
        read=lambda made: project_of(by, UUID(made)),
    )


@router.get("/projects/{uuid:project_id}", **reads("see_jobs", answers=ProjectOut))
def one_project(request: ApiRequest, project_id: UUID) -> Any:
    """One project."""
    return project_of(request.auth, project_id)
