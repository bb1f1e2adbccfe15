"""Forms that are being filled.  A draft is no record: it counts for nothing, and it is gone once the form is signed."""

from __future__ import annotations

from django.db import models

SITE = "site"
"""The ``stream`` of a draft about the site; every other draft names a course."""


class Draft(models.Model):
    """One form as far as it was typed.

    ``answers`` holds the text of each field as it was typed, ``signatures`` who has signed exactly these answers.
    """

    stream = models.CharField(max_length=16, db_index=True)
    programme = models.CharField(max_length=60)
    requirement = models.CharField(max_length=80)
    subject = models.CharField(max_length=200, blank=True)
    answers = models.JSONField(default=dict)
    signatures = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=1)
    changed_by = models.CharField(max_length=120)
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("stream", "programme", "requirement", "subject"), name="one_draft_a_form"),
        )

    def __str__(self) -> str:
        return f"{self.requirement} of {self.stream}"
