"""The people and the site that these tests share, and courses to plan."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from paper_fixtures import prepared, site_named, staff
from stage_examples import PLANNED, play

__all__ = ["planned", "prepared", "site_named", "staff"]


@pytest.fixture
def planned(db: None) -> Callable[..., str]:
    """Julia's course with a plan chosen."""
    return lambda **more: play(PLANNED, **more)
