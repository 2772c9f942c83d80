"""A page of units: one at a time, answered, given back, and what it brought."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ujima.base.errors import Refusal
from ujima.base.money import Money
from ujima.flows import judgment
from ujima.pay.queries import own_days
from ujima.web.gates import WorkerRequest, worker
from ujima.web.worker import timing
from ujima.web.worker.home import sums
from ujima.web.worker.lesson import shown
from ujima.web.worker.reasons import SKIPS, WRONGS, words_of
from ujima.web.worker.tabs import page, today
from ujima.web.worker.unit import answer_in, problems_of, unit_form
from ujima.work.actions.forms import form_of, terms_of
from ujima.work.envelopes import Given
from ujima.work.labelling.problems import BadAnswer
from ujima.work.queries.lessons import known_page, taught_on
from ujima.work.queries.worker import PageSoFar, held_by, offers, page_so_far, version_for

#: the cookie that keeps when the unit of a page was first shown
SHOWN = "shown"


@worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unit(request: WorkerRequest, page_id: UUID) -> HttpResponse:
    """Show the next unit of a page, or keep the answer to one."""
    if request.method == "POST":
        return _answer(request, page_id)
    return _show(request, page_id)


def _show(
    request: WorkerRequest,
    page_id: UUID,
    *,
    number: int | None = None,
    token: str = "",
    seen: str = "",
    given: dict[str, list[str]] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    """The form of the unit `number`, or of the first that is held.

    token    of the form that was sent, if it lacked something
    seen     for how many ms the browser had the unit in sight till then
    """
    now = clock()
    so_far = page_so_far(request.worker, page_id, now)
    held = {h.number: h for h in held_by(request.worker, now, page_id)}
    current = held.get(number) if number else next(iter(held.values()), None)
    if not current:
        return redirect("web:page_done", page_id=page_id)
    try:
        labelling = form_of(current.job_id, current.version)
        blocks = unit_form(labelling, current.data, given, problems)
    except Refusal:
        # The buyer's data cannot be shown: she is told so, and it costs her nothing.
        return redirect("web:give_back", page_id=page_id, number=current.number)
    token = timing.shown(token or request.COOKIES.get(SHOWN, ""), page_id, current.number, now)
    response = page(
        request,
        "unit.html",
        {
            "blocks": blocks,
            "problem": (problems or {}).get("", ""),
            "has_problems": bool(problems),
            "number": current.number,
            "so_far": so_far,
            "at": so_far.total - len(so_far.held) + 1,
            "earned": _earned(so_far),
            "title": version_for(request.worker, current.job_id, current.version).title,
            "page_id": page_id,
            "known": known_page(request.worker, page_id),
            "token": token,
            "seen": seen,
            "back": {"url": "/work", "label": _("Back")},
            "tabs": None,
        },
        status=422 if problems else 200,
    )
    response.set_cookie(
        SHOWN,
        token,
        path=request.path,
        expires=so_far.expires_at,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


def _answer(request: WorkerRequest, page_id: UUID) -> HttpResponse:
    now = clock()
    so_far = page_so_far(request.worker, page_id, now)
    token = request.POST.get("unit", "")
    shown = timing.read(token, page_id)
    if not shown:
        return redirect("web:unit", page_id=page_id)
    number, began = shown
    answer = answer_in(form_of(so_far.job_id, so_far.version), request.POST)
    milliseconds = timing.taken(began, request.POST.get("seen", ""), now)
    verdict = judgment.submit(
        worker=request.worker,
        org_id=so_far.org_id,
        job_id=so_far.job_id,
        page_id=page_id,
        # A page in a browser is a device of its own: its units' numbers are the answers' keys.
        device_id=page_id,
        answers=[Given(number, number, answer, milliseconds, now)],
        now=now,
    )[0]
    if not verdict.refusal:
        return redirect("web:unit", page_id=page_id)
    if isinstance(verdict.refusal, BadAnswer):
        problems = problems_of(verdict.refusal)
        return _show(
            request,
            page_id,
            number=number,
            token=token,
            seen=timing.carried(request.POST.get("seen", "")),
            given=answer,
            problems=problems,
        )
    return _not_kept(request, page_id, so_far, verdict.refusal)


def _not_kept(
    request: WorkerRequest, page_id: UUID, so_far: PageSoFar, refusal: Refusal
) -> HttpResponse:
    """Why an answer was not kept, and what that means for her pay."""
    return page(
        request,
        "not_kept.html",
        {
            "refusal": refusal,
            "so_far": so_far,
            "earned": _earned(so_far),
            "page_id": page_id,
            "back": {"url": "/work", "label": _("Work")},
        },
        status=refusal.status,
    )


@worker
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: WorkerRequest, page_id: UUID, number: int) -> HttpResponse:
    """Give one unit back, or all that are held, with a reason; nothing is taken for it."""
    so_far = page_so_far(request.worker, page_id, clock())
    if number not in so_far.held:
        return redirect("web:unit", page_id=page_id)
    reason = words_of(request.POST.get("reason", ""))
    if request.method == "POST" and reason:
        numbers = so_far.held if request.POST.get("all") else (number,)
        count = judgment.give_back(
            worker=request.worker,
            org_id=so_far.org_id,
            page_id=page_id,
            reasons=dict.fromkeys(numbers, reason),
        )
        if count:
            messages.info(request, _("Given back. It takes nothing from your pay or your record."))
        return redirect("web:unit", page_id=page_id)
    return page(
        request,
        "give_back.html",
        {
            "wrongs": WRONGS,
            "skips": SKIPS,
            "so_far": so_far,
            "number": number,
            "lacks_reason": request.method == "POST",
            "back": {"url": f"/work/page/{page_id}", "label": _("Back to the unit")},
            "tabs": None,
        },
        status=422 if request.method == "POST" else 200,
    )


@worker
@never_cache
@require_safe
def done(request: WorkerRequest, page_id: UUID) -> HttpResponse:
    """What a page brought, and the next one."""
    now = clock()
    so_far = page_so_far(request.worker, page_id, now)
    if so_far.held:
        return redirect("web:unit", page_id=page_id)
    known = known_page(request.worker, page_id)
    taught = taught_on(request.worker, known.org_id, page_id) if known else []
    return page(
        request,
        "done.html",
        {
            "so_far": so_far,
            "known": known,
            "mark": terms_of(so_far.job_id, so_far.version),
            "lessons": shown(so_far.job_id, taught),
            "earned": _earned(so_far),
            "today": sums(own_days(request.worker, today(request.worker))),
            "offer": next(iter(offers(request.worker, now, so_far.job_id)), None),
            "title": version_for(request.worker, so_far.job_id, so_far.version).title,
        },
    )


def _earned(so_far: PageSoFar) -> Any:
    """What the answers of a page brought, at the rate under which it was taken."""
    terms = terms_of(so_far.job_id, so_far.version)
    return Money(terms.rate_minor * so_far.judged, terms.currency)
