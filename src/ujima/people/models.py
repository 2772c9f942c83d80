"""Tables of people: who exists, where they belong, and how they sign in."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from ujima.base.ids import uuid7


class Organisation(models.Model):
    """A buyer or provider of work, or both; the operator runs this installation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200)
    is_buyer = models.BooleanField(default=False)
    is_provider = models.BooleanField(default=False)
    is_operator = models.BooleanField(default=False)
    country = models.CharField(max_length=2)
    timezone = models.CharField(max_length=64, default="UTC")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="an_organisation_buys_or_provides",
                condition=Q(is_buyer=True) | Q(is_provider=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Centre(models.Model):
    """A delivery centre, or a group of people who work at home."""

    class Kind(models.TextChoices):
        DELIVERY = "delivery", "delivery centre"
        HOME = "home", "home-based group"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="centres")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=10, choices=Kind)
    timezone = models.CharField(max_length=64, default="UTC")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="one_centre_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Person(AbstractBaseUser):
    """One human being, once, whatever organisations she belongs to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    language = models.CharField(max_length=20, default="en")
    created_at = models.DateTimeField()

    USERNAME_FIELD = "id"
    REQUIRED_FIELDS = []
    is_active = True

    def __str__(self) -> str:
        return str(self.id)


class Identity(models.Model):
    """What names a person; erasing her empties this row and keeps the facts pseudonymous."""

    person = models.OneToOneField(Person, models.CASCADE, primary_key=True)
    chosen_name = models.CharField(max_length=200)
    email = models.EmailField(null=True, blank=True)  # noqa: DJ001 - unique where present

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_person_an_email"),
        ]

    def __str__(self) -> str:
        return self.chosen_name


class Membership(models.Model):
    """A person's place in an organisation, for [started_at, ended_at)."""

    class Role(models.TextChoices):
        REQUESTER = "requester"
        VIEWER = "viewer"
        MANAGER = "manager"
        LEAD = "lead", "team lead"
        TRAINER = "trainer"
        PAYROLL = "payroll"
        WORKER = "worker"
        AUDITOR = "auditor"

    class Contract(models.TextChoices):
        PIECE = "piece", "by piece"
        HOUR = "hour", "by hour"
        SALARY = "salary"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True)
    worker_code = models.CharField(max_length=32, blank=True)
    pin = models.CharField(max_length=128, blank=True)
    contract = models.CharField(max_length=8, choices=Contract, default=Contract.PIECE)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "worker_code"],
                condition=~Q(worker_code=""),
                name="one_worker_a_code",
            ),
            models.UniqueConstraint(
                fields=["organisation", "person", "role"],
                condition=Q(ended_at=None),
                name="one_live_membership_a_role",
            ),
        ]
        indexes = [models.Index(fields=["person"], name="membership_person")]

    def __str__(self) -> str:
        return f"{self.role} {self.worker_code}".strip()


class Invitation(models.Model):
    """An offer to join, sent to one person; the only way in, as sign-up is closed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    role = models.CharField(max_length=12, choices=Membership.Role)
    centre = models.ForeignKey(Centre, models.PROTECT, null=True, blank=True)
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    worker_code = models.CharField(max_length=32, blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    # empty for an organisation's first member, whom the operator invites on the command line
    invited_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.email or self.worker_code


class Device(models.Model):
    """A phone that may speak for one membership, by a token kept only as its SHA-256."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="devices")
    label = models.CharField(max_length=100, blank=True)
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label or str(self.id)


class ApiToken(models.Model):
    """A program's key to one organisation's data, with scopes; shown once, stored hashed."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, models.PROTECT)
    membership = models.ForeignKey(Membership, models.PROTECT)
    name = models.CharField(max_length=100)
    hint = models.CharField(max_length=12)
    scopes = models.JSONField(default=list)
    token_hash = models.BinaryField(max_length=32, unique=True)
    issued_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"


class Tries(models.Model):
    """How often a name's secret was tried from one source since a moment, without being right; an
    empty source stands for all of them together, an empty name for an address whatever the name."""

    id = models.BigAutoField(primary_key=True)
    name_hash = models.BinaryField(max_length=32)
    source_hash = models.BinaryField(max_length=32)
    tries = models.IntegerField()
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name_hash", "source_hash"], name="one_count_of_tries"),
        ]
        indexes = [models.Index(fields=["since"], name="tries_since")]

    def __str__(self) -> str:
        return f"{self.tries} since {self.since}"
