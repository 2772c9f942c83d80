"""The phone's tab bar, and the pages rendered with it."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import now as clock
from django.utils.translation import gettext_lazy as _

from ujima.people.standing import Worker
from ujima.web.gates import WorkerRequest

TABS = (
    (_("Work"), "/work", "briefcase"),
    (_("Pay"), "/earnings", "wallet"),
    (_("Me"), "/me", "user"),
)


def page(
    request: WorkerRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A worker's page with the tab bar; `ujima/worker/` stands before the template's name."""
    tabs = [
        {"label": label, "url": url, "icon": icon, "current": request.path.startswith(url)}
        for label, url, icon in TABS
    ]
    context = {"tabs": tabs, "home": "/work"} | context
    return render(request, f"ujima/worker/{template}", context, status=status)


def today(worker: Worker) -> Any:
    """The date where she works."""
    return clock().astimezone(ZoneInfo(worker.timezone)).date()
