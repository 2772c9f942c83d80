"""Tables of work. Hot rows (unit, lease, judgment) carry the buyer's org_id and start every
unique constraint and index with it; the provider's side is linked by id, not by foreign key."""

from django.db import models
from django.db.models import F, Q

from ujima.base.ids import uuid7


class Project(models.Model):
    """A buyer's folder of jobs."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    title = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org_id", "id"], name="project_org")]

    def __str__(self) -> str:
        return self.title


class Job(models.Model):
    """What a buyer orders. Its form and terms may change while it is a draft, not after."""

    class State(models.TextChoices):
        DRAFT = "draft"
        LAUNCHED = "launched", "running"
        PAUSED = "paused"
        FINISHED = "finished"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    project = models.ForeignKey(Project, models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    version = models.SmallIntegerField(default=0)
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    config = models.TextField(blank=True)
    currency = models.CharField(max_length=3)
    rate_minor = models.IntegerField()
    provider_share_bp = models.IntegerField(default=0)
    fee_bp = models.IntegerField(default=0)
    contingency_bp = models.IntegerField(default=500)
    judgments_min = models.SmallIntegerField(default=3)
    judgments_max = models.SmallIntegerField(default=5)
    confidence_target = models.FloatField(default=0.9)
    gold_share_bp = models.IntegerField(default=1000)
    page_size = models.SmallIntegerField(default=10)
    lease_minutes = models.IntegerField(default=60)
    # the accuracy that is asked of each person; lying under it opens a case, and stops nobody
    accuracy_least = models.FloatField(default=0.6)
    # who pays for asking again where a known answer was wrong: buyer, provider or platform
    rework_payer = models.CharField(max_length=10, default="buyer")
    # known units that a person answers before the job, paid (0: none), and how many rightly
    quiz_units = models.SmallIntegerField(default=0, db_default=0)
    quiz_right = models.SmallIntegerField(default=0, db_default=0)
    # what the buyer thinks one unit takes, told as such until enough people were measured
    seconds_expected = models.IntegerField(null=True, blank=True)
    model_labels = models.BooleanField(default=False)
    deadline = models.DateTimeField(null=True, blank=True)
    # of units that are asked to the maximum to check the others; 0 in a job too small for a sample
    audit_bp = models.IntegerField(default=0, db_default=0)
    # what the buyer pays at most before nothing more is asked
    ceiling_minor = models.BigIntegerField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="a_job_pays", condition=Q(rate_minor__gt=0)),
            models.CheckConstraint(
                name="judgments_min_to_max",
                condition=Q(judgments_min__gte=1, judgments_max__gte=F("judgments_min")),
            ),
            models.CheckConstraint(
                name="confidence_is_a_probability",
                condition=Q(confidence_target__gt=0, confidence_target__lt=1),
            ),
            models.CheckConstraint(
                name="shares_are_not_negative",
                condition=Q(provider_share_bp__gte=0, fee_bp__gte=0, contingency_bp__gte=0),
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "id"], name="job_org"),
            models.Index(fields=["state"], name="job_state"),
        ]

    def __str__(self) -> str:
        return self.title


class JobVersion(models.Model):
    """The immutable form and terms under which leases are given and judgments made."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job = models.ForeignKey(Job, models.PROTECT, related_name="versions")
    number = models.SmallIntegerField()
    title = models.CharField(max_length=200)
    instructions = models.TextField(blank=True)
    config = models.TextField()
    currency = models.CharField(max_length=3)
    rate_minor = models.IntegerField()
    provider_share_bp = models.IntegerField()
    fee_bp = models.IntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class JobChange(models.Model):
    """A job came into a state: which, who, when, why. Append-only."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job = models.ForeignKey(Job, models.PROTECT, related_name="changes")
    state = models.CharField(max_length=10, choices=Job.State)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    reason = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.state} {self.at}"


class Channel(models.Model):
    """A job offered to a provider, or to one of its centres or home-based groups."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    job = models.ForeignKey(Job, models.PROTECT, related_name="channels")
    provider_id = models.UUIDField()
    centre_id = models.UUIDField(null=True, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.CharField(max_length=80)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.CharField(max_length=80, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_reason = models.CharField(max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "job", "provider_id", "centre_id"],
                nulls_distinct=False,
                name="one_channel_a_centre",
            )
        ]
        indexes = [models.Index(fields=["provider_id", "job"], name="channel_provider")]

    def __str__(self) -> str:
        return f"{self.job_id} → {self.provider_id}"


class Import(models.Model):
    """One file of units taken in, and how many of its rows were kept (gold among them), known
    already, refused."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    job = models.ForeignKey(Job, models.PROTECT, related_name="imports")
    file_name = models.CharField(max_length=200)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    kept = models.IntegerField(default=0)
    golds = models.IntegerField(default=0)
    already_kept = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.file_name


class RefusedRow(models.Model):
    """A row of a file that was not taken: where, and why."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    intake = models.ForeignKey(Import, models.CASCADE, related_name="refused_rows")
    row = models.IntegerField()
    column = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=500)

    def __str__(self) -> str:
        return f"{self.row}: {self.code}"


class Unit(models.Model):
    """One record of a job.

    need    how many judgments are wanted now; grows until the confidence target or the maximum
    taken   live leases and judgments; never over need at the moment of a lease
    is_open taken < need and not settled; kept beside them because the claim's index is over it
    sure    thousandths of confidence after its last judgment that asked for another; of the open
            units near each other the least sure are given first
    """

    class State(models.IntegerChoices):
        PENDING = 0
        SETTLED = 1
        SET_ASIDE = 2

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    seq = models.IntegerField()
    key = models.CharField(max_length=255)
    data = models.JSONField()
    key_id = models.SmallIntegerField(null=True)
    is_gold = models.BooleanField(default=False)
    is_reserved = models.BooleanField(default=False)
    is_open = models.BooleanField(default=True)
    state = models.SmallIntegerField(choices=State, default=State.PENDING)
    need = models.SmallIntegerField()
    taken = models.SmallIntegerField(default=0)
    sure = models.SmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job_id", "key"], name="one_unit_a_key"),
            models.CheckConstraint(name="taken_is_not_negative", condition=Q(taken__gte=0)),
        ]
        indexes = [
            models.Index(
                fields=["org_id", "job_id", "is_gold", "seq"],
                condition=Q(is_open=True, is_reserved=False),
                name="unit_open",
            ),
            models.Index(fields=["org_id", "job_id", "id"], name="unit_job"),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def state_name(self) -> str:
        """The state as programs read it: pending, settled or set_aside."""
        return self.State(self.state).name.lower()


class Gold(models.Model):
    """The known answer to a unit and its reason; apart, so that no worker's query comes near."""

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    answer = models.JSONField()
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id"], name="gold_job")]

    def __str__(self) -> str:
        return str(self.unit_id)


class GoldCorrection(models.Model):
    """A known answer was changed, or set aside (`after` is empty). Append-only.

    judgments   how many answers to it were scored anew
    """

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    unit_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField(null=True)
    reason = models.CharField(max_length=500)
    judgments = models.IntegerField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id", "id"], name="correction_job")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.at}"


class GoldRetirement(models.Model):
    """A gold unit that its late answers say has leaked: offered no more. Its answers count on.

    strength   how many standard errors its late answers lie from its early ones
    """

    unit = models.OneToOneField(Unit, models.CASCADE, primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    strength = models.FloatField()
    answers = models.IntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id"], name="retirement_job")]

    def __str__(self) -> str:
        return str(self.unit_id)


class Rework(models.Model):
    """A unit that was opened again because a known answer was wrong: its judgments after
    `after_judgment` are paid by the party that the job's terms name. Append-only."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    unit_id = models.BigIntegerField()
    after_judgment = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job_id", "unit_id"], name="one_rework")
        ]

    def __str__(self) -> str:
        return str(self.unit_id)


class Stop(models.Model):
    """A person is offered no more of a job, by a lead's decision; what she holds runs on."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job_id", "person_id"], name="one_stop")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.job_id}"


class Quiz(models.Model):
    """One try of a person's at the quiz before a job.

    outcome       empty while it goes on; passed, again (once more), or case: a person looks at it
    right         known answers met, when it ended
    waits_until   while a person looks at it she is given none of this job, and never longer
    """

    class Outcome(models.TextChoices):
        OPEN = ""
        PASSED = "passed"
        AGAIN = "again"
        CASE = "case"

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    attempt = models.SmallIntegerField()
    outcome = models.CharField(max_length=6, choices=Outcome, default=Outcome.OPEN, blank=True)
    right = models.SmallIntegerField(default=0)
    waits_until = models.DateTimeField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "job_id", "person_id", "attempt"], name="one_quiz_an_attempt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.job_id}, {self.attempt}"


class KnownPage(models.Model):
    """A page of known units only, told as such: of a quiz's attempt, or to practise after a case
    (`attempt` 0). Its units are leased, answered and paid like all others."""

    page_id = models.UUIDField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    attempt = models.SmallIntegerField()
    case_id = models.UUIDField(null=True, blank=True)
    units = models.SmallIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["org_id", "job_id", "person_id", "attempt"], name="known_page")
        ]

    def __str__(self) -> str:
        return str(self.page_id)


class Reservation(models.Model):
    """A unit kept by a provider for a person of its own, until a time; waiting until she holds it
    or has judged it."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="reservations")
    provider_id = models.UUIDField()
    until = models.DateTimeField()
    is_waiting = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "job_id", "person_id", "unit"], name="reserved_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["org_id", "job_id", "person_id", "unit"],
                condition=Q(is_waiting=True),
                name="reservation_waiting",
            ),
            models.Index(fields=["org_id", "job_id", "unit"], name="reservation_of_unit"),
            # the sweep asks for what has ended in any organisation
            models.Index(fields=["until"], name="reservation_until"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} for {self.person_id}"


class Bookmark(models.Model):
    """How far through a job's open units one person has been offered work, so that a claim
    never reads again what she has judged already."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    seq = models.IntegerField(default=0)
    offered = models.IntegerField(default=0)
    golds = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job_id", "person_id"], name="one_bookmark")
        ]

    def __str__(self) -> str:
        return str(self.seq)


class Lease(models.Model):
    """A unit held by one person until a time; `number` is the unit's name on the wire."""

    class State(models.IntegerChoices):
        HELD = 0
        JUDGED = 1
        SKIPPED = 2
        EXPIRED = 3

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    unit_id = models.BigIntegerField()
    person_id = models.UUIDField()
    membership_id = models.UUIDField()
    provider_id = models.UUIDField()
    page_id = models.UUIDField()
    number = models.SmallIntegerField()
    version = models.SmallIntegerField()
    state = models.SmallIntegerField(choices=State, default=State.HELD)
    reason = models.CharField(max_length=200, blank=True)
    leased_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "unit_id", "person_id"], name="one_lease_a_unit_and_person"
            ),
        ]
        indexes = [
            models.Index(fields=["page_id", "number"], name="lease_page"),
            models.Index(
                fields=["org_id", "job_id", "expires_at"],
                condition=Q(state=0),
                name="lease_expiry",
            ),
            models.Index(fields=["person_id"], condition=Q(state=0), name="lease_held"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} held by {self.person_id}"


class Judgment(models.Model):
    """One person's answer to one unit, with the time it took. Append-only, but for `gold_right`,
    which a corrected known answer scores anew."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    unit_id = models.BigIntegerField()
    person_id = models.UUIDField()
    membership_id = models.UUIDField()
    provider_id = models.UUIDField()
    version = models.SmallIntegerField()
    answer = models.JSONField()
    milliseconds = models.IntegerField()
    answered_at = models.DateTimeField()
    at = models.DateTimeField()
    device_id = models.UUIDField()
    device_seq = models.IntegerField()
    content_hash = models.BinaryField(max_length=16)
    gold_right = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "unit_id", "person_id"], name="one_judgment_a_unit_and_person"
            ),
            models.UniqueConstraint(
                fields=["org_id", "person_id", "device_id", "device_seq"],
                name="one_judgment_a_device_key",
            ),
        ]
        indexes = [
            models.Index(fields=["org_id", "job_id", "id"], name="judgment_job"),
            models.Index(fields=["person_id", "id"], name="judgment_person"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} by {self.person_id}"
