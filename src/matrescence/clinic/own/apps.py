"""The room of her own pages, as Django knows it."""

from django.apps import AppConfig


class OwnConfig(AppConfig):
    """Her visits through a link, and the Spanish of her pages."""

    name = "matrescence.clinic.own"
    label = "own"
