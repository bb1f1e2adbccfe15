"""The Django application of the log."""

from django.apps import AppConfig


class LogConfig(AppConfig):
    """Named ``log``."""

    name = "matrescence.clinic.log"
    label = "log"
