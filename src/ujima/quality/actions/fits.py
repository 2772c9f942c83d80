"""Keeping a fit: what every unit and person is thought of now, and the results that changed."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, F, IntegerField
from django.db.models.functions import Cast, Floor, Least

from ujima.base.hot import hot
from ujima.quality.actions.adjudications import ADJUDICATED
from ujima.quality.actions.beliefs import Goal, rule_of
from ujima.quality.actions.results import UNSURE, Finding, give_out
from ujima.quality.answers import answer_from
from ujima.quality.asked import METHOD_VERSION, Asked, flat
from ujima.quality.audit import Audit, audit_from
from ujima.quality.inputs import WHOLE, input_hash
from ujima.quality.medoid import METHOD, medoid
from ujima.quality.models import Belief, Current, Dirty, Fit, Result
from ujima.quality.online import belief_of
from ujima.quality.queries import newest_fit
from ujima.quality.refit import Refit, UnitFit
from ujima.quality.statements import MARK_DIRTY, SWAP_BELIEFS
from ujima.quality.stopping import Decision, Outcome, Rule, decide_unit

#: units written in one transaction; each holds its beliefs' locks only so long
CHUNK = 500
#: a confidence that moves by more than this is news by itself
NOTABLE = 0.05

_SWAP_SKILLS = """
update quality_skill set counts = %(counts)s
where org_id = %(org)s and job_id = %(job)s and person_id = %(person)s and judgments = %(n)s
"""


def mark(*, org_id: UUID, job_id: UUID, now: datetime) -> None:
    """Mark a job, so that it is settled soon."""
    hot(MARK_DIRTY, {"org": org_id, "job": job_id, "now": now})


def clean(job_id: UUID) -> None:
    """Take a job's mark away, before its fit reads: whatever comes after marks it again."""
    Dirty.objects.filter(job_id=job_id).delete()


def due_jobs(now: datetime) -> list[UUID]:
    """Marked jobs, the longest waiting first, but for those fitted a moment ago: a job rests
    between fits for as many seconds as it has tens of thousands of judgments, at least two: units
    stop online, and pages ask every five."""
    found = []
    for org_id, job_id in Dirty.objects.order_by("since").values_list("org_id", "job_id")[:200]:
        fit = newest_fit(org_id, job_id)
        rest = max(2.0, fit.judgments / 10_000) if fit else 0.0
        if not fit or now - fit.at >= timedelta(seconds=rest):
            found.append(job_id)
    return found


_FORGOTTEN = """
insert into quality_dirty (job_id, org_id, since)
select s.job_id, s.org_id, %(now)s
from (select org_id, job_id, sum(judgments) as n from quality_skill
      group by org_id, job_id) s
left join lateral (select judgments, at from quality_fit f
    where f.org_id = s.org_id and f.job_id = s.job_id order by id desc limit 1) f on true
where s.n is distinct from f.judgments and (f.at is null or f.at < %(now)s - interval '10 s')
on conflict (job_id) do nothing
"""


def mark_forgotten(now: datetime) -> None:
    """Mark jobs whose newest fit lacks judgments though no mark stands: a submit that found the
    mark there may have committed after the fit that took the mark away had read."""
    with connection.cursor() as cursor:
        cursor.execute(_FORGOTTEN, {"now": now})


@dataclass(frozen=True, slots=True)
class ModelPart:
    """What model labels did to a job's results.

    results   that they are part of
    turned    of these, the results for which people alone would have given another answer
    """

    results: int = 0
    turned: int = 0


@dataclass(frozen=True, slots=True)
class Swapped:
    """What came of swapping a fit in.

    decisions   unit -> (judgments, what to do with it), for ordinary units that had not moved
    unsure      of these, the units that have a result which the fit found below the target, with
                judgments left to ask
    """

    decisions: dict[int, tuple[int, Outcome]]
    unsure: set[int]
    mean_confidence: float
    model: ModelPart


def keep(
    *,
    org_id: UUID,
    job_id: UUID,
    asked: Asked,
    goal: Goal,
    fit: Refit,
    golds: Collection[int],
    totals: Mapping[int, int],
    audited: Collection[int],
    now: datetime,
    **ends: bool,
) -> Swapped:
    """Swap a fit in. Units and people that moved while it ran keep their newer state until the
    next fit, as do units that a person decided meanwhile. Gold is left out: its answer was known,
    and is no result.

    totals    unit -> the weights of its judgments, summed (`inputs`)
    audited   the units that are asked to the maximum in any case (`audit`)
    ends      `is_over`, `is_spent`: the job's time or money is, so that what was judged gets its
              result, however sure
    """
    rule = rule_of(goal, asked, fit.power, fit.gold_answers, flat(fit.told), **ends)
    decisions: dict[int, tuple[int, Outcome]] = {}
    unsure: set[int] = set()
    ordinary = sorted(unit for unit in fit.units if unit not in golds)
    confidences: list[float] = []
    for at in range(0, len(ordinary), CHUNK):
        part = {unit: fit.units[unit] for unit in ordinary[at : at + CHUNK]}
        confidences += _keep_units(
            org_id,
            job_id,
            asked,
            rule,
            fit.input_hash,
            part,
            totals,
            decisions,
            unsure,
            audited,
            now,
        )
    _keep_skills(org_id, job_id, fit)
    mean = sum(confidences) / len(confidences) if confidences else 0.0
    return Swapped(decisions, unsure, mean, _model_part(fit, decisions, unsure))


def _model_part(
    fit: Refit, decisions: Mapping[int, tuple[int, Outcome]], unsure: Collection[int]
) -> ModelPart:
    given_out = (u for u, (_, o) in decisions.items() if o != Outcome.MORE or u in unsure)
    found = [fit.units[unit] for unit in given_out if fit.units[unit].model]
    return ModelPart(len(found), sum(unit.is_turned for unit in found))


def record_fit(
    *,
    org_id: UUID,
    job_id: UUID,
    asked: Asked,
    fit: Refit,
    mean_confidence: float,
    units: int,
    last_judgment_id: int,
    gold_stats: tuple[int, int],
    audit: Audit,
    wages_minor: int,
    model: ModelPart,
    now: datetime,
) -> None:
    """Say that a fit was swapped in, with what the job looked like then.

    units        without gold
    gold_stats   (right, seen) over the answers to gold that the fit has seen
    """
    given_out = Current.objects.filter(org_id=org_id, job_id=job_id)
    Fit.objects.create(
        org_id=org_id,
        job_id=job_id,
        at=now,
        method=METHOD if asked.only_texts else "ibcc",
        method_version=METHOD_VERSION,
        input_hash=fit.input_hash,
        judgments=fit.judgments,
        last_judgment_id=last_judgment_id,
        results=given_out.count(),
        unsure=given_out.filter(result__ended=UNSURE).count(),
        units=units,
        mean_confidence=mean_confidence,
        confidences=_tenths(org_id, job_id),
        priors=fit.priors,
        power=fit.power,
        gold_answers=fit.gold_answers,
        gold_right=gold_stats[0],
        gold_seen=gold_stats[1],
        told=flat(fit.told),
        estimate_low=fit.estimate.low if fit.estimate else None,
        estimate_mid=fit.estimate.mid if fit.estimate else None,
        estimate_high=fit.estimate.high if fit.estimate else None,
        reviews=given_out.filter(result__ended=Outcome.REVIEW).count(),
        audit_seen=audit.seen,
        audit_same=audit.same,
        audit_claimed=audit.claimed,
        audit_found=audit.found,
        wages_minor=wages_minor,
        model_results=model.results,
        model_turned=model.turned,
        converged=fit.converged,
    )


def audit_of(org_id: UUID, audited: Collection[int]) -> Audit:
    """What asking a sample on to the maximum showed: the first answer that each of these units
    would have stopped with, beside the one it has now. Units still asked are left out."""
    stopped = Result.objects.filter(
        org_id=org_id, unit_id__in=list(audited), ended=Outcome.AUDIT
    ).order_by("unit_id", "version")
    first = {one.unit_id: one for one in stopped.distinct("unit_id")}
    pairs = [
        (first[unit], now)
        for unit, now in _newest(list(first)).items()
        if now.ended not in (Outcome.AUDIT, UNSURE)
    ]
    return audit_from(
        (then.answer == now.answer, then.confidence, now.confidence) for then, now in pairs
    )


def _tenths(org_id: UUID, job_id: UUID) -> list[int]:
    """How many results lie in each tenth of confidence; 1 counts in the last."""
    found = Current.objects.filter(org_id=org_id, job_id=job_id)
    # a confidence of .3 is stored as a hair less or more; it counts in the tenth above
    tenth = Least(Cast(Floor(F("confidence") * 10 + 1e-9), IntegerField()), 9)
    counted = dict(found.values_list(tenth).annotate(Count("unit_id")))
    return [counted.get(at, 0) for at in range(10)]


@transaction.atomic
def _keep_units(
    org_id: UUID,
    job_id: UUID,
    asked: Asked,
    rule: Rule,
    fit_hash: str,
    part: dict[int, UnitFit],
    totals: Mapping[int, int],
    decisions: dict[int, tuple[int, Outcome]],
    unsure: set[int],
    audited: Collection[int],
    now: datetime,
) -> list[float]:
    beliefs = {
        b.unit_id: b
        for b in Belief.objects.filter(unit_id__in=list(part))
        .order_by("unit_id")
        .select_for_update()
    }
    given_out = _newest(list(part))
    findings: list[Finding] = []
    changed: list[Belief] = []
    confidences: list[float] = []
    for unit, found in part.items():
        belief = beliefs.get(unit)
        before = given_out.get(unit)
        if belief is None or belief.judgments != found.judgments or _is_decided(before):
            continue
        belief.evidence = _evidence(asked, found.by_people)
        belief.total = (totals[unit] % WHOLE).to_bytes(16)
        changed.append(belief)
        shares = [medoid(s)[1] for s in found.texts.values() if s] if asked.only_texts else []
        decision = decide_unit(
            found.judgments,
            asked.posteriors(belief.evidence),
            rule,
            shares=shares,
            is_audited=unit in audited,
        )
        if found.model:
            # A model may make a unit less sure, never surer: people's evidence has to be enough.
            both = asked.posteriors(_evidence(asked, found.posteriors))
            decision = min(decision, decide_unit(found.judgments, both, rule), key=_confidence)
        decisions[unit] = (found.judgments, decision.outcome)
        if decision.outcome == Outcome.MORE and not belief.version:
            continue
        ended = decision.outcome.value
        if decision.outcome == Outcome.MORE:
            unsure.add(unit)
            ended = UNSURE
        finding = _finding(
            asked,
            unit,
            belief.version,
            found,
            decision.confidence,
            ended,
            rule,
            input_hash(totals[unit], fit_hash),
        )
        confidences.append(finding.confidence)
        if _is_news(finding, before, decision.outcome):
            belief.version += 1
            findings.append(finding)
    if changed:
        _swap_beliefs(changed)
    if findings:
        give_out(org_id=org_id, job_id=job_id, findings=findings, now=now)
    return confidences


def _swap_beliefs(changed: list[Belief]) -> None:
    evidence = [e for belief in changed for e in belief.evidence]
    hot(
        SWAP_BELIEFS,
        {
            "units": [belief.unit_id for belief in changed],
            "versions": [belief.version for belief in changed],
            "totals": [belief.total for belief in changed],
            "evidence": evidence,
            "width": len(evidence) // len(changed),
        },
    )


def _newest(units: list[int]) -> dict[int, Result]:
    found = Current.objects.filter(unit_id__in=units).select_related("result")
    return {current.unit_id: current.result for current in found}


def _is_decided(before: Result | None) -> bool:
    """Whether a person decided the unit, perhaps while the fit ran: it stands, and nobody is asked
    about the unit. Read under the belief's lock, which whoever decides holds too."""
    return before is not None and before.method == ADJUDICATED


def _is_news(finding: Finding, before: Result | None, outcome: Outcome) -> bool:
    """Whether a buyer would act on it: another answer, the target reached or missed, a stopped
    unit resting on more judgments than it was given out with, a confidence or a model's share that
    moved far, a model that joined."""
    if before is None:
        return outcome != Outcome.MORE
    return (
        finding.answer != before.answer
        or finding.ended != before.ended
        or (finding.judgments != before.judgments and not outcome.asks)
        or abs(finding.confidence - before.confidence) > NOTABLE
        or (finding.model_share is None) != (before.model_share is None)
        or abs((finding.model_share or 0) - (before.model_share or 0)) > NOTABLE
    )


def _confidence(decision: Decision) -> float:
    return decision.confidence


def _evidence(asked: Asked, posteriors: Sequence[list[float] | None]) -> list[float]:
    rows = [p or [1 / k] * k for p, k in zip(posteriors, asked.sizes, strict=True)]
    return [e for row in rows for e in belief_of(row)]


def _finding(
    asked: Asked,
    unit: int,
    version: int,
    found: UnitFit,
    confidence: float,
    ended: str,
    rule: Rule,
    inputs: str,
) -> Finding:
    inferred = answer_from(asked.questions, found.posteriors, found.texts, power=rule.power_now)
    return Finding(
        unit_id=unit,
        version=version + 1,
        answer={name: list(i.values) for name, i in inferred.items()},
        confidence=confidence,
        judgments=found.judgments,
        method=METHOD if asked.only_texts else "ibcc",
        ended=ended,
        input_hash=inputs,
        model_share=found.model_share,
    )


def _keep_skills(org_id: UUID, job_id: UUID, fit: Refit) -> None:
    with connection.cursor() as cursor:
        for person in sorted(fit.counts, key=str):
            swap: dict[str, Any] = {
                "org": org_id,
                "job": job_id,
                "person": person,
                "counts": flat(fit.counts[person]),
                "n": fit.judged[person],
            }
            cursor.execute(_SWAP_SKILLS, swap)
