"""Tables of quality. Beliefs and skills move with every judgment; fits and results only grow."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ujima.base.ids import uuid7


class Belief(models.Model):
    """What is thought of one unit so far.

    evidence    log evidence for each class of each problem of the job, one after the other, in
                nats, without the class prior
    judgments   how many judgments it rests on
    version     of the current result; 0 if there is none
    total       16 bytes: its judgments' weights, summed (`inputs`)
    """

    unit_id = models.BigIntegerField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    evidence = ArrayField(models.FloatField())
    judgments = models.SmallIntegerField(default=0)
    version = models.SmallIntegerField(default=0)
    total = models.BinaryField(max_length=16, null=True)

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id", "unit_id"], name="belief_job")]

    def __str__(self) -> str:
        return str(self.unit_id)


class Skill(models.Model):
    """What is thought of one person on one job.

    counts   soft confusion counts [true, said] of each problem, flattened row by row
    """

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    provider_id = models.UUIDField()
    counts = ArrayField(models.FloatField())
    judgments = models.IntegerField(default=0)
    gold_seen = models.IntegerField(default=0)
    gold_right = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job_id", "person_id"], name="one_skill"),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class Fit(models.Model):
    """One inference over a whole job. Append-only; the newest one holds.

    judgments     of all units, gold among them; `gold_seen` of these were on gold
    units         without gold
    results       ordinary units that have one; `unsure` of these are asked again
    gold_answers  the fewest gold units that the power was fitted on
    confidences   how many inferred results lie in each tenth of confidence from 0 to 1
    told          what a judgment tells, one flat table a problem; empty while too little is known
    estimate_*    the share of answers that are right, with its 95 % interval; null before any
    reviews       results that were given up to be looked at by a person
    audit_*       of the units asked on to check: how many have all their judgments, how many of
                  these kept the answer they would have stopped with, what was claimed of them, and
                  what was found, as sums of confidence
    model_*       results that model labels are part of; of these, those they turned
    """

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    at = models.DateTimeField()
    method = models.CharField(max_length=20)
    method_version = models.CharField(max_length=10)
    input_hash = models.CharField(max_length=64)
    judgments = models.IntegerField()
    last_judgment_id = models.BigIntegerField()
    results = models.IntegerField()
    unsure = models.IntegerField(default=0)
    units = models.IntegerField()
    mean_confidence = models.FloatField()
    confidences = ArrayField(models.IntegerField(), default=list)
    priors = ArrayField(models.FloatField())
    power = models.FloatField()
    gold_answers = models.IntegerField()
    gold_right = models.IntegerField()
    gold_seen = models.IntegerField()
    wages_minor = models.BigIntegerField(default=0)
    told = ArrayField(models.FloatField(), default=list)
    estimate_low = models.FloatField(null=True)
    estimate_mid = models.FloatField(null=True)
    estimate_high = models.FloatField(null=True)
    reviews = models.IntegerField(default=0)
    audit_seen = models.IntegerField(default=0)
    audit_same = models.IntegerField(default=0)
    audit_claimed = models.FloatField(default=0)
    audit_found = models.FloatField(default=0)
    model_results = models.IntegerField(default=0)
    model_turned = models.IntegerField(default=0)
    converged = models.BooleanField()

    class Meta:
        indexes = [
            models.Index(fields=["org_id", "job_id", "-id"], name="fit_newest"),
            models.Index(fields=["org_id", "job_id", "at"], name="fit_moment"),
        ]

    def __str__(self) -> str:
        return f"{self.job_id} {self.id}"

    @property
    def ready(self) -> int:
        """Ordinary units whose result stands: none more is asked."""
        return self.results - self.unsure


class Result(models.Model):
    """The answer inferred for a unit, one row a version. Append-only.

    input_hash   of the unit's judgments and of the fit it rests on (`inputs`)
    model_share  of the evidence for the answer, a model's part; null where no model labels joined
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    unit_id = models.BigIntegerField()
    version = models.SmallIntegerField()
    answer = models.JSONField()
    confidence = models.FloatField()
    judgments = models.SmallIntegerField()
    method = models.CharField(max_length=20)
    method_version = models.CharField(max_length=10)
    input_hash = models.CharField(max_length=64)
    ended = models.CharField(max_length=10)
    model_share = models.FloatField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "unit_id", "version"], name="one_result_a_version"
            )
        ]
        indexes = [
            # units that were given up come to review first
            models.Index(
                fields=["org_id", "job_id", "confidence", "unit_id"],
                condition=models.Q(ended="review"),
                name="result_given_up",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} v{self.version}"


class Current(models.Model):
    """The pointer from a unit to its newest result, with what lists sort and filter by."""

    unit_id = models.BigIntegerField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    result = models.ForeignKey(Result, models.PROTECT)
    confidence = models.FloatField()
    label = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(fields=["org_id", "job_id", "unit_id"], name="current_job"),
            models.Index(fields=["org_id", "job_id", "label", "unit_id"], name="current_label"),
            models.Index(
                fields=["org_id", "job_id", "confidence", "unit_id"], name="current_least"
            ),
        ]

    def __str__(self) -> str:
        return str(self.unit_id)


class Dirty(models.Model):
    """A job that has judgments which no fit has seen; the dispatcher looks here."""

    job_id = models.UUIDField(primary_key=True)
    org_id = models.UUIDField()
    since = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.job_id)


class Training(models.Model):
    """A model was trained on a job's majority, or could not be. Append-only; the newest one holds.

    judged       units that people had judged, gold left out: the next training waits for more
    trained_on   units with a majority that it learned from
    agreement    how often it agrees with people on units that it had not seen, 0 to 1
    input_hash   SHA-256 of the fields and majorities that it was given
    problem      why there are no labels: a refusal's code, or "failed"; empty if there are
    """

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    at = models.DateTimeField()
    model_version = models.CharField(max_length=10)
    seed = models.IntegerField()
    judged = models.IntegerField()
    trained_on = models.IntegerField(default=0)
    agreement = models.FloatField(default=0)
    input_hash = models.CharField(max_length=64, blank=True)
    problem = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id", "-id"], name="training_newest")]

    def __str__(self) -> str:
        return f"{self.job_id} {self.id}"


class ModelLabel(models.Model):
    """What the newest model says of a unit, which it had not seen with its judgments.

    labels   one for each problem of the job, -1 where it says nothing
    """

    unit_id = models.BigIntegerField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    training = models.ForeignKey(Training, models.PROTECT)
    labels = ArrayField(models.SmallIntegerField())

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id", "unit_id"], name="model_label_job")]

    def __str__(self) -> str:
        return str(self.unit_id)


class Report(models.Model):
    """What the newest fit says of a job's quality (`report.report_of`); each fit replaces it."""

    job_id = models.UUIDField(primary_key=True)
    org_id = models.UUIDField()
    at = models.DateTimeField()
    method_version = models.CharField(max_length=10)
    input_hash = models.CharField(max_length=64)
    judgments = models.IntegerField()
    body = models.JSONField()

    def __str__(self) -> str:
        return str(self.job_id)


class Adjudication(models.Model):
    """A person decided a unit's answer, or took that back. Append-only; the newest turn holds.
    It is no judgment: the people's judgments stay as they are.

    turn            1, 2, … of its unit
    answer          null where the decision before was taken back
    role            whose side decided: "buyer"
    result_version  of the unit's result that it made
    lot_id          of the lot in whose check it was made
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    unit_id = models.BigIntegerField()
    turn = models.SmallIntegerField()
    answer = models.JSONField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=80)
    role = models.CharField(max_length=20)
    result_version = models.SmallIntegerField()
    lot_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "unit_id", "turn"], name="one_adjudication_a_turn"
            )
        ]
        indexes = [models.Index(fields=["org_id", "job_id", "id"], name="adjudication_job")]

    def __str__(self) -> str:
        return f"{self.unit_id} turn {self.turn}"


class Lot(models.Model):
    """A check was asked for: does what a job has delivered meet the contracted accuracy?
    Append-only. The next settling draws the sample (`Draw`).

    seed    the units with the smallest MD5 of "seed:unit" are the sample
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    contracted = models.FloatField()
    tolerable = models.FloatField()
    producer_risk = models.FloatField()
    consumer_risk = models.FloatField()
    seed = models.BigIntegerField()
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["org_id", "job_id", "id"], name="lot_job")]

    def __str__(self) -> str:
        return str(self.id)


class Draw(models.Model):
    """The plan for a lot and that its sample was drawn. Append-only.

    units      results that stood when it was drawn; 0 if there were none, and nothing to check
    sample, allowed   check so many; at most so many may be wrong
    """

    lot = models.OneToOneField(Lot, models.PROTECT, primary_key=True, related_name="draw")
    org_id = models.UUIDField()
    units = models.IntegerField()
    sample = models.IntegerField()
    allowed = models.IntegerField()
    producer_risk = models.FloatField()
    consumer_risk = models.FloatField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.sample} of {self.units}"


class Drawn(models.Model):
    """A unit of a lot's sample, with the result that is checked; `place` from 1. Append-only."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="drawn")
    place = models.IntegerField()
    unit_id = models.BigIntegerField()
    result = models.ForeignKey(Result, models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "lot", "place"], name="one_drawn_a_place")
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.place}"


class Check(models.Model):
    """A person found a drawn result right or wrong, or took that back (null). Append-only; the
    newest turn of a place holds."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="checks")
    place = models.IntegerField()
    turn = models.SmallIntegerField()
    is_right = models.BooleanField(null=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "lot", "place", "turn"], name="one_check_a_turn"
            )
        ]

    def __str__(self) -> str:
        return f"{self.lot_id} {self.place} {self.is_right}"


class Acceptance(models.Model):
    """What was decided of a lot, with the figures it rests on. Append-only.

    ruling       "accept" or "reject", as the plan says
    low, high    the exact 95 % interval of the lot's accuracy
    confidence   that the lot is at least as accurate as what could just be tolerated
    """

    lot = models.OneToOneField(Lot, models.PROTECT, primary_key=True, related_name="acceptance")
    org_id = models.UUIDField()
    ruling = models.CharField(max_length=10)
    checked = models.IntegerField()
    wrong = models.IntegerField()
    low = models.FloatField()
    high = models.FloatField()
    confidence = models.FloatField()
    remark = models.CharField(max_length=500, blank=True)
    by = models.CharField(max_length=80)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lot_id} {self.ruling}"


class Shown(models.Model):
    """A person's accuracy on a job as she and her provider see it: taken from a fit, and moved
    only in steps (`trust.is_shown`), or the moment of a change would say which unit was gold.

    looked_at   her judgments when it was last asked whether to show anew
    """

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    provider_id = models.UUIDField()
    looked_at = models.IntegerField(default=0)
    judgments = models.IntegerField(default=0)
    gold_seen = models.IntegerField(default=0)
    gold_right = models.IntegerField(default=0)
    low = models.FloatField(default=0)
    mid = models.FloatField(default=0.5)
    high = models.FloatField(default=1)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["org_id", "job_id", "person_id"], name="one_shown"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.low:.2f}-{self.high:.2f}"


class Case(models.Model):
    """A person's accuracy on a job was found to lie under its line. Opening one stops nobody.

    low, mid, high, gold_*   the evidence when it was opened
    line                     the accuracy that it lies under
    asked_at, answer_by      when a lead asked to hear her, and how long she has
    heard_at, heard          when she answered, in her words
    decision                 continue, train or stop; with its reason, told to her in plain words
    withdrawn_at             the evidence was wrong: a known answer was corrected
    is_quiz                  the evidence is a quiz that stayed below its mark twice
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org_id = models.UUIDField()
    job_id = models.UUIDField()
    person_id = models.UUIDField()
    provider_id = models.UUIDField()
    opened_at = models.DateTimeField()
    line = models.FloatField()
    low = models.FloatField()
    mid = models.FloatField()
    high = models.FloatField()
    gold_seen = models.IntegerField()
    gold_right = models.IntegerField()
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.CharField(max_length=80, blank=True)
    answer_by = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    heard = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decision = models.CharField(max_length=10, blank=True)
    reason = models.TextField(blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_quiz = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["org_id", "job_id", "person_id"],
                condition=models.Q(decided_at=None, withdrawn_at=None),
                name="one_open_case",
            ),
            models.CheckConstraint(
                name="a_stop_was_heard_first",
                condition=~models.Q(decision="stop")
                | models.Q(heard_at__isnull=False)
                | models.Q(answer_by__lte=models.F("decided_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "-opened_at"], name="case_person"),
            models.Index(fields=["provider_id", "-opened_at"], name="case_provider"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} on {self.job_id}"
