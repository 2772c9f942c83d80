"""Herself: name, code, language, PIN, phones."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from ujima.base.errors import NotFound, Refusal
from ujima.people.actions import signing_in
from ujima.people.actions.tokens import revoke_device
from ujima.people.queries import devices_of, name_of
from ujima.people.standing import Worker
from ujima.quality.queries import trust_on
from ujima.web.account.caller import caller_of
from ujima.web.account.forms import NewPin, add_refusal
from ujima.web.gates import WorkerRequest, pin_mark, worker
from ujima.web.worker.tabs import page
from ujima.work.queries.jobs import titles_of
from ujima.work.queries.worker import recent_judgments

#: her jobs are those of so many of her newest answers
NEWEST = 200


@worker
@require_safe
def me(request: WorkerRequest) -> HttpResponse:
    """What is known of her here, and what she may change."""
    return page(
        request,
        "me.html",
        {
            "name": name_of(request.worker.person_id),
            "membership": request.membership,
            "phones": devices_of(request.membership),
            "accuracies": accuracies(request.worker),
        },
    )


def accuracies(worker: Worker) -> list[dict[str, Any]]:
    """How often her answers are right on the jobs of her newest answers, as it was last shown:
    it moves in steps, so that no single known answer can be told from it."""
    jobs = list(dict.fromkeys((j.org_id, j.job_id) for j in recent_judgments(worker, NEWEST)))
    found = {job: one for job, one in trust_on(worker.person_id, jobs).items() if one.gold_seen}
    titles = titles_of(list(found))
    return [{"job": titles[job], "job_id": job, "trust": one} for job, one in found.items()]


@worker
@sensitive_post_parameters("old", "pin", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def pin(request: WorkerRequest) -> HttpResponse:
    """Choose a new PIN; sessions under the old one end, but not this one."""
    form = NewPin(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            signing_in.change_pin(
                membership=request.membership,
                old=given["old"],
                new=given["pin"],
                caller=caller_of(request),
                now=clock(),
            )
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            request.session["pin"] = pin_mark(request.membership)
            messages.success(request, _("Your PIN is changed."))
            return redirect("web:me")
    return page(
        request,
        "pin.html",
        {"form": form, "back": {"url": "/me", "label": _("Me")}},
        status=422 if form.errors else 200,
    )


@worker
@require_http_methods(["GET", "HEAD", "POST"])
def phone(request: WorkerRequest, device_id: UUID) -> HttpResponse:
    """Take a phone's key away, once she has said that she is sure."""
    found = next((d for d in devices_of(request.membership) if d.id == device_id), None)
    if not found:
        raise NotFound(_("There is no such phone of yours."))
    if request.method == "POST":
        revoke_device(membership=request.membership, device_id=device_id, now=clock())
        messages.success(request, _("This phone can no longer send answers for you."))
        return redirect("web:me")
    return page(
        request,
        "phone.html",
        {"phone": found, "back": {"url": "/me", "label": _("Me")}},
    )
