"""The clock of a simulated course; a real one has none."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import models

PAUSED_BELOW = 1e-3
"""A clock slower than this is a pause."""


class SimulatedClock(models.Model):
    """From ``real_anchor`` on, the time of this course began at ``course_anchor`` and runs ``speed`` times as fast.

    A course with a row here is a simulation, and every page of it says so.
    """

    stream = models.CharField(primary_key=True, max_length=16)
    real_anchor = models.DateTimeField()
    course_anchor = models.DateTimeField()
    speed = models.FloatField(default=1.0)

    def __str__(self) -> str:
        return f"{self.stream} x{self.speed:g}"

    @property
    def paused(self) -> bool:
        """Whether it stands still; no clock can stand still altogether."""
        return self.speed < PAUSED_BELOW

    def at(self, real: datetime) -> datetime:
        """The time of the course at a real instant."""
        return self.course_anchor + timedelta(seconds=(real - self.real_anchor).total_seconds() * self.speed)
