"""The Django application of the people."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Named ``people``."""

    name = "matrescence.clinic.people"
    label = "people"

    def ready(self) -> None:
        """Listen to what happens at the door."""
        from matrescence.clinic.people.signals import connect

        connect()
