"""People whose accuracy on a job lies under its line: the evidence, being heard, the decision."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ujima.base.errors import Forbidden, NotFound
from ujima.flows import trusting
from ujima.people.queries import names_of
from ujima.people.standing import Principal
from ujima.quality.actions.cases import ask
from ujima.quality.queries import case_at, cases_at
from ujima.web.charts import Estimate
from ujima.web.gates import StaffRequest, staff
from ujima.work.queries.jobs import titles_of

DECISIONS = (
    ("continue", gettext_lazy("She goes on as before")),
    ("train", gettext_lazy("She goes on, and gets more training")),
    ("stop", gettext_lazy("She is offered no more of this job")),
)


class Decision(forms.Form):
    """What a lead decides, and why."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Your decision"), choices=DECISIONS, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("The reason"),
        help_text=gettext_lazy(
            "She reads it as you write it. Say what you saw, and what would help."
        ),
        max_length=5000,
        widget=forms.Textarea({"rows": 4}),
    )


@staff("see_quality", "see_people")
@require_safe
def cases(request: StaffRequest) -> HttpResponse:
    """Every case of people whom one may see, by name."""
    by = request.principal
    found = cases_at(by)
    names = names_of(by, [case.person_id for case in found])
    titles = titles_of([case.job_id for case in found])
    rows = [
        {"case": case, "name": names[case.person_id], "job": titles[case.job_id],
         "state": state_of(case)}
        for case in found
        if case.person_id in names
    ]  # fmt: skip
    return render(
        request,
        "ujima/provider/cases.html",
        {
            "rows": sorted(rows, key=lambda row: (row["state"] == "closed", row["name"])),
            "trail": [{"label": _("People"), "url": "/people"}, {"label": _("Cases")}],
        },
    )


def state_of(case: Any) -> str:
    """How a case stands: new, asked, heard, or closed."""
    if case.decided_at or case.withdrawn_at:
        return "closed"
    return "heard" if case.heard_at else "asked" if case.asked_at else "new"


@staff("see_quality", "see_people")
@require_http_methods(["GET", "HEAD", "POST"])
def case(request: StaffRequest, case_id: UUID) -> HttpResponse:
    """One case: ask to hear her, read what she says, decide."""
    by, now = request.principal, clock()
    found = case_at(by, case_id)
    name = _name(by, found.person_id)
    if request.method == "POST" and not by.may("assign_units"):
        raise Forbidden
    form = Decision(request.POST if request.POST.get("do") == "decide" else None)
    if request.method == "POST" and request.POST.get("do") == "ask":
        ask(by=by, case_id=case_id, now=now)
        messages.success(request, _("She sees the question on her page, and has three days."))
        return redirect("web:case", case_id=case_id)
    if request.method == "POST" and form.is_valid():
        trusting.decide(by=by, case_id=case_id, now=now, **form.cleaned_data)
        messages.success(request, _("Decided. She reads it on her page."))
        return redirect("web:case", case_id=case_id)
    title = titles_of([found.job_id])[found.job_id]
    return render(
        request,
        "ujima/provider/case.html",
        {
            "case": found,
            "name": name,
            "job": title,
            "state": state_of(found),
            "decision": dict(DECISIONS).get(found.decision, ""),
            "evidence": [Estimate(title, found.low, found.mid, found.high, found.gold_seen)],
            "may_stop": bool(found.heard_at or (found.answer_by and found.answer_by <= now)),
            "may_decide": by.may("assign_units"),
            "form": form,
            "trail": [{"label": _("People"), "url": "/people"},
                      {"label": _("Cases"), "url": "/cases"}, {"label": name}],
        },
        status=422 if form.errors else 200,
    )  # fmt: skip


def _name(by: Principal, person_id: UUID) -> str:
    """Her name, for those who may see her; a lead sees her own centre's people alone."""
    name = names_of(by, [person_id]).get(person_id)
    if name is None:
        raise NotFound
    return name
