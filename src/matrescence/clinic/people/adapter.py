"""Accounts are made by the site's representative: nobody signs up by himself."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from matrescence.clinic.people.audit import REFUSED, note_account
from matrescence.clinic.people.where import first_page


class ClosedAdapter(DefaultAccountAdapter):
    """No sign-up, and no e-mail needed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page that her roles open."""
        return first_page(request.user.known_roles)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the tries; one too many is written down, without the name that was typed.

        Raises:
            ValidationError: too many.
        """
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            note_account(request, None, "log-in", REFUSED, "too many tries")
            raise
