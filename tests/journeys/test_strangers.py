"""A second organisation at every address there is: it sees nothing of the first, changes nothing,
and what is the first's is answered to it as what does not exist.

The addresses are taken from the site's own list and the API's document. An address that is new is
tried like all others if it asks for a part that IDS knows; if not, or if it has no such part, the
first test fails until somebody says here what it is.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus
from uuid import UUID, uuid4

import orjson
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone
from tests.api.programs import issued, operations
from tests.cast import NOW, PAIR, Cast, assemble, launched_job, says, send, take
from tests.journeys.pages import staff
from tests.state import everything

from ujima.flows import review, settle
from ujima.people.actions.inviting import invite
from ujima.people.actions.organisations import add_membership, add_person
from ujima.people.actions.tokens import issue_device, issue_token, revoke_device
from ujima.people.models import Membership, Person
from ujima.people.queries import principal_in
from ujima.people.standing import POWERS, Principal
from ujima.quality.acceptance import Terms
from ujima.quality.models import Case
from ujima.work.actions import channels, jobs
from ujima.work.models import Import, Job, Unit
from ujima.work.terms import Draft

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
API, PHONE = "/api/v1/", "/api/v1/phone/"
PART = re.compile(r"<(?:\w+:)?(\w+)>")

#: addresses that name nothing of anybody's: each shows what is public, or what is one's own
OWN = {
    "/", "/healthz", "/readyz", "/how-we-treat-workers", "/components",
    "/sign-in", "/sign-out", "/choose", "/language", "/account",
    "/work", "/earnings", "/earnings.csv", "/me", "/me/pin",
    "/jobs", "/jobs/new", "/jobs/instructions", "/tokens", "/funds", "/team",
    "/people", "/people/invite", "/people/invitations", "/people/centres", "/people/centres/new",
    "/offers", "/cases", "/payroll", "/payroll.csv", "/operator/funds", "/audit",
    "/api/v1/", "/api/v1/openapi.json", "/api/v1/me", "/api/v1/projects", "/api/v1/jobs",
    "/api/v1/labelling/check", "/api/v1/providers", "/api/v1/funds",
    "/api/v1/offers", "/api/v1/at-work", "/api/v1/people", "/api/v1/centres",
    "/api/v1/invitations", "/api/v1/payroll",
    "/api/v1/phone/offers", "/api/v1/phone/pages", "/api/v1/phone/held", "/api/v1/phone/judgments",
}  # fmt: skip

#: parts of an address that name a thing of the first organisation, and those that only choose
IDS = {
    "project_id", "job_id", "import_id", "unit_id", "mark", "channel_id", "offer_id", "page_id",
    "lot_id", "case_id", "token_id", "device_id", "membership_id", "invitation_id", "buyer_id",
    "token",
}  # fmt: skip
CHOICES = {"what": "results", "kind": "csv", "form": "csv", "number": "1"}


@dataclass(frozen=True)
class Address:
    """One address of the site, and the gate that its view is marked with."""

    route: str
    gate: str

    @property
    def parts(self) -> set[str]:
        return set(PART.findall(self.route))

    @property
    def names_a_thing(self) -> bool:
        return bool(self.parts & IDS)

    def at(self, ids: dict[str, Any]) -> str:
        chosen = CHOICES | ({"kind": "deposit"} if "operator" in self.route else {}) | ids
        return PART.sub(lambda part: str(chosen[part[1]]), self.route)


def every_address() -> list[Address]:
    """Every address that the site resolves."""
    return list(_walk(get_resolver().url_patterns, "/"))


def _walk(patterns: list[Any], before: str) -> Iterator[Address]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield Address(route, getattr(pattern.callback, "gate", ""))


EVERY = every_address()


def test_every_address_is_known_here() -> None:
    unnamed = {address.route for address in EVERY if not address.parts}
    assert unnamed == OWN, "say in OWN that it shows only what is public or one's own"
    for address in EVERY:
        unknown = address.parts - IDS - CHOICES.keys()
        assert not unknown, f"{address.route}: say in IDS what stands for {unknown}"


def test_the_strangers_may_do_all_that_anybody_may() -> None:
    every = frozenset[str]().union(*POWERS.values())
    mine = (POWERS[role] for role in ("worker", *STAFF))
    assert frozenset[str]().union(*mine) == every


def test_every_page_and_phone_address_has_a_gate_and_every_other_is_an_operation() -> None:
    document = {re.sub(r"{(\w+)}", r"<\1>", o.path) for o in operations()}
    document |= {"/", "/openapi.json"}  # the document itself, and the answer to no address
    for address in EVERY:
        if address.route.startswith(API) and not address.route.startswith(PHONE):
            bare = PART.sub(r"<\1>", address.route.removeprefix(API[:-1]))
            assert bare in document, f"{address.route} is in no document"
        else:
            wanted = {"phone"} if address.route.startswith(PHONE) else {"public", "staff", "worker"}
            assert address.gate in wanted or address.route in ("/healthz", "/readyz"), address


# the first organisation's things


SECRETS = [
    "Rivers of Bengal", "SECRET", "Text 0", "Statement 0", "Person w0", "w001", "Mira Nandi",
    "Acme", "Dana Lee", "Ruma Das", "a program of theirs", "her phone",
]  # fmt: skip


@dataclass
class Theirs:
    """What the first buyer and the first provider have."""

    ids: dict[str, Any]
    envelope: dict[str, Any]
    device_token: str
    revoked_token: str
    secrets: list[str] = field(default_factory=lambda: list(SECRETS))


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble(workers=2)


@pytest.fixture
def theirs(cast: Cast) -> Theirs:
    job = launched_job(
        cast, units=4, golds=1, title="Rivers of Bengal", instructions="SECRET",
        judgments_min=1, judgments_max=1,
    )  # fmt: skip
    worker = cast.workers["w001"]
    page = take(worker, job, 3, now=timezone.now())
    send(worker, page, [says(1, 1), says(2, 2)], now=timezone.now())
    settle.settle(job_id=job.id, now=timezone.now())
    device, device_token = issue_device(
        membership=cast.memberships["w001"], label="her phone", now=NOW
    )
    old, revoked_token = issue_device(membership=cast.memberships["w001"], label="old", now=NOW)
    revoke_device(membership=cast.memberships["w001"], device_id=old.id, now=NOW)
    invitation, _ = invite(
        by=cast.manager, role="worker", worker_code="wnew", name="Mira Nandi", now=NOW
    )
    token, _ = issue_token(by=cast.buyer, name="a program of theirs", scopes=["jobs:read"], now=NOW)
    lot = review.ask_for_acceptance(
        by=cast.buyer, job_id=job.id, terms=Terms(0.95, 0.5), seed=1, now=NOW
    )
    settle.settle(job_id=job.id, now=timezone.now())
    ids = {
        "project_id": job.project_id,
        "job_id": job.id,
        "import_id": Import.objects.get(job=job).id,
        "unit_id": Unit.objects.filter(job_id=job.id).order_by("id")[0].id,
        "mark": waiting_file(cast, job),
        "channel_id": job.channels.get().id,
        "offer_id": job.channels.get().id,
        "page_id": page.id,
        "lot_id": lot.id,
        "token_id": token.id,
        "device_id": device.id,
        "membership_id": cast.memberships["w001"].id,
        "invitation_id": invitation.id,
        "buyer_id": cast.buyer.org_id,
        "case_id": case_about(cast, job),
        "token": "a-letter-that-nobody-wrote",
    }
    answers = [[3, 9, {"follows": ["yes"]}, 4000, 0]]
    sheet = {"job": job.id, "page": page.id, "answers": answers, "back": [[3, "why"]]}
    envelope = {"device": uuid4(), "pages": [sheet], "job": job.id}
    secrets = [str(one) for name, one in ids.items() if isinstance(one, UUID) or name == "mark"]
    return Theirs(ids, envelope, device_token, revoked_token, SECRETS + secrets)


def case_about(cast: Cast, job: Job) -> UUID:
    """A case about the first provider's worker."""
    return Case.objects.create(
        org_id=job.org_id, job_id=job.id, person_id=cast.workers["w001"].person_id,
        provider_id=cast.provider.id, opened_at=NOW, line=0.6, low=0.1, mid=0.2, high=0.4,
        gold_seen=12, gold_right=2,
    ).id  # fmt: skip


def waiting_file(cast: Cast, job: Job) -> str:
    """The mark of a file that the buyer has sent, but not matched yet."""
    file = io.BytesIO(b"key,text,statement\nk90,Text 0,Statement 0\n")
    file.name = "units.csv"
    sent = staff("dana@acme.example").post(f"/jobs/{job.id}/units", {"file": file})
    return str(re.search("[0-9a-f]{64}", sent["Location"])[0])


# strangers


def staff_of_the_second(cast: Cast, role: str) -> Principal:
    person = add_person(name=f"Their {role}", email=f"{role}@other.example", now=NOW)
    add_membership(organisation_id=cast.other.org_id, person=person, role=role, now=NOW)
    return principal_in(person.id, cast.other.org_id)


#: who may do all that anybody may, between them
STAFF = ("requester", "manager", "payroll", "auditor")
STRANGERS = (*STAFF, "worker", "anonymous")


def person_of(cast: Cast, who: str) -> UUID | None:
    """A stranger; None for nobody in particular."""
    if who == "anonymous":
        return None
    if who == "worker":
        return cast.other_worker.person_id
    return staff_of_the_second(cast, who).person_id


def browser(person_id: UUID | None) -> Client:
    """A browser, signed in as a person."""
    client = Client(raise_request_exception=False)
    if person_id:
        client.force_login(Person.objects.get(id=person_id))
    return client


def nothing(ids: dict[str, Any]) -> dict[str, Any]:
    """Ids of the same shape that nobody has."""
    other = {name: uuid4() for name, one in ids.items() if isinstance(one, UUID)}
    return ids | other | {"unit_id": 2**40, "mark": "0" * 64}


#: what would do harm if it were let in
HARM = {
    "reason": "x", "sure": "1", "agrees": "yes", "then": "launch", "title": "Theirs now",
    "config": PAIR, "pairs": "k0,x01", "pin": "835274", "again": "835274", "amount": "1",
    "currency": "USD", "reference": "x", "column.text": "text", "column.statement": "statement",
    "key": "key", "do": "decide", "decision": "continue", "words": "x", "aside": "on",
}  # fmt: skip


def text_of(response: Any, *addresses: str) -> str:
    """What came back, without what was asked for and without masks that change each time."""
    content = b"".join(response) if response.streaming else response.content
    told = content.decode() + str(response.headers.get("Location", ""))
    for address in addresses:
        told = told.replace(address, "").replace(quote_plus(address), "")
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", told)


@pytest.mark.parametrize("who", STRANGERS)
def test_no_page_tells_a_stranger_anything_or_takes_anything(
    who: str, cast: Cast, theirs: Theirs
) -> None:
    client = browser(person_of(cast, who))
    before, files = everything(), kept_files(cast)
    methods = METHODS if who == "requester" else ("GET", "POST")
    for address in sorted(EVERY, key=lambda one: one.route == "/sign-out"):
        if address.route.startswith("/api/"):
            continue
        here, nowhere = address.at(theirs.ids), address.at(nothing(theirs.ids))
        for method in methods:
            body = HARM if address.names_a_thing else {}
            response = ask(client, method, here, body)
            said = text_of(response, here)
            assert response.status_code < 500, (who, method, here)
            for secret in theirs.secrets:
                assert secret not in said, (who, method, here, secret)
            if address.names_a_thing:
                # to sign in; or back to her work, where a note says that there is none of this
                away = response.get("Location", "").startswith(("/sign-in?", "/work"))
                assert away or response.status_code in (403, 404, 405), (who, method, here)
                as_none = ask(client, method, nowhere, body)
                assert as_none.status_code == response.status_code, (who, method, here)
                assert text_of(as_none, nowhere) == said, (who, method, here)
    assert changed(before) == set()
    assert kept_files(cast) == files


def ask(client: Client, method: str, address: str, body: dict[str, str]) -> Any:
    if method == "POST":
        return client.post(address, body)
    return client.generic(method, address)


def changed(before: dict[str, Any]) -> set[str]:
    """The tables that are not as they were."""
    after = everything()
    return {name for name in after if after[name] != before[name]}


def kept_files(cast: Cast) -> list[str]:
    return sorted(default_storage.listdir(str(cast.buyer.org_id))[1])


def own_job(cast: Cast) -> Job:
    """A draft of the second organisation's own."""
    project = jobs.make_project(by=cast.other, title="Ours", now=NOW)
    draft = Draft(title="Ours", config=PAIR, rate_minor=5)
    return jobs.draft_job(by=cast.other, project_id=project.id, draft=draft, fee_bp=0, now=NOW)


INNER = [a for a in EVERY if {"job_id"} < a.parts & IDS and not a.route.startswith(PHONE)]


def test_what_is_theirs_is_not_found_under_a_job_of_ones_own(cast: Cast, theirs: Theirs) -> None:
    client, token = browser(cast.other.person_id), issued(cast.other)
    ids = theirs.ids | {"job_id": own_job(cast).id}
    before = everything()
    assert len(INNER) >= 6
    for address in INNER:
        here = address.at(ids)
        for method in METHODS:
            response = (
                program(client, method, here, token, GOOD.get(_bare(address), {}))
                if here.startswith(API)
                else ask(client, method, here, HARM)
            )
            assert response.status_code in (404, 405), (method, here, response.status_code)
    assert changed(before) == set()


# programs and phones


def tokens_of_strangers(cast: Cast, theirs: Theirs) -> dict[str, str]:
    """Of the second organisation, with all that each may do; and keys that are none here."""
    of_second = {role: issued(staff_of_the_second(cast, role)) for role in ("requester", "manager")}
    return of_second | {
        "nobody": "",
        "a phone's": theirs.device_token,
        "nonsense": "uj_nonsense",
    }


GOOD: dict[str, Any] = {
    "/api/v1/labelling/check": {"config": PAIR},
    "/api/v1/jobs/<uuid:job_id>/channels": {"provider": str(uuid4())},
    "/api/v1/jobs/<uuid:job_id>/units/<int:unit_id>/adjudication": {"answer": {"follows": ["no"]}},
    "/api/v1/jobs/<uuid:job_id>/units/<int:unit_id>/adjudication/undo": {"seen": 1},
    "/api/v1/jobs/<uuid:job_id>/lots/<uuid:lot_id>/checks": {"place": 1},
    "/api/v1/offers/<uuid:offer_id>/reservations": {"pairs": [["k0", "x01"]]},
    "/api/v1/jobs/<uuid:job_id>/units/<int:unit_id>/gold": {"answer": None, "reason": "x"},
    "/api/v1/offers/<uuid:offer_id>/reservations/release": {"pairs": [["k0", "x01"]]},
}


def test_no_operation_tells_a_second_organisation_anything_or_takes_anything(
    cast: Cast, theirs: Theirs, settings: Any
) -> None:
    settings.API_REQUESTS_A_MINUTE, settings.BAD_TOKENS_A_MINUTE = 0, 10**9
    tokens = tokens_of_strangers(cast, theirs)
    before, client = everything(), Client(raise_request_exception=False)
    found = [a for a in EVERY if a.route.startswith(API) and not a.route.startswith(PHONE)]
    assert len(found) >= 30
    for who, token in tokens.items():
        for address in found:
            here, nowhere = address.at(theirs.ids), address.at(nothing(theirs.ids))
            for method in METHODS:
                response = program(client, method, here, token, GOOD.get(_bare(address), {}))
                said = text_of(response)
                assert response.status_code < 500, (who, method, here)
                for secret in theirs.secrets:
                    assert secret not in said, (who, method, here, secret)
                if address.names_a_thing:
                    allowed = {404, 405, 403} if who in STAFF else {401, 405}
                    assert response.status_code in allowed, (who, method, here, said)
                    none = program(client, method, nowhere, token, GOOD.get(_bare(address), {}))
                    assert (none.status_code, text_of(none)) == (response.status_code, said)
    assert changed(before) == set()


def _bare(address: Address) -> str:
    return address.route.replace("<uuidstr:", "<uuid:")


def program(client: Client, method: str, address: str, token: str, body: Any) -> Any:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if method == "POST":
        headers["Idempotency-Key"] = str(uuid4())
    kind = "application/json"
    return client.generic(method, address, orjson.dumps(body), content_type=kind, headers=headers)


def test_every_thing_of_a_second_organisation_is_refused_in_a_body_too(
    cast: Cast, theirs: Theirs
) -> None:
    client, buyer, provider = Client(), issued(cast.other), issued(cast.other_manager)
    own = own_job(cast)
    manager, requester = browser(cast.other_manager.person_id), browser(cast.other.person_id)
    before = everything()
    tries = [
        (buyer, "jobs", {"title": "x", "project": str(theirs.ids["project_id"])}),
        (
            buyer,
            f"jobs/{own.id}/channels",
            {"provider": str(cast.other.org_id), "centre": str(cast.centre_id)},
        ),
        (buyer, f"jobs/{own.id}/channels", {"provider": str(cast.buyer.org_id)}),
        (
            provider,
            "invitations",
            {"role": "worker", "worker_code": "x9", "centre": str(cast.centre_id)},
        ),
    ]
    for token, path, body in tries:
        response = program(client, "POST", API + path, token, body)
        assert response.status_code in (404, 422), (path, body, response.content)

    worker = {"role": "worker", "worker_code": "x9", "name": "N", "centre": str(cast.centre_id)}
    assert manager.post("/people/invite", worker).status_code == 422
    to = {"channels": [f"{cast.other.org_id}:{cast.centre_id}"], "then": "stay"}
    assert requester.post(f"/jobs/{own.id}/launch", to).status_code == 422
    assert changed(before) == set()


PHONES = [a for a in EVERY if a.route.startswith(PHONE)]


@pytest.mark.parametrize("key", ["another provider's", "revoked", "a program's", "none"])
def test_no_phone_but_her_own_reaches_her_work(key: str, cast: Cast, theirs: Theirs) -> None:
    token = {
        "another provider's": issue_device(
            membership=Membership.objects.get(id=cast.other_worker.membership_id),
            label="", now=NOW,
        )[1],
        "revoked": theirs.revoked_token,
        "a program's": issued(cast.manager),
        "none": "",
    }[key]  # fmt: skip
    before, client = everything(), Client(raise_request_exception=False)
    for address in PHONES:
        here = address.at(theirs.ids)
        for method in METHODS:
            response = program(client, method, here, token, theirs.envelope)
            if response.status_code == 405:
                continue
            said = text_of(response)
            if key != "another provider's":
                assert response.status_code == 401, (method, here)
            for secret in theirs.secrets:
                # a verdict names the page that it is about
                told = said.replace(str(theirs.ids["page_id"]), "")
                assert secret not in told, (method, here, secret)
            if address.route.endswith("judgments") and response.status_code == 200:
                [page] = orjson.loads(said)["pages"]
                codes = {one["code"] for one in page["answers"] + page["back"]}
                assert codes == {"not_offered"}
            elif address.route.endswith(("pages", "<int:number>")):
                assert response.status_code in (401, 403), (method, here, said)
    assert changed(before) == set()


def test_a_phone_that_is_hers_does_reach_it(cast: Cast, theirs: Theirs) -> None:
    """Or the test above would pass for a wrong envelope."""
    client = Client()

    kept = program(client, "POST", f"{PHONE}judgments", theirs.device_token, theirs.envelope)

    assert orjson.loads(kept.content)["pages"][0]["answers"] == [{"key": 9, "status": "kept"}]


def test_an_offer_that_was_taken_back_opens_nothing_more(cast: Cast, theirs: Theirs) -> None:
    job_id, channel_id = theirs.ids["job_id"], theirs.ids["channel_id"]
    channels.withdraw(by=cast.buyer, job_id=job_id, channel_id=channel_id, now=NOW)
    manager, token = staff("ruma@sundarban.example"), issued(cast.manager)

    assert "Rivers of Bengal" not in manager.get("/offers").content.decode()
    for way in ("", "/accept", "/decline", "/units"):
        assert manager.get(f"/offers/{channel_id}{way}").status_code in (404, 405), way
        assert manager.post(f"/offers/{channel_id}{way}", HARM).status_code in (404, 405), way
    assert program(Client(), "GET", f"{API}offers/{channel_id}", token, {}).status_code == 404
    answered = program(Client(), "POST", f"{API}offers/{channel_id}/accept", token, {})
    assert answered.status_code == 404
