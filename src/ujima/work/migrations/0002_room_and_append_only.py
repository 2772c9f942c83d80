"""Units and leases are updated in place; judgments, versions and changes never change."""

from django.db import migrations

from ujima.base.tables import append_only, updates_in_place


class Migration(migrations.Migration):
    dependencies = [("work", "0001_tables")]
    operations = [
        updates_in_place("work_unit"),
        updates_in_place("work_lease"),
        updates_in_place("work_bookmark", 50),
        append_only("work_judgment", "work_jobversion", "work_jobchange"),
    ]
