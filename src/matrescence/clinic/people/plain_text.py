"""A request that carries the character NUL is refused: no form of ours sends it, and no database column takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, QueryDict

_NUL = "\x00"


class PlainTextMiddleware:
    """Look at the address and at everything that was typed, before a view does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on to the next."""
        return self._get_response(request)

    def process_view(self, request: HttpRequest, *_view: Any) -> None:
        """Refuse it.

        Raises:
            SuspiciousOperation: there is such a character.
        """
        if _NUL in request.path or any(map(_holds_nul, (request.GET, request.POST))):
            raise SuspiciousOperation("a character NUL in the request")


def _holds_nul(sent: QueryDict) -> bool:
    return any(_NUL in name or any(_NUL in value for value in values) for name, values in sent.lists())
