from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0004_a_page_is_found_by_its_id'),
    ]

    operations = [
        migrations.AddField('reservation', 'provider_id', models.UUIDField(null=True)),
        migrations.AddField('reservation', 'until', models.DateTimeField(null=True)),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(fields=['org_id', 'job_id', 'unit'], name='reservation_of_unit'),
        ),
        migrations.AddIndex(
            model_name='reservation',
            index=models.Index(fields=['until'], name='reservation_until'),
        ),
    ]
