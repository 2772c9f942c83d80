"""Forms of the buyer's pages. What a field allows beyond its shape is known by the actions."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ujima.base.errors import Refusal
from ujima.base.money import EXPONENTS, Money
from ujima.people.standing import SCOPES, Principal
from ujima.work.intake.mapping import Mapping
from ujima.work.labelling.model import Labelling
from ujima.work.terms import Draft

NEW = "new"


#: a draft's field -> the form's, where the form asks in other units
_FIELDS = {
    "rate_minor": "rate",
    "provider_share_bp": "provider_share",
    "confidence_target": "confidence",
    "gold_share_bp": "gold_share",
    "seconds_expected": "seconds",
    "audit_bp": "audit",
    "ceiling_minor": "ceiling",
    "accuracy_least": "accuracy",
}


def refuse(form: forms.Form, refusal: Refusal) -> None:
    """Say a refusal beside the field it is about, or above the form where there is none."""
    problems: Any = refusal.facts.get("problems")
    if not isinstance(problems, dict):
        problems = {refusal.place.get("field"): refusal.sentence}
    for place, sentence in problems.items():
        name = _FIELDS.get(place, place)
        if name in form.errors:
            continue  # what is wrong with it is said already
        form.add_error(name if name in form.fields else None, gettext(str(sentence)))


def _offer(form: forms.Form, name: str, choices: Sequence[tuple[str, Any]]) -> None:
    """Set what can be chosen in a form's field; the field's class takes any sequence."""
    form.fields[name].choices = choices  # type: ignore[attr-defined]


class TitleForm(forms.Form):
    """Step 1: what the job is called and what people are told. `projects` are (id, title)."""

    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        help_text=_("What people read before they take the work, such as “Does it follow?”"),
    )
    instructions = forms.CharField(
        label=_("Instructions"),
        required=False,
        widget=forms.Textarea({"rows": 12}),
        help_text=_("Plain words and examples. Markdown works: # heading, **bold**, - list."),
    )
    project = forms.ChoiceField(
        label=_("Project"), help_text=_("A folder for jobs that belong together.")
    )
    new_project = forms.CharField(
        label=_("Name of the new project"),
        max_length=200,
        required=False,
        help_text=_("Only if you chose a new one."),
    )

    def __init__(
        self, *args: Any, projects: Sequence[tuple[str, str]] | None = None, **kwargs: Any
    ):
        super().__init__(*args, **kwargs)
        if projects is None:  # a job stays in its project
            del self.fields["project"], self.fields["new_project"]
            return
        _offer(self, "project", [*projects, (NEW, gettext("A new project"))])

    def clean(self) -> dict[str, Any]:
        """A new project needs a name."""
        data = super().clean() or {}
        if data.get("project") == NEW and not data.get("new_project"):
            self.add_error("new_project", gettext("Give the new project a name."))
        return data


class ConfigForm(forms.Form):
    """Step 2: the labelling config."""

    config = forms.CharField(
        label=_("The form, as XML"),
        widget=forms.Textarea({"rows": 16, "class": "code", "spellcheck": "false", "dir": "ltr"}),
        help_text=_("$name stands for the column “name” of your file."),
    )


class FileForm(forms.Form):
    """Step 3: a file of units."""

    file = forms.FileField(
        label=_("File of units"),
        help_text=_("CSV, JSONL or JSON in UTF-8. You see its first rows before anything is kept."),
        widget=forms.ClearableFileInput({"accept": ".csv,.tsv,.jsonl,.ndjson,.json,.txt"}),
    )


class MappingForm(forms.Form):
    """Which column of a file is what; fields are made from the job's form and the file."""

    def __init__(self, *args: Any, labelling: Labelling, columns: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.labelling = labelling
        some = [(column, column) for column in columns]
        none = [("", gettext("– none –")), *some]
        for name in labelling.columns:
            label = gettext("Shown as “%(name)s”") % {"name": name}
            self._add(f"column.{name}", label, [("", gettext("– choose –")), *some], needed=True)
        self._add(
            "key",
            gettext("Your own key"),
            none,
            hint=gettext("Names each unit in results. Without one, equal rows are one unit."),
        )
        for question in labelling.questions:
            label = gettext("Known answer to “%(name)s”") % {"name": question.name}
            self._add(
                f"gold.{question.name}",
                label,
                none,
                hint=gettext(
                    "Rows with an answer here become known answers, mixed into the work unmarked."
                ),
            )
        self._add("gold_reason", gettext("Why the known answer is right"), none)

    def _add(
        self,
        name: str,
        label: str,
        choices: list[tuple[str, str]],
        *,
        hint: str = "",
        needed: bool = False,
    ) -> None:
        self.fields[name] = forms.ChoiceField(
            label=label, choices=choices, required=needed, help_text=hint
        )

    def mapping(self) -> Mapping:
        """What was chosen. The form has been found valid."""
        chosen = self.cleaned_data
        gold = {q.name: chosen[f"gold.{q.name}"] for q in self.labelling.questions}
        return Mapping(
            columns={name: chosen[f"column.{name}"] for name in self.labelling.columns},
            key=chosen["key"],
            gold={name: column for name, column in gold.items() if column},
            gold_reason=chosen["gold_reason"],
        )

    @staticmethod
    def initial_from(mapping: Mapping) -> dict[str, str]:
        """The fields' values for a proposed mapping."""
        return {
            **{f"column.{name}": column for name, column in mapping.columns.items()},
            **{f"gold.{name}": column for name, column in mapping.gold.items()},
            "key": mapping.key,
            "gold_reason": mapping.gold_reason,
        }


def _number(label: Any, least: float, most: float, hint: Any = "", step: str = "1") -> Any:
    kind = forms.IntegerField if step == "1" else forms.DecimalField
    return kind(
        label=label,
        min_value=least,  # type: ignore[arg-type]
        max_value=most,  # type: ignore[arg-type]
        help_text=hint,
        widget=forms.NumberInput({"step": step}),
    )


class TermsForm(forms.Form):
    """Step 4: money in major units, shares in percent; `draft_from` turns them into a draft's."""

    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in sorted(EXPONENTS)]
    )
    rate = forms.CharField(
        label=_("Pay for one judgment"),
        help_text=_("What the worker gets for one answer to one unit, such as 0.05."),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    seconds = _number(
        _("Seconds you think one takes"),
        1,
        86_400,
        _(
            "Try three yourself. Workers read it as your estimate until enough people's time is "
            "measured."
        ),
    )
    provider_share = _number(
        _("Provider's share, % on top of wages"),
        0,
        300,
        _("For managers, training, rooms, machines. Never out of wages."),
        "0.01",
    )
    judgments_min = _number(_("Fewest judgments for a unit"), 1, 50)
    judgments_max = _number(
        _("Most judgments for a unit"), 1, 100, _("Asked for only while people disagree.")
    )
    confidence = _number(_("Confidence to reach, %"), 50, 99.9, "", "0.1")
    gold_share = _number(
        _("Known answers among the work, %"), 0, 50, _("They are paid like all others."), "0.01"
    )
    audit = _number(
        _("Units asked on to check the others, %"),
        0,
        100,
        _("Drawn by chance, unmarked. Jobs of fewer than 100 units have none."),
        "0.01",
    )
    ceiling = forms.CharField(
        label=_("Ask nothing more at a cost of"),
        required=False,
        help_text=_(
            "With shares and fee. What is judged by then gets its result. Empty: no limit."
        ),
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    accuracy = _number(
        _("Accuracy asked of each person, %"),
        0,
        95,
        _(
            "Whose work lies surely under it is heard, and a person decides. Nobody is stopped by "
            "a number, and what was answered is paid."
        ),
        "0.1",
    )
    rework_payer = forms.ChoiceField(
        label=_("If a known answer was wrong, asking again is paid by"),
        choices=[
            ("buyer", _("you, the buyer")),
            ("provider", _("the provider")),
            ("platform", _("the platform")),
        ],
        help_text=_("Providers read it before they accept. Never the worker."),
    )
    quiz_units = _number(
        _("Units of a quiz before the job"),
        0,
        20,
        _(
            "0 for none. Known answers, paid like all others; the right ones are shown after it. "
            "Needs twice as many."
        ),
    )
    quiz_right = _number(
        _("Right answers that the quiz asks for"),
        0,
        20,
        _("Whoever has fewer may try once more; after that a person looks at it."),
    )
    page_size = _number(_("Units on a page"), 1, 50, _("How many one person takes at once."))
    lease_minutes = _number(
        _("Minutes a page is held"), 5, 10_080, _("After that, others are offered what is left.")
    )
    deadline = forms.DateTimeField(
        label=_("Closes at"),
        required=False,
        widget=forms.DateTimeInput({"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("In UTC. Empty: when every unit has its result."),
    )
    model_labels = forms.BooleanField(
        label=_("Let model labels join as one more opinion"),
        required=False,
        help_text=_(
            "Once people have judged 200 units, a model learns from their answers and says what "
            "it thinks of each unit. It may change an answer, and where it disagrees people may be "
            "asked once more, within your most judgments. Its word never makes a result look "
            "surer, never counts as a judgment, never learns from your known answers, and changes "
            "nobody's pay. Its share of every result is shown."
        ),
    )

    @staticmethod
    def initial_from(draft: Draft) -> dict[str, Any]:
        """The fields' values for a draft."""
        return {
            "currency": draft.currency,
            "rate": str(Money(draft.rate_minor, draft.currency).major),
            "seconds": draft.seconds_expected or 30,
            "provider_share": percent_of(draft.provider_share_bp),
            "judgments_min": draft.judgments_min,
            "judgments_max": draft.judgments_max,
            "confidence": f"{draft.confidence_target * 100:g}",
            "gold_share": percent_of(draft.gold_share_bp),
            "audit": percent_of(draft.audit_bp),
            "ceiling": ""
            if draft.ceiling_minor is None
            else str(Money(draft.ceiling_minor, draft.currency).major),
            "accuracy": f"{draft.accuracy_least * 100:g}",
            "rework_payer": draft.rework_payer,
            "quiz_units": draft.quiz_units,
            "quiz_right": draft.quiz_right,
            "page_size": draft.page_size,
            "lease_minutes": draft.lease_minutes,
            "deadline": draft.deadline,
            "model_labels": draft.model_labels,
        }

    def clean(self) -> dict[str, Any]:
        """Read amounts in the job's currency."""
        data = super().clean() or {}
        data["ceiling_minor"] = None
        for name in ("rate", "ceiling"):
            if data.get(name) and "currency" in data:
                try:
                    data[f"{name}_minor"] = Money.parse(data[name], data["currency"]).minor
                except Refusal as refusal:
                    self.add_error(name, gettext(refusal.sentence))
        return data

    def draft_fields(self) -> dict[str, Any]:
        """The chosen terms under a draft's names; those alone that are right so far."""
        data = self.cleaned_data
        read: dict[str, tuple[str, Callable[[Any], Any]]] = {
            "provider_share": ("provider_share_bp", lambda percent: round(percent * 100)),
            "confidence": ("confidence_target", lambda percent: float(percent / 100)),
            "gold_share": ("gold_share_bp", lambda percent: round(percent * 100)),
            "audit": ("audit_bp", lambda percent: round(percent * 100)),
            "seconds": ("seconds_expected", int),
            "accuracy": ("accuracy_least", lambda percent: float(percent / 100)),
        }
        plain = ("currency", "rate_minor", "judgments_min", "judgments_max", "page_size",
                 "lease_minutes", "deadline", "ceiling_minor", "model_labels", "rework_payer",
                 "quiz_units", "quiz_right")  # fmt: skip
        chosen = {name: data[name] for name in plain if name in data}
        for field, (name, convert) in read.items():
            if field in data:
                chosen[name] = convert(data[field])
        return chosen


def percent_of(basis_points: int) -> str:
    """3000 as "30", 250 as "2.5"."""
    return f"{basis_points / 100:g}"


class ChannelsForm(forms.Form):
    """Step 5: to whom the job is offered; values are "provider" or "provider:centre"."""

    channels = forms.MultipleChoiceField(
        label=_("Who may do it"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They see the terms and decide themselves whether to accept."),
        error_messages={"required": _("Choose at least one provider.")},
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        _offer(self, "channels", places)


class ReasonForm(forms.Form):
    """Why a job is paused or cancelled."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        required=False,
        help_text=_("Kept in the job's history; providers see it."),
    )


class FilterForm(forms.Form):
    """Which results to show; `labels` are the answers that occur."""

    answer = forms.ChoiceField(label=_("Answer"), required=False)
    below = forms.DecimalField(
        label=_("Confidence below, %"), min_value=0, max_value=100, required=False
    )
    key = forms.CharField(label=_("Your key"), max_length=255, required=False)

    def __init__(self, *args: Any, labels: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        every = ("", gettext("Every answer"))
        _offer(self, "answer", [every, *((name, name) for name in labels)])


class ReviewFilterForm(forms.Form):
    """Which units come to review; `labels` are the answers that occur."""

    only = forms.ChoiceField(
        label=_("Which"),
        required=False,
        choices=[
            ("", _("The least certain")),
            ("given_up", _("Given up: more answers would not help")),
        ],
    )
    answer = forms.ChoiceField(label=_("Answer"), required=False)
    below = forms.DecimalField(
        label=_("Confidence below, %"), min_value=0, max_value=100, required=False
    )

    def __init__(self, *args: Any, labels: Sequence[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        every = ("", gettext("Every answer"))
        _offer(self, "answer", [every, *((name, name) for name in labels)])


def _percent(label: Any, hint: Any, initial: Any, least: float, most: float) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=hint,
        initial=initial,
        min_value=least,
        max_value=most,
        decimal_places=2,
    )


class AcceptanceForm(forms.Form):
    """What a lot is held to, in percent."""

    contracted = _percent(
        _("Accuracy that was agreed, %"),
        _("The share of right results that you contracted."),
        95,
        1,
        100,
    )
    tolerable = _percent(
        _("Accuracy too low to accept, %"),
        _("A lot this bad should hardly ever pass."),
        90,
        0,
        99.99,
    )
    producer = _percent(
        _("Risk that a good lot is turned down, %"),
        _("For a lot with exactly the agreed accuracy."),
        5,
        0.1,
        49,
    )
    consumer = _percent(
        _("Risk that a bad lot is accepted, %"),
        _("For a lot with exactly the accuracy that is too low."),
        5,
        0.1,
        49,
    )


class RemarkForm(forms.Form):
    """A remark to a decision."""

    remark = forms.CharField(label=_("Remark"), max_length=500, required=False)


SCOPE_WORDS = {
    "jobs:read": _("See jobs and their progress"),
    "jobs:write": _("Make, launch, pause and cancel jobs"),
    "results:read": _("See and take away results and judgments"),
    "results:write": _("Decide units in review, and check and accept lots"),
    "funds:read": _("See funds and movements"),
    "offers:read": _("See offers of jobs"),
    "offers:write": _("Answer offers, keep units for named people"),
    "people:read": _("See the people of the organisation"),
    "people:write": _("Invite people"),
    "pay:read": _("See what people have earned"),
    "quality:read": _("See the quality of work"),
}


class TokenForm(forms.Form):
    """A key for a program; only scopes that the maker may use herself are offered."""

    name = forms.CharField(
        label=_("Name"), max_length=100, help_text=_("What uses it, such as “nightly import”.")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), widget=forms.CheckboxSelectMultiple
    )
    days = forms.TypedChoiceField(
        label=_("Runs out"),
        coerce=int,
        choices=[
            (30, _("in 30 days")),
            (90, _("in 90 days")),
            (365, _("in a year")),
            (0, _("never")),
        ],
        initial=90,
    )

    def __init__(self, *args: Any, principal: Principal, **kwargs: Any):
        super().__init__(*args, **kwargs)
        allowed = [s for s, powers in SCOPES.items() if powers <= principal.powers]
        _offer(self, "scopes", [(scope, SCOPE_WORDS[scope]) for scope in allowed])
