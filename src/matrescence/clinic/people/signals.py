"""Write down what happens at the door: who logged in or out, who failed, whose factors changed."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth import signals as auth
from django.http import HttpRequest

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.people import idle
from matrescence.clinic.people.audit import DONE, REFUSED, note_account
from matrescence.clinic.people.models import User
from matrescence.clinic.people.sessions import new_key


def logged_in(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """The session begins."""
    idle.begin(request, now())
    note_account(request, user, "log-in", DONE)


def logged_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """The session ends."""
    note_account(request, user, "log-out", DONE)


def log_in_failed(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """A wrong password, or no such account: only a name that exists is written down."""
    user = User.objects.filter(username=str(credentials.get("username", ""))).first()
    note_account(request, user, "log-in", REFUSED, "password")


def factor_failed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """A wrong code."""
    note_account(request, user, "second-factor", REFUSED, "code")


def factor_used(sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """A right one."""
    note_account(request, user, "second-factor", DONE, f"used {authenticator.type}")


def factor_added(sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """She set one up."""
    note_account(request, user, "second-factor", DONE, f"added {authenticator.type}")


def factor_removed(sender: object, request: HttpRequest, user: User, authenticator: Any, **kwargs: Any) -> None:
    """She took one away."""
    note_account(request, user, "second-factor", DONE, f"removed {authenticator.type}")


def password_changed(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """She changed her password; her other sessions are over."""
    note_account(request, user, "password", DONE)


def authenticated(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """She proved again who she is, for a change of her account: the session gets a new key."""
    if kwargs.get("reauthenticated"):
        note_account(request, user, "proof", DONE, str(kwargs.get("method", "")))
        new_key(request)


def connect() -> None:
    """Listen."""
    auth.user_logged_in.connect(logged_in)
    auth.user_logged_out.connect(logged_out)
    auth.user_login_failed.connect(log_in_failed)
    mfa.authentication_failed.connect(factor_failed)
    mfa.authenticator_used.connect(factor_used)
    mfa.authenticator_added.connect(factor_added)
    mfa.authenticator_removed.connect(factor_removed)
    account.password_changed.connect(password_changed)
    account.authentication_step_completed.connect(authenticated)
