"""The log is read newest first, one organisation at a time."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.AddIndex(
            "entry", models.Index(fields=["org_id", "id"], name="audit_entry_newest")
        )
    ]
