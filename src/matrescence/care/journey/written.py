"""When a record is written down, by a clock that may have been set back.

The times of a log never run backwards: what stands later in it was written later.  A clock that was ahead once must
not keep out what comes after; so a new record carries the time of the last one until the clock has caught up, and is
marked.  Only a clock is put right like this.  A time that somebody hands in stays as it is, and is refused where it
lies before the last record: it could make a paper look older than it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.care.enrolment.records import instant
from matrescence.care.journey.known import Known
from matrescence.care.journey.rules import reason
from matrescence.care.verdict import Finding, Reason

_HARDLY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Written:
    """The instant that the next record is written with, and what the clock said."""

    recorded_at: datetime
    clock_at: datetime

    @property
    def is_lifted(self) -> bool:
        """Whether it is the time of the record before, because the clock stands behind that."""
        return instant(self.recorded_at) > instant(self.clock_at)

    @property
    def mark(self) -> datetime | None:
        """What :attr:`words.Entry.clock_at` keeps of it: the clock's own time where the record carries another.

        Less than a second is the order of two who write at once, and no clock that was set back.
        """
        behind = instant(self.recorded_at) - instant(self.clock_at)
        return self.clock_at if behind >= _HARDLY else None


def written_at(known: Known, clock_at: datetime) -> Written:
    """When the next record is written, by a clock that says ``clock_at``: then, or with the last record.

    What happens at the bedside *now* happens at ``recorded_at`` too, so that its steps keep their order.

    Raises:
        ValueError: ``clock_at`` has no time zone.
    """
    last = known.recorded_at
    is_behind = last is not None and instant(clock_at) < instant(last)
    return Written(last if last is not None and is_behind else clock_at, clock_at)


def told_of_the_clock(known: Known, at: datetime) -> tuple[Reason, ...]:
    """Which times of this log a clock has made doubtful, and whether the clock stands behind the log now."""
    return tuple(reason("clock", text, Finding.WARNS) for text in _doubts(known, at))


def _doubts(known: Known, at: datetime) -> Iterator[str]:
    last = known.recorded_at
    if last is not None and instant(last) - instant(at) > _HARDLY:
        behind = _said(instant(last) - instant(at))
        yield f"The clock stands {behind} behind the last record: go by another clock until it has caught up."
    for position in known.set_back:
        entry = known.entries[position]
        clock_at = entry.recorded_at if entry.clock_at is None else entry.clock_at
        when = clock_at.isoformat(timespec="seconds")
        yield f"Record {position} was written at {when} by a clock that stood behind the record before it."


def _said(behind: timedelta) -> str:
    minutes = behind / timedelta(minutes=1)
    if minutes < 2:
        return f"{behind.total_seconds():.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.0f} h"
