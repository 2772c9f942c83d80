"""The provider's and the operator's forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ujima.base.money import EXPONENTS
from ujima.people.queries import centres_of
from ujima.people.standing import Principal

ROLES = {
    "worker": _("Worker"),
    "lead": _("Team lead"),
    "trainer": _("Trainer"),
    "payroll": _("Payroll"),
    "manager": _("Manager"),
    "auditor": _("Auditor"),
    "requester": _("Requester"),
    "viewer": _("Viewer"),
}
#: what each kind of organisation may invite; the action behind refuses all else
PROVIDERS = ("worker", "lead", "trainer", "payroll", "manager", "auditor")
BUYERS = ("requester", "viewer", "auditor")


class Invite(forms.Form):
    """Whom to invite, and as what: a worker by a code, or staff by e-mail address.

    by          who invites; a provider's manager invites workers too, a buyer her team alone
    as_staff    which of the two is asked for while nothing has been sent
    """

    role = forms.ChoiceField(label=_("As what"))
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=200,
        help_text=_("As you know her; she chooses her own when she joins."),
    )
    worker_code = forms.CharField(
        label=_("Worker code"),
        max_length=32,
        help_text=_("What she signs in with, such as w042."),
        widget=forms.TextInput({"autocapitalize": "none", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"), help_text=_("What she or he signs in with.")
    )
    centre = forms.ChoiceField(label=_("Centre or group"), required=False)

    def __init__(self, by: Principal, as_staff: bool, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        is_provider = by.may("invite")
        asked = self.data.get("role") if self.is_bound else "" if as_staff else "worker"
        self.is_worker = is_provider and asked == "worker"
        self.choosable = is_provider
        roles: tuple[str, ...] = PROVIDERS if is_provider else BUYERS
        if self.is_worker:
            self.fields["role"].initial = "worker"
            self.fields["role"].widget = forms.HiddenInput()
        else:
            roles = tuple(role for role in roles if role != "worker")
        self.fields["role"].choices = [(role, ROLES[role]) for role in roles]  # type: ignore[attr-defined]
        del self.fields["email" if self.is_worker else "worker_code"]
        if not is_provider:
            del self.fields["centre"]
            return
        centres = [(str(centre.id), centre.name) for centre in centres_of(by)]
        self.fields["centre"].choices = [("", _("None of them")), *centres]  # type: ignore[attr-defined]
        if not self.is_worker:
            self.fields["centre"].help_text = _("A team lead of a centre sees its people alone.")


class NewCentre(forms.Form):
    """A delivery centre or a home-based group."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What is it?"),
        choices=[
            ("delivery", _("Delivery centre: people work in its rooms")),
            ("home", _("Home-based group: people work at home")),
        ],
        widget=forms.RadioSelect,
        initial="delivery",
    )


class Decline(forms.Form):
    """Why an offer is declined; the buyer reads it."""

    reason = forms.CharField(
        label=_("Why?"),
        help_text=_("The buyer reads this, and can change the job."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
    )


class Assign(forms.Form):
    """Units kept for named people."""

    pairs = forms.CharField(
        label=_("Unit and worker code, one pair a line"),
        required=False,
        max_length=4_000_000,
        widget=forms.Textarea(
            {"rows": 8, "class": "code", "placeholder": "unit,worker\nk17,w042", "dir": "ltr"}
        ),
    )
    file = forms.FileField(
        label=_("Or a CSV file of them"),
        required=False,
        help_text=_("Two columns: the buyer's key of the unit, and the worker's code."),
    )


class Amount(forms.Form):
    """Money that came in, or that a buyer promises."""

    amount = forms.CharField(
        label=_("Amount"),
        max_length=20,
        help_text=_("Such as 1500.00"),
        widget=forms.TextInput({"inputmode": "decimal", "autocomplete": "off"}),
    )
    currency = forms.ChoiceField(
        label=_("Currency"), choices=[(code, code) for code in EXPONENTS], initial="USD"
    )
    reference = forms.CharField(label=_("The bank's reference"), max_length=40)
    sure = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, kind: str, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if kind == "order":
            self.fields["amount"].label = _("Its limit")
            self.fields["reference"].label = _("The order's number")
