"""Beliefs and skills are updated in place; fits and results never change."""

from django.db import migrations

from ujima.base.tables import append_only, updates_in_place


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_tables")]
    operations = [
        updates_in_place("quality_belief"),
        updates_in_place("quality_skill", 50),
        append_only("quality_fit", "quality_result"),
    ]
