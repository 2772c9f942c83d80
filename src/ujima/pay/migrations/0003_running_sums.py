"""Wages posted on a job, summed by provider as they are posted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pay", "0002_ledger_guards"),
    ]

    operations = [
        migrations.CreateModel(
            name="Posted",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org_id", models.UUIDField()),
                ("job_id", models.UUIDField()),
                ("provider_id", models.UUIDField()),
                ("wages_minor", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("org_id", "job_id", "provider_id"), name="one_sum_a_provider"
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "insert into pay_posted (org_id, job_id, provider_id, wages_minor)"
            " select org_id, job_id, provider_id, sum(amount_minor) from pay_accrual"
            " where transaction_id is not null group by 1, 2, 3",
            migrations.RunSQL.noop,
        ),
    ]
