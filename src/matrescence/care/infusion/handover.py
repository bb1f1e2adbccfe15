"""What the next nurse has to know: what runs, what was given, what is open, what is due soon, what was read last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.care.infusion.alarms import Alarm, alarms
from matrescence.care.infusion.dose import Dose, dose
from matrescence.care.infusion.monitoring import DueItem, due, within
from matrescence.care.infusion.readings import Reading
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Pending, Phase, State, planned_end, planned_rate_at

AHEAD = timedelta(hours=4)
"""How far ahead a handover looks, unless it is asked for another time (our own choice)."""


@dataclass(frozen=True, slots=True)
class LastReading:
    """The newest reading of one kind: what, when, how old it is (min), who read it, and whether it was corrected."""

    reading: Reading
    at: datetime
    age_min: float
    by: str
    corrected: bool


@dataclass(frozen=True, slots=True)
class Hanging:
    """The bag that hangs: its number, since when, and by when it is changed."""

    number: int
    since: datetime
    change_by: datetime | None


@dataclass(frozen=True, slots=True)
class Handover:
    """One infusion as it is handed over at ``at``; derived from its log, never stored.

    ``nurse`` stays responsible until ``offered_to`` has accepted.  ``rate_ml_per_h`` is the exact rate, ``None`` where
    it is not known.  ``due_soon`` holds what comes within the time asked about, by time.
    """

    at: datetime
    nurse: str
    offered_to: str | None
    phase: Phase
    rate_ug_per_kg_h: float
    rate_ml_per_h: float | None
    planned_rate_ug_per_kg_h: float
    ceiling_ug_per_kg_h: float | None
    started_at: datetime | None
    ends_at: datetime | None
    given: Dose
    planned_ug_per_kg: float
    bag: Hanging | None
    barred: str | None
    findings: tuple[Pending, ...]
    questions: tuple[Pending, ...]
    silent: tuple[tuple[str, datetime], ...]
    alarms: tuple[Alarm, ...]
    due_now: tuple[DueItem, ...]
    due_soon: tuple[DueItem, ...]
    readings: tuple[LastReading, ...]
    notes: tuple[tuple[Stamp, str], ...]


def handover(state: State, at: datetime, *, ahead: timedelta = AHEAD) -> Handover | None:
    """The summary at ``at``; ``None`` before an infusion is opened and after she was discharged from it."""
    if state.order is None or state.phase is Phase.DISCHARGED:
        return None
    return Handover(
        at=at,
        nurse=state.nurse,
        offered_to=None if state.handover is None else state.handover.finding,
        phase=state.phase,
        rate_ug_per_kg_h=state.rate_ug_per_kg_h,
        rate_ml_per_h=_ml_per_h(state),
        planned_rate_ug_per_kg_h=0.0 if state.started_at is None else planned_rate_at(state, at),
        ceiling_ug_per_kg_h=state.ceiling_ug_per_kg_h,
        started_at=state.started_at,
        ends_at=state.ended_at or planned_end(state),
        given=dose(state, at),
        planned_ug_per_kg=state.ordered.total_ug_per_kg,
        bag=_bag(state),
        barred=state.barred,
        findings=state.unresolved,
        questions=state.questions,
        silent=tuple(sorted(state.silent.items(), key=lambda item: (item[1], item[0]))),
        alarms=alarms(state, at),
        due_now=due(state, at),
        due_soon=within(state, at, ahead),
        readings=_readings(state, at),
        notes=tuple((stamp, text) for stamp, text in state.notes if stamp.happened_at <= at),
    )


def _ml_per_h(state: State) -> float | None:
    """The rate last confirmed in mL/h: every stair of one order has the same mL in a ug/kg."""
    known = [stair for stair in state.ordered.stairs if stair.rate_ml_per_h is not None]
    if not known or known[0].rate_ml_per_h is None:
        return None
    return state.rate_ug_per_kg_h * known[0].rate_ml_per_h / known[0].rate_ug_per_kg_h


def _bag(state: State) -> Hanging | None:
    """The newest bag; one more than planned may hang as long as the last planned one."""
    if not state.bags:
        return None
    newest, planned = state.bags[-1], state.ordered.bags
    number = int(newest.what)
    if not planned:
        return Hanging(number, newest.at, None)
    own = planned[min(number, len(planned)) - 1]
    return Hanging(number, newest.at, newest.at + timedelta(hours=own.change_by_h - own.hang_at_h))


def _readings(state: State, at: datetime) -> tuple[LastReading, ...]:
    """The newest of each kind by ``at``, the newest kind first."""
    seen = sorted((one for one in state.observations if one.at <= at), key=lambda one: one.at)
    newest = {type(one.reading): one for one in seen}
    found = [
        LastReading(one.reading, one.at, (at - one.at) / timedelta(minutes=1), one.by, one.corrected)
        for one in newest.values()
    ]
    return tuple(sorted(found, key=lambda one: (one.age_min, type(one.reading).__name__)))
