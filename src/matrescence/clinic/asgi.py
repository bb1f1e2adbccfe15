"""The application as a server runs it: each request is answered in one thread of a few, which keep their connections.

Django's own handler begins a thread for each request, opens a connection to the database in it, and crosses between
threads at every middleware.  Here a request crosses once; only a stream goes on in the event loop.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.base import BaseHandler
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase

THREADS = 12
"""So many requests are answered at one time; the others wait in their order.  Each thread keeps one connection."""


class Handler(ASGIHandler):
    """Answers requests as Django does where it runs without an event loop, in threads of its own."""

    def __init__(self) -> None:
        BaseHandler.__init__(self)
        self.load_middleware(is_async=False)
        threads = ThreadPoolExecutor(max_workers=THREADS, thread_name_prefix="request")
        self._in_thread = sync_to_async(self._answer, thread_sensitive=False, executor=threads)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one request.

        Raises:
            ValueError: it is none of HTTP.
        """
        if scope["type"] != "http":
            raise ValueError(f"the clinic answers HTTP, not {scope['type']}")
        await self.handle(scope, receive, send)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        """The whole of the middleware and the view in one thread."""
        answer: HttpResponseBase = await self._in_thread(request)
        return answer

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        close_old_connections()  # of this very thread: one that broke is not used again
        try:
            return self.get_response(request)
        finally:
            close_old_connections()


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "matrescence.clinic.settings")
django.setup(set_prefix=False)
application = Handler()
