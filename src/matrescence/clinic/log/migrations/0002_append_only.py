"""From here on the database itself refuses to change or remove a record."""

from django.db import migrations

from matrescence.clinic.log.triggers import create


class Migration(migrations.Migration):
    """Triggers, and the first link of both chains."""

    dependencies = (("log", "0001_initial"),)
    operations = (migrations.RunPython(create, migrations.RunPython.noop),)
