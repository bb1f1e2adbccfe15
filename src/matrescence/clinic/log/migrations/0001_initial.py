"""The first tables."""

import django.db.models.deletion
from django.db import migrations, models

import matrescence.clinic.log.models


class Migration(migrations.Migration):
    """As the models are."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Audit",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("who", models.CharField(max_length=200)),
                ("role", models.CharField(max_length=40)),
                ("action", models.CharField(max_length=60)),
                ("stream", models.CharField(blank=True, db_index=True, max_length=16)),
                ("outcome", models.CharField(max_length=20)),
                ("detail", models.TextField(blank=True)),
                ("address", models.CharField(blank=True, max_length=64)),
                ("chain", models.CharField(max_length=64)),
            ],
            options={
                "ordering": ("seq",),
            },
        ),
        migrations.CreateModel(
            name="Stream",
            fields=[
                (
                    "id",
                    models.CharField(
                        default=matrescence.clinic.log.models.new_id,
                        editable=False,
                        max_length=16,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("kind", models.CharField(choices=[("course", "course"), ("site", "site")], max_length=8)),
            ],
        ),
        migrations.CreateModel(
            name="Head",
            fields=[
                ("name", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("seq", models.BigIntegerField(default=0)),
                (
                    "chain",
                    models.CharField(
                        default="0000000000000000000000000000000000000000000000000000000000000000", max_length=64
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Card",
            fields=[
                (
                    "stream",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="log.stream",
                    ),
                ),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(max_length=200)),
                ("drug", models.CharField(max_length=40)),
                ("phase", models.CharField(max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                ("seq", models.BigIntegerField(primary_key=True, serialize=False)),
                ("position", models.PositiveIntegerField()),
                ("key", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=40)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("line", models.TextField()),
                ("hash", models.CharField(max_length=64)),
                ("chain", models.CharField(max_length=64)),
                (
                    "stream",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="events", to="log.stream"
                    ),
                ),
            ],
            options={
                "ordering": ("seq",),
                "constraints": [
                    models.UniqueConstraint(fields=("stream", "position"), name="one_record_a_position"),
                    models.UniqueConstraint(fields=("stream", "key"), name="one_record_a_key"),
                ],
            },
        ),
    ]
