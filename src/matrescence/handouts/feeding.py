"""What a source says about feeding, as one short sentence with its clock time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.dosing import Dosing


@dataclass(frozen=True, slots=True)
class Feeding:
    """When to feed again (hours from the start; ``None``: the source names no time) and the words for it."""

    again_h: float | None
    words: str


def feeding(row: Mapping[str, Any], clock: Clock, dosing: Dosing) -> Feeding:
    """Read one row of the plan's ``lactation``.

    No wait, or a time at or before the start, means that feeding need not stop.
    """
    again = row.get("feed_again_at")
    if row.get("wait_h") == 0:
        return Feeding(0.0, "feeding goes on")
    if again is None:
        return Feeding(None, "names no time")
    again_h = clock.hours_of(again)
    if again_h <= 0.0:
        return Feeding(0.0, "feeding goes on")
    return Feeding(again_h, f"feed again from {day_and_time(clock.at(again_h))}")
