"""The API's gate, over every operation there is: tokens, scopes, keys, another's organisation."""

from typing import Any
from uuid import UUID, uuid4

import orjson
import pytest
from tests.api.programs import Operation, Program, for_whom, issued, operations, programs, told
from tests.cast import NOW, Cast, assemble

from ujima.people.models import ApiToken
from ujima.people.standing import POWERS, SCOPES

pytestmark = pytest.mark.django_db
EVERY = operations()
NO_IDS = {
    name: UUID(int=7)
    for name in (
        "project_id",
        "job_id",
        "channel_id",
        "import_id",
        "lot_id",
        "offer_id",
        "membership_id",
        "invitation_id",
    )
} | {"unit_id": 7, "what": "results", "form": "csv"}


def every(of: list[Operation] = EVERY) -> Any:
    return pytest.mark.parametrize("operation", of, ids=str)


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=2)


def is_problem(response: Any, status: int, code: str) -> None:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    found = told(response)
    assert found["code"] == code
    assert found["status"] == status
    assert found["detail"]


def test_operations_are_found() -> None:
    assert len(EVERY) >= 30
    assert {o.method for o in EVERY} == {"GET", "POST", "PATCH"}


@every()
@pytest.mark.parametrize("token", ["", "uj_nonsense", "dev_nonsense", "uj_" + "x" * 5000])
def test_without_a_good_token_nothing_is_told(operation: Operation, token: str) -> None:
    response = Program(token).send(operation.method, operation.at(**NO_IDS), {})

    assert response.status_code == 401
    assert told(response)["retry"] is False
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert response.headers["Content-Type"] == "application/problem+json"


@every([o for o in EVERY if o.powers])
def test_a_token_that_lacks_the_power_is_told_so(operation: Operation, cast: Cast) -> None:
    lacking = [
        scope
        for scope, powers in SCOPES.items()
        if not operation.powers <= powers
        and any(powers <= maker.powers for maker in (cast.buyer, cast.manager))
    ]
    for scope in lacking:
        maker = cast.buyer if SCOPES[scope] <= cast.buyer.powers else cast.manager
        program = Program(issued(maker, [scope]))
        response = program.send(operation.method, operation.at(**NO_IDS), {})
        is_problem(response, 403, "forbidden")


def test_every_power_of_the_api_is_in_some_scope() -> None:
    in_scopes = frozenset().union(*SCOPES.values())
    assert frozenset().union(*(o.powers for o in EVERY)) <= in_scopes
    assert in_scopes <= frozenset().union(*POWERS.values())


@every([o for o in EVERY if o.method == "POST"])
@pytest.mark.parametrize(
    ("key", "code"),
    [
        (None, "idempotency_key_missing"),
        ("ü", "idempotency_key_bad"),
        ("k" * 121, "idempotency_key_bad"),
    ],
)
def test_every_post_needs_a_key(
    operation: Operation, key: str | None, code: str, cast: Cast
) -> None:
    program = for_whom(operation, cast.buyer, cast.manager, cast.payroll)
    body = GOOD.get(operation.path, {})

    response = program.send("POST", operation.at(**NO_IDS), body, key=key)

    is_problem(response, 400, code)


#: bodies that pass as far as the key is asked for
GOOD: dict[str, Any] = {
    "/projects": {"title": "t"},
    "/jobs": {"title": "t", "project": str(UUID(int=7))},
    "/labelling/check": {"config": "<View/>"},
    "/jobs/{job_id}/channels": {"provider": str(UUID(int=7))},
    "/jobs/{job_id}/units/{unit_id}/adjudication": {"answer": {"a": ["b"]}},
    "/jobs/{job_id}/units/{unit_id}/adjudication/undo": {"seen": 1},
    "/jobs/{job_id}/lots/{lot_id}/checks": {"place": 1},
    "/offers/{offer_id}/reservations": {"pairs": [["a", "b"]]},
    "/offers/{offer_id}/reservations/release": {"pairs": [["a", "b"]]},
    "/invitations": {"role": "worker", "worker_code": "w9"},
    "/centres": {"name": "c", "kind": "home"},
}


def test_a_withdrawn_or_expired_token_is_no_token(cast: Cast) -> None:
    buyer, provider = programs(cast)
    assert buyer.get("/me").status_code == 200
    ApiToken.objects.filter(organisation_id=cast.buyer.org_id).update(revoked_at=NOW)

    assert buyer.get("/me").status_code == 401

    ApiToken.objects.update(expires_at=NOW)
    assert provider.get("/me").status_code == 401


def test_the_same_key_does_a_thing_once_and_answers_the_same(cast: Cast) -> None:
    buyer, _ = programs(cast)

    first = buyer.post("/projects", {"title": "One"}, key="a")
    again = buyer.post("/projects", {"title": "One"}, key="a")
    other = buyer.post("/projects", {"title": "Two"}, key="a")
    elsewhere = buyer.post("/jobs", {"title": "x", "project": told(first)["id"]}, key="a")

    assert first.status_code == again.status_code == 201
    assert told(first) == told(again)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    is_problem(other, 409, "same_key_other_content")
    is_problem(elsewhere, 409, "same_key_other_content")
    assert len(buyer.read("/projects")["items"]) == 1
    mine = Program(issued(cast.other)).post("/projects", {"title": "Mine"}, key="a")
    assert mine.status_code == 201, "another's keys are her own"


def test_a_refused_request_may_be_sent_again_with_its_key(cast: Cast) -> None:
    buyer, _ = programs(cast)
    body = {"title": "x", "project": str(uuid4())}

    assert buyer.post("/jobs", body, key="b").status_code == 404
    assert buyer.post("/jobs", body, key="b").status_code == 404
    project = buyer.made("/projects", {"title": "P"})["id"]
    assert buyer.post("/jobs", body | {"project": project}, key="b").status_code == 201


def test_too_many_requests_are_told_when_to_come_again(cast: Cast, settings: Any) -> None:
    settings.API_REQUESTS_A_MINUTE = 3
    buyer, provider = programs(cast)

    answers = [buyer.get("/me") for _ in range(4)]

    assert [a.status_code for a in answers] == [200, 200, 200, 429]
    assert [a.headers["RateLimit-Remaining"] for a in answers] == ["2", "1", "0", "0"]
    assert int(answers[3].headers["Retry-After"]) in range(1, 21)
    is_problem(answers[3], 429, "too_many_requests")
    assert told(answers[3])["retry"] is True
    assert provider.get("/me").status_code == 200, "each has a bucket of its own"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("DELETE", "/jobs", 405),
        ("PUT", "/projects", 405),
        ("GET", "/jobs/7", 404),
    ],
)
def test_wrong_addresses_and_methods_are_refused_as_problems(
    method: str, path: str, status: int, cast: Cast
) -> None:
    buyer, _ = programs(cast)

    response = buyer.send(method, path)

    assert response.status_code == status
    assert response.headers["Content-Type"] == "application/problem+json"
    assert told(response)["code"]
    if status == 405:
        assert "GET" in response.headers["Allow"]


def test_answers_are_kept_by_no_cache(cast: Cast) -> None:
    buyer, _ = programs(cast)
    assert buyer.get("/me").headers["Cache-Control"] == "no-store"
    assert orjson.loads(buyer.get("/me").content)["organisation_name"] == "Acme Search"
