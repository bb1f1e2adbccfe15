"""The first tables."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """As the models are."""

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="SimulatedClock",
            fields=[
                ("stream", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("real_anchor", models.DateTimeField()),
                ("course_anchor", models.DateTimeField()),
                ("speed", models.FloatField(default=1.0)),
            ],
        ),
    ]
