"""A known answer that was wrong: corrected, or set aside, with a reason that people are told."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now as clock
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from ujima.base.errors import NotFound, Refusal
from ujima.flows.trusting import correct_gold
from ujima.web.gates import StaffRequest, staff
from ujima.work.labelling.config import parse
from ujima.work.queries.jobs import job_of
from ujima.work.queries.units import answers_to_gold, gold_of, unit_of


class Correction(forms.Form):
    """The right answer to each question that has a known one; or none at all."""

    aside = forms.BooleanField(
        label=gettext_lazy("Set it aside: no answer to it is surely right"), required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("What was wrong with it?"),
        max_length=500,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(self, questions: list[Any], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.names = [question.name for question in questions]
        for question in questions:
            choices = [(choice, choice) for choice in question.choices]
            self.fields[f"answer.{question.name}"] = (
                forms.MultipleChoiceField(
                    label=question.name, choices=choices, required=False,
                    widget=forms.CheckboxSelectMultiple,
                )
                if choices
                else forms.CharField(label=question.name, max_length=5000, required=False)
            )  # fmt: skip
        self.order_fields([*(f"answer.{name}" for name in self.names), "aside", "reason"])

    def answer(self) -> dict[str, list[str]] | None:
        """What is known now; None if it is set aside."""
        if self.cleaned_data["aside"]:
            return None
        given = {name: self.cleaned_data[f"answer.{name}"] for name in self.names}
        return {name: [v] if isinstance(v, str) else v for name, v in given.items() if v}


@staff("see_results", "make_jobs")
@require_http_methods(["GET", "HEAD", "POST"])
def gold(request: StaffRequest, job_id: UUID, unit_id: int) -> HttpResponse:
    """Correct a known answer, or set it aside; says beforehand how many answers it touches."""
    job = job_of(request.principal, job_id)
    unit = unit_of(request.principal, job, unit_id)
    known = gold_of(job, [unit.id]).get(unit.id)
    if not known:
        raise NotFound(_("This unit has no known answer."))
    form = Correction(
        list(parse(job.config).questions),
        request.POST if request.method == "POST" else None,
        initial={f"answer.{name}": words for name, words in known.answer.items()},
    )
    if request.method == "POST" and form.is_valid():
        try:
            correct_gold(
                by=request.principal, job_id=job.id, unit_id=unit.id, answer=form.answer(),
                reason=form.cleaned_data["reason"], now=clock(),
            )  # fmt: skip
        except Refusal as refusal:
            form.add_error(None, _(refusal.sentence))
        else:
            messages.success(request, _("Corrected. Every answer to it is scored anew."))
            return redirect("web:job_unit", job_id=job.id, unit_id=unit.id)
    answers = answers_to_gold(job, [unit.id]).get(unit.id, (0, 0))[0]
    return render(
        request,
        "ujima/confirm.html",
        {
            "title": _("Correct a known answer"),
            "text": _(
                "Everybody who answered it is scored anew, cases that it opened are withdrawn, "
                "and the people are told. Pay does not change. Units whose results are no longer "
                "sure are asked again, paid by the party that the job's terms name."
            ),
            "facts": [{"label": _("Unit"), "value": unit.key},
                      {"label": _("Answers that are scored anew"), "value": answers}],
            "form": form,
            "action_label": _("Correct it"),
            "cancel_url": f"/jobs/{job.id}/units/{unit.id}",
        },
        status=422 if form.errors else 200,
    )  # fmt: skip
