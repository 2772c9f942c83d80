"""A known answer that was wrong: everybody whom it touched is scored anew, and who pays for asking
again is whom the job's terms name."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from tests.cast import NOW, Cast, assemble, launched_job, says, send, take

from ujima.audit.models import Entry
from ujima.base.errors import BadInput, Forbidden, NotFound
from ujima.base.money import part_of
from ujima.flows import settle, trusting
from ujima.pay.actions.book import post
from ujima.pay.ledger import AccountName, transfer
from ujima.pay.models import Account, Accrual, Line
from ujima.quality.actions import cases
from ujima.quality.errors import CaseClosed, NoSuchCase, NotHeardYet
from ujima.quality.models import Case, Shown, Skill
from ujima.quality.queries import trust
from ujima.work.errors import NotOffered, SameGold
from ujima.work.models import Gold, GoldCorrection, Judgment, Rework, Stop, Unit
from ujima.work.queries.worker import offers

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)


def worked(cast: Cast, code: str, job: Any, gold_says: str, *, pages: int = 99) -> None:
    """Take and answer: gold with `gold_says`, all else with yes."""
    worker, key = cast.workers[code], 0
    golds = {u.data["text"] for u in Unit.objects.filter(job_id=job.id, is_gold=True)}
    for _ in range(pages):
        page = take(worker, job)
        if not page.units:
            return
        answers = []
        for number, data in page.units:
            key += 1
            answers.append(says(number, key, gold_says if data["text"] in golds else "yes"))
        assert set(send(worker, page, answers, device=worker.person_id)) == {"kept"}


def case_of(cast: Cast, code: str = "w001", **how: Any) -> tuple[Any, Case]:
    """A worker who missed every known answer, after the job's fit."""
    job = launched_job(cast, units=60, golds=12, gold_share_bp=5000, accuracy_least=0.6, **how)
    worked(cast, code, job, "no")
    settle.settle(job_id=job.id, now=LATER)
    return job, Case.objects.get(job_id=job.id)


def correct(cast: Cast, job: Any, unit: int, to: str | None = "no", **how: Any) -> Any:
    answer = None if to is None else {"follows": [to]}
    by = how.pop("by", cast.buyer)
    return trusting.correct_gold(
        by=by, job_id=job.id, unit_id=unit, answer=answer, reason=how.pop("reason", "I misread it"),
        now=LATER,
    )  # fmt: skip


def test_a_corrected_gold_scores_everyone_anew_and_nobody_else() -> None:
    cast = assemble(3)
    job = launched_job(cast, units=8, golds=2, gold_share_bp=5000)
    worked(cast, "w001", job, "no")
    worked(cast, "w002", job, "yes")
    wrong, other = Unit.objects.filter(job_id=job.id, is_gold=True).order_by("id")
    correct(cast, job, wrong.id)
    rights = Judgment.objects.filter(job_id=job.id, gold_right__isnull=False)
    people = {c: w.person_id for c, w in cast.workers.items()}
    assert {(j.person_id, j.unit_id): j.gold_right for j in rights} == {
        (people["w001"], wrong.id): True,
        (people["w002"], wrong.id): False,
        (people["w001"], other.id): False,
        (people["w002"], other.id): True,
    }
    counted = {s.person_id: (s.gold_seen, s.gold_right) for s in Skill.objects.all()}
    assert counted == {people["w001"]: (2, 1), people["w002"]: (2, 1)}
    written = GoldCorrection.objects.get()
    assert (written.before, written.after) == ({"follows": ["yes"]}, {"follows": ["no"]})
    assert Entry.objects.filter(action="correct_gold", org_id=cast.buyer.org_id).count() == 1
    worked(cast, "w003", job, "no")
    third = Skill.objects.get(person_id=people["w003"])
    assert (third.gold_seen, third.gold_right) == (2, 1), "who comes later meets the new answer"


def test_a_gold_set_aside_counts_for_nobody_and_is_offered_to_nobody() -> None:
    cast = assemble(3)
    job = launched_job(cast, units=8, golds=2, gold_share_bp=5000)
    worked(cast, "w001", job, "no")
    bad = Unit.objects.filter(job_id=job.id, is_gold=True).first()
    assert bad
    correct(cast, job, bad.id, None)
    assert Judgment.objects.get(unit_id=bad.id).gold_right is None
    skill = Skill.objects.get()
    assert (skill.gold_seen, skill.gold_right) == (1, 0)
    worked(cast, "w002", job, "no")
    assert Judgment.objects.filter(unit_id=bad.id).count() == 1
    settle.settle(job_id=job.id, now=LATER)
    assert not Gold.objects.filter(unit_id=bad.id).exists()


def test_nothing_else_of_a_judgment_can_change() -> None:
    cast = assemble(1)
    job = launched_job(cast, units=4, golds=1, gold_share_bp=5000)
    worked(cast, "w001", job, "no")
    for change in ("answer = '{}'", "milliseconds = 1", "person_id = gen_random_uuid()"):
        with (
            pytest.raises(Error),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"update work_judgment set {change}")


def test_who_may_correct_and_what_is_refused() -> None:
    cast = assemble(1)
    job = launched_job(cast, units=4, golds=1, gold_share_bp=5000)
    gold = Unit.objects.get(is_gold=True)
    ordinary = Unit.objects.filter(is_gold=False).first()
    assert ordinary
    with pytest.raises(NotFound):
        correct(cast, job, gold.id, by=cast.other)
    with pytest.raises(Forbidden):
        correct(cast, job, gold.id, by=cast.viewer)
    with pytest.raises(NotFound):
        correct(cast, job, ordinary.id)
    with pytest.raises(SameGold):
        correct(cast, job, gold.id, "yes")
    with pytest.raises(BadInput):
        correct(cast, job, gold.id, reason=" ")


def test_a_case_that_rested_on_a_wrong_gold_is_withdrawn_and_a_stop_lifted() -> None:
    cast = assemble(2)
    job, case = case_of(cast)
    cases.ask(by=cast.manager, case_id=case.id, now=LATER)
    cases.hear(worker=cast.workers["w001"], case_id=case.id, words="They are wrong.", now=LATER)
    trusting.decide(by=cast.manager, case_id=case.id, decision="stop", reason="Missed", now=LATER)
    assert Stop.objects.count() == 1
    for unit in Unit.objects.filter(job_id=job.id, is_gold=True):
        correct(cast, job, unit.id)
    case.refresh_from_db()
    assert case.withdrawn_at
    assert not Stop.objects.exists()
    settle.settle(job_id=job.id, now=LATER + timedelta(minutes=5))
    [shown] = trust(job.org_id, job.id)
    assert shown.gold_right == shown.gold_seen == 12
    assert Case.objects.count() == 1, "and no new one"


@pytest.mark.parametrize("payer", ["buyer", "provider", "platform"])
def test_asking_again_is_paid_by_whom_the_terms_name_never_by_the_worker(payer: str) -> None:
    cast = assemble(4)
    job = launched_job(cast, units=40, golds=2, gold_share_bp=5000, rework_payer=payer)
    worked(cast, "w001", job, "yes")
    worked(cast, "w002", job, "yes")
    settle.settle(job_id=job.id, now=LATER)
    last = Judgment.objects.order_by("-id").first()
    unit = Unit.objects.filter(job_id=job.id, is_gold=False).first()
    assert last
    assert unit
    # what the fit after a correction opens again is written down so
    Rework.objects.create(org_id=job.org_id, job_id=job.id, unit_id=unit.id, after_judgment=last.id)
    Unit.objects.filter(id=unit.id).update(state=0, is_open=True, need=3)
    before = balances(job)
    worked(cast, "w003", job, "yes")
    again = Judgment.objects.filter(unit_id=unit.id, id__gt=last.id).count()
    assert again == 1
    for _ in range(2):
        settle.settle(job_id=job.id, now=LATER + timedelta(minutes=9))
    after = balances(job)
    assert after["worker"] == sum(a.amount_minor for a in Accrual.objects.all())
    charged = sum(
        line.amount_minor
        for line in Line.objects.filter(transaction__kind="rework", amount_minor__gt=0)
    )
    cost = 5 + 2  # a judgment, and 30 % and 2 % of it, each rounded
    assert charged == (0 if payer == "buyer" else cost)
    kinds = {
        line.account.kind
        for line in Line.objects.filter(transaction__kind="rework", amount_minor__lt=0)
    }
    assert kinds == {"buyer": set(), "provider": {"provider"}, "platform": {"fee"}}[payer]
    assert sum(Account.objects.values_list("balance_minor", flat=True)) == 0
    assert before["worker"] <= after["worker"]


@pytest.mark.parametrize("payer", ["buyer", "provider", "platform"])
def test_the_fit_after_a_correction_opens_units_again_and_the_party_named_pays(payer: str) -> None:
    cast = assemble(4)
    job = launched_job(
        cast, units=52, golds=12, gold_share_bp=5000, rework_payer=payer, confidence_target=0.75,
        judgments_min=2, judgments_max=4, audit_bp=0,
    )  # fmt: skip
    for code in ("w001", "w002", "w003"):
        worked(cast, code, job, "yes")
    take(cast.workers["w004"], job, 1)  # somebody came who has not judged them
    settle.settle(job_id=job.id, now=LATER)
    settled = set(Unit.objects.filter(job_id=job.id, is_gold=False, state=1).values_list("id"))
    assert len(settled) >= 30, "whoever met every known answer is believed"
    assert not Rework.objects.exists()
    # they were right by an answer that is wrong: who said yes to these is believed no more
    for unit in Unit.objects.filter(job_id=job.id, is_gold=True).order_by("id"):
        correct(cast, job, unit.id)
    settle.settle(job_id=job.id, now=LATER + timedelta(minutes=5))
    again = list(Rework.objects.filter(job_id=job.id))
    assert again
    opened = Unit.objects.filter(id__in=[one.unit_id for one in again])
    assert {(u.state, u.is_open, u.is_gold) for u in opened} == {(0, True, False)}
    before = Judgment.objects.count()
    fees_of_other_jobs(1000)
    worked(cast, "w004", job, "no")
    asked = Judgment.objects.filter(
        unit_id__in=[one.unit_id for one in again], id__gt=again[0].after_judgment
    )
    assert asked
    for _ in range(2):
        settle.settle(job_id=job.id, now=LATER + timedelta(minutes=9))
    moved = Line.objects.filter(transaction__kind="rework")
    charged = sum(line.amount_minor for line in moved if line.amount_minor > 0)
    wages = 5 * asked.count()
    cost = wages + part_of(wages, 3000) + part_of(wages, 200)
    assert charged == (0 if payer == "buyer" else cost)
    kinds = {line.account.kind for line in moved if line.amount_minor < 0}
    assert kinds == {"buyer": set(), "provider": {"provider"}, "platform": {"fee"}}[payer]
    assert Accrual.objects.count() == Judgment.objects.count() > before
    assert sum(Account.objects.values_list("balance_minor", flat=True)) == 0


def fees_of_other_jobs(minor: int) -> None:
    """The platform has earned so much elsewhere."""
    fee, buyers = AccountName("fee", "USD"), AccountName("external", "USD")
    post(transfer("fees", "others", out_of=buyers, into=fee, minor=minor), by="test", now=NOW)


def balances(job: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for account in Account.objects.all():
        found[account.kind] = found.get(account.kind, 0) + account.balance_minor
    return found


def test_under_the_line_only_a_case_opens_and_she_works_on() -> None:
    cast = assemble(2)
    job, case = case_of(cast)
    assert (case.person_id, case.gold_seen, case.gold_right) == (
        cast.workers["w001"].person_id,
        12,
        0,
    )
    assert case.high < 0.6
    assert not Stop.objects.exists()
    take(cast.workers["w001"], job)
    settle.settle(job_id=job.id, now=LATER + timedelta(minutes=5))
    assert Case.objects.count() == 1


def test_who_answers_well_or_was_seen_little_has_no_case() -> None:
    cast = assemble(2)
    job = launched_job(cast, units=60, golds=12, gold_share_bp=5000)
    worked(cast, "w001", job, "yes")
    worked(cast, "w002", job, "no", pages=0)
    settle.settle(job_id=job.id, now=LATER)
    assert not Case.objects.exists()


def test_no_stop_before_she_was_heard_or_her_time_has_passed() -> None:
    cast = assemble(2)
    _, case = case_of(cast)
    how = {"by": cast.manager, "case_id": case.id, "decision": "stop", "reason": "Too often wrong"}
    with pytest.raises(NotHeardYet):
        trusting.decide(**how, now=LATER + timedelta(days=30))
    cases.ask(by=cast.manager, case_id=case.id, now=LATER)
    with pytest.raises(NotHeardYet):
        trusting.decide(**how, now=LATER + timedelta(days=2))
    with pytest.raises(NoSuchCase):
        cases.hear(worker=cast.workers["w002"], case_id=case.id, words="Hm", now=LATER)
    with pytest.raises(NoSuchCase):
        cases.ask(by=cast.other_manager, case_id=case.id, now=LATER)
    owed = list(Accrual.objects.order_by("id").values_list("id", "amount_minor"))
    trusting.decide(**how, now=LATER + timedelta(days=3))
    assert list(Accrual.objects.order_by("id").values_list("id", "amount_minor")) == owed
    with pytest.raises(CaseClosed):
        trusting.decide(**how, now=LATER + timedelta(days=3))
    written = Entry.objects.filter(org_id=cast.provider.id, subject=f"case:{case.id}")
    assert [e.action for e in written.order_by("id")] == [
        "open_case",
        "ask_to_be_heard",
        "decide_stop",
    ]


def test_a_stopped_person_is_offered_no_more_and_what_she_holds_is_kept_and_paid() -> None:
    cast = assemble(2)
    job, case = case_of(cast, judgments_max=3)
    more = launched_job(cast, units=4)
    Unit.objects.filter(job_id=job.id, is_gold=False).update(is_open=True, state=0, need=9)
    fresh = Unit.objects.filter(job_id=job.id, is_gold=False).first()
    assert fresh
    held = take(cast.workers["w001"], more)
    cases.hear(worker=cast.workers["w001"], case_id=case.id, words="I was ill.", now=LATER)
    trusting.decide(by=cast.manager, case_id=case.id, decision="stop", reason="So", now=LATER)
    with pytest.raises(NotOffered):
        take(cast.workers["w001"], job)
    assert job.id not in {o.job_id for o in offers(cast.workers["w001"], NOW)}
    paid = Accrual.objects.count()
    assert set(send(cast.workers["w001"], held, [says(n, 900 + n) for n, _ in held.units])) == {
        "kept"
    }
    assert Accrual.objects.count() == paid + len(held.units)
    assert take(cast.workers["w002"], job).units


def test_what_is_shown_moves_only_in_steps() -> None:
    cast = assemble(2)
    job = launched_job(cast, units=120, golds=30, gold_share_bp=3000, page_size=1)
    worker, shown = cast.workers["w001"], []
    for key in range(60):
        page = take(worker, job, 1)
        send(worker, page, [says(n, key) for n, _ in page.units], device=worker.person_id)
        settle.settle(job_id=job.id, now=NOW + timedelta(minutes=key))
        found = Shown.objects.filter(person_id=worker.person_id).first()
        shown.append(found and found.gold_seen)
    moves = [at + 1 for at in range(1, 60) if shown[at] != shown[at - 1]]
    assert set(moves) <= {20, 40, 60}, "at a count of judgments, whichever of them were gold"
