"""A belief keeps the sum of its judgments' hashes; null in rows that older code wrote."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0005_a_fit_counts_what_is_asked_again")]
    operations = [
        migrations.AddField("belief", "total", models.BinaryField(max_length=16, null=True)),
    ]
