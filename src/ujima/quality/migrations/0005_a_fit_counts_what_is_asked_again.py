"""A fit keeps how many of its results are below the target and asked again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("quality", "0004_known_answers_are_no_results")]
    operations = [
        migrations.AddField("fit", "unsure", models.IntegerField(default=0)),
    ]
