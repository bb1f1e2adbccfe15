"""Hours of treatment and the clock on her wall: daylight-saving changes are counted, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

# strftime would follow the locale of the machine; the plan has to be the same everywhere.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_TICK_MINUTES = (5, 10, 15, 30, 60, 120, 180, 240, 360, 720, 1440, 2880, 10080, 20160, 40320)


@dataclass(frozen=True, slots=True)
class Tick:
    """One mark on the clock axis; ``day`` is set where a new day begins."""

    at_h: float
    label: str
    day: str | None


@dataclass(frozen=True, slots=True)
class Clock:
    """Turns hours since the start into local clock times and back."""

    start: datetime
    zone: tzinfo

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> Clock:
        """The clock of a plan; a zone that this machine does not know falls back to the offset of the start."""
        start = datetime.fromisoformat(plan["start"])
        try:
            zone: tzinfo = ZoneInfo(plan["time_zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            zone = start.tzinfo or UTC
        return cls(start.astimezone(zone), zone)

    def at(self, at_h: float) -> datetime:
        """The local clock time ``at_h`` hours after the start, to the nearest second."""
        exact = self.start.astimezone(UTC) + timedelta(hours=at_h, microseconds=500_000)
        return exact.replace(microsecond=0).astimezone(self.zone)

    def hours(self, moment: datetime) -> float:
        """Elapsed hours from the start to ``moment``, counted in UTC: the wall clock may change in between."""
        return (moment.astimezone(UTC) - self.start.astimezone(UTC)).total_seconds() / 3600.0

    def hours_of(self, iso: str) -> float:
        """Hours from the start to an ISO 8601 clock time."""
        return self.hours(datetime.fromisoformat(iso))

    def local(self, iso: str) -> datetime:
        """An ISO 8601 clock time on the local clock."""
        return datetime.fromisoformat(iso).astimezone(self.zone)

    def midnights(self, low_h: float, high_h: float) -> tuple[Tick, ...]:
        """Every local midnight in the window, in order."""
        return tuple(tick for tick in self._marks(low_h, high_h, 1440) if tick.day)

    def ticks(self, low_h: float, high_h: float, *, at_most: int) -> tuple[Tick, ...]:
        """Round clock times in the window, strictly increasing, with at most ``at_most`` of them."""
        for minutes in _TICK_MINUTES:
            if (high_h - low_h) * 60.0 / minutes <= at_most:
                return self._marks(low_h, high_h, minutes)
        return self._marks(low_h, high_h, _TICK_MINUTES[-1])

    def _marks(self, low_h: float, high_h: float, minutes: int) -> tuple[Tick, ...]:
        midnight = self.at(low_h).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        found: list[Tick] = []
        for step in range(int((high_h - low_h + 50.0) * 60.0 / minutes) + 2):
            moment = (midnight + timedelta(minutes=step * minutes)).replace(tzinfo=self.zone).astimezone(UTC)
            at_h = self.hours(moment)
            if low_h <= at_h <= high_h and (not found or at_h > found[-1].at_h):
                local = moment.astimezone(self.zone)
                starts_day = local.hour == 0 and local.minute == 0
                found.append(Tick(at_h, time_of_day(local), day(local) if starts_day else None))
        return tuple(found)


def time_of_day(moment: datetime) -> str:
    """``08:00``."""
    return f"{moment.hour:02d}:{moment.minute:02d}"


def day(moment: datetime) -> str:
    """``Fri 7 Mar``."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"


def day_and_time(moment: datetime) -> str:
    """``Fri 7 Mar 08:00``."""
    return f"{day(moment)} {time_of_day(moment)}"


def date_in_full(iso: str) -> str:
    """``14 April 2025`` from an ISO date; anything else is given back as it is."""
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return iso
    return f"{moment.day} {_MONTHS_IN_FULL[moment.month - 1]} {moment.year}"


_MONTHS_IN_FULL = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
