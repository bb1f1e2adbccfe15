"""The calendar of a plan: what has to be done when, for any calendar program.

The same plan gives the same bytes: no clock is read, DTSTAMP is the start of the plan, and each UID is a hash of what
the event says.  All times are in UTC, which every program shows on its own clock, across daylight-saving changes.
Her name is left out, because calendars are shared; there are no alarms, because the bedside keeps those.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from matrescence.handouts.checks import always, timed
from matrescence.handouts.clock import Clock
from matrescence.handouts.digits import plain
from matrescence.handouts.dosing import Dosing
from matrescence.handouts.feeding import feeding
from matrescence.handouts.heading import availability, drug_name, is_invented

if TYPE_CHECKING:
    from icalendar import Event

Plan = Mapping[str, Any]
_MOMENT_MIN = 15.0  # how long something that takes no time is drawn in a calendar, in minutes


@dataclass(frozen=True, slots=True)
class Entry:
    """One event: when (hours from the start), how long (h), what it is called and what it says."""

    at_h: float
    lasts_h: float
    kind: str
    summary: str
    description: str = ""


def calendar(plan: Plan) -> bytes:
    """The plan as an iCalendar file (RFC 5545): rates, bags, doses, timed checks, the end, and feeding again.

    Raises:
        KeyError: the plan lacks something that ``plan.schema.json`` requires.
    """
    return calendar_of(plan, entries(plan), name="plan")


def calendar_of(plan: Plan, listed: Iterable[Entry], *, name: str) -> bytes:
    """Some entries as an iCalendar file; ``plan`` needs the head of a plan alone (drug, start, zone, mother)."""
    from icalendar import Calendar

    clock = Clock.of(plan)
    book = Calendar()
    book.add("prodid", f"-//matrescence//{name}//EN")
    book.add("version", "2.0")
    book.add("x-wr-calname", f"{drug_name(plan)}: {name}")
    for entry in listed:
        book.add_component(_event(entry, plan, clock))
    return bytes(book.to_ical())


def entries(plan: Plan) -> list[Entry]:
    """Everything that goes into the calendar, in the order of the clock."""
    clock, dosing = Clock.of(plan), Dosing.of(plan)
    given = [*_rates(plan), *_ends(dosing), *_bags(plan), *_doses(dosing)]
    found = dict.fromkeys([*given, *_checks(plan), *_feeding(plan, clock, dosing)])
    return sorted(found, key=lambda entry: (entry.at_h, entry.kind, entry.summary))


def _rates(plan: Plan) -> Iterator[Entry]:
    for step in plan["pump_steps"]:
        rate = f"{plain(step['rate_ug_per_kg_h'])} micrograms/kg/h"
        ml = step.get("rate_ml_per_h_set") or step.get("rate_ml_per_h")
        what = f"Pump to {plain(ml)} mL/h ({rate})" if ml is not None else f"Pump to {rate}"
        yield Entry(step["start_h"], step["end_h"] - step["start_h"], "rate", what)


def _ends(dosing: Dosing) -> Iterator[Entry]:
    many = len(dosing.sessions)
    for number, (_, end_h) in enumerate(dosing.sessions, start=1):
        yield Entry(end_h, 0.0, "end", "End of the infusion" + (f", session {number} of {many}" if many > 1 else ""))


def _bags(plan: Plan) -> Iterator[Entry]:
    for bag in plan["bags"]:
        of = f"{bag['number']} of {len(plan['bags'])}"
        about = f"{plain(bag['volume_ml'], decimals=1)} mL are used from this bag."
        yield Entry(bag["hang_at_h"], 0.0, "bag", f"Hang bag {of}", about)
        yield Entry(bag["change_by_h"], 0.0, "bag", f"Bag {of} has to be down by now")


def _doses(dosing: Dosing) -> Iterator[Entry]:
    for number, (at_h, amount_mg) in enumerate(dosing.doses, start=1):
        yield Entry(at_h, 0.0, "dose", f"Dose {number} of {len(dosing.doses)}: {plain(amount_mg)} mg by mouth")


def _checks(plan: Plan) -> Iterator[Entry]:
    standing = "; ".join(check["what"] for check in always(plan))
    for check in timed(plan):
        yield Entry(check["at_h"], 0.0, "check", check["what"], f"Besides: {standing}" if standing else "")


def _feeding(plan: Plan, clock: Clock, dosing: Dosing) -> Iterator[Entry]:
    for row in plan["lactation"]:
        found = feeding(row, clock, dosing)
        last_h = () if found.again_h is None else (found.again_h,)
        for again_h in found.each_h or last_h:
            if again_h > 0.0:
                yield Entry(again_h, 0.0, "feeding", f"Feed again, says {row['who']}", row["advice"])


def _event(entry: Entry, plan: Plan, clock: Clock) -> Event:
    from icalendar import Event

    start, end = _utc(clock, entry.at_h), _utc(clock, entry.at_h + max(entry.lasts_h, _MOMENT_MIN / 60.0))
    event = Event()
    event.add("uid", _uid(entry, plan))
    event.add("dtstamp", _utc(clock, 0.0))
    event.add("dtstart", start)
    event.add("dtend", end)
    event.add("summary", f"{drug_name(plan)}: {entry.summary}")
    event.add("description", _description(entry, plan))
    event.add("categories", [entry.kind])
    event.add("transp", "TRANSPARENT")
    return event


def _description(entry: Entry, plan: Plan) -> str:
    told = [entry.description, availability(plan)["headline"] + "."]
    if is_invented(plan):
        told.append("Invented example, not a patient.")
    return " ".join([*filter(None, told), "From a plan: the bedside monitor and the pump keep the primary alarms."])


def _uid(entry: Entry, plan: Plan) -> str:
    said = (repr(entry.at_h), entry.kind, entry.summary, entry.description)
    told = (plan["drug"], plan["regimen"], plan["start"], *said)
    return hashlib.sha256("\x1f".join(told).encode()).hexdigest()[:32] + "@matrescence"


def _utc(clock: Clock, at_h: float) -> datetime:
    return clock.at(at_h).astimezone(UTC)
