"""The named people and organisations that tests share: a buyer, a provider with a centre and a
home-based group, and a second pair that must see nothing of the first."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID, uuid4

from ujima.base.money import Money
from ujima.flows import intake, judgment, launch
from ujima.pay.actions import funds
from ujima.people.actions.organisations import (
    add_centre,
    add_membership,
    add_organisation,
    add_person,
    set_password,
)
from ujima.people.models import Membership, Organisation
from ujima.people.queries import principal_in, worker_of
from ujima.people.standing import Principal, Worker
from ujima.work.actions import channels, jobs
from ujima.work.envelopes import Given, PageOut
from ujima.work.intake.mapping import Mapping
from ujima.work.models import Job
from ujima.work.terms import Draft

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "a quiet river at dawn"
PIN = "280617"
PAIR = """<View>
  <Text name="text" value="$text"/>
  <Header value="Does the statement follow from the text?"/>
  <Text name="statement" value="$statement"/>
  <Choices name="follows" toName="text" choice="single" required="true">
    <Choice value="yes"/><Choice value="no"/>
  </Choices>
</View>"""


@dataclass
class Cast:
    """Who takes part. `workers` are the provider's, by worker code."""

    buyer: Principal
    viewer: Principal
    manager: Principal
    lead: Principal
    payroll: Principal
    auditor: Principal
    other: Principal
    other_manager: Principal
    other_payroll: Principal
    other_worker: Worker
    provider: Organisation
    centre_id: UUID
    home_id: UUID
    workers: dict[str, Worker] = field(default_factory=dict)
    memberships: dict[str, Membership] = field(default_factory=dict)


def _staff(organisation: Organisation, role: str, name: str, email: str) -> Principal:
    person = add_person(name=name, email=email, now=NOW)
    set_password(person=person, password=PASSWORD)
    add_membership(organisation_id=organisation.id, person=person, role=role, now=NOW)
    return principal_in(person.id, organisation.id)


def add_worker(cast: Cast, code: str, name: str = "", centre_id: UUID | None = None) -> Worker:
    """One more worker of the provider, who can sign in with PIN."""
    membership = add_membership(
        organisation_id=cast.provider.id,
        person=add_person(name=name or f"Person {code}", email=None, now=NOW),
        role="worker",
        worker_code=code,
        pin=PIN,
        centre_id=centre_id,
        now=NOW,
    )
    cast.memberships[code] = membership
    cast.workers[code] = worker_of(membership)
    return cast.workers[code]


def assemble(workers: int = 4) -> Cast:
    """Everybody, with money in the buyer's funds: 1,000.00 USD."""
    acme = add_organisation(name="Acme Search", country="US", is_buyer=True, now=NOW)
    provider = add_organisation(
        name="Sundarban Digital",
        country="IN",
        is_provider=True,
        is_operator=True,
        timezone="Asia/Kolkata",
        now=NOW,
    )
    rival = add_organisation(
        name="Other Co", country="KE", is_buyer=True, is_provider=True, now=NOW
    )
    manager = _staff(provider, "manager", "Ruma Das", "ruma@sundarban.example")
    centre = add_centre(by=manager, name="Metiabruz", kind="delivery", now=NOW)
    home = add_centre(by=manager, name="Nadia at home", kind="home", now=NOW)
    rival_worker = add_membership(
        organisation_id=rival.id,
        person=add_person(name="Wanjiru", email=None, now=NOW),
        role="worker",
        worker_code="x01",
        pin=PIN,
        now=NOW,
    )
    cast = Cast(
        buyer=_staff(acme, "requester", "Dana Lee", "dana@acme.example"),
        viewer=_staff(acme, "viewer", "Vic Moe", "vic@acme.example"),
        manager=manager,
        lead=_staff(provider, "lead", "Lipi Roy", "lipi@sundarban.example"),
        payroll=_staff(provider, "payroll", "Puja Sen", "puja@sundarban.example"),
        auditor=_staff(provider, "auditor", "Arun Pal", "arun@audit.example"),
        other=_staff(rival, "requester", "Olu Eze", "olu@other.example"),
        other_manager=_staff(rival, "manager", "Oma Eze", "oma@other.example"),
        other_payroll=_staff(rival, "payroll", "Ida Eze", "ida@other.example"),
        other_worker=worker_of(rival_worker),
        provider=provider,
        centre_id=centre.id,
        home_id=home.id,
    )
    for number in range(1, workers + 1):
        add_worker(cast, f"w{number:03}", centre_id=centre.id if number % 2 else home.id)
    funds.record_deposit(
        by=cast.manager,
        buyer_id=cast.buyer.org_id,
        amount=Money(100_000, "USD"),
        reference="first",
        now=NOW,
    )
    return cast


def draft_job(cast: Cast, *, units: int = 6, golds: int = 0, **terms: object) -> Job:
    """A draft with units k0, k1, …; the first `golds` of them are gold, their answer "yes"."""
    chosen = {
        "title": "Does it follow?",
        "config": PAIR,
        "rate_minor": 5,
        "judgments_min": 2,
        "judgments_max": 3,
        "gold_share_bp": 2000,
    } | terms
    project = jobs.make_project(by=cast.buyer, title="Entailment", now=NOW)
    job = jobs.draft_job(
        by=cast.buyer, project_id=project.id, draft=Draft(**chosen), fee_bp=200, now=NOW
    )
    lines = ["key,text,statement,gold"] + [
        f"k{n},Text {n},Statement {n},{'yes' if n < golds else ''}" for n in range(units)
    ]
    intake.bring_in(
        by=cast.buyer,
        job_id=job.id,
        file=BytesIO("\n".join(lines).encode()),
        name="units.csv",
        format="csv",
        mapping=Mapping(
            columns={"text": "text", "statement": "statement"},
            key="key",
            gold={"follows": "gold"} if golds else {},
        ),
        now=NOW,
    )
    return job


def launched_job(cast: Cast, **how: object) -> Job:
    """A running job that the provider has accepted."""
    job = draft_job(cast, **how)
    channel = channels.offer(
        by=cast.buyer, job_id=job.id, provider_id=cast.provider.id, centre_id=None, now=NOW
    )
    launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
    channels.answer(by=cast.manager, channel_id=channel.id, accepts=True, now=NOW)
    job.refresh_from_db()
    return job


DEVICE = uuid4()


def says(
    number: int,
    key: int,
    choice: str = "yes",
    *,
    milliseconds: int = 4000,
    answered_at: datetime = NOW,
) -> Given:
    """One answer to the job of `draft_job`, as a phone sends it."""
    return Given(number, key, {"follows": [choice]}, milliseconds, answered_at)


def send(
    worker: Worker,
    page: PageOut,
    answers: Sequence[Given],
    *,
    device: UUID = DEVICE,
    now: datetime = NOW,
) -> list[str]:
    """Send answers to a page; returns "kept", "already_kept" or the refusal's code for each, in
    the order in which they were given."""
    verdicts = judgment.submit(
        worker=worker,
        org_id=page.org_id,
        job_id=page.job_id,
        page_id=page.id,
        device_id=device,
        answers=answers,
        now=now,
    )
    wires = [verdict.on_the_wire() for verdict in verdicts]
    return [
        wire.get("code", wire["status"])
        for given, wire in zip(answers, wires, strict=True)
        if wire["key"] == given.key
    ]


def take(worker: Worker, job: Job, wanted: int | None = None, now: datetime = NOW) -> PageOut:
    """A page of units for a worker."""
    return judgment.take(worker=worker, job_id=job.id, wanted=wanted, now=now)


def work_off(
    worker: Worker, job: Job, choice: str = "yes", *, first_key: int = 0, now: datetime = NOW
) -> int:
    """Take pages and answer all of their units until there is nothing for her; how many."""
    done = 0
    while (page := take(worker, job, now=now)).units:
        answers = [
            says(number, first_key + done + at, choice) for at, (number, _) in enumerate(page.units)
        ]
        assert set(send(worker, page, answers, device=worker.person_id, now=now)) == {"kept"}
        done += len(answers)
    return done
