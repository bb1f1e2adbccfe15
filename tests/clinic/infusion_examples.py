"""Courses at the bedside: written through the same steps as the invented clinic.  Everybody is invented."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from matrescence.actions.course import Request

NURSE = "N. Silva, RN (invented)"


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """No test hears what a device said in another."""
    from matrescence.clinic.live import port

    port.forget()
    yield
    port.forget()


def scene_of(drug: str) -> Any:
    from matrescence.clinic.demo.scene import scenes

    name = {"brexanolone": "Ana (invented)", "ketamine": "Fatima (invented)"}[drug]
    return next(scene for scene in scenes() if scene.name == name)


@pytest.fixture
def opened(db: None) -> Callable[..., str]:
    """A course whose infusion is open, every requirement met; ``ago`` is how long ago it was to start."""

    def make(drug: str = "brexanolone", *, ago: timedelta = timedelta(0), skip_last: int = 0) -> str:
        from matrescence.clinic.clockwork.clock import now
        from matrescence.clinic.demo.seed import write

        scene = scene_of(drug)
        count = next(n for n, step in enumerate(scene.steps) if step.get("payload", {}).get("command") == "start")
        start = now().replace(microsecond=0) - ago
        return write(scene, start.astimezone(ZoneInfo(scene.mother["time_zone"])), steps=count - skip_last)

    return make


@pytest.fixture
def say() -> Callable[..., Any]:
    """Write one command at an instant, as somebody at the bedside."""

    def write(
        course: str, command: str, *, at: datetime | None = None, by: str = NURSE, key: str = "", **more: Any
    ) -> Any:
        from matrescence.clinic.clockwork.clock import now
        from matrescence.clinic.log import courses

        when = at or now()
        asked = Request("infusion", {"command": command, **more}, id=key or f"{command}-{when.timestamp()}", by=by)
        return courses.add(course, asked, now=when)

    return write


@pytest.fixture
def running(opened: Callable[..., str], say: Callable[..., Any]) -> Callable[..., str]:
    """A course that has run for ``ago`` at its first rate."""

    def make(drug: str = "brexanolone", *, ago: timedelta = timedelta(hours=1)) -> str:
        from matrescence.clinic.clockwork.clock import now
        from matrescence.clinic.log import courses

        course = opened(drug, ago=ago)
        start = now() - ago
        say(course, "start", at=start)
        rate = courses.open_course(course).known.state.ordered.stairs[0].rate_ug_per_kg_h
        say(course, "confirm-rate", at=start + timedelta(minutes=1), rate_ug_per_kg_h=rate)
        return course

    return make


@pytest.fixture
def press() -> Callable[..., Any]:
    """Open the form of an act in a browser, fill it, and send it; give the answer."""

    def send(
        browser: Any, course: str, act: str, /, *, group: str = "do", key: str = "", query: str = "", **fields: Any
    ) -> Any:
        url = f"/mothers/{course}/infusion/{group}/{act}/"
        page = browser.get(url + query).content.decode()
        found = re.search(r'name="key" value="([0-9a-f]{32})"', page)
        return browser.post(url, {"key": key or (found.group(1) if found else "0" * 32), **fields})

    return send
