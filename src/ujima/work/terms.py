"""The terms of a job: what a buyer may ask for, what it may cost at most."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import NamedTuple, Protocol

from ujima.base.money import EXPONENTS, Money, part_of
from ujima.work.errors import BadJob
from ujima.work.labelling.config import parse
from ujima.work.labelling.problems import BadConfig


class Priced(Protocol):
    """Whatever says what a judgment costs: a draft, a job, a job's version."""

    @property
    def currency(self) -> str: ...
    @property
    def rate_minor(self) -> int: ...
    @property
    def provider_share_bp(self) -> int: ...


class Asking(Protocol):
    """Whatever says how many judgments are wanted: a draft, a job."""

    @property
    def judgments_min(self) -> int: ...
    @property
    def judgments_max(self) -> int: ...
    @property
    def confidence_target(self) -> float: ...
    @property
    def audit_bp(self) -> int: ...
    @property
    def ceiling_minor(self) -> int | None: ...
    @property
    def quiz_units(self) -> int: ...
    @property
    def quiz_right(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Terms:
    """What a judgment is paid, what is added to it, and how many are wanted of a unit.

    rate_minor          to the worker, for each judgment
    provider_share_bp   on top of wages, to the provider, in hundredths of a percent
    fee_bp              on top of wages, to the platform
    audit_bp            of units asked to the maximum to check others, in hundredths of a percent
    ceiling_minor       what the buyer pays at most before nothing more is asked; None for no limit
    quiz_units          known units that a person answers before the job, paid; 0 for no quiz
    quiz_right          of these, how many she has to answer as is known
    """

    currency: str
    rate_minor: int
    provider_share_bp: int
    fee_bp: int
    judgments_min: int
    judgments_max: int
    confidence_target: float
    audit_bp: int = 0
    ceiling_minor: int | None = None
    quiz_units: int = 0
    quiz_right: int = 0

    @classmethod
    def of(cls, priced: Priced, asking: Asking, fee_bp: int) -> "Terms":
        """The terms that stand in these."""
        return cls(
            currency=priced.currency,
            rate_minor=priced.rate_minor,
            provider_share_bp=priced.provider_share_bp,
            fee_bp=fee_bp,
            judgments_min=asking.judgments_min,
            judgments_max=asking.judgments_max,
            confidence_target=asking.confidence_target,
            audit_bp=asking.audit_bp,
            ceiling_minor=asking.ceiling_minor,
            quiz_units=asking.quiz_units,
            quiz_right=asking.quiz_right,
        )

    def cost_of(self, wages_minor: int) -> int:
        """What a buyer pays for these wages, in minor units."""
        return (
            wages_minor
            + part_of(wages_minor, self.provider_share_bp)
            + part_of(wages_minor, self.fee_bp)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything about a job that its buyer may choose before launch."""

    title: str
    instructions: str = ""
    config: str = ""
    currency: str = "USD"
    rate_minor: int = 1
    provider_share_bp: int = 3000
    judgments_min: int = 3
    judgments_max: int = 5
    confidence_target: float = 0.9
    gold_share_bp: int = 1000
    page_size: int = 10
    lease_minutes: int = 60
    seconds_expected: int | None = None
    accuracy_least: float = 0.6
    rework_payer: str = "buyer"
    deadline: datetime | None = None
    audit_bp: int = 300
    ceiling_minor: int | None = None
    model_labels: bool = False
    quiz_units: int = 0
    quiz_right: int = 0


#: a job of fewer units has no sample that is checked: too few would be in it to say anything
AUDIT_UNITS = 100

#: a quiz may be tried so often, each time on known units that she has not seen
QUIZ_TRIES = 2
#: the reserve pays for the quiz of one person for so many judgments that the job may ask
QUIZ_EACH = 50

#: who may pay for asking again where a known answer was wrong; never the worker
PAYERS = ("buyer", "provider", "platform")

LIMITS: dict[str, tuple[float, float, str]] = {
    "rate_minor": (1, 10**7, "The rate must be more than nothing."),
    "provider_share_bp": (0, 30_000, "The provider's share is between 0 and 300 %."),
    "judgments_min": (1, 50, "Ask for between 1 and 50 judgments a unit."),
    "judgments_max": (1, 100, "Ask for at most 100 judgments a unit."),
    "confidence_target": (0.5, 0.999, "The confidence target is between 0.5 and 0.999."),
    "gold_share_bp": (0, 5000, "At most half of a page can be units with known answers."),
    "page_size": (1, 50, "A page has between 1 and 50 units."),
    "lease_minutes": (5, 7 * 24 * 60, "A unit can be held for 5 minutes to 7 days."),
    "audit_bp": (0, 10_000, "The share of units that are checked is between 0 and 100 %."),
    "ceiling_minor": (1, 10**12, "The most a job may cost must be more than nothing."),
    "accuracy_least": (0, 0.95, "The accuracy asked of each person is between 0 and 0.95."),
    "quiz_units": (0, 20, "A quiz has at most 20 units."),
    "quiz_right": (0, 20, "The quiz's mark is between 1 and its number of units."),
    "seconds_expected": (1, 86_400, "One unit takes between 1 second and a day."),
}


def check(draft: Draft, now: datetime) -> None:
    """Refuses: BadJob with `facts["problems"]`, a sentence for each field that is not right;
    BadConfig, with its lines and columns, where the config alone is not."""
    problems: dict[str, str] = {}
    bad_config: BadConfig | None = None
    if not draft.title.strip():
        problems["title"] = "Give the job a title that workers will understand."
    if len(draft.title) > 200:
        problems["title"] = "A title has at most 200 characters."
    if len(draft.instructions) > 50_000:
        problems["instructions"] = "Instructions have at most 50,000 characters."
    if draft.currency not in EXPONENTS:
        problems["currency"] = f"We do not know the currency “{draft.currency}”."
    for name, (least, most, sentence) in LIMITS.items():
        chosen = getattr(draft, name)
        if chosen is not None and not least <= chosen <= most:
            problems[name] = sentence
    if draft.judgments_max < draft.judgments_min:
        problems["judgments_max"] = "The most judgments cannot be fewer than the fewest."
    if not min(draft.quiz_units, 1) <= draft.quiz_right <= draft.quiz_units:
        problems["quiz_right"] = LIMITS["quiz_right"][2]
    if draft.rework_payer not in PAYERS:
        problems["rework_payer"] = "Asking again is paid by the buyer, provider or platform."
    if draft.deadline and draft.deadline <= now:
        problems["deadline"] = "The closing time has passed already."
    if draft.config.strip():
        try:
            parse(draft.config)
        except BadConfig as refusal:
            problems["config"], bad_config = refusal.sentence, refusal
    if bad_config and len(problems) == 1:
        raise bad_config
    if problems:
        first = next(iter(problems))
        raise BadJob(problems[first], place={"field": first}, problems=problems)


class Most(NamedTuple):
    """What may be asked for at most, gold besides, and what is put aside for it."""

    judgments: int
    gold_judgments: int
    reserve: Money


class Each(NamedTuple):
    """How many judgments a unit will probably get: if people are good, likely, if they are not."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a job may cost and how much work it may be, before it starts.

    judgments_*   on ordinary units
    gold_*        on units with known answers, on top
    """

    judgments_most: int
    judgments_low: int
    judgments_likely: int
    judgments_high: int
    gold_judgments: int
    gold_likely: int
    reserve: Money
    likely: Money


def gold_need(
    units: int, golds: int, judgments_max: int, gold_share_bp: int, quiz_units: int = 0
) -> int:
    """How many judgments each gold unit may get, so that gold stays within its share; quizzes come
    on top, both tries of as many people as the job probably has."""
    if not golds:
        return 0
    wanted = units * judgments_max * gold_share_bp / 10_000
    people = max(judgments_max, ceil(units * judgments_max / QUIZ_EACH))
    wanted += QUIZ_TRIES * quiz_units * people
    return min(32_000, max(1, ceil(wanted / golds)))


def most(terms: Terms, *, units: int, golds: int, gold_share_bp: int, contingency_bp: int) -> Most:
    """The reserve covers every judgment that could be asked for, gold, and the contingency."""
    gold = golds * gold_need(units, golds, terms.judgments_max, gold_share_bp, terms.quiz_units)
    judgments = units * terms.judgments_max
    cost = terms.cost_of((judgments + gold) * terms.rate_minor)
    return Most(judgments, gold, Money(cost + part_of(cost, contingency_bp), terms.currency))


def estimate(terms: Terms, top: Most, *, units: int, each: Each) -> Estimate:
    """What is likely, if units get as many judgments as is said; gold keeps its part of them."""
    likely = round(units * each.likely)
    gold = round(likely * top.gold_judgments / top.judgments) if top.judgments else 0
    return Estimate(
        judgments_most=top.judgments,
        judgments_low=round(units * each.low),
        judgments_likely=likely,
        judgments_high=round(units * each.high),
        gold_judgments=top.gold_judgments,
        gold_likely=gold,
        reserve=top.reserve,
        likely=Money(terms.cost_of((likely + gold) * terms.rate_minor), terms.currency),
    )
