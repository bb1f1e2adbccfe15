"""What a source says about feeding, as one short sentence with its clock times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matrescence.handouts.clock import Clock, day_and_time
from matrescence.handouts.dosing import Dosing

WHOLE_TREATMENT = "no breast milk for the whole treatment"


@dataclass(frozen=True, slots=True)
class Feeding:
    """When to feed again, when the pause is known to last at least until (both hours from the start), and the words.

    ``again_h`` is ``None`` when the source names no time; 0 when feeding need not stop.  ``each_h`` holds the time
    after each of several sessions, in order: she feeds between them.  ``words`` are about the last session alone,
    ``every`` about all of them.
    """

    again_h: float | None
    paused_until_h: float
    words: str
    each_h: tuple[float, ...] = ()
    every: str = ""


def feeding(row: Mapping[str, Any], clock: Clock, dosing: Dosing) -> Feeding:
    """Read one row of the plan's ``lactation``."""
    again = row.get("feed_again_at")
    if row.get("wait_h") == 0 or (again is not None and clock.hours_of(again) <= 0.0):
        return _said(0.0, 0.0, "feeding goes on")
    if again is not None:
        again_h = clock.hours_of(again)
        words = f"feed again from {day_and_time(clock.at(again_h))}"
        each_h = _between(row.get("feed_again_after_each") or (), clock, dosing)
        if len(each_h) < 2:
            return _said(again_h, again_h, words)
        times = ", ".join(day_and_time(clock.at(at_h)).replace(" ", "\u00a0") for at_h in each_h)
        return Feeding(again_h, again_h, words, each_h, f"after each session, feed again from: {times}")
    if row.get("pause") == WHOLE_TREATMENT:
        return _said(None, dosing.end_h, "not during the treatment; names no time after it")
    return _said(None, 0.0, "names no time")


def _said(again_h: float | None, paused_until_h: float, words: str) -> Feeding:
    return Feeding(again_h, paused_until_h, words, every=words)


def _between(again: Sequence[str], clock: Clock, dosing: Dosing) -> tuple[float, ...]:
    """The times that come before the next session begins; a wait that reaches into it has no end of its own."""
    starts_h = [start_h for start_h, _ in dosing.sessions[1:]]
    if len(again) != len(dosing.sessions):
        return ()
    times_h = [clock.hours_of(moment) for moment in again]
    return tuple(at_h for at_h, next_h in zip(times_h, [*starts_h, float("inf")], strict=True) if at_h < next_h)
