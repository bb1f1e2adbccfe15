"""What is known of one course: a value folded from its events, and the questions that can be asked of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.infusion.order import InfusionOrder, Stair
from matrescence.care.infusion.readings import Reading
from matrescence.care.infusion.stamp import Stamp


class Phase(Enum):
    """Where a course is."""

    NEW = "new"
    OPENED = "opened"
    STARTING = "starting"
    RUNNING = "running"
    STOP_REQUESTED = "stop requested"
    STOPPED = "stopped"
    RESUMING = "resuming"
    COMPLETED = "completed"
    ENDED_EARLY = "ended early"
    DISCHARGED = "discharged"


PUMP_MAY_RUN = frozenset({Phase.STARTING, Phase.RUNNING, Phase.STOP_REQUESTED, Phase.RESUMING})
"""Phases in which the pump runs, or may run for all anybody knows."""

OVER = frozenset({Phase.COMPLETED, Phase.ENDED_EARLY, Phase.DISCHARGED})


@dataclass(frozen=True, slots=True)
class RatePoint:
    """From ``at`` on the pump ran at this rate (0: confirmed stopped), until the next point.

    ``ceiling_ug_per_kg_h`` is the highest rate allowed since, where a resume lowered it.  ``requested_at`` belongs
    to a stop: when it was first asked for.
    """

    at: datetime
    rate_ug_per_kg_h: float
    within_plan: bool = True
    ceiling_ug_per_kg_h: float | None = None
    requested_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """Something open since ``at``: a stop request, a finding, or a question, by the name of its finding."""

    finding: str
    at: datetime
    why: str = ""
    resolved: bool = False


@dataclass(frozen=True, slots=True)
class Observation:
    """One reading as it stands now, after any correction; ``key`` is the key of the command that recorded it."""

    key: str
    at: datetime
    reading: Reading
    by: str
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Done:
    """Something done once at an instant: a check by its name, or a bag by its number."""

    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class State:
    """One course.  Nothing here is stored: it is always the fold of the log."""

    phase: Phase = Phase.NEW
    order: InfusionOrder | None = None
    gate: GateOpen | None = None
    authorised_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    ended: Phase | None = None
    latest_at: datetime | None = None
    rates: tuple[RatePoint, ...] = ()
    stop_requests: tuple[Pending, ...] = ()
    barred: str | None = None
    findings: tuple[Pending, ...] = ()
    questions: tuple[Pending, ...] = ()
    resume_to_ug_per_kg_h: float | None = None
    ceiling_ug_per_kg_h: float | None = None
    ceiling_at: datetime | None = None
    observations: tuple[Observation, ...] = ()
    checks: tuple[Done, ...] = ()
    bags: tuple[Done, ...] = ()
    silent: Mapping[str, datetime] = field(default_factory=dict)
    nurse: str = ""
    handover: Pending | None = None
    acknowledged: Mapping[str, datetime] = field(default_factory=dict)
    notes: tuple[tuple[Stamp, str], ...] = ()
    seen: Mapping[str, str] = field(default_factory=dict)
    late: tuple[str, ...] = ()

    @property
    def ordered(self) -> InfusionOrder:
        """The order, for code that runs only after the course was opened.

        Raises:
            ValueError: the course is not open.
        """
        if self.order is None:
            raise ValueError("this course has not been opened")
        return self.order

    @property
    def last_point(self) -> RatePoint | None:
        """The newest thing known about the pump; ``None`` before it ever ran."""
        return self.rates[-1] if self.rates else None

    @property
    def rate_ug_per_kg_h(self) -> float:
        """The rate last confirmed (0 when stopped or never run)."""
        return self.rates[-1].rate_ug_per_kg_h if self.rates else 0.0

    @property
    def unresolved(self) -> tuple[Pending, ...]:
        """The findings that nobody has yet said to have passed."""
        return tuple(finding for finding in self.findings if not finding.resolved)


def instant(state: State, at_h: float) -> datetime | None:
    """The instant of a planned hour; ``None`` before the first confirmed rate, which is hour 0."""
    return None if state.started_at is None else state.started_at + timedelta(hours=at_h)


def planned_end(state: State) -> datetime | None:
    """When the plan's time is over.  A pause does not move it (rule ``infusion.clock-runs-on``)."""
    return None if state.order is None else instant(state, state.order.end_h)


def past_end(state: State, at: datetime) -> bool:
    """Whether the plan's time is over at ``at``."""
    end = planned_end(state)
    return end is not None and at >= end


def stair_at(state: State, at: datetime) -> Stair | None:
    """The planned stair at an instant; the first one before the start, ``None`` after the end."""
    if state.started_at is None or at < state.started_at:
        return state.ordered.stairs[0]
    for stair in state.ordered.stairs:
        if at < state.started_at + timedelta(hours=stair.end_h):
            return stair
    return None


def planned_rate_at(state: State, at: datetime) -> float:
    """The planned rate at an instant (ug/kg/h), 0 after the end."""
    stair = stair_at(state, at)
    return 0.0 if stair is None else stair.rate_ug_per_kg_h


def allowed_rate_at(state: State, at: datetime) -> float:
    """The highest rate allowed now: the plan's, or the ceiling since a resume, or the rate just authorised."""
    caps = (state.ceiling_ug_per_kg_h, state.resume_to_ug_per_kg_h)
    return min([planned_rate_at(state, at), *(cap for cap in caps if cap is not None)])


def rate_before_stop(state: State) -> float:
    """The rate that ran, within the plan, before the newest stop (ug/kg/h); 0 when there was none."""
    return next((p.rate_ug_per_kg_h for p in reversed(state.rates) if p.within_plan and p.rate_ug_per_kg_h > 0), 0.0)


def point_at(state: State, at: datetime) -> RatePoint | None:
    """What was known about the pump at an instant."""
    return next((point for point in reversed(state.rates) if point.at <= at), None)
