"""Results of one answer are found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("quality", "0003_running_sums"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="current",
            index=models.Index(
                fields=["org_id", "job_id", "label", "unit_id"], name="current_label"
            ),
        ),
    ]
