"""What runs beside the pages while the clinic is served: the watch over devices, and simulated rooms."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from matrescence.clinic.live.simulated import Rooms
from matrescence.clinic.live.watcher import Watcher


@contextmanager
def watch_bedsides() -> Iterator[None]:
    """Watch while the block runs."""
    watcher, rooms = Watcher(), Rooms()
    watcher.start()
    rooms.start()
    try:
        yield
    finally:
        watcher.end()
        rooms.end()
