"""Step 5: to whom the job goes, what it all comes to, and the launch itself."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ujima.base.errors import Refusal
from ujima.base.money import Money
from ujima.flows.estimating import estimate_for
from ujima.flows.launch import launch
from ujima.pay.queries import funds_of
from ujima.people.queries import centres_of_provider, organisation_names, providers
from ujima.people.standing import Principal
from ujima.web.buyer import steps
from ujima.web.buyer.forms import ChannelsForm, percent_of, refuse
from ujima.web.gates import StaffRequest, staff
from ujima.work.actions.channels import offer, withdraw
from ujima.work.queries.jobs import channels as channels_of
from ujima.work.queries.jobs import counts

if TYPE_CHECKING:
    from ujima.work.models import Channel, Job


@staff("make_jobs")
@require_http_methods(["GET", "POST"])
def people(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Choose providers, look over the whole job, and launch it."""
    by = request.principal
    job = steps.draft(by, job_id)
    known = {value_of(channel): channel for channel in channels_of(job)}
    form = ChannelsForm(request.POST or None, places=places(), initial={"channels": list(known)})
    if request.method == "POST" and form.is_valid():
        save_channels(by, job, known, form.cleaned_data["channels"])
        if request.POST.get("then") == "stay":
            return redirect(f"/jobs/{job.id}/launch")
        if launched(request, job, form):
            messages.success(request, _("The job is out. It begins when a provider accepts it."))
            return redirect(f"/jobs/{job.id}")
    return steps.show(
        request,
        "launch",
        job,
        {"form": form, **summary(by, job)},
        status=422 if form.errors else 200,
    )


def launched(request: StaffRequest, job: "Job", form: ChannelsForm) -> bool:
    """Whether the job runs now; if not, the form says why."""
    if "agrees" not in request.POST:
        form.add_error(None, _("Say that the cost may be set aside; then the job can start."))
        return False
    try:
        launch(by=request.principal, job_id=job.id, now=clock())
    except Refusal as refusal:
        refuse(form, refusal)
        return False
    return True


def places() -> list[tuple[str, str]]:
    """Every provider as a whole, and each of its centres and home-based groups."""
    listed = []
    for one in providers():
        listed.append((str(one.id), _("%(name)s, all its people") % {"name": one.name}))
        for centre in centres_of_provider(one.id):
            words = {"name": one.name, "centre": centre.name, "kind": centre.get_kind_display()}
            listed.append((f"{one.id}:{centre.id}", _("%(name)s, %(centre)s (%(kind)s)") % words))
    return listed


def value_of(channel: "Channel") -> str:
    """A channel as the form's value."""
    return (
        f"{channel.provider_id}:{channel.centre_id}"
        if channel.centre_id
        else str(channel.provider_id)
    )


def save_channels(
    by: Principal, job: "Job", known: dict[str, "Channel"], chosen: list[str]
) -> None:
    """Offer the job to what is newly chosen; withdraw it from what is chosen no more. Whoever chose
    all people of a provider has chosen its centres with them."""
    now = clock()
    chosen = [
        value for value in chosen if ":" not in value or value.partition(":")[0] not in chosen
    ]
    for value, channel in known.items():
        if value not in chosen:
            withdraw(by=by, job_id=job.id, channel_id=channel.id, now=now)
    for value in chosen:
        provider, _colon, centre = value.partition(":")
        offer(
            by=by,
            job_id=job.id,
            provider_id=UUID(provider),
            centre_id=UUID(centre) if centre else None,
            now=now,
        )


def summary(by: Principal, job: "Job") -> dict[str, Any]:
    """The whole job at a glance, and whether the funds are enough for it."""
    ordinary, golds = counts(job)
    reckoned = estimate_for(by, job.id).estimate
    funds = next((f for f in funds_of(by.org_id) if f.free.currency == job.currency), None)
    free = funds.free if funds else Money(0, job.currency)
    return {
        "ordinary": ordinary,
        "golds": golds,
        "reckoned": reckoned,
        "rate": Money(job.rate_minor, job.currency),
        "provider_share": percent_of(job.provider_share_bp),
        "fee": percent_of(job.fee_bp),
        "contingency": percent_of(job.contingency_bp),
        "free": free,
        "lacking": reckoned.reserve - free if reckoned.reserve > free else None,
        "ready": bool(job.config and ordinary),
    }


def place_names(channels: list["Channel"]) -> dict[str, str]:
    """Each channel's value -> the provider's name, and the centre's where one is meant."""
    names = organisation_names([channel.provider_id for channel in channels])
    centres = {
        centre.id: centre.name
        for provider in {channel.provider_id for channel in channels}
        for centre in centres_of_provider(provider)
    }
    return {
        value_of(one): names.get(one.provider_id, "")
        + (f", {centres[one.centre_id]}" if one.centre_id in centres else "")
        for one in channels
    }
