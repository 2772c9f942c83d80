"""Invented figures for the components page. Nothing here is anybody's data."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ujima.base.money import Money
from ujima.web import icons, states
from ujima.web.charts import Bar, Estimate, Point


class ShowcaseForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label=_("Title"), help_text=_("What people see first. Plain words."))
    rate = forms.CharField(label=_("Rate for one unit"), help_text=_("In US dollars, such as 0.02"))
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea({"rows": 3}), required=False)
    language = forms.ChoiceField(
        label=_("Language"), choices=[("en", "English"), ("sw", "Kiswahili"), ("ur", "اردو")]
    )
    channel = forms.ChoiceField(
        label=_("Who may do it"),
        choices=[("all", _("Every provider that accepts")), ("some", _("Providers I choose"))],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label=_("Units"), help_text=_("CSV, JSONL or JSON; drop it here."))
    agrees = forms.BooleanField(
        label=_("I may share this data"), help_text=_("You have the right to send it to others.")
    )


def sides() -> list[dict[str, Any]]:
    """The two themes, each with a form that has been sent with mistakes."""
    sent = {"title": "Entailment pairs", "rate": "two cents", "channel": "all", "language": "sw"}
    both: list[dict[str, Any]] = []
    for theme, label in (("light", _("Light")), ("dark", _("Dark"))):
        form = ShowcaseForm({f"{theme}-{k}": v for k, v in sent.items()}, prefix=theme)
        form.add_error("rate", _("“two cents” is not an amount of money. Write it as 0.02."))
        both.append({"theme": theme, "label": label, "form": form})
    return both


def figures(now: datetime) -> dict[str, Any]:
    """Everything else that the components page shows."""
    start = datetime(2026, 6, 8, 9, tzinfo=UTC)
    shares = [0, 3, 8, 16, 27, 39, 50, 59, 66, 71, 75, 76.5]
    earned = [310, 560, 450, 700, 320, 0, 0]
    days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return {
        "trail": [{"label": _("Jobs"), "url": "#"}, {"label": _("Entailment pairs, June")}],
        "step_names": [_("Data"), _("Question"), _("Quality"), _("People"), _("Check")],
        "spent": Money(6120, "USD"),
        "rate": Money(95, "INR"),
        "moment": now - timedelta(minutes=4),
        "pill_states": [*list(states.PILLS)[:9], "refused", "unsure", "not_enough_data"],
        "disagreements": [
            {"unit": "Satomi Mitarai died of blood loss.", "yes": 6, "no": 4, "confidence": 0.61},
            {"unit": "Warsaw became part of Prussia.", "yes": 5, "no": 3, "confidence": 0.72},
        ],
        "points": [
            Point(
                start + timedelta(minutes=33 * i),
                round(8 * share),
                0.924 - 0.26 / (i + 1),
                0.924 - 0.04 / (i + 1),
                0.924 + 0.07 / (i + 1),
            )
            for i, share in enumerate(shares)
        ],
        "week": [
            Bar(day, e, f"₹{e}" if e else "", is_now=day == "Thu")
            for day, e in zip(days, earned, strict=True)
        ],
        "week_heads": ("Day", "Earned"),
        "confidences": [0, 0, 0, 0, 4, 9, 11, 18, 41, 230],
        "bin_heads": ("Confidence", "Results"),
        "groups": [
            Estimate("Metiabruz centre", 0.906, 0.928, 0.945, 412),
            Estimate("Nadia, at home", 0.842, 0.905, 0.945, 74),
            Estimate("Malda, at home", None, None, None, 6),
        ],
        "matrix": [[0.94, 0.06], [0.11, 0.89]],
        "labels": [_("yes"), _("no")],
        "icon_names": list(icons.SHAPES),
    }
