"""A unit keeps how sure its answer is, so that people get the least sure first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0009_audit_and_ceiling")]
    operations = [
        migrations.AddField("unit", "sure", models.SmallIntegerField(default=0, db_default=0)),
    ]
