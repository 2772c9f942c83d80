"""The application role may add to the log and read it, nothing else."""

from django.db import migrations

from ujima.base.tables import append_only


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_tables")]
    operations = [append_only("audit_entry", "audit_receipt")]
