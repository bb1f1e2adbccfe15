"""The times that can be booked: the site's weekly consultation hours, cut into slots, without what is taken."""

from __future__ import annotations

from collections.abc import Container, Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo

from matrescence.clinic.site.values import SiteSettings, Window

DAYS_AHEAD = 21
NOTICE = timedelta(hours=4)
"""Nobody books a time that begins sooner than this: somebody has to see the request first (our own choice)."""


def open_slots(settings: SiteSettings, *, taken: Container[datetime], now: datetime) -> tuple[datetime, ...]:
    """Every free slot from now on, earliest first, in the site's zone; none where the site has set no hours.

    An hour that a change of the clocks leaves out gives no slot, and one that comes twice gives one.
    """
    zone, length = settings.time_zone, settings.slot_min
    if zone is None or length is None:
        return ()
    today = now.astimezone(zone).date()
    days = (today + timedelta(days=ahead) for ahead in range(DAYS_AHEAD + 1))
    starts = (start for day in days for start in _of_day(day, settings.consultations, timedelta(minutes=length), zone))
    return tuple(start for start in sorted(set(starts)) if start >= now + NOTICE and start.astimezone(UTC) not in taken)


def _of_day(day: date, windows: Iterable[Window], length: timedelta, zone: tzinfo) -> Iterable[datetime]:
    for window in windows:
        if window.day != day.weekday():
            continue
        wall, last = datetime.combine(day, window.start), datetime.combine(day, window.end)
        while wall + length <= last:
            start = wall.replace(tzinfo=zone)
            if start.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall:
                yield start
            wall += length
