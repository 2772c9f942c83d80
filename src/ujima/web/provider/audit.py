"""The log of what was done, and whether the books balance, for auditors."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import orjson
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ujima.audit.queries import entries
from ujima.base.money import Money
from ujima.pay.queries import trial_balance
from ujima.people.queries import actor_names, subject_names, who_acts
from ujima.people.standing import Principal
from ujima.web.gates import StaffRequest, staff
from ujima.web.provider.audit_words import DEEDS, deed, named_in, told_facts
from ujima.web.provider.paging import PAGE, before_number, links
from ujima.work.queries.jobs import logged_titles

if TYPE_CHECKING:
    from ujima.audit.models import Entry


@staff("see_audit")
@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """One's organisation's log, newest first, of one action, person or day if asked; for the
    operator's auditor also the trial balance."""
    by = request.principal
    action, actor = request.GET.get("action", ""), request.GET.get("who", "")
    day = _day(request.GET.get("day", ""))
    start = datetime.combine(day, time(), ZoneInfo(by.timezone)) if day else None
    rows = entries(
        org_id=by.org_id,
        before=before_number(request),
        limit=PAGE + 1,
        action=action if action in DEEDS else "",
        actor=actor,
        start=start,
        end=start + timedelta(days=1) if start else None,
    )
    sees_ledger = by.is_operator and by.may("see_ledger")
    people = who_acts(by) | actor_names(by, [actor])
    return render(
        request,
        "ujima/provider/audit.html",
        {
            "entries": told(by, rows[:PAGE]),
            "actions": sorted(((key, words) for key, (words, _) in DEEDS.items()), key=_by_words),
            "action": action,
            "people": people.items(),
            "who": actor,
            "day": day,
            "is_filtered": bool(action or actor or day),
            "balance": by_currency(trial_balance(by)) if sees_ledger else [],
            **links(request, rows),
        },
    )


def _by_words(choice: tuple[str, Any]) -> str:
    return str(choice[1])


def _day(text: str) -> date | None:
    """A day that was asked for; None for what is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def told(by: Principal, rows: Sequence["Entry"]) -> list[dict[str, Any]]:
    """Entries in words: who, what, the facts; and as they are recorded, for whoever checks."""
    facts = {row.id: orjson.loads(row.facts) for row in rows}
    subjects = [row.subject for row in rows]
    for found in facts.values():
        subjects += named_in(found)
    names = subject_names(by, subjects) | logged_titles(by, subjects)
    actors = actor_names(by, [row.actor for row in rows])
    return [
        {
            "entry": row,
            "name": actors.get(row.actor, ""),
            "is_program": row.actor.startswith("token:"),
            "is_outside": row.actor.startswith(("membership:", "token:")),
            "deed": deed(row.action, row.subject, names),
            "facts": told_facts(facts[row.id], names),
        }
        for row in rows
    ]


def by_currency(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The trial balance as (currency, kinds of account, their sum), which must be zero."""
    found = []
    for currency, some in groupby(rows, key=lambda row: str(row["currency"])):
        kinds = [
            {
                "kind": row["kind"],
                "accounts": row["accounts"],
                "sum": Money(row["minor"], currency),
            }
            for row in some
        ]
        total = sum(kind["sum"].minor for kind in kinds)
        found.append({"currency": currency, "kinds": kinds, "total": Money(total, currency)})
    return found
