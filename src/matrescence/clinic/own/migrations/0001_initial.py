"""The draft of her answers."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """As the model is."""

    initial = True

    dependencies = [
        ("people", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visit",
            fields=[
                (
                    "link",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="visit",
                        serialize=False,
                        to="people.motherlink",
                    ),
                ),
                ("browser_hash", models.CharField(max_length=64)),
                ("answers", models.JSONField(default=dict)),
                ("language", models.CharField(max_length=8)),
                ("position", models.PositiveIntegerField(blank=True, null=True)),
                ("saved", models.PositiveIntegerField(default=0)),
                ("saved_at", models.DateTimeField()),
            ],
        ),
    ]
