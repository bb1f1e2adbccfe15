"""One-time links: make one, find one by its secret, and bind it to the browser that opened it.

Only hashes are kept: of the link's secret, and of the secret in the browser's own cookie.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase

from matrescence.clinic.own.models import Visit
from matrescence.clinic.people.models import MotherLink

SALT = "matrescence.own"
SECRET_BYTES = 24
"""192 random bits: nobody guesses a link."""


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made, and its secret, which is nowhere else and is shown once."""

    link: MotherLink
    token: str


def make_link(
    course_id: str,
    *,
    purpose: str,
    scales: Sequence[str],
    language: str,
    made_by: str,
    at: datetime,
    valid_for: timedelta,
) -> NewLink:
    """Make a link to one mother's own pages."""
    token = secrets.token_urlsafe(SECRET_BYTES)
    link = MotherLink.objects.create(
        token_hash=hashed(token),
        stream=course_id,
        purpose=purpose,
        language=language,
        scales=list(scales),
        made_by=made_by,
        made_at=at,
        expires_at=at + valid_for,
    )
    return NewLink(link, token)


def found(token: str) -> MotherLink | None:
    """The link of this secret."""
    return MotherLink.objects.select_related("visit").filter(token_hash=hashed(token)).first()


def is_open(link: MotherLink, at: datetime) -> bool:
    """Whether it may still be used by the browser it belongs to."""
    return not link.withdrawn and at < link.expires_at


def visit_of(request: HttpRequest, link: MotherLink) -> Visit | None:
    """The visit of this browser through the link; ``None`` where it belongs to no browser yet, or to another."""
    visit = Visit.objects.filter(link=link).first()
    if visit is None:
        return None
    try:
        secret = request.get_signed_cookie(_cookie(link), salt=SALT)
    except (KeyError, BadSignature):
        return None
    return visit if secrets.compare_digest(hashed(secret), visit.browser_hash) else None


def bind(link: MotherLink, *, at: datetime) -> str | None:
    """Give the link to one browser; its secret, or ``None`` when another browser was first."""
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        taken = MotherLink.objects.filter(pk=link.pk, opened_at__isnull=True, withdrawn=False).update(opened_at=at)
        if not taken:
            return None
        Visit.objects.create(link=link, browser_hash=hashed(secret), language=link.language, saved_at=at)
    return secret


def remember(response: HttpResponseBase, link: MotherLink, secret: str, *, at: datetime) -> None:
    """Put the browser's secret into its own cookie: signed, out of reach of scripts, for these pages alone."""
    response.set_signed_cookie(
        _cookie(link),
        secret,
        salt=SALT,
        max_age=int((link.expires_at - at).total_seconds()),
        path="/s/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(link: MotherLink) -> str:
    return f"own-{link.pk}"
