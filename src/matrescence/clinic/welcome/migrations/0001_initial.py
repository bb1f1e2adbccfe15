"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """As the models are."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="ConsultationRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("telephone", models.CharField(blank=True, max_length=60)),
                ("email", models.EmailField(blank=True, max_length=254)),
                ("voicemail", models.BooleanField(default=False)),
                ("language", models.CharField(default="en", max_length=8)),
                ("words", models.TextField(blank=True)),
                ("slot_at", models.DateTimeField(blank=True, null=True)),
                ("asked_at", models.DateTimeField()),
                ("state", models.CharField(default="new", max_length=10)),
                ("handled_by", models.CharField(blank=True, max_length=120)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                ("note", models.TextField(blank=True)),
                ("stream", models.CharField(blank=True, max_length=16)),
            ],
            options={
                "ordering": ("-asked_at",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("slot_at__isnull", False), models.Q(("state", "declined"), _negated=True)),
                        fields=("slot_at",),
                        name="one_booking_a_slot",
                    )
                ],
            },
        ),
    ]
