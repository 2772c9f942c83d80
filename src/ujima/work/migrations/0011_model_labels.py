"""A buyer may let what a model learned from people's answers join them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("work", "0010_the_least_sure_first")]
    operations = [
        migrations.AddField("job", "model_labels", models.BooleanField(default=False)),
    ]
