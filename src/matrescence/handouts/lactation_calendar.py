"""The feeding times as a calendar file: when to start storing milk, the breaks of each source, and feeding again.

The same plan gives the same bytes; her name is left out, because calendars are shared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from matrescence.handouts.calendar import Entry, calendar_of
from matrescence.handouts.clock import Clock

Told = Mapping[str, Any]


def lactation_calendar(told: Told) -> bytes:
    """What ``matrescence lactation --json`` tells as an iCalendar file (RFC 5545)."""
    return calendar_of(told, entries(told), name="feeding")


def entries(told: Told) -> list[Entry]:
    """Every event, in the order of the clock."""
    found = [*_sessions(told), *_sources(told)]
    return sorted(found, key=lambda entry: (entry.at_h, entry.kind, entry.summary))


def _sessions(told: Told) -> Iterator[Entry]:
    sessions = told["course"]["sessions"]
    for session in sessions:
        number = f" {session['number']}" if len(sessions) > 1 else ""
        length_h = session["end_h"] - session["start_h"]
        yield Entry(session["start_h"], length_h, "treatment", f"Treatment{number}")


def _sources(told: Told) -> Iterator[Entry]:
    clock = Clock.of(told)
    for source in told["lactation"]:
        if source["store_milk_from"] is not None:
            from_h = clock.hours_of(source["store_milk_from"])
            yield Entry(from_h, 0.0, "milk", f"Start to store milk, says {source['who']}", source["advice"])
        for pause in source["pauses"]:
            yield Entry(pause["from_h"], pause["hours"], "break", f"No breast milk, says {source['who']}")
            if not pause["at_least"]:
                yield Entry(pause["until_h"], 0.0, "feeding", f"Feed again, says {source['who']}", source["advice"])
