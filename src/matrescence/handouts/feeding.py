"""What a source says about feeding, as one short sentence with its clock time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.dosing import Dosing

WHOLE_TREATMENT = "no breast milk for the whole treatment"


@dataclass(frozen=True, slots=True)
class Feeding:
    """When to feed again, when the pause is known to last at least until (both hours from the start), and the words.

    ``again_h`` is ``None`` when the source names no time; 0 when feeding need not stop.
    """

    again_h: float | None
    paused_until_h: float
    words: str


def feeding(row: Mapping[str, Any], clock: Clock, dosing: Dosing) -> Feeding:
    """Read one row of the plan's ``lactation``."""
    again = row.get("feed_again_at")
    if row.get("wait_h") == 0 or (again is not None and clock.hours_of(again) <= 0.0):
        return Feeding(0.0, 0.0, "feeding goes on")
    if again is not None:
        again_h = clock.hours_of(again)
        return Feeding(again_h, again_h, f"feed again from {day_and_time(clock.at(again_h))}")
    if row.get("pause") == WHOLE_TREATMENT:
        return Feeding(None, dosing.end_h, "not during the treatment; names no time after it")
    return Feeding(None, 0.0, "names no time")
