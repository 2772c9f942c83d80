"""Whatever a program sends, it is answered as a problem: never by a fault of ours."""

from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.api.programs import Operation, for_whom, operations
from tests.cast import Cast, assemble, launched_job

pytestmark = pytest.mark.django_db
EVERY = operations()
NASTY = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(allow_nan=False),
    st.sampled_from(["", "\x00", "a\x00b", "\ud7ff", "x" * 400, "1e999", "../..", "%00", "null"]),
    st.text(max_size=8),
)
BODIES = st.one_of(
    NASTY,
    st.lists(NASTY, max_size=3),
    st.dictionaries(
        st.sampled_from(
            ["title", "project", "config", "rate_minor", "judgments_min", "confidence_target",
             "deadline", "provider", "centre", "reason", "pairs", "role", "worker_code", "email",
             "page_size", "currency", "instructions"]
        ),
        st.one_of(NASTY, st.lists(st.lists(NASTY, max_size=3), max_size=2)),
        max_size=6,
    ),
)  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    return assemble(workers=1)


def _sure(response: Any) -> None:
    assert response.status_code != 500, response.content
    if response.status_code >= 400:
        assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("operation", [o for o in EVERY if o.method != "GET"], ids=str)
def test_no_body_is_answered_by_a_fault(operation: Operation, cast: Cast) -> None:
    job = launched_job(cast)
    program = for_whom(operation, cast.buyer, cast.manager, cast.payroll)
    ids = {
        "job_id": job.id,
        "project_id": job.project_id,
        "channel_id": job.channels.get().id,
        "offer_id": job.channels.get().id,
        "import_id": UUID(int=7),
        "lot_id": UUID(int=7),
        "unit_id": 1,
        "membership_id": UUID(int=7),
        "invitation_id": UUID(int=7),
    }
    raws = [b"", b"{", b"\xff\xfe", b'{"a": NaN}', b'"\\ud800"', b"[" * 5000, b"1" * 5000]

    @settings(
        max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow],
        derandomize=True, database=None,
    )  # fmt: skip
    @given(BODIES.map(_raw))
    def tried(raw: bytes) -> None:
        _sure(program.send(operation.method, operation.at(**ids), raw))

    for raw in raws:
        _sure(program.send(operation.method, operation.at(**ids), raw))
    tried()


def _raw(body: Any) -> bytes:
    try:
        return orjson.dumps(body)
    except TypeError:  # a number that orjson does not write, but that may be sent
        return str(body).encode()


@pytest.mark.parametrize("operation", [o for o in EVERY if o.method == "GET"], ids=str)
def test_no_query_and_no_address_is_answered_by_a_fault(operation: Operation, cast: Cast) -> None:
    job = launched_job(cast)
    program = for_whom(operation, cast.buyer, cast.manager, cast.payroll)
    good = {
        "job_id": job.id,
        "project_id": job.project_id,
        "offer_id": job.channels.get().id,
        "import_id": UUID(int=7),
        "lot_id": UUID(int=7),
        "unit_id": 1,
        "what": "results",
        "form": "csv",
    }
    values = ["", "%00", "0", "-1", "1e3", "9" * 30, "é", "null", "%ff", "a" * 2000]
    for name in ("limit", "after", "below", "label", "key", "role", "search", "since"):
        for value in values:
            _sure(program.get(f"{operation.at(**good)}?{name}={value}"))
    for name in [name for name in good if f"{{{name}}}" in operation.path]:
        for value in ["0", "%00", "x", "9" * 30, "-1", "é"]:
            _sure(program.get(operation.at(**good | {name: value})))
