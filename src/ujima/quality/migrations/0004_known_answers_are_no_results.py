"""A known answer is the buyer's own and no result: nothing points to those given out as results."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("quality", "0003_running_sums")]
    operations = [
        migrations.RunSQL(
            "delete from quality_current c using quality_result r "
            "where r.id = c.result_id and r.ended = 'gold'",
            migrations.RunSQL.noop,
        ),
    ]
