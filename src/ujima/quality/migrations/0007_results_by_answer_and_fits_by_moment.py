"""Results are found by their answer, and fits by their moment, without reading a job's others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("quality", "0006_a_belief_sums_its_judgments")]
    operations = [
        AddIndexConcurrently(
            "current",
            models.Index(fields=["org_id", "job_id", "label", "unit_id"], name="current_label"),
        ),
        AddIndexConcurrently(
            "fit", models.Index(fields=["org_id", "job_id", "at"], name="fit_moment")
        ),
    ]
