"""Pages open to everyone: what Ujima is, how workers are treated, and the components."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import gettext as _

from ujima.base.money import Money
from ujima.web import showcase
from ujima.web.gates import public
from ujima.web.promises import PROMISES


@public
def home(request: HttpRequest) -> HttpResponse:
    """What Ujima is, and for whom."""
    example = {"rate": Money(95, "INR"), "hourly": Money(13700, "INR"), "seconds": 25}
    return render(request, "ujima/public/home.html", {"example": example})


@public
def how_we_treat_workers(request: HttpRequest) -> HttpResponse:
    """The promises to workers, each with who keeps it."""
    return render(request, "ujima/public/how_we_treat_workers.html", {"promises": PROMISES})


@public
def components(request: HttpRequest) -> HttpResponse:
    """Every component in both themes, with invented figures; from right to left if asked."""
    context = {
        "direction": "rtl" if request.GET.get("dir") == "rtl" else "",
        "sides": showcase.sides(),
        "nav": [
            {"label": _("Jobs"), "url": "#", "current": True, "icon": "briefcase"},
            {"label": _("Money"), "url": "#", "icon": "wallet"},
            {"label": _("Settings"), "url": "#", "icon": "settings"},
        ],
        "account": {"name": _("Your name"), "detail": _("Your organisation"), "links": []},
        **showcase.figures(now()),
    }
    return render(request, "ujima/public/components.html", context)
