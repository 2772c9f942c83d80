"""After a fit: the accuracy that people and their leads see, moved in steps, and cases opened."""

from datetime import datetime
from uuid import UUID

from ujima.audit.actions import record
from ujima.quality.asked import Asked
from ujima.quality.models import Case, Shown, Skill
from ujima.quality.trust import Interval, combined, is_shown, under


def show(
    *,
    org_id: UUID,
    job_id: UUID,
    asked: Asked,
    priors: list[float],
    line: float,
    whole: bool,
    now: datetime,
) -> None:
    """Take from the skills what is shown of them, of those who did enough since.

    line    the accuracy that the job asks of each person
    whole   show everybody anew: the job's time is over, or a known answer was corrected
    """
    before = {one.person_id: one for one in Shown.objects.filter(org_id=org_id, job_id=job_id)}
    moved: list[Shown] = []
    for skill in Skill.objects.filter(org_id=org_id, job_id=job_id).iterator():
        one = before.get(skill.person_id) or Shown(
            org_id=org_id, job_id=job_id, person_id=skill.person_id, at=now
        )
        shows, looked_at = is_shown(one.looked_at, one.gold_seen, skill.judgments, skill.gold_seen)
        if whole or shows:
            _take(one, skill, asked, priors, now)
            _open_case(one, line, now)
        elif looked_at == one.looked_at and one.provider_id == skill.provider_id:
            continue
        one.looked_at, one.provider_id = looked_at, skill.provider_id
        moved.append(one)
    Shown.objects.bulk_create(
        moved,
        update_conflicts=True,
        unique_fields=["org_id", "job_id", "person_id"],
        update_fields=[
            "provider_id", "looked_at", "judgments", "gold_seen", "gold_right", "low", "mid",
            "high", "at",
        ],
    )  # fmt: skip


def accuracies(org_id: UUID, job_id: UUID) -> dict[UUID, float]:
    """How often each person of a job is right, as it was last shown."""
    found = Shown.objects.filter(org_id=org_id, job_id=job_id)
    return dict(found.values_list("person_id", "mid"))


def _take(one: Shown, skill: Skill, asked: Asked, priors: list[float], now: datetime) -> None:
    one.provider_id, one.judgments = skill.provider_id, skill.judgments
    one.gold_seen, one.gold_right, one.at = skill.gold_seen, skill.gold_right, now
    one.low, one.mid, one.high = combined(
        skill.gold_right,
        skill.gold_seen,
        asked.tables(skill.counts) if asked.sizes else [],
        asked.split(priors) if asked.sizes else [],
    )


def _open_case(one: Shown, line: float, now: datetime) -> None:
    """Open a case where the whole interval lies under the line; once, until it is decided and
    then only on twice the evidence."""
    both = Interval(one.low, one.mid, one.high)
    found = under(one.gold_right, one.gold_seen, both, line)
    if not found:
        return
    of_hers = Case.objects.filter(org_id=one.org_id, job_id=one.job_id, person_id=one.person_id)
    newest = of_hers.order_by("-opened_at").first()
    stands = newest and not newest.withdrawn_at
    if newest and stands and (not newest.decided_at or one.gold_seen < 2 * newest.gold_seen):
        return
    case = Case.objects.create(
        org_id=one.org_id,
        job_id=one.job_id,
        person_id=one.person_id,
        provider_id=one.provider_id,
        opened_at=now,
        line=line,
        low=found.low,
        mid=found.mid,
        high=found.high,
        gold_seen=one.gold_seen,
        gold_right=one.gold_right,
    )
    record(
        org_id=one.provider_id,
        actor="system",
        action="open_case",
        subject=f"case:{case.id}",
        now=now,
        facts={"job": one.job_id, "gold_seen": one.gold_seen, "gold_right": one.gold_right},
    )
