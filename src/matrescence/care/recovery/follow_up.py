"""After she has left: when she may drive, and when she comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.care.clock import clock_time, same_clock_h
from matrescence.care.recovery.guidance import Driving, Visit
from matrescence.care.recovery.rules import RULE
from matrescence.care.verdict import Finding, Reason


@dataclass(frozen=True, slots=True)
class DrivingAnswer:
    """Not before this moment (``None``: no time is known), and why."""

    not_before: datetime | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class Appointment:
    """One visit with its clock time."""

    visit: Visit
    at: datetime


def driving(rule: Driving | None, *, end: datetime) -> DrivingAnswer:
    """When she may drive after a session, or the last dose, that ended at ``end`` (with its time zone).

    "The next day" begins at midnight; the sentence says that a night's sleep lies between.
    """
    if rule is None:
        return DrivingAnswer(None, RULE["recovery.driving"].reason(Finding.UNKNOWN, "No driving rule is known."))
    said = rule.statement
    reason = Reason("recovery.driving", Finding.WARNS, said.text, said.source, said.grade)
    if rule.after_end_h is not None and rule.after_end_h.value is not None:
        return DrivingAnswer(clock_time(end, rule.after_end_h.value), reason)
    if rule.next_day:
        midnight = (end + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return DrivingAnswer(midnight, reason)
    return DrivingAnswer(None, reason)


def follow_up(visits: Sequence[Visit], *, end: datetime) -> tuple[Appointment, ...]:
    """The visits in the order of time, each at the same hour of the day as the end of treatment."""
    found = [Appointment(visit, clock_time(end, same_clock_h(end, visit.after_end_days))) for visit in visits]
    return tuple(sorted(found, key=lambda item: item.at))
