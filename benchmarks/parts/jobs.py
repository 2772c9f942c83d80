"""Organisations, workers and jobs to measure with, made through Ujima's own actions."""

import random
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import orjson
from django.utils import timezone

from ujima.base.ids import uuid7
from ujima.base.money import Money
from ujima.flows import intake, launch
from ujima.pay.actions import funds
from ujima.people.actions.organisations import add_membership, add_organisation, add_person
from ujima.people.actions.tokens import issue_device, issue_token
from ujima.people.queries import principal_in
from ujima.people.standing import Principal
from ujima.work.actions import channels, jobs
from ujima.work.intake.mapping import Mapping
from ujima.work.terms import Draft

LABELS = ("positive", "negative", "neutral")
CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Choices name="label" toName="text" choice="single" required="true">
    <Choice value="positive"/><Choice value="negative"/><Choice value="neutral"/>
  </Choices>
</View>"""
#: more than any benchmark spends
DEPOSIT = Money(1_000_000_000, "USD")
_WORDS = [
    "the",
    "phone",
    "battery",
    "is",
    "good",
    "bad",
    "late",
    "fast",
    "slow",
    "refund",
    "screen",
    "price",
    "thanks",
    "never",
    "again",
    "love",
    "broken",
]


def texts(count: int, first: int = 0) -> list[dict[str, str]]:
    """Short reviews of 20 words, the same in every run."""
    chance = random.Random(first)
    return [
        {"text": f"{number} " + " ".join(chance.choices(_WORDS, k=20))}
        for number in range(first, first + count)
    ]


def as_jsonl(units: list[dict[str, str]]) -> bytes:
    """Units as a buyer's file, with keys."""
    return b"\n".join(orjson.dumps({"key": u["text"].split(" ", 1)[0], **u}) for u in units)


@dataclass
class Phone:
    """One worker's phone: its token, its id, and the next key it will use."""

    token: str
    device: UUID
    person_id: UUID
    membership_id: UUID
    key: int = 0


@dataclass
class House:
    """A buyer with money and a key for her programs, a provider, and a project for jobs."""

    buyer: Principal
    manager: Principal
    payroll: Principal
    project_id: UUID
    token: str

    def job(
        self, title: str, units: list[dict[str, str]], *, least: int, most: int, fee_bp: int = 0
    ) -> UUID:
        """A launched job, offered to the provider."""
        job_id = self.draft(title, least=least, most=most, fee_bp=fee_bp)
        self.bring_in(job_id, as_jsonl(units))
        self.launch(job_id)
        return job_id

    def launch(self, job_id: UUID) -> None:
        """Open a job to the provider's workers."""
        now = timezone.now()
        channel = channels.offer(
            by=self.buyer,
            job_id=job_id,
            provider_id=self.manager.org_id,
            centre_id=None,
            now=now,
        )
        launch.launch(by=self.buyer, job_id=job_id, now=now)
        channels.answer(by=self.manager, channel_id=channel.id, accepts=True, now=now)

    def draft(self, title: str, *, least: int, most: int, fee_bp: int = 0) -> UUID:
        """A job without units yet."""
        draft = Draft(
            title=title,
            config=CONFIG,
            judgments_min=least,
            judgments_max=most,
            gold_share_bp=0,
            page_size=10,
        )
        now = timezone.now()
        job = jobs.draft_job(
            by=self.buyer, project_id=self.project_id, draft=draft, fee_bp=fee_bp, now=now
        )
        return job.id

    def bring_in(self, job_id: UUID, file: bytes) -> None:
        """A file of units into a job, as an upload brings it in."""
        intake.bring_in(
            by=self.buyer,
            job_id=job_id,
            file=BytesIO(file),
            name="texts.jsonl",
            format="jsonl",
            mapping=Mapping(columns={"text": "text"}, key="key"),
            now=timezone.now(),
        )

    def phones(self, count: int) -> list[Phone]:
        """So many workers, each with a phone."""
        now = timezone.now()
        made = []
        for _ in range(count):
            member = add_membership(
                organisation_id=self.manager.org_id,
                person=add_person(name="A worker", email=None, now=now),
                role="worker",
                worker_code=uuid7().hex[-12:],
                now=now,
            )
            _, token = issue_device(membership=member, label="bench", now=now)
            made.append(Phone(token, uuid7(), member.person_id, member.id))
        return made


def make_house() -> House:
    """The organisations, and a deposit of the buyer's."""
    now = timezone.now()
    acme = add_organisation(name="Acme Search", country="US", is_buyer=True, now=now)
    provider = add_organisation(
        name="Sundarban Digital", country="IN", is_provider=True, is_operator=True, now=now
    )
    staff = {}
    for organisation, role in (
        (acme, "requester"),
        (provider, "manager"),
        (provider, "payroll"),
    ):
        person = add_person(name=role, email=f"{role}@bench.example", now=now)
        add_membership(organisation_id=organisation.id, person=person, role=role, now=now)
        staff[role] = principal_in(person.id, organisation.id)
    buyer, manager = staff["requester"], staff["manager"]
    funds.record_deposit(by=manager, buyer_id=acme.id, amount=DEPOSIT, reference="bench", now=now)
    project = jobs.make_project(by=buyer, title="Bench", now=now)
    _, token = issue_token(by=buyer, name="bench", scopes=["jobs:read", "jobs:write"], now=now)
    return House(buyer, manager, staff["payroll"], project.id, token)
