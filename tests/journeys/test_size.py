"""No page and no request does work that grows with the size of a job: rows read are counted, with
ten units and with a thousand times as many."""

from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone
from tests.api.programs import Program, issued
from tests.cast import Cast, assemble, launched_job, says, send, take, work_off
from tests.journeys.pages import staff, worker
from tests.journeys.phones import Phone

from ujima.flows import settle
from ujima.pay.models import Accrual
from ujima.work.models import Job, Unit

COPIES = 1000
#: table -> what tells a copy's row from its first
APART = {
    "work_unit": {"id": "id + {n}", "seq": "seq + {n}", "key": "key || '-' || {n}"},
    "work_lease": {"id": "id + {n}", "unit_id": "unit_id + {n}"},
    "work_judgment": {
        "id": "id + {n}", "unit_id": "unit_id + {n}", "device_seq": "device_seq + {n}"
    },
    "quality_belief": {"id": "id + {n}", "unit_id": "unit_id + {n}"},
    "quality_current": {"unit_id": "unit_id + {n}"},
    "pay_accrual": {"id": "id + {n}", "judgment_id": "judgment_id + {n}"},
}  # fmt: skip


def grow() -> None:
    """Every unit with its judgments a thousand times more."""
    with connection.cursor() as cursor:
        for table, apart in APART.items():
            described = connection.introspection.get_table_description(cursor, table)
            names = [f'"{column.name}"' for column in described]
            values = [apart.get(c.name, f'"{c.name}"').format(n="g * 1000") for c in described]
            cursor.execute(
                f"insert into {table} ({', '.join(names)}) "
                f"select {', '.join(values)} from {table}, generate_series(1, %s) g",
                [COPIES],
            )


def rows_read() -> int:
    """Rows and entries of indexes that this transaction has read so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select sum(pg_stat_get_xact_tuples_returned(oid)) from pg_class "
            "where relnamespace = 'public'::regnamespace and relkind in ('r', 'i')"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def cast(committed_db: None) -> Cast:
    return assemble(workers=3)


@pytest.fixture
def job(cast: Cast) -> Job:
    """One has judged all of it, another half; nobody holds anything."""
    job = launched_job(cast, units=10, golds=2, judgments_min=2, judgments_max=2)
    work_off(cast.workers["w001"], job, now=timezone.now())
    page = take(cast.workers["w002"], job, 5, now=timezone.now())
    answers = [says(number, number) for number, _ in page.units]
    send(cast.workers["w002"], page, answers, now=timezone.now())
    settle.settle(job_id=job.id, now=timezone.now())
    return job


def looks(cast: Cast, job: Job) -> dict[str, Any]:
    """Whatever shows a job, each as a call that asks for it once."""
    channel, unit = job.channels.get().id, Unit.objects.order_by("id")[0].id
    pages: list[tuple[Client, list[str]]] = [
        (staff("dana@acme.example"), [
            "/jobs", f"/jobs/{job.id}", f"/jobs/{job.id}/now", f"/jobs/{job.id}/results",
            f"/jobs/{job.id}/results?answer=yes", f"/jobs/{job.id}/results?key=k3",
            f"/jobs/{job.id}/units", f"/jobs/{job.id}/units/{unit}", f"/jobs/{job.id}/export",
            f"/jobs/{job.id}/cancel", "/funds", f"/jobs/{job.id}/quality",
            f"/jobs/{job.id}/review", f"/jobs/{job.id}/review?below=80&answer=yes",
            f"/jobs/{job.id}/review?only=given_up", f"/jobs/{job.id}/lots",
        ]),
        (staff("ruma@sundarban.example"), [
            "/offers", f"/offers/{channel}", "/people", "/people/centres",
            f"/people/{cast.memberships['w001'].id}",
        ]),
        (worker(cast, "w003"), ["/work", f"/work/{job.id}"]),
    ]  # fmt: skip
    buyer, provider = Program(issued(cast.buyer)), Program(issued(cast.manager))
    calls = [
        (buyer, ["/jobs", f"/jobs/{job.id}", f"/jobs/{job.id}/units", f"/jobs/{job.id}/results",
                 f"/jobs/{job.id}/imports", f"/jobs/{job.id}/estimate", f"/jobs/{job.id}/preview",
                 f"/jobs/{job.id}/quality", f"/jobs/{job.id}/review", "/funds"]),
        (provider, ["/offers", f"/offers/{channel}", f"/offers/{channel}/trust", "/at-work"]),
    ]  # fmt: skip
    phone = Phone(cast, "w003")
    busy = Phone(cast, "w001")  # all that is open is behind her already
    found: dict[str, Any] = {
        "all hers": (
            lambda path: busy.client.get(path, headers=busy.signed_in),
            "/api/v1/phone/offers",
        )
    }
    for client, addresses in pages:
        found |= {address: (client.get, address) for address in addresses}
    for program, paths in calls:
        found |= {f"API {path}": (program.get, path) for path in paths}
    return found | {"phone": (lambda path: phone.client.get(path, headers=phone.signed_in),
                              "/api/v1/phone/offers")}  # fmt: skip


def cost(look: Any) -> int:
    ask, address = look
    with transaction.atomic():
        before = rows_read()
        response = ask(address)
        assert response.status_code in (200, 302), (address, response.status_code)
        return rows_read() - before


def test_what_is_read_does_not_grow_with_a_job(
    cast: Cast, job: Job, database: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the pace rests on the newest 5,000 judgments; fewer here, to see that they are its bound
    monkeypatch.setattr("ujima.work.queries.units.PACE_OVER", 50)
    monkeypatch.setattr("ujima.work.queries.worker.LOOK", 50)
    every = looks(cast, job)
    small = {name: cost(look) for name, look in every.items()}
    accruals = Accrual.objects.count()

    grow()
    with psycopg.connect(database.owner_url, autocommit=True) as owner:
        owner.execute("vacuum analyze")  # as happens by itself within a minute

    assert Accrual.objects.count() > accruals * COPIES
    grown = {}
    for name, look in every.items():
        large = cost(look)
        # a list of fifty is full now, and twice the newest 500 judgments tell the pace
        if large - small[name] > 1500:
            grown[name] = (small[name], large)
    assert grown == {}, "\n".join(f"{name}: {rows}" for name, rows in grown.items())
