"""What the log's entries say, in plain sentences: what was done, and the facts of it."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

Words = str | Promise

#: action -> (what it is called in the list to choose from, what an entry of it says).
#: {what} is the name of what it was done to; the name of who did it stands before.
DEEDS: dict[str, tuple[Words, Words]] = {
    "join": (gettext_lazy("joining"), gettext_lazy("joined")),
    "invite": (gettext_lazy("inviting"), gettext_lazy("invited {what}")),
    "renew_invitation": (
        gettext_lazy("renewing a link"),
        gettext_lazy("made a new link for the invitation of {what}"),
    ),
    "adjudicate": (
        gettext_lazy("deciding a unit in review"),
        gettext_lazy("decided a unit of {what}"),
    ),
    "take_adjudication_back": (
        gettext_lazy("taking a decision on a unit back"),
        gettext_lazy("took a decision on a unit of {what} back"),
    ),
    "ask_for_acceptance": (
        gettext_lazy("asking for a check of a lot"),
        gettext_lazy("asked for a check of the results of {what}"),
    ),
    "decide_acceptance": (
        gettext_lazy("accepting a lot or turning it down"),
        gettext_lazy("decided on the results of {what}"),
    ),
    "end_membership": (
        gettext_lazy("ending a membership"),
        gettext_lazy("ended the membership of {what}"),
    ),
    "add_centre": (gettext_lazy("adding a centre"), gettext_lazy("added the centre {what}")),
    "reset_pin": (gettext_lazy("giving a new PIN"), gettext_lazy("gave {what} a new PIN")),
    "release_sign_in": (
        gettext_lazy("letting somebody try her PIN again"),
        gettext_lazy("let {what} try her PIN again"),
    ),
    "issue_device": (
        gettext_lazy("setting a phone up"),
        gettext_lazy("set a phone up to work without a line"),
    ),
    "revoke_device": (
        gettext_lazy("taking a phone away"),
        gettext_lazy("took a phone's key away"),
    ),
    "issue_token": (
        gettext_lazy("making a key for a program"),
        gettext_lazy("made the key {what} for a program"),
    ),
    "revoke_token": (
        gettext_lazy("withdrawing a program's key"),
        gettext_lazy("withdrew the program's key {what}"),
    ),
    "make_project": (gettext_lazy("making a project"), gettext_lazy("made the project {what}")),
    "draft_job": (gettext_lazy("drafting a job"), gettext_lazy("began the job {what}")),
    "change_job": (gettext_lazy("changing a draft"), gettext_lazy("changed the draft of {what}")),
    "take_in_units": (
        gettext_lazy("bringing in units"),
        gettext_lazy("brought units into {what}"),
    ),
    "offer_job": (gettext_lazy("offering a job"), gettext_lazy("offered {what}")),
    "withdraw_offer": (
        gettext_lazy("withdrawing an offer"),
        gettext_lazy("no longer offers {what}"),
    ),
    "accept_offer": (
        gettext_lazy("accepting an offer"),
        gettext_lazy("accepted the offer of {what}"),
    ),
    "decline_offer": (
        gettext_lazy("declining an offer"),
        gettext_lazy("declined the offer of {what}"),
    ),
    "reserve_units": (
        gettext_lazy("keeping units for people"),
        gettext_lazy("kept units of {what} for named people"),
    ),
    "launch_job": (gettext_lazy("launching a job"), gettext_lazy("launched {what}")),
    "job_paused": (gettext_lazy("pausing a job"), gettext_lazy("paused {what}")),
    "job_launched": (gettext_lazy("letting a job go on"), gettext_lazy("let {what} go on")),
    "job_cancelled": (gettext_lazy("cancelling a job"), gettext_lazy("cancelled {what}")),
    "record_deposit": (
        gettext_lazy("recording a deposit"),
        gettext_lazy("recorded a deposit of {what}"),
    ),
    "record_order": (
        gettext_lazy("recording a purchase order"),
        gettext_lazy("recorded a purchase order of {what}"),
    ),
    "correct_gold": (
        gettext_lazy("correcting a known answer"),
        gettext_lazy("corrected a known answer of {what}"),
    ),
    "retire_gold": (
        gettext_lazy("retiring a known answer"),
        gettext_lazy("offers a known answer of {what} no more, as it seems to have leaked"),
    ),
    "open_case": (gettext_lazy("opening a case"), gettext_lazy("opened {what}")),
    "withdraw_case": (
        gettext_lazy("withdrawing a case"),
        gettext_lazy("withdrew {what}, as a known answer was wrong"),
    ),
    "ask_to_be_heard": (gettext_lazy("asking to hear somebody"), gettext_lazy("asked: {what}")),
    "be_heard": (gettext_lazy("being heard"), gettext_lazy("answered: {what}")),
    "decide_continue": (
        gettext_lazy("deciding that somebody goes on"),
        gettext_lazy("decided {what}: she goes on"),
    ),
    "decide_train": (
        gettext_lazy("deciding on more training"),
        gettext_lazy("decided {what}: she goes on, with more training"),
    ),
    "decide_stop": (
        gettext_lazy("deciding to stop somebody on a job"),
        gettext_lazy("decided {what}: she is offered no more of the job"),
    ),
}

#: what stands for a thing whose name is not known here, by the kind in its subject
UNNAMED: dict[str, Words] = {
    "job": gettext_lazy("a job"),
    "project": gettext_lazy("a project"),
    "membership": gettext_lazy("somebody"),
    "invitation": gettext_lazy("somebody"),
    "centre": gettext_lazy("a centre"),
    "token": gettext_lazy("a key"),
    "device": gettext_lazy("a phone"),
    "organisation": gettext_lazy("an organisation"),
    "case": gettext_lazy("a case about somebody's accuracy"),
}

FACTS: dict[str, Words] = {
    "role": gettext_lazy("as"),
    "kept": gettext_lazy("taken in"),
    "gold": gettext_lazy("known answers"),
    "refused": gettext_lazy("refused"),
    "pairs": gettext_lazy("units"),
    "provider": gettext_lazy("provider"),
    "centre": gettext_lazy("centre or group"),
    "scopes": gettext_lazy("may"),
    "reason": gettext_lazy("reason"),
    "amount": gettext_lazy("amount"),
    "limit": gettext_lazy("limit"),
    "reference": gettext_lazy("reference"),
    "number": gettext_lazy("number"),
}
#: facts that name a thing by its id -> the kind that stands before the id in a subject
IDS = {"provider": "organisation", "centre": "centre"}


def deed(action: str, subject: str, names: Mapping[str, str]) -> str:
    """What was done, as the rest of a sentence that begins with who did it.

    names    of subjects, such as `job:01a0…`
    """
    kind = subject.partition(":")[0]
    name = names.get(subject)
    what = f"“{name}”" if name else str(UNNAMED.get(kind, subject))
    if action not in DEEDS:  # a newer action that nobody has put into words yet
        return f"{action.replace('_', ' ')}: {what}"
    return str(DEEDS[action][1]).format(what=what)


def told_facts(facts: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """An entry's facts as pairs of words; what is empty is left out."""
    return [
        (str(FACTS.get(name, name.replace("_", " "))), _told(name, value, names))
        for name, value in facts.items()
        if value not in (None, "", [], {})
    ]


def _told(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name in IDS:
        return names.get(f"{IDS[name]}:{value}", str(value))
    if name == "role":
        return _(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def named_in(facts: Mapping[str, Any]) -> list[str]:
    """The subjects that an entry's facts name by their id."""
    return [f"{kind}:{facts[name]}" for name, kind in IDS.items() if facts.get(name)]
