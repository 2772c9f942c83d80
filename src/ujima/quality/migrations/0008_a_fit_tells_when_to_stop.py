"""A fit keeps what a judgment tells, how right the answers are, and what the audit found."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0007_results_by_answer_and_fits_by_moment")]
    operations = [
        migrations.AddField("fit", "told", ArrayField(models.FloatField(), default=list)),
        migrations.AddField("fit", "estimate_low", models.FloatField(null=True)),
        migrations.AddField("fit", "estimate_mid", models.FloatField(null=True)),
        migrations.AddField("fit", "estimate_high", models.FloatField(null=True)),
        migrations.AddField("fit", "reviews", models.IntegerField(default=0)),
        migrations.AddField("fit", "audit_seen", models.IntegerField(default=0)),
        migrations.AddField("fit", "audit_same", models.IntegerField(default=0)),
        migrations.AddField("fit", "audit_claimed", models.FloatField(default=0)),
        migrations.AddField("fit", "audit_found", models.FloatField(default=0)),
    ]
