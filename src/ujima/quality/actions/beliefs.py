"""What moves with a submit: the units' beliefs and this worker's skill, nobody else's."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from ujima.base.hot import hot
from ujima.people.standing import Worker
from ujima.quality import online, statements
from ujima.quality.actions.results import Finding, give_out
from ujima.quality.answers import answer_from, labels_of
from ujima.quality.asked import Asked, flat
from ujima.quality.inputs import WHOLE, input_hash
from ujima.quality.medoid import METHOD, medoid
from ujima.quality.stopping import CAUTIOUS_POWER, Decision, Outcome, Rule, decide_unit

Answer = Mapping[str, Sequence[str]]
Texts = Mapping[int, Mapping[str, Sequence[Sequence[str]]]]


@dataclass(frozen=True, slots=True)
class Vote:
    """One judgment that was kept; `gold` is the known answer if its unit has one.

    weight   what it adds to the hash of its unit's inputs (`inputs.weight`)
    """

    unit_id: int
    weight: int
    answer: Answer
    gold: Answer | None
    gold_right: bool | None


@dataclass(frozen=True, slots=True)
class Goal:
    """When a job's units are done: at this confidence, within these numbers of judgments."""

    target: float
    minimum: int
    maximum: int


def rule_of(
    goal: Goal, asked: Asked, power: float, golds: int, told: Sequence[float], **ends: bool
) -> Rule:
    """The rule for a job's units by one of its fits; `ends` as in Rule."""
    return Rule(
        goal.target,
        goal.minimum,
        goal.maximum,
        power=power,
        gold_answers=golds,
        told=tuple(asked.tables(told)) if told else (),
        **ends,
    )


@dataclass(slots=True)
class _Belief:
    evidence: list[float]
    judgments: int
    version: int
    total: int


def observe(
    *,
    worker: Worker,
    org_id: UUID,
    job_id: UUID,
    asked: Asked,
    goal: Goal,
    votes: Sequence[Vote],
    texts: Callable[[], Texts],
    now: datetime,
    audited: Collection[int] = (),
) -> dict[int, tuple[int, Decision]]:
    """Move what is believed by these votes of one worker, in the caller's transaction.

    texts     for jobs with text questions: unit -> question -> everybody's lines, these included;
              read once the units' beliefs are locked, so that no colleague's line is missed
    audited   the units that are asked to the maximum in any case (`audit`)
    returns   unit -> (judgments so far, what to do with it); gold units are left out
    """
    where = {"org": org_id, "job": job_id, "person": worker.person_id}
    row = hot(statements.SKILL, where)[0]
    power, golds, priors, fit_hash, told, counts, n, seen, right = row
    if power is None:
        power, golds, priors, fit_hash, told = CAUTIOUS_POWER, 0, [], "", []
    if counts is None:
        counts, n, seen, right = [], 0, 0, 0
    rule = rule_of(goal, asked, power, golds, told)
    beliefs = _beliefs(
        where, sorted(v.unit_id for v in votes if v.gold is None), asked.prior(priors)
    )
    said = texts()
    tables = asked.tables(counts)
    for vote in sorted(votes, key=lambda v: v.unit_id):
        labels = labels_of(vote.answer, asked.questions)
        if vote.gold is not None:
            seen, right = seen + 1, right + bool(vote.gold_right)
            _learn_from_gold(tables, labels, labels_of(vote.gold, asked.questions))
            continue
        beliefs[vote.unit_id].total += vote.weight
        _learn(beliefs[vote.unit_id], tables, labels, asked)
    decisions = {
        unit: (b.judgments, _decide(asked, b, rule, said.get(unit, {}), unit in audited))
        for unit, b in beliefs.items()
    }
    found = [
        _finding(asked, unit, beliefs[unit], decision, rule, said.get(unit, {}), fit_hash)
        for unit, (_, decision) in decisions.items()
        if decision.outcome != Outcome.MORE and beliefs[unit].version == 0
    ]
    for finding in found:
        beliefs[finding.unit_id].version = 1
    _keep(
        where | {"provider": worker.provider_id, "now": now},
        beliefs,
        flat(tables),
        n + len(votes),
        seen,
        right,
    )
    if found:
        give_out(org_id=org_id, job_id=job_id, findings=found, now=now)
    return decisions


def _beliefs(where: dict[str, Any], units: list[int], prior: list[float]) -> dict[int, _Belief]:
    # asked for none too: without this round trip an answer to gold would be told by its time
    rows = hot(statements.BELIEFS, where | {"units": units, "prior": prior})
    return {
        unit: _Belief(list(evidence), n, version, int.from_bytes(total or b""))
        for unit, evidence, n, version, total in rows
    }


def _learn(
    belief: _Belief, tables: list[list[list[float]]], labels: Sequence[int | None], asked: Asked
) -> None:
    parts = asked.split(belief.evidence)
    for place, label in enumerate(labels):
        if label is not None:
            parts[place], tables[place] = online.observe(parts[place], tables[place], label)
    belief.evidence = [e for part in parts for e in part]
    belief.judgments += 1


def _learn_from_gold(
    tables: list[list[list[float]]], labels: Sequence[int | None], truths: Sequence[int | None]
) -> None:
    for place, (label, truth) in enumerate(zip(labels, truths, strict=True)):
        if label is not None and truth is not None:
            tables[place] = online.observe_gold(tables[place], truth, label)


def _decide(
    asked: Asked, belief: _Belief, rule: Rule, texts: Mapping[str, Any], is_audited: bool
) -> Decision:
    # A remark beside a choice need not be agreed upon; texts decide only where there is no choice.
    shares = [medoid(said)[1] for said in texts.values() if said] if asked.only_texts else []
    return decide_unit(
        belief.judgments,
        asked.posteriors(belief.evidence),
        rule,
        shares=shares,
        is_audited=is_audited,
    )


def _finding(
    asked: Asked,
    unit: int,
    belief: _Belief,
    decision: Decision,
    rule: Rule,
    texts: Mapping[str, Any],
    fit_hash: str,
) -> Finding:
    inferred = answer_from(
        asked.questions, asked.posteriors(belief.evidence), texts, power=rule.power_now
    )
    return Finding(
        unit_id=unit,
        version=1,
        answer={name: list(found.values) for name, found in inferred.items()},
        confidence=decision.confidence,
        judgments=belief.judgments,
        method=METHOD if asked.only_texts else "ibcc-online",
        ended=decision.outcome.value,
        input_hash=input_hash(belief.total, fit_hash),
    )


def _keep(
    where: dict[str, Any],
    beliefs: dict[int, _Belief],
    counts: list[float],
    n: int,
    seen: int,
    right: int,
) -> None:
    evidence = [e for b in beliefs.values() for e in b.evidence]
    hot(
        statements.MOVE,
        where
        | {
            "units": list(beliefs),
            "judgments": [b.judgments for b in beliefs.values()],
            "versions": [b.version for b in beliefs.values()],
            "totals": [(b.total % WHOLE).to_bytes(16) for b in beliefs.values()],
            "evidence": evidence,
            "width": len(evidence) // len(beliefs) if beliefs else 0,
            "counts": counts,
            "n": n,
            "seen": seen,
            "right": right,
        },
    )
