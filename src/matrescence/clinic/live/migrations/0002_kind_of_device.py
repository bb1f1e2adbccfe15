"""What a bound device is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """A column."""

    dependencies = [
        ("live", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="association",
            name="kind",
            field=models.CharField(default="oximetry", max_length=40),
        ),
    ]
