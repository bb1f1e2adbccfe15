"""How a server runs the application: a few threads that keep their connections, whatever number of people ask."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def handler() -> Any:
    from matrescence.clinic.asgi import Handler

    made = Handler()
    yield made
    threads = made._in_thread._executor
    barrier = threading.Barrier(len(threads._threads))

    def leave() -> None:
        barrier.wait(timeout=10)  # so that each thread closes its own connection
        connections.close_all()

    for left in [threads.submit(leave) for _ in range(len(threads._threads))]:
        left.result()
    threads.shutdown()


async def ask(handler: Any, path: str) -> tuple[int, bytes]:
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"127.0.0.1")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
    sent: list[dict[str, Any]] = []
    asked = iter([{"type": "http.request", "body": b"", "more_body": False}])

    async def receive() -> dict[str, Any]:
        for message in asked:
            return message
        await asyncio.Event().wait()  # nobody hangs up
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await handler(scope, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return sent[0]["status"], body


def test_many_who_ask_at_once_are_answered_in_a_few_threads_that_keep_their_connections(
    handler: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from matrescence.clinic.asgi import THREADS

    used: list[tuple[int, int]] = []

    def look(request: HttpRequest) -> HttpResponse:
        connection.ensure_connection()
        used.append((threading.get_ident(), id(connection.connection)))
        return HttpResponse("seen")

    monkeypatch.setattr(handler, "_middleware_chain", look)

    async def everybody() -> list[tuple[int, bytes]]:
        return list(await asyncio.gather(*(ask(handler, "/") for _ in range(5 * THREADS))))

    answers = asyncio.run(everybody())
    assert answers == [(200, b"seen")] * (5 * THREADS)
    assert threading.get_ident() not in {thread for thread, _ in used}
    assert len({thread for thread, _ in used}) <= THREADS
    assert len(set(used)) == len({thread for thread, _ in used})  # one connection a thread, from first to last


def test_a_page_comes_whole_through_every_middleware(handler: Any) -> None:
    status, body = asyncio.run(ask(handler, "/"))
    assert status == 200
    assert body.rstrip().endswith(b"</html>")


def test_what_is_not_http_is_not_answered(handler: Any) -> None:
    with pytest.raises(ValueError, match="websocket"):
        asyncio.run(handler({"type": "websocket"}, None, None))
