"""Payroll: what each of a provider's people has earned, for programs of its payroll."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from ninja import Router, Schema

from ujima.api.fields import AfterWord, Limit, Page, listed
from ujima.api.job_forms import Amount
from ujima.api.operations import reads
from ujima.api.tokens import ApiRequest
from ujima.pay.queries import payroll_of, week_start
from ujima.people.queries import payees

router = Router(tags=["payroll"])


class Earned(Schema):
    """What a person has earned since the day that was asked for, in one currency."""

    worker_code: str
    name: str
    centre: str
    earned: Amount
    judgments: int
    milliseconds: int


@router.get("/payroll", **reads("see_pay", answers=Page[Earned]))
def payroll(
    request: ApiRequest, since: date | None = None, after: AfterWord = "", limit: Limit = 50
) -> dict[str, Any]:
    """What each of your people has earned since a day, or since Monday, by worker code; those too
    who have left."""
    by = request.auth
    today = request.now.astimezone(ZoneInfo(by.timezone)).date()
    rows = payroll_of(by, since or week_start(today))
    known = payees(by, [row["person_id"] for row in rows])
    shown = [
        {
            "worker_code": known[row["person_id"]].code,
            "name": known[row["person_id"]].name,
            "centre": known[row["person_id"]].centre,
            "earned": Amount.of(row["earned"]),
            "judgments": row["judgments"],
            "milliseconds": row["milliseconds"],
        }
        for row in rows
    ]
    return listed(shown, after, limit, lambda r: f"{r['worker_code']} {r['earned'].currency}")
