"""The first tables of live values."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """As the models are."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Association",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("device", models.CharField(db_index=True, max_length=120)),
                ("course", models.CharField(db_index=True, max_length=16)),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField(blank=True, null=True)),
                ("by", models.CharField(max_length=200)),
                ("clock_ahead_s", models.FloatField(default=0.0)),
            ],
            options={
                "ordering": ("since", "id"),
            },
        ),
        migrations.CreateModel(
            name="Change",
            fields=[
                ("course", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("version", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="UnboundDevice",
            fields=[
                ("device", models.CharField(max_length=120, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("lane", models.CharField(max_length=8)),
                ("received_at", models.DateTimeField()),
                ("reports", models.PositiveIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name="DeviceProblem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course", models.CharField(db_index=True, max_length=16)),
                ("device", models.CharField(max_length=120)),
                ("code", models.CharField(max_length=40)),
                ("text", models.CharField(max_length=500)),
                ("since", models.DateTimeField()),
            ],
            options={
                "ordering": ("since", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("course", "device", "code"), name="one_problem_a_code")
                ],
            },
        ),
        migrations.CreateModel(
            name="LiveValue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course", models.CharField(max_length=16)),
                ("measure", models.CharField(max_length=40)),
                ("value", models.JSONField(null=True)),
                ("why", models.CharField(blank=True, max_length=300)),
                ("device", models.CharField(max_length=120)),
                ("lane", models.CharField(default="live", max_length=8)),
                ("observed_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("stored_at", models.DateTimeField()),
                ("backfilled", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("course", "measure"), name="one_live_value_a_measure")],
            },
        ),
        migrations.CreateModel(
            name="StripPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("course", models.CharField(max_length=16)),
                ("measure", models.CharField(max_length=40)),
                ("value", models.FloatField()),
                ("observed_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("lane", models.CharField(default="live", max_length=8)),
                ("backfilled", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [models.Index(fields=["course", "measure", "observed_at"], name="strip_by_time")],
            },
        ),
    ]
