"""The headers of every answer: nothing from elsewhere runs, nothing is kept by a browser."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)


def dressed(response: HttpResponseBase) -> HttpResponseBase:
    """The same answer with its headers.  A page that needs another policy has set its own already."""
    response.headers.setdefault("Content-Security-Policy", POLICY)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=(), payment=()")
    return response


@sync_and_async_middleware
def HeadersMiddleware(get_response: Callable[..., object]) -> Callable[..., object]:  # noqa: N802 -- a middleware's name
    """Dress every answer."""
    from asgiref.sync import iscoroutinefunction

    if iscoroutinefunction(get_response):

        async def later(request: HttpRequest) -> HttpResponseBase:
            return dressed(await get_response(request))  # type: ignore[misc]

        return later

    def at_once(request: HttpRequest) -> HttpResponseBase:
        return dressed(get_response(request))  # type: ignore[arg-type]

    return at_once
