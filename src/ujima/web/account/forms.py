"""The forms of signing in and joining. Secrets are never written back into a page."""

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ujima.base.errors import Refusal
from ujima.people.queries import providers

DIGITS = {"inputmode": "numeric", "class": "digits", "maxlength": 12}


def add_refusal(form: forms.Form, refusal: Refusal) -> None:
    """Show what an action refused, at the field it names if the form has it."""
    field = refusal.place.get("field")
    form.add_error(field if field in form.fields else None, gettext(refusal.sentence))


def pin_field(label: Any, use: str, help_text: Any = "") -> forms.CharField:
    """A PIN: digits on the phone's own number pad; `use` is the autocomplete word."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        widget=forms.PasswordInput({**DIGITS, "autocomplete": use}),
    )


def password_field(label: Any, use: str, help_text: Any = "") -> forms.CharField:
    """A password, kept as typed, spaces too."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": use}),
    )


class StaffSignIn(forms.Form):
    """E-mail and password."""

    email = forms.EmailField(
        label=_("E-mail address"),
        widget=forms.EmailInput({"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = password_field(_("Password"), "current-password")


class WorkerSignIn(forms.Form):
    """The provider she works for, her code there, and her PIN."""

    provider = forms.TypedChoiceField(
        label=_("Where you work"),
        coerce=UUID,
        error_messages={"required": _("Choose your employer.")},
    )
    code = forms.CharField(
        label=_("Your code"),
        max_length=32,
        widget=forms.TextInput(
            {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    pin = pin_field(_("Your PIN"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = [(str(p.id), p.name) for p in providers()]
        # nobody is preselected among several: a right code and PIN would be refused elsewhere
        nobody = [("", _("Choose your employer"))] if len(known) > 1 else []
        self.fields["provider"].choices = [*nobody, *known]  # type: ignore[attr-defined]


class Joining(forms.Form):
    """What everybody who joins is asked: her language, where there is a choice."""

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) == 1:
            self.fields["language"].widget = forms.HiddenInput()


class StaffJoin(Joining):
    """A member of staff joins."""

    field_order = ("name", "password", "language")
    name = forms.CharField(label=_("Your name"), max_length=200)
    password = password_field(
        _("Password"),
        "new-password",
        _(
            "At least 10 characters; four words in a row are good. If you have an account with "
            "this e-mail address already, give its password."
        ),
    )


class PinTwice(forms.Form):
    """A form with a new PIN, given twice so that a slip of the finger locks nobody out."""

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if "pin" in given and "again" in given and given["pin"] != given["again"]:
            self.add_error("again", _("This is not the same PIN as above."))
        return given


class WorkerJoin(PinTwice, Joining):
    """A worker joins."""

    field_order = ("name", "pin", "again", "language")
    name = forms.CharField(
        label=_("What shall we call you?"),
        help_text=_("Any name you like. Buyers of work never see it."),
        max_length=200,
    )
    pin = pin_field(
        _("Choose a PIN"), "new-password", _("6 to 12 digits that nobody else can guess.")
    )
    again = pin_field(_("The same PIN again"), "new-password")


class KnownWorkerJoin(WorkerSignIn):
    """A worker joins who works here for another provider already: she tells how she signs in."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["provider"].label = _("Where you work already")
        self.fields["code"].label = _("Your code there")
        self.fields["pin"].label = _("Your PIN there")
        self.fields["pin"].help_text = _("It is your PIN here too, until you change it.")


class NewPassword(forms.Form):
    """A member of staff changes her password."""

    old = password_field(_("Your password now"), "current-password")
    password = password_field(
        _("New password"),
        "new-password",
        _("At least 10 characters; four words in a row are good."),
    )


class NewPin(PinTwice):
    """A worker changes her PIN."""

    old = pin_field(_("Your PIN now"), "current-password")
    pin = pin_field(_("New PIN"), "new-password", _("6 to 12 digits that nobody else can guess."))
    again = pin_field(_("The new PIN again"), "new-password")
