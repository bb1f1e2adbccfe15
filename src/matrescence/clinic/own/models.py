"""The draft of her answers: not a record.  It is emptied when she sends them, and then only the log holds them."""

from __future__ import annotations

from django.db import models

from matrescence.clinic.people.models import MotherLink


class Visit(models.Model):
    """One browser's visit through one link, kept at every step so that a lost connection loses nothing.

    ``answers`` maps a question to its score, to "yes" or "no", or to ``None`` where she would rather not say; a
    question that is not there has not been answered.  ``position`` is the record her answers stand in, once there is
    one: an urgent answer makes it at once, and what she sends later corrects it.
    """

    link = models.OneToOneField(MotherLink, on_delete=models.PROTECT, primary_key=True, related_name="visit")
    browser_hash = models.CharField(max_length=64)
    answers = models.JSONField(default=dict)
    language = models.CharField(max_length=8)
    position = models.PositiveIntegerField(null=True, blank=True)
    saved = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"visit through {self.link}"
