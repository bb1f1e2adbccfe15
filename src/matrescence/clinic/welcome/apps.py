"""The Django application of the open door."""

from django.apps import AppConfig


class WelcomeConfig(AppConfig):
    """Named ``welcome``."""

    name = "matrescence.clinic.welcome"
    label = "welcome"
