"""The Django application of live values."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Named ``live``."""

    name = "matrescence.clinic.live"
    label = "live"
