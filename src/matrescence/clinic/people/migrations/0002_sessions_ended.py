"""Count the rounds of sessions that were ended."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """One more column."""

    dependencies = (("people", "0001_initial"),)
    operations = (migrations.AddField("user", "session_round", models.PositiveIntegerField(default=0)),)
