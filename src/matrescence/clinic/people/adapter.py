"""Accounts are made by the site's representative: nobody signs up by himself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):
    """No sign-up, and no e-mail needed."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
