"""Every time of a session report, with its zone, and every dose in words that a hurried eye cannot misread."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from matrescence.handouts.clock import day_and_time
from matrescence.handouts.digits import hours

_HOURS = re.compile(r"\b(\d+\.\d+) h\b")


@dataclass(frozen=True, slots=True)
class ZonedClock:
    """Instants on the wall of the place where she was treated."""

    zone: tzinfo

    def at(self, moment: datetime) -> str:
        """``Tue 3 Mar 08:00 EST``; seconds are shown where there are any.

        The zone is named at each time: in the night when the clocks change, one clock time comes twice.
        """
        local = moment.astimezone(self.zone)
        seconds = f":{local.second:02d}" if local.second else ""
        return f"{day_and_time(local)}{seconds} {_zone_name(local)}"

    def maybe(self, moment: datetime | None, otherwise: str) -> str:
        """The same, or other words where there is no such moment."""
        return otherwise if moment is None else self.at(moment)


def _zone_name(local: datetime) -> str:
    name = local.tzname() or ""
    return name if name.isalpha() else f"UTC{local:%z}"


def spelled_out(words: str) -> str:
    """``ug`` as micrograms, because a hurried ``ug`` is read as ``mg``; a fraction of an hour in minutes."""
    return _HOURS.sub(lambda found: hours(float(found[1])), words.replace("ug/", "micrograms/"))


def minutes_apart(planned: datetime, happened: datetime) -> str:
    """``on time``, ``5 min late``, ``2 min early``: to the minute."""
    minutes = round((happened - planned).total_seconds() / 60.0)
    if not minutes:
        return "on time"
    return f"{abs(minutes)} min {'late' if minutes > 0 else 'early'}"
