from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_first_invitations'),
    ]

    operations = [
        migrations.CreateModel(
            name='Tries',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name_hash', models.BinaryField(max_length=32)),
                ('source_hash', models.BinaryField(max_length=32)),
                ('tries', models.IntegerField()),
                ('since', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['since'], name='tries_since')],
                'constraints': [models.UniqueConstraint(fields=('name_hash', 'source_hash'), name='one_count_of_tries')],
            },
        ),
        migrations.DeleteModel(name='SignInFailure'),
    ]
