"""A fit's report; what people decided of units, apart from judgments; lots checked by a sample."""

import django.db.models.deletion
import ujima.base.ids
from django.db import migrations, models

from ujima.base.tables import append_only, updates_in_place


class Migration(migrations.Migration):

    dependencies = [
        ('quality', '0009_model_labels'),
    ]

    operations = [
        migrations.CreateModel(
            name='Lot',
            fields=[
                ('id', models.UUIDField(default=ujima.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('org_id', models.UUIDField()),
                ('job_id', models.UUIDField()),
                ('contracted', models.FloatField()),
                ('tolerable', models.FloatField()),
                ('producer_risk', models.FloatField()),
                ('consumer_risk', models.FloatField()),
                ('seed', models.BigIntegerField()),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Adjudication',
            fields=[
                ('id', models.UUIDField(default=ujima.base.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('org_id', models.UUIDField()),
                ('job_id', models.UUIDField()),
                ('unit_id', models.BigIntegerField()),
                ('turn', models.SmallIntegerField()),
                ('answer', models.JSONField(null=True)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('by', models.CharField(max_length=80)),
                ('role', models.CharField(max_length=20)),
                ('result_version', models.SmallIntegerField()),
                ('lot_id', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('org_id', models.UUIDField()),
                ('place', models.IntegerField()),
                ('turn', models.SmallIntegerField()),
                ('is_right', models.BooleanField(null=True)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Drawn',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('org_id', models.UUIDField()),
                ('place', models.IntegerField()),
                ('unit_id', models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('job_id', models.UUIDField(primary_key=True, serialize=False)),
                ('org_id', models.UUIDField()),
                ('at', models.DateTimeField()),
                ('method_version', models.CharField(max_length=10)),
                ('input_hash', models.CharField(max_length=64)),
                ('judgments', models.IntegerField()),
                ('body', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('lot', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='acceptance', serialize=False, to='quality.lot')),
                ('org_id', models.UUIDField()),
                ('ruling', models.CharField(max_length=10)),
                ('checked', models.IntegerField()),
                ('wrong', models.IntegerField()),
                ('low', models.FloatField()),
                ('high', models.FloatField()),
                ('confidence', models.FloatField()),
                ('remark', models.CharField(blank=True, max_length=500)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('lot', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='draw', serialize=False, to='quality.lot')),
                ('org_id', models.UUIDField()),
                ('units', models.IntegerField()),
                ('sample', models.IntegerField()),
                ('allowed', models.IntegerField()),
                ('producer_risk', models.FloatField()),
                ('consumer_risk', models.FloatField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name='lot',
            index=models.Index(fields=['org_id', 'job_id', 'id'], name='lot_job'),
        ),
        migrations.AddIndex(
            model_name='adjudication',
            index=models.Index(fields=['org_id', 'job_id', 'id'], name='adjudication_job'),
        ),
        migrations.AddConstraint(
            model_name='adjudication',
            constraint=models.UniqueConstraint(fields=('org_id', 'unit_id', 'turn'), name='one_adjudication_a_turn'),
        ),
        migrations.AddField(
            model_name='check',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='quality.lot'),
        ),
        migrations.AddField(
            model_name='drawn',
            name='lot',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drawn', to='quality.lot'),
        ),
        migrations.AddField(
            model_name='drawn',
            name='result',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='quality.result'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('org_id', 'lot', 'place', 'turn'), name='one_check_a_turn'),
        ),
        migrations.AddConstraint(
            model_name='drawn',
            constraint=models.UniqueConstraint(fields=('org_id', 'lot', 'place'), name='one_drawn_a_place'),
        ),
        append_only(
            "quality_adjudication", "quality_lot", "quality_draw", "quality_drawn",
            "quality_check", "quality_acceptance",
        ),
        updates_in_place("quality_report", 50),
    ]
