"""What the live page of a job says, gathered for one moment."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ujima.base.money import Money
from ujima.pay.queries import cost_of, reserved_for
from ujima.people.queries import centres_at, organisation_names
from ujima.quality.audit import share_interval
from ujima.quality.expected import saved_share
from ujima.quality.model_labels import units as learning
from ujima.quality.queries import (
    fits,
    least_certain,
    newest_fit,
    newest_training,
    shares_of_work,
)
from ujima.quality.trust import gold_interval
from ujima.web.buyer import pace
from ujima.web.buyer.launching import place_names, value_of
from ujima.web.charts import Point
from ujima.work.queries.jobs import channels, counts, held_now, history
from ujima.work.queries.units import paces, texts_of, units_by_id

if TYPE_CHECKING:
    from ujima.quality.models import Fit
    from ujima.work.models import Job, JobChange

#: with so many judgments people could be known well enough to stop early
TOLD_FROM = 300
#: below this many people a group is not counted out
FEW = 5


def mark_of(job: "Job", now: datetime) -> str:
    """What has to change for the page to change; it moves on each minute too, for its times."""
    fit = newest_fit(job.org_id, job.id)
    held = held_now(job, now)
    offers = sum(bool(c.accepted_at) for c in channels(job))
    minute = 0 if job.state in ("finished", "cancelled") else int(now.timestamp() // 60)
    return f"{job.state}.{fit.id if fit else 0}.{held[0]}.{held[1]}.{offers}.{minute}"


def facts_of(job: "Job", now: datetime) -> dict[str, Any]:
    """Everything the live part shows."""
    drawn = fits(job.org_id, job.id)
    fit = drawn[-1] if drawn else None
    units, golds = counts(job)
    held, people = held_now(job, now)
    changes = history(job)
    listed = channels(job)
    return {
        "job": job,
        "is_live": job.state in ("launched", "paused"),
        "fit": fit,
        "units": units,
        "results": fit.ready if fit else 0,
        "golds": golds,
        "held": held,
        "people_now": people,
        "left": _left(job, drawn, units, now),
        **_figures(job, fit, drawn),
        "points": _points(changes, drawn),
        "confidences": fit.confidences if fit else [],
        "heads": (_("Confidence"), _("Results")),
        "groups": groups(job),
        "channels": [
            {"name": name, "channel": channel}
            for channel, name in zip(listed, _names_in_order(listed), strict=True)
        ],
        "uncertain": uncertain(job),
        "model": model_facts(job),
        "history": changes,
    }


def model_facts(job: "Job") -> dict[str, Any]:
    """When a model was last trained on the job, or why it could not be."""
    training = newest_training(job.org_id, job.id) if job.model_labels else None
    return {
        "training": training,
        "fewest": learning.FEWEST_UNITS,
        "problem": _problem(training.problem) if training else "",
    }


def _problem(code: str) -> str:
    """Why there are no model labels; results rest on people alone then, or on an earlier model."""
    said = {
        "no_model_labels": _("This site has not installed what model labels need."),
        "too_many_units": _("The job has more units than a model is trained on here."),
        "nothing_learned": _("The units' fields, or people's answers, leave nothing to learn."),
    }
    return said.get(code, _("The model could not be trained. It is tried again as the job grows."))


def _names_in_order(listed: list[Any]) -> list[str]:
    names = place_names(listed)
    return [names[value_of(channel)] for channel in listed]


def _figures(job: "Job", fit: "Fit | None", drawn: list["Fit"]) -> dict[str, Any]:
    """Accuracy, judgments, money and pay."""
    spent = cost_of(
        job.org_id,
        job.id,
        currency=job.currency,
        provider_share_bp=job.provider_share_bp,
        fee_bp=job.fee_bp,
    )
    hourly = pace.hourly(paces(job), job.rate_minor)
    return {
        "accuracy": gold_interval(fit.gold_right, fit.gold_seen) if fit and fit.gold_seen else None,
        "estimate": fit if fit and fit.estimate_mid is not None else None,
        "audit": _audit(fit),
        "audit_share": job.audit_bp / 10_000,
        "ceiling": Money(job.ceiling_minor, job.currency) if job.ceiling_minor else None,
        "saves_little": bool(fit and fit.judgments >= TOLD_FROM and not fit.told),
        "saved": saved_share(fit.judgments, fit.gold_seen, fit.ready, job.judgments_max)
        if fit
        else None,
        "cost": spent,
        "reserved": reserved_for(job.org_id, job.id, job.currency),
        "hourly": hourly,
        "median_pay": Money(hourly.median, job.currency) if hourly else None,
        "lowest_pay": Money(hourly.lowest_tenth, job.currency)
        if hourly and hourly.lowest_tenth is not None
        else None,
    }


def _audit(fit: "Fit | None") -> dict[str, Any] | None:
    """What the units that were asked on to the maximum say of the others."""
    if not fit or not fit.audit_seen:
        return None
    return {
        "seen": fit.audit_seen,
        "same": fit.audit_same,
        "claimed": fit.audit_claimed / fit.audit_seen,
        "found": share_interval(fit.audit_found, fit.audit_seen),
    }


def _left(job: "Job", drawn: list["Fit"], units: int, now: datetime) -> dict[str, Any] | None:
    if job.state != "launched":
        return None
    found = pace.time_left([(fit.at, fit.ready) for fit in drawn], units, now)
    if not found:
        return None
    return {
        "low": found.low,
        "mid": found.mid,
        "high": found.high,
        "over": found.over,
        "at": pace.until(found.mid, now),
    }


def _points(changes: list["JobChange"], drawn: list["Fit"]) -> list[Point]:
    """The curve from the launch on, so that one fit is enough to draw something."""
    launched = [change.at for change in changes if change.state == "launched"]
    start = [Point(launched[0], 0)] if launched and drawn else []
    return [*start, *map(_point, drawn)]


def _point(fit: "Fit") -> Point:
    known = gold_interval(fit.gold_right, fit.gold_seen) if fit.gold_seen else (None, None, None)
    return Point(fit.at, fit.ready, *known)


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one centre, home-based group or provider who worked on a job, together."""

    name: str
    people: int
    share: float

    @property
    def told(self) -> str:
        """How many people, or that they are few."""
        if self.people < FEW:
            return _("fewer than %(n)s people") % {"n": FEW}
        return ngettext("%(n)s person", "%(n)s people", self.people) % {"n": self.people}


def groups(job: "Job") -> list[Group]:
    """Who does the work, in sums by provider and centre; never a person."""
    rows = shares_of_work(job.org_id, job.id)
    total = sum(judgments for _provider, _person, judgments in rows)
    names = organisation_names(list({provider for provider, _person, _n in rows}))
    sums: dict[str, list[int]] = {}
    for provider, name in names.items():
        own = {person: n for org, person, n in rows if org == provider and n}
        centres = centres_at(provider, list(own))
        for person, judgments in own.items():
            centre = centres.get(person)
            place = f"{name}, {centre.name} ({centre.get_kind_display()})" if centre else name
            had = sums.setdefault(place, [0, 0])
            had[0] += 1
            had[1] += judgments
    listed = [Group(place, people, n / total) for place, (people, n) in sums.items()]
    return sorted(listed, key=lambda group: -group.share)


def uncertain(job: "Job", limit: int = 8) -> list[dict[str, Any]]:
    """The results that rest on the least confidence, with how the answers fell."""
    found = least_certain(job.org_id, job.id, limit)
    units = units_by_id(job, [current.unit_id for current in found])
    given = texts_of(job.org_id, [current.unit_id for current in found])
    return [
        {
            "unit": units[current.unit_id],
            "current": current,
            "said": said_in(units[current.unit_id].data),
            "split": split_of(given.get(current.unit_id, {})),
        }
        for current in found
    ]


def said_in(data: dict[str, Any], most: int = 120) -> str:
    """A unit's data in one line, cut."""
    line = " → ".join(str(value) for value in data.values())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def split_of(given: dict[str, list[list[str]]]) -> list[tuple[str, int]]:
    """How the answers to the first question fell: (answer, how many), the most given first."""
    counted: dict[str, int] = {}
    for words in next(iter(given.values()), []):
        answer = ", ".join(words)[:60]
        counted[answer] = counted.get(answer, 0) + 1
    return sorted(counted.items(), key=lambda pair: -pair[1])[:3]
