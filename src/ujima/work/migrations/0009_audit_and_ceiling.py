"""A job has a share of units that are checked, and a most that it may cost."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0008_seconds_expected")]
    operations = [
        migrations.AddField("job", "audit_bp", models.IntegerField(default=0, db_default=0)),
        migrations.AddField("job", "ceiling_minor", models.BigIntegerField(null=True, blank=True)),
    ]
