"""Each file says how many of its units are gold."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("work", "0002_room_and_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="import",
            name="golds",
            field=models.IntegerField(default=0),
        ),
        migrations.RunSQL(
            "update work_import i set golds = g.golds from (select job_id, count(*) as golds"
            " from work_gold group by 1) g where g.job_id = i.job_id and i.id = (select min(id::text)"
            "::uuid from work_import f where f.job_id = g.job_id)",
            migrations.RunSQL.noop,
        ),
    ]
