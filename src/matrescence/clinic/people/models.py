"""Accounts, one-time links, and reasons for which a record was opened.  Nothing clinical is kept here."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac

from matrescence.clinic.people.matrix import ROLES


class User(AbstractUser):
    """Somebody who works here.  ``name`` is what stands in every record she makes, so it names one person only.

    ``session_round`` is counted up to end all her sessions.
    """

    name = models.CharField(max_length=120, unique=True)
    roles = models.JSONField(default=list)
    session_round = models.PositiveIntegerField(default=0)
    first_name = None
    last_name = None

    REQUIRED_FIELDS = ("name",)

    def __str__(self) -> str:
        return self.name

    @property
    def known_roles(self) -> tuple[str, ...]:
        """Her roles, in the order of the matrix; a name that the matrix does not know gives nothing."""
        return tuple(role for role in ROLES if role in self.roles)

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be hers: it changes with her password, and when all her sessions are ended."""
        told = f"{super().get_session_auth_hash()} {self.session_round}"
        return salted_hmac("matrescence.people.session", told, algorithm="sha256").hexdigest()


class MotherLink(models.Model):
    """A link that lets one mother open her own pages on her own telephone, once.

    Only the hash of its secret is kept.  The first browser that opens it takes it over; for any other it is dead.
    """

    SCREENING, FOLLOW_UP, HANDOUT = "screening", "follow-up", "handout"

    token_hash = models.CharField(max_length=64, unique=True)
    stream = models.CharField(max_length=16, db_index=True)
    purpose = models.CharField(max_length=12)
    language = models.CharField(max_length=8, default="en")
    scales = models.JSONField(default=list)
    made_by = models.CharField(max_length=120)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.purpose} for {self.stream}"


class BrokenGlass(models.Model):
    """A reason for which somebody opened a record that her role does not open, and until when."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    stream = models.CharField(max_length=16, db_index=True)
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user} {self.stream}"
