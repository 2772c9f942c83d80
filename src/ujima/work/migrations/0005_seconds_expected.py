"""A buyer's own estimate of the seconds that one unit takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0004_a_page_is_found_by_its_id")]
    operations = [
        migrations.AddField(
            "job", "seconds_expected", models.IntegerField(null=True, blank=True)
        )
    ]
