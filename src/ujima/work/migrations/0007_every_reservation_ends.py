from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('work', '0006_reservations_made_before'),
    ]

    operations = [
        migrations.AlterField('reservation', 'provider_id', models.UUIDField()),
        migrations.AlterField('reservation', 'until', models.DateTimeField()),
    ]
