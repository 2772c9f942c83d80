"""What travels about jobs: what a buyer may choose, and what is told of a job."""

from datetime import datetime
from uuid import UUID

from ninja import Schema
from pydantic import AliasChoices, AwareDatetime, Field

from ujima.api.fields import Short, Words
from ujima.base.money import Money


class JobChoices(Schema):
    """What a buyer chooses about a job before launch. Limits: docs/api.md.

    Money is in whole minor units (cents) of the job's one currency; shares and rates ending in
    `_bp` are in hundredths of a percent. `model_labels`: what a model learned from people's answers
    joins them as one more opinion (docs/quality.md).
    """

    title: Short
    instructions: Words = ""
    config: Words = ""
    currency: Short = "USD"
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
    rework_payer: Short = "buyer"
    quiz_units: int = 0
    quiz_right: int = 0
    deadline: AwareDatetime | None = None
    audit_bp: int = 300
    ceiling_minor: int | None = None
    model_labels: bool = False


class JobBody(JobChoices):
    """A draft to be made in a project."""

    project: UUID


class JobPatch(Schema):
    """What to change about a draft; what is left out stays as it is."""

    title: Short | None = None
    instructions: Words | None = None
    config: Words | None = None
    currency: Short | None = None
    rate_minor: int | None = None
    provider_share_bp: int | None = None
    judgments_min: int | None = None
    judgments_max: int | None = None
    confidence_target: float | None = None
    gold_share_bp: int | None = None
    page_size: int | None = None
    lease_minutes: int | None = None
    seconds_expected: int | None = None
    accuracy_least: float | None = None
    rework_payer: Short | None = None
    quiz_units: int | None = None
    quiz_right: int | None = None
    deadline: AwareDatetime | None = None
    audit_bp: int | None = None
    ceiling_minor: int | None = None
    model_labels: bool | None = None


class JobOut(JobChoices):
    """A job, its terms and its state."""

    id: UUID
    project: UUID = Field(validation_alias=AliasChoices("project_id", "project"))
    state: str
    version: int
    fee_bp: int
    contingency_bp: int
    made_at: datetime


class ChangeOut(Schema):
    """A state that a job came into."""

    state: str
    at: datetime
    reason: str


class FitOut(Schema):
    """How far a job is, as of its newest inference.

    judgments          of all units, `gold_seen` of them on units with known answers
    units              without those with known answers
    results            units that have one; `unsure` of these are below the target and asked again
    mean_confidence    over the results there are
    gold_right         of `gold_seen` answers to units with known answers
    wages_minor        owed to workers so far, in minor units
    estimate_mid       how often the answers are right, from the confidence that known answers have
                       taught; low and high: its 95 % interval. Null before anything is known
    reviews            results that more judgments would not help: a person should look at them
    audit_seen         units asked on to the maximum, to check those that stopped; `audit_same` of
                       them kept the answer they would have stopped with; `audit_claimed` and
                       `audit_found`: the confidence in it then and after, summed
    model_results      results that model labels are part of; `model_turned` of these would have
                       another answer by people alone
    """

    at: datetime
    judgments: int
    units: int
    results: int
    unsure: int
    mean_confidence: float
    gold_seen: int
    gold_right: int
    wages_minor: int
    estimate_low: float | None
    estimate_mid: float | None
    estimate_high: float | None
    reviews: int
    audit_seen: int
    audit_same: int
    audit_claimed: float
    audit_found: float
    model_results: int
    model_turned: int
    method: str
    method_version: str
    converged: bool


class JobDetail(JobOut):
    """A job with its history and how far it is.

    units   without those with known answers
    saved   share of judgments not asked for, against asking the most for each result; null while
            there are too few results to say, or nothing was saved
    """

    units: int
    saved: float | None
    history: list[ChangeOut]
    progress: FitOut | None


class Amount(Schema):
    """Money in whole minor units."""

    minor: int
    currency: str

    @classmethod
    def of(cls, money: Money) -> "Amount":
        return cls(minor=money.minor, currency=money.currency)


class EstimateOut(Schema):
    """What a job may cost.

    judgments_likely   what the confidence target takes if people are right as often as `accuracy`
                       says; low and high: if they are right more often, or less. Without gold
    accuracy           as on `accuracy_from` known answers in your earlier jobs with the same
                       providers; assumed while that is 0
    days_likely        until the last result, at the pace of those jobs; null while none is known
    gold_judgments     at most, on units with known answers, on top
    reserve            put aside at launch: all that could be asked for, gold, contingency
    likely             what it will probably come to
    """

    judgments_most: int
    judgments_low: int
    judgments_likely: int
    judgments_high: int
    gold_judgments: int
    accuracy: float
    accuracy_from: int
    days_likely: float | None
    reserve: Amount
    likely: Amount
