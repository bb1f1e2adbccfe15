"""Requests for a consultation: how to reach her and when she comes.  Nothing clinical is asked or kept here."""

from __future__ import annotations

from django.db import models


class ConsultationRequest(models.Model):
    """Somebody asks for a consultation.  ``slot_at`` is the booked time; a time is booked once."""

    NEW, ADMITTED, DECLINED = "new", "admitted", "declined"

    key = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    telephone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    voicemail = models.BooleanField(default=False)
    language = models.CharField(max_length=8, default="en")
    words = models.TextField(blank=True)
    slot_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=NEW)
    handled_by = models.CharField(max_length=120, blank=True)
    handled_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    stream = models.CharField(max_length=16, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.UniqueConstraint(
                fields=("slot_at",),
                condition=models.Q(slot_at__isnull=False) & ~models.Q(state="declined"),
                name="one_booking_a_slot",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} {self.asked_at:%Y-%m-%d}"
