"""The headers of every answer: nothing from elsewhere runs, nothing is kept by a browser."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "X-Frame-Options": "DENY",
}
"""What an answer carries unless it said otherwise itself; files of the program may be kept by a browser."""


def dressed(response: HttpResponseBase) -> HttpResponseBase:
    """The same answer with its headers.  A page that needs another policy has set its own already."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
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
