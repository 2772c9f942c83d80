"""A whole job inferred anew from its judgments: plain values in, plain values out."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ujima.quality.answers import labels_of
from ujima.quality.asked import Asked
from ujima.quality.judgments import Coded, Codes, code
from ujima.quality.online import belief_of, expected_log_confusion, posterior
from ujima.quality.stopping import CAUTIOUS_POWER, GOLD_NEEDED, power_from_gold
from ujima.quality.truth.ibcc import ibcc

Answer = Mapping[str, Sequence[str]]


@dataclass(slots=True)
class UnitFit:
    """One unit after the fit: a posterior for each problem (None if nobody answered it)."""

    posteriors: list[list[float] | None]
    judgments: int
    texts: dict[str, list[Sequence[str]]]


@dataclass(frozen=True, slots=True)
class Refit:
    """A job after the fit.

    units       unit -> what is believed of it now, gold units too
    counts      person -> one table [true][said] for each problem
    judged      person -> judgments that her counts rest on
    priors      the class priors, flat
    power       fitted on gold, or the cautious one
    said        for each problem, (unit, label) of every judgment, as codes from 0
    blind       for each problem, the gold units' posteriors as if their truth were not known, and
                their truths
    """

    units: dict[int, UnitFit]
    counts: dict[Hashable, list[list[list[float]]]]
    judged: dict[Hashable, int]
    priors: list[float]
    power: float
    gold_answers: int
    judgments: int
    input_hash: str
    converged: bool
    said: list[tuple[Codes, Codes]] = field(default_factory=list)
    blind: list[tuple[list[list[float]], list[int]]] = field(default_factory=list)


def refit(
    asked: Asked,
    rows: Iterable[tuple[int, Hashable, Answer]],
    golds: Mapping[int, Answer],
    usual_judgments: int,
    *,
    adjudicated: Mapping[int, Answer] = MappingProxyType({}),
) -> Refit:
    """Infer a job from (unit, person, answer) rows; their order does not matter.

    usual_judgments   how many a unit gets; the power is fitted on as many of each gold unit
    adjudicated       answers that a person decided: held fixed as gold is, but no power is fitted
                      on them, as the least certain units come to review and are no fair sample
    """
    votes: list[list[tuple[int, Hashable, int]]] = [[] for _ in asked.problems]
    texts: dict[int, dict[str, list[tuple[int, Sequence[str]]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    per_unit: Counter[int] = Counter()
    judged: Counter[Hashable] = Counter()
    seen = 0
    text_questions = [q.name for q in asked.questions if q.kind == "text"]
    for unit, person, answer in rows:
        per_unit[unit] += 1
        judged[person] += 1
        labels = labels_of(answer, asked.questions)
        seen += _number(f"{unit},{person},{labels}")
        for place, label in enumerate(labels):
            if label is not None:
                votes[place].append((unit, person, label))
        for name in text_questions:
            texts[unit][name].append((_number(f"{unit},{person}"), answer.get(name, ())))
    units = {
        unit: UnitFit([None] * len(votes), n, _in_any_order(texts.get(unit, {})))
        for unit, n in per_unit.items()
    }
    counts = {person: [[[0.0] * k for _ in range(k)] for k in asked.sizes] for person in judged}
    fixed = {**adjudicated, **golds}
    truths = {unit: labels_of(answer, asked.questions) for unit, answer in fixed.items()}
    digest = hashlib.sha256(f"{seen % 2**256},{sorted(truths.items())}".encode())
    priors: list[float] = []
    converged = True
    evidence: list[tuple[list[list[float]], list[int]]] = []
    said: list[tuple[Codes, Codes]] = []
    for place, problem in enumerate(asked.problems):
        known = {u: t[place] for u, t in truths.items() if t[place] is not None}
        fair = known.keys() & golds.keys()
        fitted = _fit(votes[place], len(problem.classes), known, fair, usual_judgments)
        for unit, row in fitted.posteriors.items():
            units[unit].posteriors[place] = row
        for person, table in fitted.counts.items():
            counts[person][place] = table
        priors += fitted.prior
        converged &= fitted.converged
        evidence.append(fitted.gold_evidence)
        said.append(fitted.said)
    power, gold_answers = _power(evidence)
    return Refit(
        units=units,
        counts=counts,
        judged=dict(judged),
        priors=priors,
        power=power,
        gold_answers=gold_answers,
        judgments=sum(per_unit.values()),
        input_hash=digest.hexdigest(),
        converged=converged,
        said=said,
        blind=evidence,
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    posteriors: dict[int, list[float]]
    counts: dict[Hashable, list[list[float]]]
    prior: list[float]
    converged: bool
    gold_evidence: tuple[list[list[float]], list[int]]
    said: tuple[Codes, Codes]


def _fit(
    votes: list[tuple[int, Hashable, int]],
    classes: int,
    known: dict[int, int | None],
    fair: Set[int],
    usual_judgments: int,
) -> _Fitted:
    if not votes:
        none = np.zeros(0, np.intp)
        return _Fitted({}, {}, [1 / classes] * classes, True, ([], []), (none, none))
    tasks, workers, labels = zip(*votes, strict=True)
    coded = code(tasks, workers, labels, list(range(classes)))
    place = {unit: at for at, unit in enumerate(coded.tasks)}
    gold = {place[u]: t for u, t in known.items() if u in place and t is not None}
    truth = ibcc(coded.judgments, gold=gold)
    return _Fitted(
        dict(zip(coded.tasks, truth.posterior.tolist(), strict=True)),
        dict(zip(coded.workers, truth.counts.tolist(), strict=True)),
        truth.class_prior.tolist(),
        truth.converged,
        _as_if_unknown(votes, {u: known[u] for u in fair}, coded, usual_judgments)
        if fair
        else ([], []),
        (coded.judgments.task, coded.judgments.label),
    )


def _as_if_unknown(
    votes: list[tuple[int, Hashable, int]],
    known: dict[int, int | None],
    coded: Coded[int, Hashable, int],
    usual_judgments: int,
) -> tuple[list[list[float]], list[int]]:
    """Posteriors of gold units from a few of their judgments, and their truths. Which few is
    chance, but the same chance whatever the order they came in.

    The workers' tables are inferred without gold: tables that gold was clamped for have learned
    its answers, and the power fitted with them would be far too bold.
    """
    blind = ibcc(coded.judgments)
    counts = dict(zip(coded.workers, blind.counts.tolist(), strict=True))
    start = belief_of(blind.class_prior.tolist())
    beliefs: dict[int, list[float]] = {}
    asked: Counter[int] = Counter()
    tables: dict[Hashable, list[list[float]]] = {}
    of_gold = [vote for vote in votes if known.get(vote[0]) is not None]
    for unit, person, label in sorted(of_gold, key=lambda v: _number(f"{v[0]},{v[1]}")):
        if asked[unit] >= usual_judgments:
            continue
        asked[unit] += 1
        if person not in tables:
            tables[person] = expected_log_confusion(counts[person])
        belief = beliefs.setdefault(unit, list(start))
        for k, row in enumerate(tables[person]):
            belief[k] += row[label]
    return (
        [posterior(belief) for belief in beliefs.values()],
        [truth for unit in beliefs if (truth := known[unit]) is not None],
    )


def _in_any_order(
    said: Mapping[str, list[tuple[int, Sequence[str]]]],
) -> dict[str, list[Sequence[str]]]:
    """Each question's texts, put in an order that does not depend on when they came."""
    return {
        name: [words for _, words in sorted(lines, key=lambda line: line[0])]
        for name, lines in said.items()
    }


def _number(text: str) -> int:
    """A number below 2^256 that stands for a text, as if drawn by chance."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


def _power(evidence: list[tuple[list[list[float]], list[int]]]) -> tuple[float, int]:
    """One power for the job: of its problems the most cautious that has gold enough."""
    enough = [(p, t) for p, t in evidence if len(t) >= GOLD_NEEDED]
    if not enough or len(enough) < len(evidence):
        return CAUTIOUS_POWER, min((len(t) for _, t in evidence), default=0)
    return min(power_from_gold(p, t) for p, t in enough), min(len(t) for _, t in enough)
