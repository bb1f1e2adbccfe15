"""A clock that can be moved."""

from __future__ import annotations

import pytest
from people.doors import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)
