"""The demo's people and job: who they are, and what they are given to work on."""

import csv
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from uuid import UUID

from django.db import transaction

from ujima.base.ids import uuid7
from ujima.base.money import Money
from ujima.flows import intake, launch
from ujima.pay.actions import funds
from ujima.people.actions.organisations import (
    add_centre,
    add_membership,
    add_organisation,
    add_person,
    set_password,
)
from ujima.people.actions.tokens import issue_device
from ujima.people.queries import principal_in
from ujima.people.secrets import new_pin
from ujima.people.standing import Principal
from ujima.work.actions import channels, jobs, reservations
from ujima.work.intake.mapping import Mapping
from ujima.work.terms import Draft

CONFIG = """<View>
  <Text name="text" value="$text"/>
  <Text name="statement" value="$statement"/>
  <Header value="Does the statement follow from the text?"/>
  <Choices name="follows" toName="statement" choice="single" required="true">
    <Choice value="yes" hint="Whoever believes the text believes the statement."/>
    <Choice value="no" hint="The text does not say so, or says otherwise."/>
  </Choices>
</View>"""
INSTRUCTIONS = """Read the text, then the statement. Answer **yes** if the statement follows from
the text for an ordinary reader, and **no** if it does not.

- Use what the text says and what everybody knows; do not look anything up.
- A statement that is true but does not follow from this text is a **no**.
"""
#: known answers of the open job, by their key in the data, each with the reason that a worker and a
#: buyer may read; what is right is the data's own
REASONS = {
    "739": "Both sentences say it: no bullring in the world is larger.",
    "905": "The text puts Seoul on the Han, but does not say that it lies on both banks.",
    "1856": "The text says that seven drivers are held. It says nothing of a release.",
    "1616": "North Bend, where he was born, is in Ohio.",
    "1874": "It took place in Los Angeles. The Soviet Union boycotted it.",
    "1897": "Latvia won against Turkey in a playoff, so Turkey was defeated by Latvia.",
    "936": "It is the dancer's girlfriend who is pregnant, not the singer.",
    "1847": "They jumped to a record high, not to a low.",
    "1361": "“Released” and “freed” mean the same.",
    "2053": "On that day he visited the White House. The text says nothing of his death.",
}
#: people who, when the data was made, judged every pair of the open job; each answers a page of it.
#: Two are careful and three are hasty: right in 67 % of what they said, all 164 in 73 %
FIRST_AT_OPEN = ("w002", "w004", "w006", "w009", "w010")
#: units of the open job that are not known answers
OPEN_UNITS = 50
#: ten people judged each pair when the data was made (Snow et al., EMNLP 2008)
RECORDED = 10
#: what the confidence target buys on this data: docs/quality.md
TARGET = 0.9


@dataclass
class Login:
    """One way in: who, and what to type."""

    who: str
    name: str
    secret: str
    organisation: str


@dataclass
class Setting:
    """What the demo has set up; kept beside the data so that it can go on after any stop."""

    job_id: str
    open_job_id: str
    buyer_id: str
    provider_id: str
    buyer_person: str
    payroll_person: str
    provider_code: str
    logins: list[Login] = field(default_factory=list)
    phones: dict[str, tuple[str, str]] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    open_is_begun: bool = False
    began_at: float = 0.0
    seconds: float = 0.0

    def keep(self, folder: Path) -> None:
        """Write it down, for this account's eyes alone: it holds secrets of the demo's cast."""
        draft = folder / "demo.json.new"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(asdict(self), file)
        draft.replace(folder / "demo.json")

    @classmethod
    def read(cls, folder: Path) -> "Setting | None":
        """What was kept, if anything."""
        try:
            kept = json.loads((folder / "demo.json").read_text())
        except FileNotFoundError:
            return None
        logins = [Login(**login) for login in kept.pop("logins")]
        phones = {code: (token, device) for code, (token, device) in kept.pop("phones").items()}
        return cls(**kept, logins=logins, phones=phones)


@dataclass(frozen=True)
class Recorded:
    """The public data: the pairs, what each person said, and what is right.

    reasons    of the pairs that a job gets as known answers
    """

    pairs: dict[str, tuple[str, str]]
    said: dict[str, dict[str, str]]
    gold: dict[str, str]
    reasons: dict[str, str] = field(default_factory=dict)


def recorded() -> Recorded:
    """Read the 800 pairs, the 8,000 judgments and the known answers that come with the product."""
    folder = files("ujima.commands") / "rte"

    def rows(name: str) -> list[dict[str, str]]:
        return list(csv.DictReader((folder / name).read_text("utf-8").splitlines()))

    pairs = {row["task"]: (row["text"], row["hypothesis"]) for row in rows("items.csv")}
    said: dict[str, dict[str, str]] = {}
    for row in rows("labels.csv"):
        said.setdefault(row["worker"], {})[row["task"]] = row["label"]
    return Recorded(pairs, said, {row["task"]: row["label"] for row in rows("gold.csv")})


def open_part(data: Recorded) -> Recorded:
    """The pairs of the open job: those that FIRST_AT_OPEN all judged, ten of them with the known
    answer and its reason."""
    common = [task for task in data.pairs if all(task in data.said[p] for p in FIRST_AT_OPEN)]
    tasks = [task for task in common if task not in REASONS][:OPEN_UNITS] + list(REASONS)
    return Recorded({task: data.pairs[task] for task in tasks}, {}, data.gold, REASONS)


@transaction.atomic
def set_up(data: Recorded, fee_bp: int, now: datetime) -> Setting:
    """Everybody, the money, the launched job with its units reserved, and an open job to try."""
    acme = add_organisation(name="Acme Search", country="US", is_buyer=True, now=now)
    sundarban = add_organisation(
        name="Sundarban Digital",
        country="IN",
        is_provider=True,
        is_operator=True,
        timezone="Asia/Kolkata",
        now=now,
    )
    rival = add_organisation(
        name="Rift Data", country="KE", is_buyer=True, is_provider=True, now=now
    )
    logins: list[Login] = []

    def staff(
        organisation: object, role: str, name: str, email: str, centre_id: UUID | None = None
    ) -> Principal:
        password = "-".join(secrets.token_hex(2) for _ in range(4))
        person = add_person(name=name, email=email, now=now)
        set_password(person=person, password=password)
        add_membership(
            organisation_id=organisation.id,  # type: ignore[attr-defined]
            person=person,
            role=role,
            centre_id=centre_id,
            now=now,
        )
        logins.append(Login(role, email, password, organisation.name))  # type: ignore[attr-defined]
        return principal_in(person.id, organisation.id)  # type: ignore[attr-defined]

    buyer = staff(acme, "requester", "Dana Lee", "dana@acme.example")
    staff(acme, "viewer", "Vic Moe", "vic@acme.example")
    manager = staff(sundarban, "manager", "Ruma Das", "ruma@sundarban.example")
    centre = add_centre(by=manager, name="Metiabruz", kind="delivery", now=now)
    home = add_centre(by=manager, name="Nadia, at home", kind="home", now=now)
    staff(sundarban, "lead", "Lipi Roy", "lipi@sundarban.example", home.id)
    payroll = staff(sundarban, "payroll", "Puja Sen", "puja@sundarban.example")
    staff(sundarban, "auditor", "Arun Pal", "arun@audit.example")
    staff(rival, "requester", "Olu Eze", "olu@rift.example")
    people: dict[str, UUID] = {}
    phones: dict[str, tuple[str, str]] = {}
    for at, code in enumerate(sorted(data.said)):
        person = add_person(name=f"Person {code[1:]}", email=None, now=now)
        member = add_membership(
            organisation_id=sundarban.id,
            person=person,
            role="worker",
            worker_code=code,
            centre_id=home.id if at % 3 == 0 else centre.id,
            now=now,
        )
        _, token = issue_device(membership=member, label="replay", now=now)
        people[code], phones[code] = person.id, (token, str(uuid7()))
    pin = new_pin()
    add_membership(
        organisation_id=sundarban.id,
        person=add_person(name="Asha", email=None, now=now),
        role="worker",
        worker_code="asha",
        pin=pin,
        centre_id=home.id,
        now=now,
    )
    logins.append(Login("worker", "asha", pin, sundarban.name))
    funds.record_deposit(
        by=manager,
        buyer_id=acme.id,
        amount=Money(100_000, "USD"),
        reference="demo deposit",
        now=now,
    )
    project = jobs.make_project(by=buyer, title="Entailment", now=now).id
    provider = sundarban.id
    job = _job(buyer, manager, project, provider, data, fee_bp, now, "Entailment pairs", RECORDED)
    reservations.reserve_units(
        by=manager,
        job_id=job,
        pairs=[(task, people[code]) for code, said in data.said.items() for task in said],
        now=now,
    )
    title = "Does this follow from the text?"
    open_job = _job(buyer, manager, project, provider, open_part(data), fee_bp, now, title, 5)
    return Setting(
        job_id=str(job),
        open_job_id=str(open_job),
        buyer_id=str(acme.id),
        provider_id=str(provider),
        buyer_person=str(buyer.person_id),
        payroll_person=str(payroll.person_id),
        provider_code=sundarban.name,
        logins=logins,
        phones=phones,
        people={code: str(person) for code, person in people.items()},
    )


def _job(
    buyer: Principal,
    manager: Principal,
    project: UUID,
    provider: UUID,
    data: Recorded,
    fee_bp: int,
    now: datetime,
    title: str,
    most: int,
) -> UUID:
    draft = Draft(
        title=title,
        instructions=INSTRUCTIONS,
        config=CONFIG,
        currency="USD",
        rate_minor=2,
        judgments_min=min(3, most),
        judgments_max=most,
        confidence_target=TARGET,
        gold_share_bp=2000 if data.reasons else 0,
        page_size=10,
        seconds_expected=20,
    )
    job = jobs.draft_job(by=buyer, project_id=project, draft=draft, fee_bp=fee_bp, now=now)

    def line(task: str) -> str:
        text, statement = data.pairs[task]
        unit = {"key": task, "text": text, "statement": statement}
        if task in data.reasons:
            unit |= {"known": data.gold[task], "why": data.reasons[task]}
        return json.dumps(unit)

    intake.bring_in(
        by=buyer,
        job_id=job.id,
        file=BytesIO("\n".join(map(line, data.pairs)).encode()),
        name="rte.jsonl",
        format="jsonl",
        mapping=Mapping(
            columns={"text": "text", "statement": "statement"},
            key="key",
            gold={"follows": "known"} if data.reasons else {},
            gold_reason="why" if data.reasons else "",
        ),
        now=now,
    )
    channel = channels.offer(by=buyer, job_id=job.id, provider_id=provider, centre_id=None, now=now)
    launch.launch(by=buyer, job_id=job.id, now=now)
    channels.answer(by=manager, channel_id=channel.id, accepts=True, now=now)
    return job.id
