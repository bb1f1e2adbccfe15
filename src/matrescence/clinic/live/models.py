"""Tables of live values.  None of them is a record: they are trimmed, and may be emptied while nobody looks."""

from __future__ import annotations

from django.db import models


class Association(models.Model):
    """One device at one course, from ``since`` on: said by a person, never guessed.

    ``kind`` is what it watches, by the word of the port: its silence is noticed from the moment it is bound.
    """

    device = models.CharField(max_length=120, db_index=True)
    kind = models.CharField(max_length=40, default="oximetry")
    course = models.CharField(max_length=16, db_index=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    by = models.CharField(max_length=200)
    clock_ahead_s = models.FloatField(default=0.0)

    class Meta:
        ordering = ("since", "id")

    def __str__(self) -> str:
        return f"{self.device} at {self.course}"


class LiveValue(models.Model):
    """The newest value of one measure.  ``stored_at`` is real time, also where the course is simulated."""

    course = models.CharField(max_length=16)
    measure = models.CharField(max_length=40)
    value = models.JSONField(null=True)
    why = models.CharField(max_length=300, blank=True)
    device = models.CharField(max_length=120)
    lane = models.CharField(max_length=8, default="live")
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    stored_at = models.DateTimeField()
    backfilled = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("course", "measure"), name="one_live_value_a_measure"),)

    def __str__(self) -> str:
        return f"{self.course} {self.measure}"


class StripPoint(models.Model):
    """One point of the recent strip.  A back-filled one was not hers *now* when it came, and never was on a tile."""

    course = models.CharField(max_length=16)
    measure = models.CharField(max_length=40)
    value = models.FloatField()
    observed_at = models.DateTimeField()
    received_at = models.DateTimeField()
    lane = models.CharField(max_length=8, default="live")
    backfilled = models.BooleanField(default=False)

    class Meta:
        indexes = (models.Index(fields=("course", "measure", "observed_at"), name="strip_by_time"),)

    def __str__(self) -> str:
        return f"{self.course} {self.measure}"


class DeviceProblem(models.Model):
    """Something about a device of a course that a person should know."""

    course = models.CharField(max_length=16, db_index=True)
    device = models.CharField(max_length=120)
    code = models.CharField(max_length=40)
    text = models.CharField(max_length=500)
    since = models.DateTimeField()

    class Meta:
        ordering = ("since", "id")
        constraints = (models.UniqueConstraint(fields=("course", "device", "code"), name="one_problem_a_code"),)

    def __str__(self) -> str:
        return f"{self.device} {self.code}"


class UnboundDevice(models.Model):
    """A device that is heard and belongs to no course; what it says is kept nowhere else."""

    device = models.CharField(primary_key=True, max_length=120)
    kind = models.CharField(max_length=40)
    lane = models.CharField(max_length=8)
    received_at = models.DateTimeField()
    reports = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.device


class Change(models.Model):
    """How often the live tables of a course have changed: what a stream looks at."""

    course = models.CharField(primary_key=True, max_length=16)
    version = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.course} {self.version}"
