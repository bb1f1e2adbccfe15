"""How each ordered check was kept: on time, late, missed, or still open.

The verdict is that of the running infusion itself (``monitoring``): an entry answers whatever stops being open when it
is recorded.  Late is what was done after its time and the site's own tolerance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.evolve import evolve, replay
from matrescence.care.infusion.monitoring import check_times, coming, done_times, due, missed
from matrescence.care.infusion.order import Check
from matrescence.care.infusion.readings import SATISFIES
from matrescence.care.infusion.state import State

Slot = tuple[str, datetime]
"""One ordered time of one check, by its name."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One ordered time that was answered: when it was due, when it was done and recorded, and by whom."""

    due_at: datetime
    done_at: datetime
    recorded_at: datetime
    by: str
    late: bool


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """One ordered check: its answered times, those that were missed, and those still open or to come.

    Of a continuous check there are no times; ``readings`` counts what was recorded of it.
    """

    check: Check
    kept: tuple[Kept, ...]
    missed: tuple[datetime, ...]
    open: tuple[datetime, ...]
    readings: int


def check_records(log: Sequence[ev.Event], at: datetime) -> tuple[CheckRecord, ...]:
    """Every ordered check with how it was kept, in the order in which they were ordered."""
    watch = [event for event in log if not isinstance(event, ev.Discharged)]
    state = replay(watch)
    if state.order is None:
        return ()
    left = [event.stamp.happened_at for event in log if isinstance(event, ev.Discharged)]
    until = min([at, *left])
    answered = dict(_answers(watch))
    lost = {(item.what, item.due_at) for item in missed(state, until)}
    return tuple(_record(state, check, answered, lost, until) for check in state.order.checks)


def _record(state: State, check: Check, answered: dict[Slot, Kept], lost: set[Slot], until: datetime) -> CheckRecord:
    times = [time for time in check_times(state, check) if time <= until or (check.name, time) in answered]
    kept = tuple(answered[check.name, time] for time in times if (check.name, time) in answered)
    gone = tuple(time for time in times if (check.name, time) in lost)
    rest = tuple(time for time in times if (check.name, time) not in answered and time not in gone)
    return CheckRecord(check, kept, gone, rest, len(done_times(state, check)))


def _answers(log: Iterable[ev.Event]) -> Iterator[tuple[Slot, Kept]]:
    state = State()
    for event in log:
        following = evolve(state, event)
        if _may_answer(state, event):
            now = event.stamp.recorded_at
            for slot in _open(state, now) - _open(following, now):
                yield slot, _kept(event, slot[1], state)
        state = following


def _may_answer(state: State, event: ev.Event) -> bool:
    """Whether an event can answer a check that has times; a stream of oximetry is passed over."""
    if state.order is None or not isinstance(event, ev.Observed | ev.CheckDone):
        return False
    if isinstance(event, ev.CheckDone):
        return True
    kind = SATISFIES.get(type(event.reading))
    return any(check.kind == kind and not check.continuous for check in state.order.checks)


def _open(state: State, now: datetime) -> set[Slot]:
    items = (*due(state, now), *coming(state, now), *missed(state, now))
    return {(item.what, item.due_at) for item in items if item.kind == "check"}


def _kept(event: ev.Event, due_at: datetime, state: State) -> Kept:
    stamp, grace = event.stamp, timedelta(minutes=state.ordered.overdue_after_min)
    return Kept(due_at, stamp.happened_at, stamp.recorded_at, stamp.by, stamp.happened_at > due_at + grace)
