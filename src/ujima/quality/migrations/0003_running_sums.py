"""A fit keeps how its results' confidences lie, so that no page counts them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("quality", "0002_room_and_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="fit",
            name="confidences",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.IntegerField(), default=list, size=None
            ),
        ),
    ]
