"""The table of drafts."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """As the models are."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stream", models.CharField(db_index=True, max_length=16)),
                ("programme", models.CharField(max_length=60)),
                ("requirement", models.CharField(max_length=80)),
                ("subject", models.CharField(blank=True, max_length=200)),
                ("answers", models.JSONField(default=dict)),
                ("signatures", models.JSONField(default=list)),
                ("version", models.PositiveIntegerField(default=1)),
                ("changed_by", models.CharField(max_length=120)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("stream", "programme", "requirement", "subject"), name="one_draft_a_form"
                    )
                ],
            },
        ),
    ]
