"""The Django application of the clocks."""

from django.apps import AppConfig


class ClockworkConfig(AppConfig):
    """Named ``clockwork``."""

    name = "matrescence.clinic.clockwork"
    label = "clockwork"
