"""The port for devices, from outside: one report in; live values stored, records written, problems told.

What the port remembers between two reports (:class:`Seen`) lives in this process and may be lost with it: then a
device counts as heard from the moment it is watched again.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from matrescence.actions.bedside import intake
from matrescence.actions.bedside.association import Binding, route
from matrescence.actions.bedside.record import Record
from matrescence.actions.bedside.report import DeviceReport, Lane
from matrescence.actions.bedside.seen import Problem, Seen, Taken
from matrescence.actions.course import RefusedError, Request
from matrescence.care.infusion.state import State
from matrescence.clinic.live import store
from matrescence.clinic.live.associations import bindings_of
from matrescence.clinic.live.pace import Pace, pace_of
from matrescence.clinic.log.courses import add, open_course
from matrescence.reading import InputError

REFUSED = "refused"
"""The code of a problem: the rules of the course refuse what a device says."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of a report: whose it was (``None``: nobody's), what was written, and what is new to be told."""

    course: str | None
    records: tuple[Record, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Memory:
    """What the port remembers of each course, one course at a time."""

    def __init__(self) -> None:
        self.seen: dict[str, Seen] = {}
        self.locks: defaultdict[str, threading.RLock] = defaultdict(threading.RLock)


_memory = _Memory()


def forget() -> None:
    """Forget everything, as after a restart."""
    _memory.seen.clear()
    store.forget()


def accept(report: DeviceReport, *, pace: Pace | None = None, live: bool = True) -> Accepted:
    """Take one report of a device.

    A report that falls under no binding is kept as heard and shown as nobody's.  ``pace`` is for a simulated room, that
    follows the fast clock of its course in steps; without ``live`` only her record is written.

    Raises:
        NoCourseError: the device is bound to a course that is not there.
    """
    binding = route(bindings_of(report.device), report)
    if binding is None:
        store.keep_unbound(report)
        return Accepted(None)
    with _memory.locks[binding.course]:
        return _accept(report, binding, pace or pace_of(binding.course), live=live)


def _accept(report: DeviceReport, binding: Binding, pace: Pace, *, live: bool) -> Accepted:
    course_id, before = binding.course, _memory.seen.get(binding.course, Seen())
    policy, state, at = pace.policy, state_of(course_id), pace.at
    taken = intake.take(before, report, state=state, binding=binding, now=at, policy=policy)
    if taken.seen is before:
        return Accepted(course_id)
    refused = _write(course_id, taken.records, pace)
    points = store.points_of(report, binding, before, policy, at) if report.lane is Lane.LIVE else ()
    if live:
        store.keep(course_id, before, taken, points, refused=refused, real=pace.real)
    _memory.seen[course_id] = taken.seen
    return Accepted(course_id, taken.records, (*taken.problems, *refused))


def pass_time(course_id: str, *, kinds: Iterable[str], pace: Pace) -> tuple[Record, ...]:
    """What time alone brings for the devices of a course: silence, and samples that have waited long enough."""
    with _memory.locks[course_id]:
        before = _memory.seen.get(course_id, Seen())
        seen = before
        for kind in kinds:
            seen = seen if kind in seen.heard_at else intake.watch(seen, kind, at=pace.at)
        taken = intake.tick(seen, now=pace.at, policy=pace.policy)
        _memory.seen[course_id] = taken.seen
        refused = _write(course_id, taken.records, pace)
        if taken.records or refused:
            store.keep(course_id, before, taken, (), refused=refused, real=pace.real)
        return taken.records


def heard_until(course_id: str, kinds: Iterable[str], at: datetime) -> None:
    """Count these kinds of device as heard at an instant: their silence is counted from there."""
    with _memory.locks[course_id]:
        for kind in kinds:
            _memory.seen[course_id] = intake.watch(_memory.seen.get(course_id, Seen()), kind, at=at)


def no_longer_watched(course_id: str, kind: str) -> None:
    """The last device of a kind was unbound by a person: its silence says nothing."""
    with _memory.locks[course_id]:
        _memory.seen[course_id] = intake.unwatch(_memory.seen.get(course_id, Seen()), kind)


def state_of(course_id: str) -> State:
    """The newest infusion of a course."""
    return open_course(course_id).known.state


def writing_at(course_id: str, pace: Pace) -> datetime:
    """When a record is written: now; in a simulated room, which follows in steps, not before the newest record."""
    newest = open_course(course_id).known.recorded_at if pace.simulated else None
    return pace.at if newest is None else max(pace.at, newest)


def _write(course_id: str, records: Iterable[Record], pace: Pace) -> tuple[Problem, ...]:
    """Write each record; what the rules refuse becomes a problem that people see."""
    refused = []
    for item in records:
        asked = Request("infusion", dict(item.payload), id=item.key, happened_at=item.happened_at, by=item.by)
        try:
            add(course_id, asked, now=max(writing_at(course_id, pace), item.happened_at))
        except RefusedError as error:
            why = "; ".join(reason.text for reason in error.reasons)
            refused.append(Problem(REFUSED, item.by, f"what it says was not written: {why}", pace.at))
        except InputError as error:
            refused.append(Problem(REFUSED, item.by, f"what it says was not written: {error}", pace.at))
    return tuple(refused)


__all__ = ["Accepted", "Taken", "accept", "forget", "no_longer_watched", "pass_time", "state_of"]
