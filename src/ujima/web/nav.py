"""Where a member of staff can go, by what she may do; and her account's menu."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ujima.people.standing import Principal

#: (power, words, address, icon), in the order in which they stand in the bar
PLACES: tuple[tuple[str, str | Promise, str, str], ...] = (
    ("see_jobs", _("Jobs"), "/jobs", "briefcase"),
    ("see_funds", _("Funds"), "/funds", "wallet"),
    ("see_people", _("People"), "/people", "users"),
    ("see_offers", _("Offers"), "/offers", "inbox"),
    ("see_quality", _("Cases"), "/cases", "message-square"),
    ("see_pay", _("Payroll"), "/payroll", "banknote"),
    ("see_audit", _("Audit"), "/audit", "scale"),
)


def nav_for(principal: Principal, path: str) -> list[dict[str, Any]]:
    """The bar's items for a principal; the one that `path` lies under is current."""
    places = [place for place in PLACES if principal.may(place[0])]
    if principal.is_operator and principal.may("record_funds"):
        places.append(("record_funds", _("Buyers' funds"), "/operator/funds", "hand-coins"))
    return [
        {
            "label": label,
            "url": url,
            "icon": icon,
            "current": path == url or path.startswith(url + "/"),
        }
        for _power, label, url, icon in places
    ]


def home_of(principal: Principal) -> str:
    """The first place a member of staff can go."""
    return next((place[2] for place in PLACES if principal.may(place[0])), "/")


def account_of(principal: Principal, name: str, places: int) -> dict[str, Any]:
    """The menu under a person's name.

    places    in how many organisations she has a role; with several she may change over
    """
    links = []
    if places > 1:
        links.append({"label": _("Change organisation"), "url": "/choose", "icon": "building-2"})
    if principal.may("make_tokens"):
        links.append({"label": _("Keys for programs"), "url": "/tokens", "icon": "key-round"})
    if principal.may("run_team"):
        links.append({"label": _("Team"), "url": "/team", "icon": "users"})
    links.append({"label": _("Language and sign-in"), "url": "/account", "icon": "settings"})
    return {
        "name": name,
        "detail": principal.org_name,
        "links": links,
        "sign_out": "/sign-out",
    }
