"""Units kept for named people: who has how many, keeping more, letting them go."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ujima.base.errors import BadInput, Refusal
from ujima.people.queries import people_by_code, workers_by_person
from ujima.people.standing import Principal
from ujima.web.account.forms import add_refusal
from ujima.web.gates import StaffRequest, staff
from ujima.web.provider.assigning import pairs_in, unknown_codes
from ujima.web.provider.forms import Assign
from ujima.work.actions.reservations import release_person, release_units, reserve_units
from ujima.work.errors import UnknownUnits
from ujima.work.queries.worker import channel_to, kept_for, offered_centres

#: a file of pairs; 100,000 pairs of ordinary length
MOST_BYTES = 4_000_000


@staff("see_offers", "see_people", "assign_units")
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: StaffRequest, channel_id: UUID) -> HttpResponse:
    """Keep units for named people, or let them go; nobody else is offered what is kept."""
    by = request.principal
    channel = channel_to(by, channel_id)
    if request.method == "POST" and "person" in request.POST:
        return _let_go(request, channel, request.POST["person"])
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = Assign(*sent)
    if request.method == "POST" and form.is_valid():
        try:
            told = _do(by, channel.job_id, form.cleaned_data, request.POST.get("do") == "release")
        except Refusal as refusal:
            add_refusal(form, refusal)
        else:
            messages.success(request, told)
            return redirect("web:assign", channel_id=channel_id)
    trail = [
        {"label": _("Offers"), "url": "/offers"},
        {"label": channel.job.title, "url": f"/offers/{channel_id}"},
        {"label": _("Units for named people")},
    ]
    return render(
        request,
        "ujima/provider/assign.html",
        {"form": form, "channel": channel, "trail": trail, "kept": kept_by_name(by, channel)},
        status=422 if form.errors else 200,
    )


def kept_by_name(by: Principal, channel: Any) -> list[dict[str, Any]]:
    """How many units are kept for each of those of one's people whom one may see, by name."""
    rows = kept_for(by, channel, list(people_by_code(by).values()))
    people = workers_by_person(by, [row["person_id"] for row in rows])
    named = [row | {"worker": people[row["person_id"]]} for row in rows]
    return sorted(named, key=lambda row: (row["worker"].name, row["worker"].code))


def _let_go(request: StaffRequest, channel: Any, code: str) -> HttpResponse:
    by = request.principal
    for person in people_by_code(by, [code]).values():
        ended = release_person(
            by=by, person_id=person, job_id=channel.job_id, why="by hand", now=clock()
        )
        messages.success(request, _released(ended))
    return redirect("web:assign", channel_id=channel.id)


def _released(ended: int) -> str:
    return ngettext(
        "%(n)s unit is offered to everybody again.",
        "%(n)s units are offered to everybody again.",
        ended,
    ) % {"n": ended}


def _do(by: Principal, job_id: UUID, given: dict[str, Any], is_release: bool) -> str:
    """Keep or release the pairs given; what to tell of it."""
    pairs = pairs_in(_text_of(given))
    centres = None if is_release else offered_centres(by, job_id)
    known = people_by_code(by, list({code for _key, code in pairs}), centres)
    problem = unknown_codes(pairs, known)
    if problem:
        raise problem
    people = [(key, known[code]) for key, code in pairs]
    try:
        if is_release:
            return _released(release_units(by=by, job_id=job_id, pairs=people, now=clock()))
        kept = reserve_units(by=by, job_id=job_id, pairs=people, now=clock())
    except UnknownUnits as refusal:
        lines = {key: line for (key, _code), line in reversed(pairs.items())}
        raise UnknownUnits(refusal.keys, lines) from None
    return _("%(n)s units are kept for people now.") % {"n": kept}


def _text_of(given: dict[str, Any]) -> str:
    file = given.get("file")
    if not file:
        return str(given["pairs"])
    if file.size > MOST_BYTES:
        raise BadInput("This file is larger than 4 MB; split it.", place={"field": "file"})
    try:
        return str(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput("This file is not UTF-8 text.", place={"field": "file"}) from None
