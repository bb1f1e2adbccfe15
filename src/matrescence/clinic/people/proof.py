"""Say again who you are: by password, or by a passkey or security key of this account."""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.http import HttpRequest
from django.utils.translation import gettext as _

from matrescence.clinic.people.audit import DONE, REFUSED, note_account
from matrescence.clinic.people.models import User


def passkey_options(user: User) -> dict[str, Any] | None:
    """What the browser needs to ask for a key of hers; nothing if she has none."""
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).exists():
        return None
    return {"request_options": begin_authentication(user)}


def proved(request: HttpRequest) -> str:
    """Nothing if the password or the key is hers; else what is wrong, in a sentence.  Tries are counted."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        note_account(request, request.user, "unlock", REFUSED, "too many tries")
        return _("Too many tries. Wait a minute, then try again.")
    if request.POST.get("credential"):
        hers = ReauthenticateWebAuthnForm(user=request.user, data=request.POST).is_valid()
        problem = _("That key is not known for your account. Try again, or use your password.")
    else:
        hers = request.user.check_password(request.POST.get("unlock-password", ""))
        problem = _("That is not your password. Nothing was written; what you sent is kept.")
    note_account(request, request.user, "unlock", DONE if hers else REFUSED)
    return "" if hers else problem
