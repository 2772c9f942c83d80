"""Review: the least certain units of a job, one after the other, decided by a person."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from ujima.base.errors import NotFound, Refusal
from ujima.flows import review as reviewing
from ujima.quality.queries import current_of, labels
from ujima.quality.review.queries import Place, given_up, newest_of_units, queue
from ujima.web.buyer.forms import ReviewFilterForm
from ujima.web.buyer.quality import trail
from ujima.web.buyer.results import share, whole
from ujima.web.gates import StaffRequest, staff
from ujima.web.worker.unit import answer_in, problems_of, unit_form
from ujima.work.actions.forms import form_of
from ujima.work.labelling.problems import BadAnswer
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import texts_of, unit_of, units_by_id

if TYPE_CHECKING:
    from ujima.quality.models import Adjudication, Current
    from ujima.work.models import Job

#: units of one sitting
SITTING = 40


@dataclass(frozen=True, slots=True)
class Sitting:
    """Where somebody is in her review; it is carried in the address, nothing of it is kept.

    unit    a unit asked for by itself; 0 for whatever is next in the queue
    last    the unit decided just now
    """

    answer: str = ""
    below: str = ""
    only: str = ""
    after: str = ""
    done: int = 0
    of: int = SITTING
    unit: int = 0
    last: int = 0

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Sitting":
        of = whole(given.get("of")) or SITTING
        return cls(
            answer=given.get("answer", "")[:200],
            below=given.get("below", "")[:10],
            only="given_up" if given.get("only") == "given_up" else "",
            after=given.get("after", "")[:60],
            done=min(whole(given.get("done")), of),
            of=min(of, 10_000),
            unit=whole(given.get("unit")),
            last=whole(given.get("last")),
        )

    @property
    def query(self) -> str:
        told = {name: getattr(self, name) for name in self.__slots__}
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def fields(self) -> list[tuple[str, Any]]:
        """What a form carries on; the unit that is shown has a field of its own."""
        return [(n, getattr(self, n)) for n in self.__slots__ if n not in ("last", "unit")]


@staff("see_results", "review")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Show the next unit, or keep what was decided of one."""
    job = job_of(request.principal, job_id)
    if request.method != "POST":
        return _show(request, job, Sitting.read(request.GET.dict()))
    sitting = Sitting.read(request.POST.dict())
    unit = unit_of(request.principal, job, whole(request.POST.get("shown")))
    current = current_of(job.org_id, unit.id)
    if not current or not job.version:
        raise NotFound
    answer = answer_in(form_of(job.id, job.version), request.POST)
    onward = replace(sitting, after=str(Place(current.confidence, unit.id)), unit=0)
    try:
        reviewing.decide(
            by=request.principal,
            job_id=job.id,
            unit_id=unit.id,
            answer=answer,
            reason=request.POST.get("reason", ""),
            seen=whole(request.POST.get("seen")),
            now=clock(),
        )
    except BadAnswer as refusal:
        return _show(request, job, replace(sitting, unit=unit.id), answer, problems_of(refusal))
    except Refusal as refusal:
        messages.warning(request, _(refusal.sentence))
        return _away(job, replace(onward, unit=unit.id))
    return _away(job, replace(onward, done=min(sitting.done + 1, sitting.of), last=unit.id))


def _away(job: "Job", sitting: Sitting) -> HttpResponse:
    return redirect(f"/jobs/{job.id}/review?{sitting.query}")


@staff("see_results", "review")
@require_POST
def undo(request: StaffRequest, job_id: UUID) -> HttpResponse:
    """Take the last decision back, and show its unit again."""
    job = job_of(request.principal, job_id)
    sitting = Sitting.read(request.POST.dict())
    unit = unit_of(request.principal, job, whole(request.POST.get("shown")))
    try:
        reviewing.take_back(
            by=request.principal,
            job_id=job.id,
            unit_id=unit.id,
            seen=whole(request.POST.get("seen")),
            now=clock(),
        )
    except Refusal as refusal:
        messages.warning(request, _(refusal.sentence))
    else:
        messages.success(request, _("Taken back. The unit has the inferred answer again."))
    return _away(job, replace(sitting, unit=unit.id, done=max(sitting.done - 1, 0)))


def _show(
    request: StaffRequest,
    job: "Job",
    sitting: Sitting,
    given: dict[str, list[str]] | None = None,
    problems: dict[str, str] | None = None,
) -> HttpResponse:
    is_over = sitting.done >= sitting.of and not sitting.unit
    form = ReviewFilterForm(
        {"answer": sitting.answer, "below": sitting.below, "only": sitting.only},
        labels=labels(job.org_id, job.id),
    )
    form.is_valid()
    found = [] if is_over else _next(job, sitting, form)
    current = found[0] if found else None
    # fewer wait than a sitting has; skipped ones are behind her
    of = sitting.done + len(found) if len(found) < SITTING else sitting.of
    of = min(of, sitting.of)
    last = newest_of_units(job.org_id, [sitting.last]).get(sitting.last) if sitting.last else None
    return render(
        request,
        "ujima/buyer/review.html",
        {
            "job": job,
            "sitting": sitting,
            "is_over": is_over,
            "form": form,
            "is_filtered": bool(sitting.answer or sitting.below or sitting.only),
            "of": of,
            "again": replace(sitting, done=0, last=0).query,
            **(_unit(job, current, sitting, given, problems) if current else {}),
            "last": last if _is_own(request, job, last) else None,
            "last_key": _key_of(job, sitting.last) if last else "",
            "last_answer": _words(last.answer) if last and last.answer else "",
            "has_problems": bool(problems),
            "trail": [
                *trail(job),
                {"label": _("Quality"), "url": f"/jobs/{job.id}/quality"},
                {"label": _("Review")},
            ],
        },
        status=422 if problems else 200,
    )


def _is_own(request: StaffRequest, job: "Job", last: "Adjudication | None") -> bool:
    return bool(
        last
        and last.job_id == job.id
        and last.by == request.principal.actor
        and last.answer is not None
    )


def _key_of(job: "Job", unit_id: int) -> str:
    unit = units_by_id(job, [unit_id]).get(unit_id)
    return unit.key if unit else ""


def _words(answer: Mapping[str, list[str]]) -> str:
    return "; ".join(", ".join(words) for words in answer.values())


def _next(job: "Job", sitting: Sitting, form: ReviewFilterForm) -> "list[Current]":
    """The unit asked for by itself, or else the next of the queue, a sitting of them at most. What
    the form refuses, such as an answer that does not occur, filters nothing."""
    if sitting.unit:
        current = current_of(job.org_id, sitting.unit)
        return [current] if current and current.job_id == job.id else []
    after, chosen = Place.read(sitting.after), form.cleaned_data
    if chosen.get("only") == "given_up":
        return given_up(job.org_id, job.id, after=after, limit=SITTING)
    return queue(
        job.org_id,
        job.id,
        below=share(chosen.get("below")),
        label=chosen.get("answer", ""),
        after=after,
        limit=SITTING,
    )


def _unit(
    job: "Job",
    current: "Current",
    sitting: Sitting,
    given: dict[str, list[str]] | None,
    problems: dict[str, str] | None,
) -> dict[str, Any]:
    unit = units_by_id(job, [current.unit_id])[current.unit_id]
    newest = newest_of_units(job.org_id, [unit.id]).get(unit.id)
    place = Place(current.confidence, unit.id)
    return {
        "unit": unit,
        "current": current,
        "result": current.result,
        "blocks": unit_form(form_of(job.id, job.version), unit.data, given, problems),
        "problem": (problems or {}).get("", ""),
        "splits": splits(job, unit.id),
        "seen": newest.turn if newest else 0,
        "decided": newest if newest and newest.answer is not None else None,
        "skip": replace(sitting, after=str(place), unit=0, last=0).query,
    }


def splits(job: "Job", unit_id: int) -> list[dict[str, Any]]:
    """How the answers to each question fell, the most given first; numbers, no names."""
    given = texts_of(job.org_id, [unit_id]).get(unit_id, {})
    found = []
    for question, every in given.items():
        counted: dict[str, int] = {}
        for words in every:
            said = ", ".join(words)[:200] or "–"
            counted[said] = counted.get(said, 0) + 1
        rows = sorted(counted.items(), key=lambda pair: -pair[1])
        found.append(
            {
                "question": question,
                "rows": rows[:6],
                "others": sum(n for _, n in rows[6:]),
                "total": len(every),
            }
        )
    return found
