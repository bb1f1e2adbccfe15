"""The sessions of one account: a new key when she has said who she is, and the end of all of them."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.db.models import F
from django.http import HttpRequest

from matrescence.clinic.people.models import User


def new_key(request: HttpRequest) -> None:
    """Give the session another key; whoever knew the old one has nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=before).update(session_key=request.session.session_key)


def end_all(user: User) -> int:
    """End every session of an account, at its next request at the latest; how many were listed."""
    listed = list(UserSession.objects.filter(user=user))
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    for session in listed:
        session.end()
    return len(listed)
