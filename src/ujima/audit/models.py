"""Tables of audit, both append-only: the application role may insert and read, nothing else."""

from django.db import models


class Entry(models.Model):
    """One thing done: who did what to which subject, and the facts of it."""

    id = models.BigAutoField(primary_key=True)
    org_id = models.UUIDField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    facts = models.TextField()

    class Meta:
        indexes = [
            models.Index(fields=["org_id", "subject", "id"], name="audit_entry_subject"),
            models.Index(fields=["org_id", "id"], name="audit_entry_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.actor} {self.action} {self.subject}"


class Receipt(models.Model):
    """What was made under a principal's idempotency key; never the content of the answer."""

    id = models.BigAutoField(primary_key=True)
    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    content_hash = models.BinaryField(max_length=32)
    made = models.CharField(max_length=120)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["principal", "key"], name="one_receipt_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.principal} {self.key}"
