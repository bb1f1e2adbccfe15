"""What is due, what is overdue, what was missed: derived from the order and the log, never stored.

A reading or a done check answers the newest due time that has come, or the next one if it is less than a quarter of
the interval early.  (Our own choice.  Counting it for whichever due time is nearest would let two checks drift almost
two intervals apart.)
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import lru_cache
from itertools import pairwise

from matrescence.care.infusion.order import OURS, Check, Stair
from matrescence.care.infusion.readings import SATISFIES
from matrescence.care.infusion.state import OVER, Phase, State, allowed_rate_at, planned_end
from matrescence.facts import Grade

_SAME_TIME = timedelta(seconds=1)
_EARLY_FRACTION = 0.25
_BY_NAME = {"check", "reading"}  # kinds of which there may be several beside each other


class Status(Enum):
    """How pressing a due thing is.  A missed check is one whose successor has come due: it can no longer be done."""

    OVERDUE = "overdue"
    DUE = "due"
    COMING = "coming"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One thing to do: what, at which instant it became or becomes due, how pressing, and by which rule.

    ``source`` and ``grade`` are those of the order's own check, where it is one.
    """

    status: Status
    due_at: datetime
    what: str
    kind: str
    rule: str
    source: str = OURS
    grade: Grade = "C"


def due(state: State, at: datetime) -> tuple[DueItem, ...]:
    """What is due at an instant, most urgent first: overdue before due, older before newer."""
    found = [item for item in _items(state, at) if item.status in {Status.OVERDUE, Status.DUE}]
    return tuple(sorted(found, key=lambda item: (item.status is Status.DUE, item.due_at, item.what)))


def coming(state: State, at: datetime) -> tuple[DueItem, ...]:
    """The next of each thing, by time."""
    found: dict[str, DueItem] = {}
    for item in sorted(_items(state, at), key=lambda item: item.due_at):
        if item.status is Status.COMING:
            found.setdefault(f"{item.kind} {item.what if item.kind in _BY_NAME else ''}", item)
    return tuple(sorted(found.values(), key=lambda item: (item.due_at, item.what)))


def within(state: State, at: datetime, ahead: timedelta) -> tuple[DueItem, ...]:
    """Everything that comes after ``at`` and up to ``ahead`` later, by time: of a check each of its times."""
    found = [item for item in _items(state, at) if item.status is Status.COMING and item.due_at <= at + ahead]
    return tuple(sorted(found, key=lambda item: (item.due_at, item.what)))


def missed(state: State, at: datetime) -> tuple[DueItem, ...]:
    """Checks that were never done, by time."""
    return tuple(item for item in _items(state, at) if item.status is Status.MISSED)


class _Same:
    """A key that stands for one object: looked up by which object it is, for what it holds is long."""

    __slots__ = ("it",)

    def __init__(self, it: object) -> None:
        self.it = it

    def __hash__(self) -> int:
        return id(self.it)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.it is other.it


def _items(state: State, at: datetime) -> tuple[DueItem, ...]:
    return _remembered_items(_Same(state), _Same(at))


@lru_cache(maxsize=32)
def _remembered_items(state: _Same, at: _Same) -> tuple[DueItem, ...]:
    """What is due, coming and missed is asked of one state at one instant, one after another."""
    assert isinstance(state.it, State) and isinstance(at.it, datetime)  # by the only caller
    return tuple(_every_item(state.it, at.it))


def _every_item(state: State, at: datetime) -> Iterator[DueItem]:
    if state.order is None or state.phase is Phase.DISCHARGED:
        return
    yield from _check_items(state, at)
    yield from _reading_items(state, at)
    yield from _rate_items(state, at)
    yield from _bag_items(state, at)
    if state.phase is Phase.STOPPED:
        yield from _resume_item(state, at)


# ---- checks ---------------------------------------------------------------------------------------------------


def check_times(state: State, check: Check) -> tuple[datetime, ...]:
    """Every instant at which an ordered check is due, planned sleep left out where the order says so.

    The watch runs to the end of the plan, or to the actual end once there is one, and ``after_end_h`` beyond.
    """
    end = state.ended_at or planned_end(state)
    if state.started_at is None or end is None or check.continuous:
        return ()
    last = end + timedelta(hours=check.after_end_h) + _SAME_TIME
    times = [time for time in _planned_times(state.started_at, last, check) if time <= last]
    return tuple(time for time in times if not (check.skipped_in_sleep and asleep(state, time)))


def _planned_times(started_at: datetime, last: datetime, check: Check) -> list[datetime]:
    """Given times; else the grid of the interval; else once, when the watch ends."""
    if check.at_h:
        return [started_at + timedelta(hours=at_h) for at_h in check.at_h]
    if check.every_h is None:
        return [last - _SAME_TIME]
    count = int((last - started_at) / timedelta(hours=check.every_h))
    return [started_at + timedelta(hours=check.every_h * index) for index in range(1, count + 1)]


def asleep(state: State, at: datetime) -> bool:
    """Whether an instant lies in a planned sleep: from its start, up to but not at its end."""
    return any(period.start <= at < period.end for period in state.ordered.sleep)


def done_times(state: State, check: Check) -> list[datetime]:
    """When a check was done: by its name, or by a reading of its kind.  Late entries count for when they happened."""
    by_name = [done.at for done in state.checks if done.what == check.name]
    by_reading = _times_of_readings(_Same(state.observations)).get(check.kind, ())
    return sorted([*by_name, *by_reading])


@lru_cache(maxsize=64)
def _times_of_readings(observations: _Same) -> Mapping[str, list[datetime]]:
    """When each kind of reading was taken, by the check it fulfils; gone through once, for there are thousands."""
    found: dict[str, list[datetime]] = defaultdict(list)
    for seen in observations.it:  # type: ignore[attr-defined]  # the observations of a state
        if type(seen.reading) in SATISFIES:
            found[SATISFIES[type(seen.reading)]].append(seen.at)
    return {kind: sorted(times) for kind, times in found.items()}


def _check_items(state: State, at: datetime) -> Iterator[DueItem]:
    for check in state.ordered.checks:
        times = check_times(state, check)
        if not times:
            continue
        answered = _answered(times, [done for done in done_times(state, check) if done <= at], state.started_at)
        newest = bisect_right(times, at) - 1
        for place, time in enumerate(times):
            if place in answered:
                continue
            status = Status.MISSED if place < newest else _status(state, time, at)
            yield DueItem(status, time, check.name, "check", "infusion.check-due", check.source, check.grade)


def _answered(times: tuple[datetime, ...], done: list[datetime], started_at: datetime | None) -> set[int]:
    """The places in ``times`` that are answered (see the head of this file)."""
    if started_at is None or not times:
        return set()
    opens = [now - (now - before) * _EARLY_FRACTION for before, now in pairwise((started_at, *times))]
    return {bisect_right(opens, moment) - 1 for moment in done} - {-1}


# ---- readings of what is watched without a break -----------------------------------------------------------------


def _reading_items(state: State, at: datetime) -> Iterator[DueItem]:
    """A reading of each continuous check that has a limit.  A device known to be silent has an alarm of its own."""
    for check in continuous(state, at):
        due_at = _reading_due(state, check, at)
        if due_at is None or check.kind in state.silent:
            continue
        if at < due_at and state.started_at is None:  # what comes first is somebody's word that it runs
            continue
        status = Status.COMING if at < due_at else Status.DUE if at == due_at else Status.OVERDUE
        what = f"look at her and record a reading: {check.name}"
        yield DueItem(status, due_at, what, "reading", "infusion.not-recorded", check.source, check.grade)


def _reading_due(state: State, check: Check, at: datetime) -> datetime | None:
    """The limit after the newest reading, or after the pump was last allowed to run, whichever is later.

    ``None`` where no limit is set, and for what would come only after the watch is over.
    """
    began, over = state.authorised_at or state.started_at, state.ended_at or planned_end(state)
    if check.unrecorded_after_min is None or began is None:
        return None
    done = done_times(state, check)
    seen = bisect_right(done, at)
    since = max(began, done[seen - 1]) if seen else began
    due_at = since + timedelta(minutes=check.unrecorded_after_min)
    last = None if over is None else over + timedelta(hours=check.after_end_h)
    return None if last is not None and at < due_at and last < due_at else due_at


# ---- rates, bags, and going on ---------------------------------------------------------------------------------


def _rate_items(state: State, at: datetime) -> Iterator[DueItem]:
    """The stair that has come without anybody confirming it, the next ones, and the end."""
    zero, last = state.started_at, state.last_point
    if state.phase is not Phase.RUNNING or zero is None or last is None:
        return
    for stair in state.ordered.stairs:
        starts, ends = zero + timedelta(hours=stair.start_h), zero + timedelta(hours=stair.end_h)
        if last.at < starts and at < ends:
            what = _rate_text(state, stair, starts)
            yield DueItem(_status(state, starts, at), starts, what, "rate", "infusion.rate-due")
    end = zero + timedelta(hours=state.ordered.end_h)
    what = "stop: the plan's time is over"
    yield DueItem(_status(state, end, at), end, what, "end", "infusion.plan-complete")


def _status(state: State, due_at: datetime, at: datetime) -> Status:
    if at < due_at:
        return Status.COMING
    grace = timedelta(minutes=state.ordered.overdue_after_min)
    return Status.OVERDUE if at > due_at + grace else Status.DUE


def _rate_text(state: State, stair: Stair, at: datetime) -> str:
    allowed = allowed_rate_at(state, at)
    if allowed < stair.rate_ug_per_kg_h:
        return (
            f"confirm {allowed:g} ug/kg/h (the plan's {stair.rate_ug_per_kg_h:g} is held down since the resume: "
            "a clinician may let it rise)"
        )
    pump = "" if stair.rate_ml_per_h is None else f" = {stair.rate_ml_per_h:.2f} mL/h"
    return f"set and confirm {stair.rate_ug_per_kg_h:g} ug/kg/h{pump}"


def _bag_items(state: State, at: datetime) -> Iterator[DueItem]:
    """The next bag: the one that hangs has its own planned life, counted from when it was really hung."""
    bags, hung = state.ordered.bags, len(state.bags)
    end = planned_end(state)
    if not bags or state.started_at is None or end is None or state.phase in OVER:
        return
    due_at = state.started_at
    if hung:
        planned = bags[min(hung, len(bags)) - 1]
        due_at = state.bags[-1].at + timedelta(hours=planned.change_by_h - planned.hang_at_h)
    if due_at < end - _SAME_TIME and at < end:
        yield DueItem(_status(state, due_at, at), due_at, f"hang bag {hung + 1}", "bag", "infusion.bag-due")


def _resume_item(state: State, at: datetime) -> Iterator[DueItem]:
    last = state.last_point
    since = at if last is None else last.at
    open_names = ", ".join(finding.finding for finding in state.unresolved)
    what = f"look whether it has resolved: {open_names}" if open_names else "decide: resume, or end early"
    yield DueItem(Status.DUE, since, what, "decision", "infusion.resume")


def continuous(state: State, at: datetime) -> tuple[Check, ...]:
    """The checks that run without a break at an instant, in planned sleep too: from the start to the watch's end."""
    if state.order is None or state.phase in {Phase.NEW, Phase.OPENED, Phase.DISCHARGED}:
        return ()
    checks = (check for check in state.order.checks if check.continuous)
    if state.ended_at is None or state.phase not in OVER:
        return tuple(checks)
    since = at - state.ended_at
    return tuple(check for check in checks if since <= timedelta(hours=check.after_end_h))
