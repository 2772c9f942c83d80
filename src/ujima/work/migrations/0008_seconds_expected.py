"""A buyer's own estimate of the seconds that one unit takes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0007_every_reservation_ends")]
    operations = [
        migrations.AddField(
            "job", "seconds_expected", models.IntegerField(null=True, blank=True)
        )
    ]
