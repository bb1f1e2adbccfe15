"""The tables of the log.  Rows of :class:`Event` and :class:`Audit` are only ever added; triggers refuse the rest."""

from __future__ import annotations

import secrets

from django.db import models

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # no letter that is read as another over the telephone

ID_LETTERS = 16


def new_id() -> str:
    """A name for a stream that nobody can guess: 16 letters of 31, about 79 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(ID_LETTERS))


def is_id(text: str) -> bool:
    """Whether a stream could have this name: what is none is looked for nowhere and written down nowhere."""
    return len(text) == ID_LETTERS and set(text) <= set(ALPHABET)


class Stream(models.Model):
    """One chain of records: the course of one mother, or the papers of one site."""

    COURSE, SITE = "course", "site"

    id = models.CharField(primary_key=True, max_length=16, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=[(COURSE, "course"), (SITE, "site")])

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Event(models.Model):
    """One record.  ``line`` is the record itself, as a line of a course log; the other columns are taken from it.

    ``seq`` numbers all records of the clinic without a gap, and ``chain`` binds each to the one before it, across
    streams: a stream whose last records were cut off is missed there.
    """

    seq = models.BigIntegerField(primary_key=True)
    stream = models.ForeignKey(Stream, on_delete=models.PROTECT, related_name="events")
    position = models.PositiveIntegerField()
    key = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.CharField(max_length=200)
    line = models.TextField()
    hash = models.CharField(max_length=64)
    chain = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)
        constraints = (
            models.UniqueConstraint(fields=("stream", "position"), name="one_record_a_position"),
            models.UniqueConstraint(fields=("stream", "key"), name="one_record_a_key"),
        )

    def __str__(self) -> str:
        return f"{self.stream_id} {self.position} {self.kind}"


class Audit(models.Model):
    """Who read or wrote what, or was refused; a chain of its own."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=200)
    role = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    stream = models.CharField(max_length=16, blank=True, db_index=True)
    outcome = models.CharField(max_length=20)
    detail = models.TextField(blank=True)
    address = models.CharField(max_length=64, blank=True)
    chain = models.CharField(max_length=64)

    class Meta:
        ordering = ("seq",)

    def __str__(self) -> str:
        return f"{self.seq} {self.who} {self.action} {self.outcome}"


class Head(models.Model):
    """The newest link of a chain, kept so that each new one is made under one lock."""

    EVENTS, AUDIT = "events", "audit"

    name = models.CharField(primary_key=True, max_length=10)
    seq = models.BigIntegerField(default=0)
    chain = models.CharField(max_length=64, default="0" * 64)

    def __str__(self) -> str:
        return f"{self.name} {self.seq}"


class Card(models.Model):
    """What the lists show of one course.  Made from the log, thrown away and made again at any time."""

    stream = models.OneToOneField(Stream, primary_key=True, on_delete=models.CASCADE, related_name="card")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=200)
    drug = models.CharField(max_length=40)
    phase = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.name
