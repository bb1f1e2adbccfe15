"""The Django application of the people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Named ``people``."""

    name = "matrescence.clinic.people"
    label = "people"
