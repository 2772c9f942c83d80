"""How each state of the domains is named and toned on a pill."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# state: (words, tone); tones are "" (plain teal), ok, accent, neutral, danger
PILLS: dict[str, tuple[str | Promise, str]] = {
    "draft": (_("Draft"), "neutral"),
    "launched": (_("Running"), ""),
    "running": (_("Running"), ""),
    "paused": (_("Paused"), "accent"),
    "finished": (_("Finished"), "ok"),
    "cancelled": (_("Cancelled"), "neutral"),
    "open": (_("Open"), ""),
    "waiting": (_("Waiting"), "accent"),
    "offered": (_("Offered"), "accent"),
    "accepted": (_("Accepted"), "ok"),
    "declined": (_("Declined"), "neutral"),
    "invited": (_("Invited"), "accent"),
    "active": (_("Active"), "ok"),
    "ended": (_("Ended"), "neutral"),
    "expired": (_("Expired"), "neutral"),
    "revoked": (_("Revoked"), "neutral"),
    "kept": (_("Kept"), "ok"),
    "skipped": (_("Skipped"), "neutral"),
    "refused": (_("Refused"), "danger"),
    "ready": (_("Ready"), "ok"),
    "unsure": (_("Unsure"), "accent"),
    "failed": (_("Failed"), "danger"),
    "paid": (_("Paid"), "ok"),
    "owed": (_("Owed"), ""),
    "met": (_("met"), "ok"),
    "not_met": (_("not met"), "danger"),
    "not_enough_data": (_("not enough data"), "neutral"),
}


def pill_for(state: str) -> tuple[str, str]:
    """The words and the tone of a state; an unknown one is shown as it is written, neutral."""
    words, tone = PILLS.get(state, (state.replace("_", " "), "neutral"))
    return str(words), tone
