"""Results of one answer are found without reading the others."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [
        ("quality", "0005_a_fit_counts_what_is_asked_again"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="current",
            index=models.Index(
                fields=["org_id", "job_id", "label", "unit_id"], name="current_label"
            ),
        ),
    ]
