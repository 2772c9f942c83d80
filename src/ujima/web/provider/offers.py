"""Jobs offered to the provider: the list, one offer, the answer."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ujima.base.money import Money, part_of
from ujima.people.queries import centres_of, names_of, organisation_names
from ujima.people.standing import Principal
from ujima.quality.queries import newest_fit, newest_fits, trust
from ujima.web.gates import StaffRequest, staff
from ujima.web.instructions import rendered
from ujima.web.provider.forms import Decline
from ujima.web.provider.trusting import estimate_of
from ujima.work.actions.channels import answer as answer_offer
from ujima.work.queries.jobs import counts
from ujima.work.queries.worker import an_hour, at_work, channel_to, channels_to, pace_of

#: people in one chart
MOST_DOTS = 60


@staff("see_offers")
@require_safe
def offers(request: StaffRequest) -> HttpResponse:
    """Offers that wait for an answer first, then those in work, then those declined or ended."""
    by = request.principal
    channels = channels_to(by)
    buyers = organisation_names([channel.org_id for channel in channels])
    centres = {centre.id: centre.name for centre in centres_of(by)}
    fits: dict[UUID, Any] = {}
    for org_id in {channel.org_id for channel in channels}:
        fits |= newest_fits(org_id, [c.job_id for c in channels if c.org_id == org_id])
    rows = [
        {
            "channel": channel,
            "job": channel.job,
            "buyer": buyers.get(channel.org_id, ""),
            "centre": centres.get(channel.centre_id, "") if channel.centre_id else "",
            "rate": Money(channel.job.rate_minor, channel.job.currency),
            "share": channel.job.provider_share_bp / 10_000,
            "state": state_of(channel),
            "fit": fits.get(channel.job_id),
        }
        for channel in channels
    ]
    return render(
        request,
        "ujima/provider/offers.html",
        {
            "waiting": [row for row in rows if row["state"] == "waiting"],
            "others": [row for row in rows if row["state"] != "waiting"],
            "may_answer": by.may("answer_offers"),
        },
    )


def state_of(channel: Any) -> str:
    """How an offer stands: waiting, declined, or as the job does once it is accepted."""
    if channel.declined_at:
        return "declined"
    if channel.job.state in ("finished", "cancelled"):
        return str(channel.job.state)
    if not channel.accepted_at:
        return "waiting"
    return "accepted" if channel.job.state == "draft" else str(channel.job.state)


@staff("see_offers")
@require_safe
def offer(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """One offer: its terms; once accepted, who is at work, how far it is, how sure people are."""
    by = request.principal
    channel = channel_to(by, channel_id)
    job, now = channel.job, clock()
    seconds, measured, people = pace_of(by, job)
    rate = Money(job.rate_minor, job.currency)
    fit = newest_fit(job.org_id, job.id)
    units = counts(job)[0]
    state = state_of(channel)
    context: dict[str, Any] = {
        "channel": channel,
        "job": job,
        "state": state,
        "buyer": organisation_names([job.org_id]).get(job.org_id, ""),
        "rate": rate,
        "share": Money(part_of(job.rate_minor * 100, job.provider_share_bp), job.currency),
        "share_percent": job.provider_share_bp / 10_000,
        "seconds": seconds,
        "measured": measured,
        "people": people,
        "an_hour": an_hour(rate, seconds or job.seconds_expected),
        "units": units,
        **estimate(job, units),
        "centre": next((c.name for c in centres_of(by) if c.id == channel.centre_id), ""),
        "fit": fit,
        "instructions": rendered(job.instructions),
        "may_answer": by.may("answer_offers") and job.state not in ("finished", "cancelled"),
        "may_assign": by.may("assign_units") and bool(channel.accepted_at),
        "trail": [{"label": _("Offers"), "url": "/offers"}, {"label": job.title}],
    }
    if channel.accepted_at and by.may("see_people"):
        context["at_work"] = at_work_on(by, job.id, now)
    if by.may("see_quality"):
        context |= {"sees_quality": True, **quality_on(by, job)}
    return render(request, "ujima/provider/offer.html", context)


def estimate(job: Any, units: int) -> dict[str, Any]:
    """The whole job's wages and the share on top of them, from the fewest to the most judgments."""
    wages = [units * n * job.rate_minor for n in (job.judgments_min, job.judgments_max)]
    shares = [part_of(minor, job.provider_share_bp) for minor in wages]
    return {
        "wages": [Money(minor, job.currency) for minor in wages],
        "shares": [Money(minor, job.currency) for minor in shares],
    }


def at_work_on(by: Principal, job_id: UUID, now: datetime) -> list[dict[str, Any]]:
    """Those of one's people who hold units of a job now, by name."""
    rows = [row for row in at_work(by, now) if row[1] == job_id]
    names = names_of(by, [row[0] for row in rows])
    found = [
        {"name": names[person], "units": units, "since": since}
        for person, _job, units, since in rows
        if person in names
    ]
    return sorted(found, key=lambda row: str(row["name"]))


def quality_on(by: Principal, job: Any) -> dict[str, Any]:
    """Accuracy on known answers of those of one's people whom one may see, by name; of those who
    met none yet only how many there are."""
    found = trust(job.org_id, job.id)
    names = names_of(by, [t.person_id for t in found])
    own = [t for t in found if t.person_id in names]
    rows = [estimate_of(names[t.person_id], t) for t in own if t.gold_seen]
    return {
        "quality": sorted(rows, key=lambda row: row.name)[:MOST_DOTS],
        "unmet": len(own) - len(rows),
        "unshown": max(len(rows) - MOST_DOTS, 0),
    }


@staff("see_offers", "answer_offers")
@require_POST
def accept(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """Accept an offer: its people see the work as soon as the job runs."""
    answer_offer(by=request.principal, channel_id=channel_id, accepts=True, now=clock())
    messages.success(request, _("Accepted. Your people see the work as soon as the job runs."))
    return redirect("web:offer", channel_id=channel_id)


@staff("see_offers", "answer_offers")
@require_http_methods(["GET", "HEAD", "POST"])
def decline(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """Decline an offer with a reason; what people hold already they may finish, and it is paid."""
    channel = channel_to(request.principal, channel_id)
    form = Decline(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        answer_offer(
            by=request.principal,
            channel_id=channel_id,
            accepts=False,
            reason=form.cleaned_data["reason"],
            now=clock(),
        )
        messages.success(request, _("Declined. The buyer sees your reason."))
        return redirect("web:offers")
    return render(
        request,
        "ujima/confirm.html",
        {
            "title": _("Decline “%(title)s”?") % {"title": channel.job.title},
            "text": _(
                "Your people are offered no more of it. What they hold already they may finish, "
                "and it is paid. You can accept it later as long as the buyer offers it."
            ),
            "form": form,
            "action_label": _("Decline"),
            "cancel_url": f"/offers/{channel_id}",
        },
        status=422 if form.errors else 200,
    )
