"""Whether somebody still has to set up a second factor before she sees anything about a mother."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings

from matrescence.clinic.people.models import User

COUNTS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""Recovery codes alone are no second factor: they only stand in for one."""


def has_one(user: User) -> bool:
    """Whether an authenticator app, a passkey or a security key stands behind this account."""
    return Authenticator.objects.filter(user=user, type__in=COUNTS).exists()


def is_missing(user: User) -> bool:
    """Whether this installation asks for one and she has none."""
    return settings.REQUIRE_SECOND_FACTOR and not has_one(user)


def take_away(user: User) -> None:
    """Remove every factor but the password: at the next log-in a new one has to be set up."""
    Authenticator.objects.filter(user=user).delete()
