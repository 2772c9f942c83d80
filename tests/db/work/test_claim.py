"""Claiming units: from the bookmark on, within need, for whom they are meant."""

import random
from datetime import timedelta
from io import BytesIO

import pytest
from tests.cast import (
    NOW,
    add_worker,
    assemble,
    draft_job,
    launched_job,
    says,
    send,
    take,
    work_off,
)

from ujima.base.errors import Forbidden
from ujima.flows import intake, judgment, launch, settle
from ujima.work import statements
from ujima.work.actions import channels, leases, reservations
from ujima.work.errors import JobClosed, JobPaused, NotOffered, OfferedAlready, UnknownUnits
from ujima.work.intake.mapping import Mapping
from ujima.work.models import Bookmark, Lease, Reservation, Unit
from ujima.work.queries.worker import offers

pytestmark = pytest.mark.django_db


@pytest.fixture
def looks(monkeypatch):
    """The windows that claims looked at: (bookmark before, units seen)."""
    seen = []
    real = leases.hot

    def spy(statement, parameters):
        rows = real(statement, parameters)
        if statement is statements.CLAIM:
            seen.append((parameters["seq"], rows[0][0]))
        return rows

    monkeypatch.setattr(leases, "hot", spy)
    return seen


def texts(page):
    return [data["text"] for _, data in page.units]


def test_a_page_holds_as_many_units_as_the_job_says_numbered_from_one():
    cast = assemble()
    job = launched_job(cast, units=30, page_size=7)
    page = take(cast.workers["w001"], job)
    assert [number for number, _ in page.units] == list(range(1, 8))
    assert Lease.objects.filter(page_id=page.id, state=0).count() == 7
    assert page.expires_at == NOW + timedelta(minutes=60)


def test_the_number_of_a_unit_within_its_page_does_not_tell_its_place_in_the_file():
    cast = assemble()
    job = launched_job(cast, units=40, page_size=40)
    assert texts(take(cast.workers["w001"], job)) != [f"Text {n}" for n in range(40)]


def test_a_lease_ends_no_later_than_the_job():
    cast = assemble()
    job = launched_job(cast, deadline=NOW + timedelta(minutes=9))
    worker = cast.workers["w001"]
    assert take(worker, job).expires_at == NOW + timedelta(minutes=9)
    with pytest.raises(JobClosed):
        take(worker, job, now=NOW + timedelta(minutes=9))


def test_a_worker_never_meets_a_unit_twice():
    cast = assemble()
    job = launched_job(cast, units=25, page_size=4)
    worker = cast.workers["w001"]
    seen = []
    while units := texts(take(worker, job)):
        seen += units
    assert sorted(seen) == sorted(f"Text {n}" for n in range(25))


def test_an_experienced_worker_does_not_read_again_what_she_judged(looks):
    cast = assemble()
    job = launched_job(cast, units=200, page_size=10)
    worker = cast.workers["w001"]
    for _ in range(15):
        take(worker, job)
    looks.clear()
    page = take(worker, job)
    assert len(page.units) == 10
    [(start, seen)] = looks
    assert start >= 150
    assert seen <= 60


def test_a_claim_goes_round_to_units_that_came_back_behind_the_bookmark():
    cast = assemble()
    job = launched_job(cast, units=20, page_size=10, judgments_min=1, judgments_max=1)
    first, second = cast.workers["w001"], cast.workers["w002"]
    page = take(first, job)
    assert len(take(second, job).units) == 10
    judgment.give_back(
        worker=first,
        org_id=job.org_id,
        page_id=page.id,
        reasons={n: "unclear" for n, _ in page.units},
    )
    again = take(second, job)
    assert sorted(texts(again)) == sorted(texts(page))
    assert not take(first, job).units


def test_a_claim_with_nothing_to_find_says_so_and_asks_nobody_back():
    cast = assemble()
    job = launched_job(cast, units=3, page_size=3)
    worker = cast.workers["w001"]
    assert take(worker, job).ask_again
    empty = take(worker, job)
    assert not empty.units
    assert not empty.ask_again


def test_a_job_is_offered_while_there_is_a_unit_she_has_not_had_however_much_she_has(monkeypatch):
    monkeypatch.setattr("ujima.work.queries.worker.LOOK", 5)
    cast = assemble()
    job = launched_job(cast, units=40, page_size=10, judgments_min=2, judgments_max=2)
    worker = cast.workers["w001"]

    def is_offered() -> bool:
        return bool(offers(worker, NOW))

    for _ in range(4):
        assert is_offered()
        page = take(worker, job)
    assert not is_offered()  # all forty are open still, and hers
    leases.expire(org_id=job.org_id, job_id=job.id, now=page.expires_at)
    assert is_offered()


def test_reserved_units_go_to_the_named_person_alone():
    cast = assemble()
    job = launched_job(cast, units=4, judgments_min=1)
    named, other = cast.workers["w001"], cast.workers["w002"]
    reservations.reserve_units(
        by=cast.manager,
        job_id=job.id,
        pairs=[("k0", named.person_id), ("k1", named.person_id)],
        now=NOW,
    )
    assert sorted(texts(take(other, job))) == ["Text 2", "Text 3"]
    assert sorted(texts(take(named, job, 2))) == ["Text 0", "Text 1"]


def test_a_reserved_unit_waits_again_when_its_lease_runs_out():
    cast = assemble()
    job = launched_job(cast, units=1)
    named = cast.workers["w001"]
    reservations.reserve_units(
        by=cast.manager, job_id=job.id, pairs=[("k0", named.person_id)], now=NOW
    )
    take(named, job)
    assert not Reservation.objects.get().is_waiting
    later = NOW + timedelta(hours=2)
    assert settle.sweep(now=later) == 1
    assert Reservation.objects.get().is_waiting
    assert texts(take(named, job, now=later)) == ["Text 0"]


def test_an_unknown_unit_is_named_and_reserves_none():
    cast = assemble()
    job = launched_job(cast, units=2)
    person = cast.workers["w001"].person_id
    with pytest.raises(UnknownUnits, match=r"not in this job: nope\."):
        reservations.reserve_units(
            by=cast.manager, job_id=job.id, pairs=[("k0", person), ("nope", person)], now=NOW
        )
    assert not Reservation.objects.exists()


def test_gold_that_was_reserved_is_given_first_to_her_alone_and_counts_as_gold():
    cast = assemble()
    job = launched_job(cast, units=9, golds=1, judgments_min=1, gold_share_bp=2000, page_size=4)
    named, other = cast.workers["w001"], cast.workers["w002"]
    reservations.reserve_units(
        by=cast.manager, job_id=job.id, pairs=[("k0", named.person_id)], now=NOW
    )
    assert "Text 0" not in texts(take(other, job, 8))
    assert texts(take(named, job, 1)) == ["Text 0"]
    assert Bookmark.objects.get(person_id=named.person_id).golds == 1


def test_only_staff_of_a_provider_with_the_job_reserve_its_units():
    cast = assemble()
    job = launched_job(cast)
    for by, refusal in ((cast.buyer, Forbidden), (cast.other_manager, NotOffered)):
        with pytest.raises(refusal):
            reservations.reserve_units(by=by, job_id=job.id, pairs=[], now=NOW)


def test_a_worker_of_another_provider_is_not_offered_the_job():
    cast = assemble()
    job = launched_job(cast)
    with pytest.raises(NotOffered):
        take(cast.other_worker, job)


def test_a_channel_bound_to_a_centre_is_for_its_people():
    cast = assemble()
    job = draft_job(cast)
    channel = channels.offer(
        by=cast.buyer,
        job_id=job.id,
        provider_id=cast.provider.id,
        centre_id=cast.centre_id,
        now=NOW,
    )
    launch.launch(by=cast.buyer, job_id=job.id, now=NOW)
    with pytest.raises(NotOffered):
        take(cast.workers["w001"], job)
    channels.answer(by=cast.manager, channel_id=channel.id, accepts=True, now=NOW)
    assert take(cast.workers["w001"], job).units
    for code in ("w002", "homeless"):
        worker = cast.workers.get(code) or add_worker(cast, code)
        with pytest.raises(NotOffered):
            take(worker, job)


@pytest.mark.parametrize("whole_first", [True, False])
def test_all_of_a_providers_people_and_its_centre_are_not_offered_a_job_side_by_side(whole_first):
    cast = assemble()
    job = draft_job(cast)
    offer = {"by": cast.buyer, "job_id": job.id, "provider_id": cast.provider.id, "now": NOW}
    first, second = (None, cast.home_id) if whole_first else (cast.home_id, None)
    made = channels.offer(**offer, centre_id=first)
    assert channels.offer(**offer, centre_id=first) == made
    with pytest.raises(OfferedAlready):
        channels.offer(**offer, centre_id=second)
    channels.withdraw(by=cast.buyer, job_id=job.id, channel_id=made.id, now=NOW)
    assert channels.offer(**offer, centre_id=second).id != made.id
    if second:
        channels.offer(**offer, centre_id=cast.centre_id)
    assert job.channels.filter(withdrawn_at=None).count() == (2 if second else 1)


def test_a_withdrawn_or_declined_offer_gives_no_more_units_but_what_is_held_is_kept():
    cast = assemble()
    job = launched_job(cast)
    worker = cast.workers["w001"]
    page = take(worker, job, 1)
    [channel] = job.channels.all()
    channels.withdraw(by=cast.buyer, job_id=job.id, channel_id=channel.id, now=NOW)
    with pytest.raises(NotOffered):
        take(worker, job)
    assert send(worker, page, [says(1, 1)]) == ["kept"]


@pytest.mark.parametrize(("state", "refusal"), [("paused", JobPaused), ("cancelled", JobClosed)])
def test_a_job_that_does_not_run_gives_no_units_but_keeps_what_is_held(state, refusal):
    cast = assemble()
    job = launched_job(cast)
    worker = cast.workers["w001"]
    page = take(worker, job, 2)
    launch.change_state(by=cast.buyer, job_id=job.id, state=state, now=NOW)
    with pytest.raises(refusal):
        take(worker, job)
    assert send(worker, page, [says(1, 1), says(2, 2)]) == ["kept", "kept"]


def test_a_skipped_unit_is_not_offered_to_her_again_and_frees_its_place():
    cast = assemble()
    job = launched_job(cast, units=1, judgments_min=1, judgments_max=1)
    worker, other = cast.workers["w001"], cast.workers["w002"]
    page = take(worker, job)
    assert not take(other, job).units
    back = judgment.give_back(
        worker=worker, org_id=job.org_id, page_id=page.id, reasons={1: "not in my language"}
    )
    assert back == 1
    assert Lease.objects.get().reason == "not in my language"
    assert not take(worker, job).units
    assert take(other, job).units
    assert send(worker, page, [says(1, 1)]) == ["given_back"]


def test_nobody_gives_back_what_another_holds():
    cast = assemble()
    job = launched_job(cast)
    page = take(cast.workers["w001"], job, 1)
    for stranger in (cast.workers["w002"], cast.other_worker):
        assert (
            judgment.give_back(
                worker=stranger, org_id=job.org_id, page_id=page.id, reasons={1: "mine"}
            )
            == 0
        )
    assert Lease.objects.get().state == Lease.State.HELD


def test_gold_is_mixed_in_by_chance_and_each_only_once_a_person(monkeypatch):
    monkeypatch.setattr(leases, "CHANCE", random.Random(5))
    cast = assemble(1)
    job = launched_job(cast, units=44, golds=4, page_size=10, gold_share_bp=1000)
    worker = cast.workers["w001"]
    golds = [f"Text {n}" for n in range(4)]
    pages = []
    while units := texts(take(worker, job)):
        pages.append(units)
    met = [sum(text in golds for text in units) for units in pages]
    assert 0 < sum(met) <= 4
    assert len({t for p in pages for t in p}) == sum(map(len, pages)) == 40 + sum(met)
    assert Bookmark.objects.get().golds == sum(met)


def test_gold_ends_when_its_share_of_judgments_is_given():
    cast = assemble(8)
    job = launched_job(
        cast, units=11, golds=1, judgments_min=1, judgments_max=1, gold_share_bp=2000, page_size=5
    )
    for worker in cast.workers.values():
        take(worker, job)
    gold = Unit.objects.get(is_gold=True)
    assert gold.need == 2  # a fifth of ten judgments
    assert gold.taken == 2
    assert not gold.is_open


def test_gold_that_comes_later_shares_what_the_reserve_holds_for_gold():
    cast = assemble()
    job = launched_job(cast, units=11, golds=1, judgments_max=3, gold_share_bp=2000)
    assert Unit.objects.get(is_gold=True).need == 6
    lines = "key,text,statement,gold\n" + "".join(f"g{n},T,S,no\n" for n in range(2))
    intake.bring_in(
        by=cast.buyer,
        job_id=job.id,
        file=BytesIO(lines.encode()),
        name="gold.csv",
        format="csv",
        mapping=Mapping(
            columns={"text": "text", "statement": "statement"}, key="key", gold={"follows": "gold"}
        ),
        now=NOW,
    )
    assert set(Unit.objects.filter(is_gold=True).values_list("need", flat=True)) == {2}


def test_what_a_worker_gets_does_not_tell_gold_from_other_units():
    cast = assemble()
    job = launched_job(cast, units=10, golds=5, gold_share_bp=5000)
    page = take(cast.workers["w001"], job, 10)
    assert {tuple(sorted(data)) for _, data in page.units} == {("statement", "text")}


def test_everybody_together_works_a_job_off():
    cast = assemble()
    job = launched_job(cast, units=12)
    for code, worker in cast.workers.items():
        work_off(worker, job, "yes" if code != "w004" else "no")
    units = Unit.objects.filter(job_id=job.id)
    assert not units.filter(is_open=True).exists()
    assert {u.state for u in units} == {Unit.State.SETTLED}
