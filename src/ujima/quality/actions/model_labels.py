"""Keeping what a model says of a job's units, and when it was trained or could not be."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from ujima.quality.model_labels.folds import VERSION
from ujima.quality.model_labels.units import Trained
from ujima.quality.models import ModelLabel, Training

CHUNK = 2000


@transaction.atomic
def keep_labels(
    *, org_id: UUID, job_id: UUID, trained: Trained, judged: int, now: datetime
) -> None:
    """Put a new model's labels in the place of the last one's. Fits read them from then on."""
    training = Training.objects.create(
        org_id=org_id,
        job_id=job_id,
        at=now,
        model_version=trained.version,
        seed=trained.seed,
        judged=judged,
        trained_on=trained.trained_on,
        agreement=trained.agreement,
        input_hash=trained.input_hash,
        problem="" if trained.trained_on else "nothing_learned",
    )
    ModelLabel.objects.filter(org_id=org_id, job_id=job_id).delete()
    rows = [
        ModelLabel(
            unit_id=unit, org_id=org_id, job_id=job_id, training=training, labels=_codes(labels)
        )
        for unit, labels in trained.labels.items()
        if any(label is not None for label in labels)
    ]
    ModelLabel.objects.bulk_create(rows, batch_size=CHUNK)


def record_failure(*, org_id: UUID, job_id: UUID, judged: int, problem: str, now: datetime) -> None:
    """Say that no model could be trained; labels of an earlier one stand."""
    Training.objects.create(
        org_id=org_id,
        job_id=job_id,
        at=now,
        model_version=VERSION,
        seed=0,
        judged=judged,
        problem=problem,
    )


def _codes(labels: Sequence[int | None]) -> list[int]:
    return [-1 if label is None else label for label in labels]
