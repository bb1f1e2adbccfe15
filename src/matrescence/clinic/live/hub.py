"""One look at the database for everybody who watches: what changed is computed once and shared by all viewers.

Every :data:`LOOK_EVERY_S` one query asks which watched courses have changed.  For each that has, one snapshot a
language is made and handed to every viewer.  No thread waits for a viewer; a hub with no viewer does nothing.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from django.db import close_old_connections
from django.db.models import Max

from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.live.versions import versions
from matrescence.clinic.log.models import Event

LOOK_EVERY_S = 0.2
BEAT_EVERY_S = 2.0
"""How often a viewer hears the server's time, so that a stream that hangs is noticed at once."""
FRESHEN_EVERY_S = 5.0
"""How often a snapshot is made anew without a change: checks fall due and alarms begin by time alone."""
ASK_AGAIN_EVERY_S = 10.0
"""How often it is asked whether a viewer may still watch."""

Content = dict[str, Any]
Make = Callable[[str, str], Content]
"""Course and language -> the snapshot, without the time it was made."""

_log = logging.getLogger(__name__)


@dataclass(eq=False)
class Viewer:
    """One open stream: of which course, in which language, whether she may still watch, and whose account it is."""

    course: str
    language: str
    may_watch: Callable[[], bool]
    account: int | None = None
    queue: asyncio.Queue[str | None] = field(default_factory=lambda: asyncio.Queue(maxsize=32))


@dataclass
class _Shown:
    """What was last sent of one course in one language."""

    mark: tuple[int, int] = (0, 0)
    text: str = ""
    made_at: float = 0.0


class Hub:
    """The one place that looks; made once a process, and it works only while somebody watches."""

    def __init__(self, make: Make, *, is_fast: Callable[[str], bool] = lambda _course: False) -> None:
        self._make = make
        self._is_fast = is_fast
        self._viewers: set[Viewer] = set()
        self._shown: dict[tuple[str, str], _Shown] = {}
        self._marks: dict[str, tuple[int, int]] = {}
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="hub")
        self.made = 0

    async def follow(self, viewer: Viewer, *, last_id: str = "") -> AsyncIterator[bytes]:
        """The stream of one viewer: the newest snapshot at once, then each change, and a beat in between."""
        self._viewers.add(viewer)
        try:
            self._wake()
            time = asyncio.get_running_loop().time()
            shown = await self._in_thread(self._newest, viewer.course, viewer.language, time)
            yield b"retry: 1500\n\n"
            yield (_beat() if last_id and last_id == _id(shown.mark) else _event(shown)).encode()
            while (message := await viewer.queue.get()) is not None:
                yield message.encode()
            yield b"event: ended\ndata: {}\n\n"
        finally:
            self._viewers.discard(viewer)

    @property
    def viewers(self) -> int:
        """How many streams are open."""
        return len(self._viewers)

    def open_for(self, account: int) -> int:
        """How many streams one account has open."""
        return sum(viewer.account == account for viewer in list(self._viewers))

    def _wake(self) -> None:
        loop = asyncio.get_running_loop()
        if self._task is None or self._task.done() or self._task.get_loop() is not loop:
            self._task = loop.create_task(self._run())

    async def _run(self) -> None:
        beat = ask = asyncio.get_running_loop().time()
        while self._viewers:
            time = asyncio.get_running_loop().time()
            try:
                await self._look(time)
                if time >= ask + ASK_AGAIN_EVERY_S:
                    ask = time
                    await self._send_away()
            except Exception:  # the next look may succeed; meanwhile every page says that it hears nothing
                _log.exception("the look for what changed stumbled")
                beat = time
            if time >= beat + BEAT_EVERY_S:
                beat = time
                for viewer in list(self._viewers):
                    _hand(viewer, _beat())
            await asyncio.sleep(LOOK_EVERY_S)
        self._shown.clear()
        self._marks.clear()

    async def _look(self, time: float) -> None:
        watched = {(viewer.course, viewer.language) for viewer in self._viewers}
        for key, shown in await self._in_thread(self._changes, watched, time):
            for viewer in list(self._viewers):
                if (viewer.course, viewer.language) == key:
                    _hand(viewer, _event(shown))

    def _changes(self, watched: set[tuple[str, str]], time: float) -> list[tuple[tuple[str, str], _Shown]]:
        """Whatever has changed since the last look, made anew; in the hub's own thread."""
        close_old_connections()
        marks = _marks({course for course, _language in watched})
        found = []
        for key in watched:
            before, mark = self._shown.get(key), marks.get(key[0], (0, 0))
            stale_s = 1.0 if self._is_fast(key[0]) else FRESHEN_EVERY_S
            if before is not None and before.mark == mark and time < before.made_at + stale_s:
                continue
            shown = self._made(key, mark, time)
            if before is None or shown.text != before.text or shown.mark != before.mark:
                found.append((key, shown))
        return found

    def _newest(self, course: str, language: str, time: float) -> _Shown:
        """What stands now; made only where nobody watches it yet."""
        found = self._shown.get((course, language))
        if found is not None:
            return found
        close_old_connections()
        return self._made((course, language), _marks({course}).get(course, (0, 0)), time)

    def _made(self, key: tuple[str, str], mark: tuple[int, int], time: float) -> _Shown:
        self.made += 1
        text = json.dumps(self._make(*key), ensure_ascii=False, separators=(",", ":"))
        shown = _Shown(mark, text, time)
        self._shown[key] = shown
        return shown

    async def _send_away(self) -> None:
        """Close the streams of those who may not watch any more."""
        viewers = list(self._viewers)
        may = await self._in_thread(_asked, [viewer.may_watch for viewer in viewers])
        for viewer, still in zip(viewers, may, strict=True):
            if not still:
                self._viewers.discard(viewer)
                _end(viewer)

    async def _in_thread(self, work: Callable[..., Any], *args: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)


def _asked(questions: Iterable[Callable[[], bool]]) -> list[bool]:
    close_old_connections()
    return [ask() for ask in questions]


def _marks(courses: set[str]) -> dict[str, tuple[int, int]]:
    """Of each course the position of its newest record and the version of its live tables."""
    rows = Event.objects.filter(stream_id__in=courses).values_list("stream_id").annotate(Max("position"))
    newest, live = dict(rows), versions(courses)
    return {course: (newest.get(course, 0), live.get(course, 0)) for course in courses}


def _id(mark: tuple[int, int]) -> str:
    return f"{mark[0]}.{mark[1]}"


def server_ms() -> int:
    """The real time in milliseconds, as a page compares it with its own clock."""
    return int(now().timestamp() * 1000)


def _event(shown: _Shown) -> str:
    """A snapshot as a message; the time is put in when it is sent, not when it was made."""
    return f'id: {_id(shown.mark)}\nevent: snapshot\ndata: {{"server_ms":{server_ms()},"now":{shown.text}}}\n\n'


def _beat() -> str:
    return f'event: beat\ndata: {{"server_ms":{server_ms()}}}\n\n'


def _hand(viewer: Viewer, message: str) -> None:
    """Hand a message over; a viewer who does not read loses the oldest, since only the newest matters."""
    while viewer.queue.full():
        viewer.queue.get_nowait()
    viewer.queue.put_nowait(message)


def _end(viewer: Viewer) -> None:
    while viewer.queue.full():
        viewer.queue.get_nowait()
    viewer.queue.put_nowait(None)
