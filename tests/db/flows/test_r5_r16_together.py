"""R5, R10, R15, R16 with many at once: real commits, threads, and the queue's own worker."""

import asyncio
import os
import threading
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.core.signals import request_started
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.cast import NOW, Cast, assemble, launched_job, says, send, take, work_off

from ujima.base.money import Money
from ujima.base.store.connections import url_for
from ujima.flows import dispatch, judgment, launch, settle, tasks
from ujima.pay.actions import accruals
from ujima.pay.models import Account, Accrual
from ujima.pay.queries import cost_of, earnings_of, own_days, own_total, payroll_of, reserve_of
from ujima.pay.queries import funds_of as money_of
from ujima.people.actions.organisations import add_membership, add_organisation, add_person
from ujima.people.actions.tokens import issue_device
from ujima.people.queries import worker_by_token, worker_of
from ujima.quality.actions.fits import due_jobs
from ujima.quality.models import Belief
from ujima.work.models import Channel, Job, Judgment, Lease, Unit

EXCESS = """
select count(*) from work_unit u
where u.taken > u.need
   or u.taken <> (select count(*) from work_lease l where l.unit_id = u.id and l.state in (0, 1))
   or (select count(*) from work_judgment j where j.unit_id = u.id) <>
      (select count(*) from work_lease l where l.unit_id = u.id and l.state = 1)
   or u.is_open <> (u.state = 0 and u.taken < u.need)
"""


def excess() -> int:
    """Units whose leases and judgments exceed their need, or whose counts are untrue."""
    with connection.cursor() as cursor:
        cursor.execute(EXCESS)
        return cursor.fetchone()[0]


def at_once(*works) -> list[BaseException]:
    """Run these together, each with a connection of its own; what they raised."""
    failed: list[BaseException] = []

    def run(work) -> None:
        try:
            work()
        except BaseException as trouble:
            failed.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failed


@pytest.mark.parametrize("people", [8, 32])
def test_r5_many_at_once_never_hold_or_judge_a_unit_more_often_than_it_needs(committed_db, people):
    cast = assemble(people)
    job = launched_job(cast, units=60, judgments_min=3, judgments_max=3, page_size=5)
    untrue = []

    def phone(worker):
        def run():
            work_off(worker, job)
            untrue.append(excess())

        return run

    assert at_once(*map(phone, cast.workers.values())) == []
    assert set(untrue) == {0}
    assert Judgment.objects.count() == 180
    assert set(Unit.objects.values_list("taken", "state")) == {(3, 1)}
    assert Accrual.objects.count() == 180
    assert Judgment.objects.values("unit_id", "person_id").distinct().count() == 180


def test_r5_holds_while_leases_run_out_and_units_are_given_back(committed_db):
    cast = assemble(6)
    job = launched_job(cast, units=40, judgments_min=2, judgments_max=4, page_size=6)
    stop = threading.Event()

    def phone(worker, turn):
        def run():
            for minute in range(12):
                now = NOW + timedelta(minutes=30 * minute)
                page = take(worker, job, now=now)
                numbers = [number for number, _ in page.units]
                if (minute + turn) % 3 == 0:
                    continue
                judgment.give_back(
                    worker=worker,
                    org_id=job.org_id,
                    page_id=page.id,
                    reasons=dict.fromkeys(numbers[:1], "no"),
                )
                answers = [says(n, minute * 100 + n) for n in numbers[1:]]
                told = send(
                    worker, page, answers, device=worker.person_id, now=now + timedelta(minutes=61)
                )
                assert set(told) <= {"kept", "lease_expired"}

        return run

    def sweeper():
        minute = 0
        while not stop.wait(0.02):
            minute += 1
            settle.sweep(now=NOW + timedelta(minutes=7 * minute))

    thread = threading.Thread(target=lambda: at_once(sweeper))
    thread.start()
    failed = at_once(*(phone(w, n) for n, w in enumerate(cast.workers.values())))
    stop.set()
    thread.join()
    assert failed == []
    assert excess() == 0


def test_two_phones_of_one_person_are_never_given_the_same_unit(committed_db):
    cast = assemble(1)
    job = launched_job(cast, units=60, page_size=5)
    worker = cast.workers["w001"]
    pages = []

    def phone():
        while (page := take(worker, job)).units:
            pages.append(page)

    assert at_once(*[phone] * 6) == []
    texts = [data["text"] for page in pages for _, data in page.units]
    assert len(texts) == len(set(texts)) == 60


def test_r2_one_envelope_sent_by_many_connections_at_once_is_kept_once(committed_db):
    cast = assemble(1)
    job = launched_job(cast, units=8, page_size=8)
    worker = cast.workers["w001"]
    page = take(worker, job)
    answers = [says(number, number) for number, _ in page.units]
    told = []

    def resend():
        told.append(send(worker, page, answers))

    assert at_once(*[resend] * 8) == []
    flat = [word for words in told for word in words]
    assert flat.count("kept") == 8
    assert flat.count("already_kept") == 56
    assert Accrual.objects.count() == 8


def test_r2_one_device_key_raced_for_two_units_stands_for_one(committed_db):
    cast = assemble(1)
    job = launched_job(cast, units=12, page_size=1)
    worker = cast.workers["w001"]
    pages = [take(worker, job) for _ in range(12)]
    told = []

    def once(page):
        return lambda: told.extend(send(worker, page, [says(1, 5)]))

    assert at_once(*map(once, pages)) == []
    assert sorted(told) == ["kept"] + ["same_key_other_content"] * 11
    assert Judgment.objects.count() == 1


def settle_all(now) -> None:
    """What dispatcher and queue do, until nothing is due."""
    for turn in range(20):
        at = now + timedelta(seconds=60 * turn)
        settle.sweep(now=at)
        if not due_jobs(at):
            return
        for job_id in due_jobs(at):
            settle.settle(job_id=job_id, now=at)
    raise AssertionError("there is always more to settle")


def agree(cast: Cast, job: Job) -> None:
    """R16: what the worker sees, what payroll sees, what the buyer sees, what the ledger says."""
    terms = {"provider_share_bp": job.provider_share_bp, "fee_bp": job.fee_bp}
    cost = cost_of(job.org_id, job.id, currency=job.currency, **terms)
    owed = {code: own_total(worker) for code, worker in cast.workers.items()}
    for code, worker in cast.workers.items():
        account = Account.objects.filter(kind="worker", owner_id=worker.person_id).first()
        assert owed[code] == ([Money(account.balance_minor, "USD")] if account else [])
        days = own_days(worker, NOW.date())
        assert sum(day.earned.minor for day in days) == sum(m.minor for m in owed[code])
        assert days == earnings_of(cast.payroll, worker.person_id, NOW.date())
    total = {row["person_id"]: row["earned"].minor for row in payroll_of(cast.payroll, NOW.date())}
    assert total == {
        worker.person_id: owed[code][0].minor for code, worker in cast.workers.items() if owed[code]
    }
    assert cost.wages.minor == sum(total.values())
    ledger = {
        kind: sum(Account.objects.filter(kind=kind).values_list("balance_minor", flat=True))
        for kind in ("external", "buyer", "reserve", "worker", "provider", "fee")
    }
    assert ledger["provider"] == cost.provider_share.minor
    assert ledger["fee"] == cost.fee.minor
    assert ledger["worker"] == cost.wages.minor
    [money] = money_of(job.org_id)
    assert money.balance.minor == 100_000 - cost.total.minor - money.reserved.minor
    assert sum(ledger.values()) == 0


@pytest.mark.django_db
@pytest.mark.parametrize("batch", [1, 3, 2000])
def test_r16_worker_payroll_buyer_and_ledger_agree_however_postings_are_cut(batch, monkeypatch):
    monkeypatch.setattr(accruals, "BATCH", batch)
    cast = assemble(3)
    job = launched_job(
        cast, units=9, golds=1, rate_minor=7, provider_share_bp=2933, judgments_max=4
    )
    for turn, (code, worker) in enumerate(cast.workers.items()):
        page = take(worker, job, 4 + turn)
        says_so = "yes" if code != "w003" else "no"
        send(worker, page, [says(n, n, says_so) for n, _ in page.units], device=worker.person_id)
        settle.settle(job_id=job.id, now=NOW + timedelta(minutes=turn))
        agree(cast, job)
    for worker in cast.workers.values():
        work_off(worker, job, first_key=50)
    settle_all(NOW + timedelta(hours=3))
    agree(cast, job)


@pytest.mark.django_db
def test_r16_a_job_that_ended_gives_the_rest_of_its_reserve_back():
    cast = assemble(3)
    job = launched_job(cast, units=4, judgments_min=1, judgments_max=2)
    put = reserve_of(job.org_id, job.id, "USD").minor
    assert put > 0
    for worker in cast.workers.values():
        work_off(worker, job)
    settle_all(NOW + timedelta(hours=3))
    job.refresh_from_db()
    assert job.state == "finished"
    assert reserve_of(job.org_id, job.id, "USD").minor == 0
    agree(cast, job)


@pytest.mark.django_db
def test_r16_a_judgment_that_outran_the_end_of_its_job_is_posted_all_the_same():
    cast = assemble(2)
    job = launched_job(cast, units=4)
    worker = cast.workers["w001"]
    page = take(worker, job, 2)
    Lease.objects.update(state=Lease.State.EXPIRED)
    launch.change_state(by=cast.buyer, job_id=job.id, state="cancelled", now=NOW)
    settle_all(NOW)
    assert reserve_of(job.org_id, job.id, "USD").minor == 0
    Lease.objects.update(state=Lease.State.HELD)
    assert send(worker, page, [says(1, 1), says(2, 2)]) == ["kept", "kept"]
    settle_all(NOW + timedelta(minutes=1))
    assert not Accrual.objects.filter(transaction=None).exists()
    assert reserve_of(job.org_id, job.id, "USD").minor == 0
    agree(cast, job)


def run_queue() -> None:
    """The queue's own worker, until it has nothing to do now."""
    connector = app.connector

    async def work() -> None:
        with app.replace_connector(connector.get_worker_connector()) as worker_app:
            async with worker_app.open_async():
                await worker_app.run_worker_async(
                    wait=False, listen_notify=False, install_signal_handlers=False
                )

    asyncio.run(work())


def test_r15_work_that_keeps_failing_is_set_aside_while_other_work_goes_on(
    committed_db, monkeypatch
):
    cast = assemble(2)
    sick, well = launched_job(cast), launched_job(cast)
    worker = cast.workers["w001"]
    for n, job in enumerate((sick, well)):
        page = take(worker, job, 1)
        send(worker, page, [says(1, n)])
    tried = []
    real = settle.settle

    def fails(*, job_id, now):
        if job_id == sick.id:
            tried.append(now)
            raise RuntimeError("this job cannot be settled")
        real(job_id=job_id, now=now)

    monkeypatch.setattr(settle, "settle", fails)
    monkeypatch.setattr(tasks.settle_job, "retry_strategy", type(tasks.RETRY)(max_attempts=5))
    soon = NOW + timedelta(seconds=5)
    assert set(dispatch.look(soon)) == {sick.id, well.id}
    run_queue()
    assert len(tried) == 1 + tasks.RETRY.max_attempts
    assert ProcrastinateJob.objects.get(lock=str(sick.id)).status == "failed"
    assert not Accrual.objects.filter(job_id=well.id, transaction=None).exists()
    assert due_jobs(soon) == [sick.id]
    assert dispatch.look(timezone.now()) == []
    assert dispatch.look(timezone.now() + tasks.REST) == [sick.id]


def test_r10_a_settling_whose_process_was_killed_is_taken_up_again(committed_db):
    cast = assemble(1)
    job = launched_job(cast)
    page = take(cast.workers["w001"], job, 1)
    send(cast.workers["w001"], page, [says(1, 1)])
    assert dispatch.look(NOW) == [job.id]
    with connection.cursor() as cursor:
        cursor.execute("select procrastinate_register_worker_v1()")
        dead = cursor.fetchone()[0]
        cursor.execute("select status from procrastinate_fetch_job_v2(null, %s)", [dead])
        assert cursor.fetchone() == ("doing",)
        assert tasks.take_up_abandoned(timezone.now()) == 0
        assert tasks.take_up_abandoned(timezone.now() + timedelta(seconds=31)) == 1
        cursor.execute("update procrastinate_jobs set scheduled_at = null")
    run_queue()
    assert not Accrual.objects.filter(transaction=None).exists()


def test_r10_a_task_leaves_no_connection_behind_for_the_next_one_to_find_broken(committed_db):
    job = launched_job(assemble(1))
    assert connection.connection

    tasks.settle_job(job_id=str(job.id))

    assert connection.connection is None


def test_r10_a_settling_that_broke_off_half_way_is_done_again_whole(committed_db, monkeypatch):
    cast = assemble(3)
    job = launched_job(cast, units=1, judgments_min=1, judgments_max=5, confidence_target=0.6)
    for worker in list(cast.workers.values())[:2]:
        page = take(worker, job)
        send(worker, page, [says(1, 1)], device=worker.person_id)
    Unit.objects.update(state=Unit.State.PENDING)
    Belief.objects.update(evidence=[0.0, -9.0])
    real = settle.move_units

    def dies(**_):
        raise RuntimeError("killed")

    monkeypatch.setattr(settle, "move_units", dies)
    with pytest.raises(RuntimeError):
        settle.settle(job_id=job.id, now=NOW)
    moved = []
    monkeypatch.setattr(settle, "move_units", lambda **how: (moved.append(how), real(**how)))
    settle.settle(job_id=job.id, now=NOW)
    assert len(moved) == 1
    settle.settle(job_id=job.id, now=NOW)
    assert len(moved) == 1


def test_a_connection_that_the_database_dropped_is_made_anew_with_the_next_request(committed_db):
    cast = assemble(1)
    _, token = issue_device(membership=cast.memberships["w001"], label="phone", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("select pg_backend_pid()")
        pid = cursor.fetchone()[0]
    with psycopg.connect(url_for("app", os.environ), autocommit=True) as other:
        other.execute("select pg_terminate_backend(%s)", [pid])
    request_started.send(sender=None)
    assert worker_by_token(token).person_id == cast.workers["w001"].person_id


@pytest.mark.django_db
def test_another_providers_rounding_is_paid_even_when_it_exceeds_the_reserve():
    cast = assemble(1)
    job = launched_job(
        cast, units=1, rate_minor=2, provider_share_bp=2500, judgments_min=2, judgments_max=2
    )
    workers = []
    for n in range(2):
        organisation = add_organisation(name=f"P{n}", country="IN", is_provider=True, now=NOW)
        membership = add_membership(
            organisation_id=organisation.id,
            person=add_person(name="X", email=None, now=NOW),
            role="worker",
            worker_code="a",
            now=NOW,
        )
        Channel.objects.create(
            org_id=job.org_id,
            job=job,
            provider_id=organisation.id,
            offered_at=NOW,
            offered_by="t",
            accepted_at=NOW,
        )
        workers.append(worker_of(membership))
    for worker in workers:
        send(worker, take(worker, job), [says(1, 1)], device=uuid4())
    settle_all(NOW + timedelta(minutes=1))
    assert not Accrual.objects.filter(transaction=None).exists()
