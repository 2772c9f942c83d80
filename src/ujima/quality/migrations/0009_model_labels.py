"""What a model says of units, when it was trained, and its part in results and fits."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from ujima.base.tables import append_only


class Migration(migrations.Migration):
    dependencies = [("quality", "0008_a_fit_tells_when_to_stop")]
    operations = [
        migrations.AddField("result", "model_share", models.FloatField(null=True)),
        migrations.AddField("fit", "model_results", models.IntegerField(default=0)),
        migrations.AddField("fit", "model_turned", models.IntegerField(default=0)),
        migrations.CreateModel(
            name="Training",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("job_id", models.UUIDField()),
                ("at", models.DateTimeField()),
                ("model_version", models.CharField(max_length=10)),
                ("seed", models.IntegerField()),
                ("judged", models.IntegerField()),
                ("trained_on", models.IntegerField(default=0)),
                ("agreement", models.FloatField(default=0)),
                ("input_hash", models.CharField(blank=True, max_length=64)),
                ("problem", models.CharField(blank=True, max_length=40)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_id", "job_id", "-id"], name="training_newest")
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelLabel",
            fields=[
                ("unit_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("job_id", models.UUIDField()),
                (
                    "labels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(), size=None
                    ),
                ),
                (
                    "training",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="quality.training"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["org_id", "job_id", "unit_id"], name="model_label_job")
                ],
            },
        ),
        append_only("quality_training"),
    ]
