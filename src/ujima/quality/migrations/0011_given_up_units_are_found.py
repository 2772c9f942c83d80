"""Units that were given up are found without reading a job's other results."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("quality", "0010_reviews_and_lots")]
    operations = [
        AddIndexConcurrently(
            "result",
            models.Index(
                fields=["org_id", "job_id", "confidence", "unit_id"],
                condition=models.Q(ended="review"),
                name="result_given_up",
            ),
        ),
    ]
