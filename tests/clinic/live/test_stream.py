"""The stream: what changes is on another screen at once, is computed once, and ends with the right to watch."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import wraps
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from django.test import AsyncClient

from matrescence.clinic.infusion import bedside_views
from matrescence.clinic.live import hub as hubs
from matrescence.clinic.log.models import Audit

pytestmark = pytest.mark.django_db(transaction=True)
Make = Callable[..., Any]


def in_a_loop(test: Callable[..., Any]) -> Callable[..., None]:
    """Run a test that waits, in an event loop of its own."""

    @wraps(test)
    def run(**fixtures: Any) -> None:
        async def whole() -> None:
            try:
                await test(**fixtures)
            finally:
                await sync_to_async(connections.close_all)()

        asyncio.run(whole())

    return run


@pytest.fixture(autouse=True)
def one_hub(monkeypatch: pytest.MonkeyPatch) -> Any:
    bedside_views.hub.cache_clear()
    yield
    hub = bedside_views.hub()
    hub._thread.submit(connections.close_all).result()
    hub._thread.shutdown()
    bedside_views.hub.cache_clear()


async def watch(person: Any, course: str, **headers: str) -> AsyncIterator[bytes]:
    browser = AsyncClient()
    await browser.aforce_login(person)
    answer = await browser.get(f"/mothers/{course}/infusion/stream", headers=headers)
    assert answer.status_code == 200 and answer["Content-Type"] == "text/event-stream"
    return aiter(answer.streaming_content)


async def event(stream: AsyncIterator[bytes], name: str) -> dict[str, Any]:
    """The next event of this name."""
    async with asyncio.timeout(10):
        async for message in stream:
            lines = dict(line.split(": ", 1) for line in message.decode().strip().splitlines() if ": " in line)
            if lines.get("event") == name:
                return {"id": lines.get("id", ""), **json.loads(lines["data"])}
    raise AssertionError(f"the stream ended without {name}")


@in_a_loop
async def test_an_entry_is_on_another_screen_in_less_than_half_a_second(running: Make, person: Make, say: Make) -> None:
    course = await sync_to_async(running)()
    stream = await watch(await sync_to_async(person)("nurse"), course)
    first = await event(stream, "snapshot")
    assert first["now"]["phase"] == "running" and "Running" in first["now"]["parts"]["phase"]
    began = time.monotonic()
    await sync_to_async(say)(course, "request-stop", why="for a test")
    written = time.monotonic()
    changed = await event(stream, "snapshot")
    assert changed["now"]["phase"] == "stop requested"
    assert "infusion.stop-not-confirmed" in changed["now"]["alarms"][0]["key"]
    assert time.monotonic() - written < 0.5 or written - began > 0.5  # a machine that writes slowly also looks slowly


@in_a_loop
async def test_two_viewers_share_one_computation(running: Make, person: Make, say: Make) -> None:
    course = await sync_to_async(running)()
    nurse = await sync_to_async(person)("nurse")
    one, two = await watch(nurse, course), await watch(nurse, course)
    await event(one, "snapshot")
    await event(two, "snapshot")
    hub = bedside_views.hub()
    assert hub.viewers == 2
    before = hub.made
    await sync_to_async(say)(course, "write-note", text="One note.")
    seen = [await event(stream, "snapshot") for stream in (one, two)]
    assert seen[0]["now"] == seen[1]["now"] and "One note." in seen[0]["now"]["parts"]["latest"]
    assert hub.made == before + 1


@in_a_loop
async def test_a_stream_ends_when_the_right_to_watch_ends(
    running: Make, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "ASK_AGAIN_EVERY_S", 0.3)
    course = await sync_to_async(running)()
    nurse = await sync_to_async(person)("nurse")
    stream = await watch(nurse, course)
    await event(stream, "snapshot")
    nurse.is_active = False
    await sync_to_async(nurse.save)()
    assert await event(stream, "ended") is not None


@in_a_loop
async def test_a_stream_is_audited_once_when_it_is_opened(running: Make, person: Make, say: Make) -> None:
    course = await sync_to_async(running)()
    stream = await watch(await sync_to_async(person)("nurse"), course)
    await event(stream, "snapshot")
    await sync_to_async(say)(course, "write-note", text="Again.")
    await event(stream, "snapshot")
    assert await Audit.objects.filter(stream=course, action="infusion.watch").acount() == 1


@in_a_loop
async def test_who_comes_back_knowing_the_newest_hears_only_the_time(running: Make, person: Make) -> None:
    course = await sync_to_async(running)()
    nurse = await sync_to_async(person)("nurse")
    known = (await event(await watch(nurse, course), "snapshot"))["id"]
    again = await watch(nurse, course, **{"Last-Event-ID": known})
    messages = [message async for message in _first(again, 2)]
    assert b"event: beat" in messages[1]


async def _first(stream: AsyncIterator[bytes], count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield await anext(stream)


@in_a_loop
async def test_nobody_without_the_role_watches(running: Make, person: Make) -> None:
    course = await sync_to_async(running)()
    browser = AsyncClient()
    await browser.aforce_login(await sync_to_async(person)("coordinator"))
    answer = await browser.get(f"/mothers/{course}/infusion/stream")
    assert answer.status_code == 403


@in_a_loop
async def test_what_time_alone_brings_comes_without_an_entry(
    running: Make, person: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "FRESHEN_EVERY_S", 0.3)
    course = await sync_to_async(running)(ago=timedelta(minutes=59, seconds=57))  # oximetry unrecorded for an hour
    stream = await watch(await sync_to_async(person)("nurse"), course)
    await event(stream, "snapshot")
    for _ in range(40):
        if any("pulse oximetry" in alarm["text"] for alarm in (await event(stream, "snapshot"))["now"]["alarms"]):
            return
    raise AssertionError("no alarm came by time alone")
