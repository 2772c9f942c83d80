"""A buyer may let what a model learned from people's answers join them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0008_seconds_expected")]
    operations = [
        migrations.AddField("job", "model_labels", models.BooleanField(default=False)),
    ]
