"""Hours since the start and the clock on the wall.

Drugs and bags keep elapsed time: an hour is an hour, also in the night when the clocks change.  People keep the wall
clock: sleep is planned, and an appointment on another day is made, by it.  Both are needed, and both are exact here.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from matrescence.care.mother import SleepWindow


def clock_time(start: datetime, at_h: float) -> datetime:
    """The wall-clock time ``at_h`` elapsed hours after ``start``, to the second, in the zone of ``start``.

    Exact across a change of the clocks: the hours are added in UTC.
    """
    return (start.astimezone(UTC) + timedelta(seconds=round(at_h * 3600.0))).astimezone(start.tzinfo)


def hours_between(start: datetime, at: datetime) -> float:
    """Elapsed hours from ``start`` to ``at`` (both with a time zone)."""
    return (at.astimezone(UTC) - start.astimezone(UTC)).total_seconds() / 3600.0


def same_clock_h(start: datetime, days: float) -> float:
    """Elapsed hours to the same wall-clock time ``days`` later; a part of a day counts as elapsed hours.

    An appointment at eight stays at eight, so a week may hold 167 or 169 hours.  A wall-clock time that the change
    of the clocks leaves out is met one hour later.
    """
    whole = int(days // 1)
    later = (start + timedelta(days=whole)).replace(fold=start.fold)
    return hours_between(start, later) + 24.0 * (days - whole)


def asleep(at: datetime, windows: Iterable[SleepWindow]) -> bool:
    """Whether the wall clock at ``at`` lies in a planned sleep: from its start, up to but not at its end."""
    now = at.timetz().replace(tzinfo=None)
    return any(
        window.start <= now < window.end if window.start < window.end else now >= window.start or now < window.end
        for window in windows
    )
