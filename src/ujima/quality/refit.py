"""A whole job inferred anew from its judgments: plain values in, plain values out."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np

from ujima.quality.answers import labels_of
from ujima.quality.asked import Asked
from ujima.quality.calibration import estimated
from ujima.quality.judgments import Coded, Codes, Judgments
from ujima.quality.model_labels.share import Part, part_of_model
from ujima.quality.online import belief_of, expected_log_confusion, posterior
from ujima.quality.steady import drift_of, is_warm
from ujima.quality.stopping import CAUTIOUS_POWER, POWER_SPREAD, power_from_gold
from ujima.quality.trust import Interval
from ujima.quality.truth.ibcc import ibcc
from ujima.quality.truth.result import Truth
from ujima.quality.votes import Votes
from ujima.quality.worth import information

Answer = Mapping[str, Sequence[str]]

#: the worker that stands for model labels among a job's people
MODEL = "model"


@dataclass(slots=True)
class UnitFit:
    """One unit after the fit: a posterior for each problem (None if nobody answered it).

    judgments   by people; a model's label is none
    model       problem -> the model's part in it, where model labels joined
    """

    posteriors: list[list[float] | None]
    judgments: int
    texts: dict[str, list[Sequence[str]]]
    model: dict[int, Part] = field(default_factory=dict)

    @property
    def by_people(self) -> list[list[float] | None]:
        """The posteriors as people's evidence alone has them."""
        return [
            self.model[place].people if place in self.model else found
            for place, found in enumerate(self.posteriors)
        ]

    @property
    def model_share(self) -> float | None:
        """The model's share of the evidence, the largest among the problems; None without any."""
        return max((part.share for part in self.model.values()), default=None)

    @property
    def is_turned(self) -> bool:
        """Whether people alone would have given another answer."""
        return any(part.differs for part in self.model.values())


@dataclass(frozen=True, slots=True)
class Refit:
    """A job after the fit.

    units       unit -> what is believed of it now, gold units too
    counts      person -> one table [true][said] for each problem
    judged      person -> judgments that her counts rest on
    priors      the class priors, flat
    power       fitted on gold, from the cautious one on
    told        what a judgment tells, for each problem (`worth.information`); empty while people
                are not known or the inference is not steady (`steady`)
    estimate    how often the answers are right, of the problem that is worst; None without any
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
    told: list[list[list[float]]]
    estimate: Interval | None
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
    model: Mapping[int, Sequence[int | None]] = MappingProxyType({}),
    *,
    adjudicated: Mapping[int, Answer] = MappingProxyType({}),
) -> Refit:
    """Infer a job from (unit, person, answer) rows; their order does not matter.

    usual_judgments   how many a unit gets; the power is fitted on as many of each gold unit
    model             unit -> a model's label for each problem, one more opinion where people have
                      answered; it is no judgment, and no power is fitted with it
    adjudicated       answers that a person decided: held fixed as gold is, but no power is fitted
                      on them, as the least certain units come to review and are no fair sample
    """
    votes = [Votes() for _ in asked.problems]
    people: dict[Hashable, int] = {}
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
        by = people.setdefault(person, len(people))
        labels = labels_of(answer, asked.questions)
        seen += _number(f"{unit},{person},{labels}")
        for place, label in enumerate(labels):
            if label is not None:
                votes[place].add(unit, by, label)
        for name in text_questions:
            texts[unit][name].append((_number(f"{unit},{person}"), answer.get(name, ())))
    for unit, opinion in model.items():
        if unit in per_unit:
            seen += _number(f"{unit},{MODEL},{list(opinion)}")
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
    fits: list[_Fitted] = []
    for place, problem in enumerate(asked.problems):
        known = {u: t[place] for u, t in truths.items() if t[place] is not None}
        fair = known.keys() & golds.keys()
        answered = votes[place].units() if model else set()
        opinions = {
            u: label
            for u, opinion in model.items()
            if u in answered and (label := opinion[place]) is not None
        }
        if votes[place]:
            coded = votes[place].coded(list(people), len(problem.classes), opinions, MODEL)
            fitted = _fit(coded, known, fair, usual_judgments)
        else:
            fitted = _unasked(len(problem.classes))
        own = fitted.counts.pop(MODEL, None)  # no person's
        for unit, row in fitted.posteriors.items():
            units[unit].posteriors[place] = row
        if own is not None:
            for unit, label in opinions.items():
                units[unit].model[place] = part_of_model(
                    fitted.posteriors[unit], fitted.prior, own, label
                )
        for person, table in fitted.counts.items():
            counts[person][place] = table
        priors += fitted.prior
        converged &= fitted.converged
        fits.append(fitted)
    power, gold_answers = _power([fitted.gold_evidence for fitted in fits])
    told = [fitted.told for fitted in fits if fitted.told is not None]
    estimates = [fitted.estimate for fitted in fits if fitted.estimate is not None]
    return Refit(
        units=units,
        counts=counts,
        judged=dict(judged),
        priors=priors,
        power=power,
        gold_answers=gold_answers,
        told=told if len(told) == len(fits) else [],
        estimate=min(estimates, key=lambda one: one.mid, default=None),
        judgments=sum(per_unit.values()),
        input_hash=digest.hexdigest(),
        converged=converged,
        said=[fitted.said for fitted in fits],
        blind=[fitted.gold_evidence for fitted in fits],
    )


@dataclass(frozen=True, slots=True)
class _Fitted:
    posteriors: dict[int, list[float]]
    counts: dict[Hashable, list[list[float]]]
    prior: list[float]
    converged: bool
    gold_evidence: tuple[list[list[float]], list[int]]
    told: list[list[float]] | None
    estimate: Interval | None
    said: tuple[Codes, Codes]


def _unasked(classes: int) -> _Fitted:
    """A problem on which nobody has voted."""
    none = np.zeros(0, np.intp)
    return _Fitted({}, {}, [1 / classes] * classes, True, ([], []), None, None, (none, none))


def _fit(
    coded: Coded[int, Hashable, int],
    known: dict[int, int | None],
    fair: Set[int],
    usual_judgments: int,
) -> _Fitted:
    place = {unit: at for at, unit in enumerate(coded.tasks)}
    gold = {place[u]: t for u, t in known.items() if u in place and t is not None}
    fairly = {u: t for u, t in known.items() if u in fair and u in place and t is not None}
    by_people = np.array([worker != MODEL for worker in coded.workers])[coded.judgments.worker]
    truth = ibcc(coded.judgments, gold=gold)
    # tables that gold was clamped for have learned its answers: what is said of confidence rests
    # on tables that have not
    blind = ibcc(coded.judgments) if gold else truth
    return _Fitted(
        dict(zip(coded.tasks, truth.posterior.tolist(), strict=True)),
        dict(zip(coded.workers, truth.counts.tolist(), strict=True)),
        truth.class_prior.tolist(),
        truth.converged,
        _as_if_unknown(coded, fairly, blind, usual_judgments) if fairly else ([], []),
        _told(coded.judgments, blind),
        _estimate(coded.judgments, blind, {place[u]: t for u, t in fairly.items()}),
        (coded.judgments.task[by_people], coded.judgments.label[by_people]),
    )


def _told(judgments: Judgments, blind: Truth) -> list[list[float]] | None:
    """What a judgment tells, once people are known and the inference is steady."""
    if not is_warm(judgments.worker):
        return None
    if not drift_of(judgments, blind.posterior, np.random.default_rng(0)).is_steady:
        return None
    weights = np.bincount(judgments.worker, minlength=judgments.n_workers).astype(np.float64)
    told: list[list[float]] = information(blind.confusion, weights).tolist()
    return told


def _estimate(judgments: Judgments, blind: Truth, gold: Mapping[int, int]) -> Interval:
    known = np.full(judgments.n_tasks, -1)
    known[list(gold)] = list(gold.values())
    return estimated(judgments, blind.posterior, known, np.random.default_rng(0))


def _as_if_unknown(
    coded: Coded[int, Hashable, int],
    known: Mapping[int, int],
    blind: Truth,
    usual_judgments: int,
) -> tuple[list[list[float]], list[int]]:
    """Posteriors of gold units from a few of their judgments, and their truths. Which few is
    chance, but the same chance whatever the order they came in.

    blind   inferred without gold
    """
    counts = dict(zip(coded.workers, blind.counts.tolist(), strict=True))
    start = belief_of(blind.class_prior.tolist())
    beliefs: dict[int, list[float]] = {}
    asked: Counter[int] = Counter()
    tables: dict[Hashable, list[list[float]]] = {}
    of_gold = _votes_on(coded, known)
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
        [known[unit] for unit in beliefs],
    )


def _votes_on(
    coded: Coded[int, Hashable, int], known: Mapping[int, int]
) -> list[tuple[int, Hashable, int]]:
    """(unit, person, label) of people's votes on some units."""
    judged = coded.judgments
    wanted = np.array([unit in known for unit in coded.tasks])[judged.task]
    rows = zip(
        *(a[wanted].tolist() for a in (judged.task, judged.worker, judged.label)), strict=True
    )
    named = ((coded.tasks[task], coded.workers[by], label) for task, by, label in rows)
    return [vote for vote in named if vote[1] != MODEL]


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
    """One power for the job, that of its most cautious problem, and the fewest gold units that a
    problem has."""
    powers = [
        power_from_gold(p, t, spread=POWER_SPREAD) if t else CAUTIOUS_POWER for p, t in evidence
    ]
    return min(powers, default=CAUTIOUS_POWER), min((len(t) for _, t in evidence), default=0)
