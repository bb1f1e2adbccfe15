"""What the tests of the doors share: a clock that can be moved, and the rows that were written."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

REASON = "Asked by the ward at night: she is my patient elsewhere."
WHERE_NOW = ("access", "me_views", "signals", "glass_views", "audit")


class Clock:
    """The real time, moved on by what a test says."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from matrescence.clinic.clockwork.clock import now

        self.ahead, self._real = timedelta(), now
        for module in WHERE_NOW:
            monkeypatch.setattr(f"matrescence.clinic.people.{module}.now", self.now)
        monkeypatch.setattr("matrescence.clinic.templatetags.people.now", self.now)

    def now(self) -> datetime:
        return self._real() + self.ahead

    def pass_by(self, **span: float) -> None:
        self.ahead += timedelta(**span)


def rows(**asked: Any) -> list[Any]:
    """The rows of the audit that fit, oldest first."""
    from matrescence.clinic.log.models import Audit

    return list(Audit.objects.filter(**asked).order_by("seq"))


def records(course_id: str) -> list[str]:
    """The kinds of all records of a course."""
    from matrescence.clinic.log.models import Event

    return list(Event.objects.filter(stream_id=course_id).order_by("position").values_list("kind", flat=True))


def hidden(page: bytes, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page.decode())
    return found.group(1) if found else ""
