"""R4: the ledger sums to zero per currency, never changes, and lets no account under its floor."""

import threading
from collections import Counter
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from tests.cast import NOW, assemble

from ujima.base.money import Money, part_of
from ujima.pay.actions import accruals, funds
from ujima.pay.actions.book import account_of, post
from ujima.pay.errors import BadAmount, NotEnoughFunds
from ujima.pay.ledger import AccountName, Posting, share_due, transfer
from ujima.pay.models import Account, Accrual, Line, PurchaseOrder, Transaction
from ujima.pay.queries import cost_of, posted_wages
from ujima.people.standing import Worker

BUYER = UUID(int=1)
OUTSIDE = AccountName("external", "USD")
FUNDS = AccountName("buyer", "USD", BUYER)


def deposit(minor: int, source: str = "d1") -> Transaction | None:
    return post(
        transfer("deposit", source, out_of=OUTSIDE, into=FUNDS, minor=minor), by="test", now=NOW
    )


def balances() -> dict[AccountName, int]:
    return {
        AccountName(a.kind, a.currency, a.org_id, a.owner_id): a.balance_minor
        for a in Account.objects.all()
        if a.balance_minor
    }


class Ledger(RuleBasedStateMachine):
    """The real ledger beside a plain Python auditor that keeps sums in a dictionary."""

    people = [Worker(UUID(int=n), UUID(int=n), UUID(int=10 + n % 2), None, "UTC") for n in range(4)]
    terms = {"provider_share_bp": 2750, "fee_bp": 333}

    def __init__(self) -> None:
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.books: Counter[AccountName] = Counter()
        self.limit = 0
        self.operator = assemble(0).manager
        Account.objects.exists()
        self.start = balances()
        self.jobs = {UUID(int=100 + n): Counter() for n in range(2)}
        self.waiting: dict[UUID, list[tuple[UUID, UUID, int]]] = {job: [] for job in self.jobs}
        self.serial = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    def next(self) -> int:
        self.serial += 1
        return self.serial

    def move(self, out_of: AccountName, into: AccountName, minor: int) -> None:
        self.books[out_of] -= minor
        self.books[into] += minor

    @initialize()
    def begin(self) -> None:
        """Most moves need money first: some for each job, little enough to run out."""
        self.deposit(1000)
        for job in (0, 1):
            self.reserve(job, 300)

    @rule(minor=st.integers(1, 5000))
    def deposit(self, minor: int) -> None:
        funds.record_deposit(
            by=self.operator,
            buyer_id=BUYER,
            amount=Money(minor, "USD"),
            reference=f"d{self.next()}",
            now=NOW,
        )
        self.move(OUTSIDE, FUNDS, minor)

    @rule(minor=st.integers(1, 2000))
    def order(self, minor: int) -> None:
        number = f"po{self.next()}"
        funds.record_order(
            by=self.operator, buyer_id=BUYER, number=number, limit=Money(minor, "USD"), now=NOW
        )
        self.limit += minor

    @rule(job=st.integers(0, 1), minor=st.integers(1, 4000))
    def reserve(self, job: int, minor: int) -> None:
        owner = UUID(int=100 + job)

        def once() -> None:
            funds.reserve(
                buyer_id=BUYER,
                job_id=owner,
                amount=Money(minor, "USD"),
                source=f"r{self.next()}",
                by="test",
                now=NOW,
            )

        if self.books[FUNDS] - minor < -self.limit:
            with pytest.raises(NotEnoughFunds):
                once()
        else:
            once()
            self.move(FUNDS, AccountName("reserve", "USD", BUYER, owner), minor)

    @rule(
        job=st.integers(0, 1),
        person=st.integers(0, 3),
        amounts=st.lists(st.integers(1, 40), min_size=1, max_size=5),
    )
    def accrue(self, job: int, person: int, amounts: list[int]) -> None:
        owner, worker = UUID(int=100 + job), self.people[person]
        accruals.accrue(
            worker=worker,
            org_id=BUYER,
            job_id=owner,
            currency="USD",
            owed=[(self.next(), minor, 1000) for minor in amounts],
            now=NOW,
        )
        self.waiting[owner] += [(worker.provider_id, worker.person_id, m) for m in amounts]

    @rule(job=st.integers(0, 1), batch=st.integers(1, 6))
    def post(self, job: int, batch: int) -> None:
        owner = UUID(int=100 + job)
        now_due, rest = self.waiting[owner][:batch], self.waiting[owner][batch:]
        moves = self.due(owner, now_due)
        left = self.books[AccountName("reserve", "USD", BUYER, owner)]

        def once() -> int:
            return accruals.post_accruals(org_id=BUYER, job_id=owner, **self.terms, now=NOW)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(accruals, "BATCH", batch)
            if sum(moves.values()) > left:
                with pytest.raises(NotEnoughFunds):
                    once()
                return
            assert once() == len(now_due)
        for name, minor in moves.items():
            self.move(AccountName("reserve", "USD", BUYER, owner), name, minor)
        for provider, _, minor in now_due:
            self.jobs[owner][provider] += minor
        self.waiting[owner] = rest

    def due(self, job: UUID, batch: list[tuple[UUID, UUID, int]]) -> Counter[AccountName]:
        """What the auditor expects: wages as they are, shares of the whole rounded once."""
        before, after = self.jobs[job], Counter(self.jobs[job])
        moves: Counter[AccountName] = Counter()
        for provider, person, minor in batch:
            moves[AccountName("worker", "USD", provider, person)] += minor
            after[provider] += minor
        for provider in after:
            share = part_of(after[provider], 2750) - part_of(before[provider], 2750)
            moves[AccountName("provider", "USD", provider)] += share
        fee = part_of(sum(after.values()), 333) - part_of(sum(before.values()), 333)
        moves[AccountName("fee", "USD")] += fee
        return moves

    @rule(job=st.integers(0, 1))
    def release(self, job: int) -> None:
        owner = UUID(int=100 + job)
        name = AccountName("reserve", "USD", BUYER, owner)
        funds.release(buyer_id=BUYER, job_id=owner, currency="USD", by="test", now=NOW)
        self.move(name, FUNDS, self.books[name])

    @invariant()
    def agrees_with_the_auditor(self) -> None:
        expected = Counter(self.start)
        for name, minor in self.books.items():
            expected[name] += minor
        assert balances() == {name: minor for name, minor in expected.items() if minor}

    @invariant()
    def a_job_costs_what_is_posted_and_what_waits(self) -> None:
        for owner, posted in self.jobs.items():
            waiting = sum(minor for _, _, minor in self.waiting[owner])
            cost = cost_of(BUYER, owner, currency="USD", **self.terms)
            assert cost.wages.minor == posted.total() + waiting
            assert posted_wages(BUYER, owner) == {p: minor for p, minor in posted.items() if minor}

    @invariant()
    def lines_add_up(self) -> None:
        at_commit()
        assert Line.objects.aggregate(sum=Sum("amount_minor"))["sum"] == 0
        off = [
            account
            for account in Account.objects.annotate(sum=Sum("entries__amount_minor"))
            if account.balance_minor != (account.sum or 0)
        ]
        assert not off


@pytest.mark.django_db
def test_r4_the_ledger_agrees_with_a_plain_auditor_whatever_happens():
    run_state_machine_as_test(
        Ledger,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def at_commit() -> None:
    """Let deferred constraints say now what they would say at commit."""
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate; set constraints all deferred")


@transaction.atomic
def raw(lines: list[tuple[AccountName, str, int]], declared: int | None = None) -> None:
    """Write a transaction past the actions, as far as the database lets it be."""
    written = Transaction.objects.create(
        kind="raw", source=str(uuid4()), lines=declared or len(lines), at=NOW, by="test"
    )
    add(written, lines, 1)


@transaction.atomic
def add(written: Transaction, lines: list[tuple[AccountName, str, int]], start: int) -> None:
    for number, (name, currency, minor) in enumerate(lines, start):
        Line.objects.create(
            transaction=written,
            number=number,
            account=account_of(name),
            currency=currency,
            amount_minor=minor,
        )
    at_commit()


UNSOUND = {
    "unbalanced": ([(OUTSIDE, "USD", -5), (FUNDS, "USD", 4)], None, "transaction_does_not_balance"),
    "one line": ([(FUNDS, "USD", 5)], None, "transaction_lacks_lines"),
    "fewer than declared": (
        [(OUTSIDE, "USD", -5), (FUNDS, "USD", 5)],
        3,
        "transaction_lacks_lines",
    ),
    "more than declared": (
        [(OUTSIDE, "USD", -5), (FUNDS, "USD", 2), (FUNDS, "USD", 3)],
        2,
        "transaction_lacks_lines",
    ),
    "no lines": ([], 2, "transaction_lacks_lines"),
    "a line in another currency than its account": (
        [(OUTSIDE, "EUR", -5), (FUNDS, "USD", 5)],
        None,
        "line_in_another_currency",
    ),
    "two currencies": (
        [(OUTSIDE, "USD", -5), (AccountName("buyer", "EUR", BUYER), "EUR", 5)],
        None,
        "transaction_does_not_balance",
    ),
    "under the floor": (
        [(FUNDS, "USD", -5), (OUTSIDE, "USD", 5)],
        None,
        "account_under_its_floor",
    ),
    "nothing moved": ([(OUTSIDE, "USD", 0), (FUNDS, "USD", 0)], None, "a_line_moves_money"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", UNSOUND)
def test_r4_the_database_itself_refuses_an_unsound_transaction(what):
    lines, declared, constraint = UNSOUND[what]
    with pytest.raises(IntegrityError, match=constraint):
        raw(lines, declared)


@pytest.mark.django_db
def test_r4_a_balanced_pair_cannot_be_added_to_a_transaction_later():
    written = deposit(100)
    at_commit()
    with pytest.raises(IntegrityError, match="transaction_lacks_lines"):
        add(written, [(OUTSIDE, "USD", -1), (FUNDS, "USD", 1)], 3)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "update pay_line set amount_minor = 1",
        "delete from pay_line",
        "truncate pay_line",
        "update pay_transaction set note = 'x'",
        "delete from pay_transaction",
        "update pay_purchaseorder set limit_minor = 1",
        "delete from pay_purchaseorder",
        "update pay_account set balance_minor = 1",
        "update pay_account set currency = 'EUR'",
        "delete from pay_account",
        "update pay_accrual set amount_minor = 1",
        "update pay_accrual set person_id = judgment_id::text::uuid",
        "delete from pay_accrual",
        "alter table pay_line disable trigger all",
        "drop trigger moves_balance on pay_line",
        "set session_replication_role = replica",
    ],
)
def test_r4_the_application_cannot_rewrite_the_ledger(statement):
    deposit(100)
    at_commit()
    before = balances()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert balances() == before


@pytest.mark.django_db
def test_r4_an_accrual_is_posted_once_and_to_one_transaction():
    deposit(1000)
    job = UUID(int=5)
    reserve = AccountName("reserve", "USD", BUYER, job)
    post(transfer("reserve", "r", out_of=FUNDS, into=reserve, minor=500), by="test", now=NOW)
    worker = Ledger.people[0]
    accruals.accrue(
        worker=worker, org_id=BUYER, job_id=job, currency="USD", owed=[(1, 50, 9)], now=NOW
    )
    terms = {"org_id": BUYER, "job_id": job, "provider_share_bp": 0, "fee_bp": 0, "now": NOW}
    assert accruals.post_accruals(**terms) == 1
    assert accruals.post_accruals(**terms) == 0
    other = deposit(5, "d2")
    with pytest.raises(IntegrityError, match="accrual_is_posted_once"), transaction.atomic():
        Accrual.objects.update(transaction=other)
    with pytest.raises(IntegrityError, match="accrual_is_posted_once"), transaction.atomic():
        Accrual.objects.update(transaction=None)


@pytest.mark.django_db
def test_r4_the_same_source_twice_is_once():
    assert deposit(100)
    assert deposit(100) is None
    assert deposit(999) is None
    assert balances() == {OUTSIDE: -100, FUNDS: 100}


@pytest.mark.django_db
def test_r4_a_refused_posting_leaves_nothing():
    deposit(100)
    reserve = AccountName("reserve", "USD", BUYER, uuid4())
    with pytest.raises(NotEnoughFunds):
        post(transfer("reserve", "r", out_of=FUNDS, into=reserve, minor=101), by="t", now=NOW)
    assert Transaction.objects.count() == 1
    assert balances() == {OUTSIDE: -100, FUNDS: 100}


@pytest.mark.django_db
def test_r4_an_order_lets_funds_fall_to_its_limit_and_no_further():
    operator = assemble(0).manager
    for number, limit in (("a", 30), ("b", 20)):
        funds.record_order(
            by=operator, buyer_id=BUYER, number=number, limit=Money(limit, "USD"), now=NOW
        )
    job = uuid4()
    for minor, source in ((50, "r1"), (1, "r2")):
        ask = {"buyer_id": BUYER, "job_id": job, "amount": Money(minor, "USD"), "by": "t"}
        if source == "r1":
            funds.reserve(**ask, source=source, now=NOW)
        else:
            with pytest.raises(NotEnoughFunds):
                funds.reserve(**ask, source=source, now=NOW)
    at_commit()
    assert balances()[FUNDS] == -50


@pytest.mark.django_db
def test_a_deposit_or_order_that_cannot_be_is_refused():
    cast = assemble(0)
    ask = {"by": cast.manager, "buyer_id": BUYER, "now": NOW}
    funds.record_deposit(**ask, amount=Money(5, "USD"), reference="a")
    funds.record_order(**ask, number="o", limit=Money(5, "USD"))
    for minor, reference in ((0, "b"), (-5, "b"), (5, " "), (5, "a")):
        with pytest.raises(BadAmount):
            funds.record_deposit(**ask, amount=Money(minor, "USD"), reference=reference)
    for minor, number in ((0, "p"), (-1, "p"), (9, "o")):
        with pytest.raises(BadAmount):
            funds.record_order(**ask, number=number, limit=Money(minor, "USD"))
    assert balances()[FUNDS] == 5
    assert PurchaseOrder.objects.count() == 1


def test_a_posting_is_balanced_and_in_one_currency_or_is_none():
    for moves in (
        {},
        {FUNDS: 1},
        {FUNDS: 1, OUTSIDE: -2},
        {FUNDS: 0, OUTSIDE: 0},
        {FUNDS: 1, AccountName("external", "EUR"): -1},
    ):
        with pytest.raises(ValueError, match="k s"):
            Posting("k", "s", moves)


def test_shares_over_any_batches_sum_to_the_share_of_the_whole():
    for basis_points in (1, 333, 2750, 10_000):
        wages = [1, 1, 7, 40, 3, 3, 3, 999, 2]
        done, shares = 0, 0
        for batch in wages:
            shares += share_due(done, batch, basis_points)
            done += batch
        assert shares == part_of(sum(wages), basis_points)


def test_r4_eight_at_once_neither_deadlock_nor_lose_a_cent(committed_db):
    deposit(100_000)
    reserves = [AccountName("reserve", "USD", BUYER, UUID(int=n)) for n in range(3)]
    for n, name in enumerate(reserves):
        post(transfer("reserve", f"s{n}", out_of=FUNDS, into=name, minor=9000), by="t", now=NOW)
    failed = []

    def move(seed: int) -> None:
        try:
            for turn in range(25):
                a, b, c = (reserves[(seed + turn + k) % 3] for k in range(3))
                posting = Posting("mix", f"{seed}:{turn}", {a: -3, b: 2, c: 1})
                assert post(posting, by="t", now=NOW + timedelta(seconds=turn))
        except BaseException as trouble:
            failed.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failed
    assert Transaction.objects.filter(kind="mix").count() == 200
    sums = Line.objects.values("account").annotate(sum=Sum("amount_minor"))
    assert {row["account"]: row["sum"] for row in sums} == dict(
        Account.objects.values_list("id", "balance_minor")
    )
    assert sum(balances()[name] for name in reserves) == 27_000
