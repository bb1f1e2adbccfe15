"""The Django application of enrolment: it keeps drafts of forms."""

from django.apps import AppConfig


class EnrolmentConfig(AppConfig):
    """Named ``enrolment``."""

    name = "matrescence.clinic.enrolment"
    label = "enrolment"
