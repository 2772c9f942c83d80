"""Tables of pay. The ledger (account, transaction, entry) is guarded by triggers in the database:
every transaction sums to zero in one currency, nothing changes after, no account under its floor.
"""

from django.db import models
from django.db.models import Q

from ujima.base.ids import uuid7


class Account(models.Model):
    """A place where money stands.

    external   the world outside; deposits come from it, payouts go to it
    buyer      a buyer's funds; its floor is minus the limit of the purchase orders in force
    reserve    what one job may still cost
    worker     what is owed to one person by one provider
    provider   a provider's share of the price
    fee        the platform's fee
    """

    class Kind(models.TextChoices):
        EXTERNAL = "external"
        BUYER = "buyer"
        RESERVE = "reserve"
        WORKER = "worker"
        PROVIDER = "provider"
        FEE = "fee"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=10, choices=Kind)
    org_id = models.UUIDField(null=True)
    owner_id = models.UUIDField(null=True)
    currency = models.CharField(max_length=3)
    floor_minor = models.BigIntegerField(null=True)
    balance_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "org_id", "owner_id", "currency"],
                nulls_distinct=False,
                name="one_account",
            ),
            models.UniqueConstraint(fields=["id", "currency"], name="account_currency"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.currency}"


class Transaction(models.Model):
    """A set of entries that sums to zero; (kind, source) says what it is for, once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=20)
    source = models.CharField(max_length=80)
    lines = models.SmallIntegerField()
    at = models.DateTimeField()
    by = models.CharField(max_length=80)
    note = models.CharField(max_length=300, blank=True)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source"], name="one_transaction_a_source")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.source}"


class Line(models.Model):
    """One entry of a transaction: an amount into (+) or out of (−) an account."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(Transaction, models.PROTECT, related_name="entries")
    number = models.SmallIntegerField()
    account = models.ForeignKey(Account, models.PROTECT, related_name="entries")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transaction", "number"], name="one_line_a_number"),
            models.CheckConstraint(name="a_line_moves_money", condition=~Q(amount_minor=0)),
        ]

    def __str__(self) -> str:
        return str(self.amount_minor)


class PurchaseOrder(models.Model):
    """A buyer's promise to pay up to a limit; wages do not wait for its money."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    number = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    limit_minor = models.BigIntegerField()
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "number"], name="one_order_a_number"),
            models.CheckConstraint(name="an_order_has_a_limit", condition=Q(limit_minor__gt=0)),
        ]

    def __str__(self) -> str:
        return self.number


class Posted(models.Model):
    """The wages of one provider's people on one job that stand in the ledger, summed as they are
    posted: what a page asks for costs the same however large the job is."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    provider_id = models.UUIDField()
    wages_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "job_id", "provider_id"], name="one_sum_a_provider"
            ),
        ]

    def __str__(self) -> str:
        return str(self.wages_minor)


class Accrual(models.Model):
    """What is owed for one accepted judgment. Append-only, but for the transaction it is posted
    in: the application role may set `transaction`, once, and no other column."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    provider_id = models.UUIDField()
    person_id = models.UUIDField()
    membership_id = models.UUIDField()
    judgment_id = models.BigIntegerField()
    amount_minor = models.IntegerField()
    currency = models.CharField(max_length=3)
    milliseconds = models.IntegerField()
    at = models.DateTimeField()
    work_date = models.DateField()
    transaction = models.ForeignKey(Transaction, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "judgment_id"], name="one_accrual_a_judgment"
            ),
        ]
        indexes = [
            models.Index(
                fields=["org_id", "job_id", "id"],
                condition=Q(transaction=None),
                name="accrual_unposted",
            ),
            models.Index(fields=["org_id", "job_id", "person_id"], name="accrual_job"),
            models.Index(fields=["provider_id", "person_id", "work_date"], name="accrual_person"),
        ]

    def __str__(self) -> str:
        return f"{self.amount_minor} for {self.judgment_id}"
