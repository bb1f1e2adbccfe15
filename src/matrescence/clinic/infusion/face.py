"""What the page of a running infusion shows, worked out from the state at one instant.  No database, no clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.actions.bedside.rates import ml_per_h
from matrescence.care.infusion.alarms import Alarm, alarms
from matrescence.care.infusion.dose import Dose, dose
from matrescence.care.infusion.monitoring import DueItem, coming, due, missed
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.plan import settable
from matrescence.care.infusion.state import (
    OVER,
    PUMP_MAY_RUN,
    Done,
    Phase,
    State,
    allowed_rate_at,
    planned_end,
    planned_rate_at,
)

COMING_SHOWN = 8


@dataclass(frozen=True, slots=True)
class Rate:
    """One rate as the order counts it, as the pump counts it, and as the pump can be set."""

    ug_per_kg_h: float
    ml_per_h: float | None

    @property
    def set_ml_per_h(self) -> float | None:
        """The nearest rate that the pump can be set to."""
        return settable(self.ml_per_h)


@dataclass(frozen=True, slots=True)
class Next:
    """The next thing the pump must do, and when; ``late`` when its time has come without anybody confirming it."""

    rate: Rate
    at: datetime
    ends: bool
    late: bool


@dataclass(frozen=True, slots=True)
class BagFace:
    """A planned bag and when it was really hung."""

    number: int
    planned_at: datetime | None
    hung_at: datetime | None
    volume_ml: float | None
    why_late: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """Everything that stands on the page, but for live values and forecasts."""

    at: datetime
    state: State
    phase: Phase
    may_run: bool
    over: bool
    rate: Rate
    allowed: Rate
    planned: Rate
    next: Next | None
    elapsed: timedelta | None
    ends_at: datetime | None
    dose: Dose
    alarms: tuple[Alarm, ...]
    due: tuple[DueItem, ...]
    coming: tuple[DueItem, ...]
    missed: tuple[DueItem, ...]
    bags: tuple[BagFace, ...]

    @property
    def order(self) -> InfusionOrder:
        """The order it runs by."""
        return self.state.ordered

    @property
    def lasts(self) -> timedelta:
        """How long the whole plan runs."""
        return timedelta(hours=self.order.end_h)

    @property
    def dose_percent(self) -> float:
        """The most that can have been given, of the planned total."""
        return min(100.0 * self.dose.at_most_ug_per_kg / self.order.total_ug_per_kg, 100.0)

    @property
    def hours(self) -> float | None:
        """Hours since the first confirmed rate, also after the end."""
        return None if self.state.started_at is None else (self.at - self.state.started_at) / timedelta(hours=1)

    @property
    def unseen(self) -> tuple[Alarm, ...]:
        """The alarms nobody has said to have seen."""
        return tuple(alarm for alarm in self.alarms if not alarm.acknowledged)


def face_of(state: State, at: datetime) -> Face | None:
    """The face of the newest infusion at an instant; ``None`` before one was opened."""
    if state.order is None:
        return None
    until = state.ended_at if state.phase in OVER and state.ended_at is not None else at
    elapsed = None if state.started_at is None else max(until - state.started_at, timedelta(0))
    return Face(
        at=at,
        state=state,
        phase=state.phase,
        may_run=state.phase in PUMP_MAY_RUN,
        over=state.phase in OVER,
        rate=rate_of(state.rate_ug_per_kg_h, state.order),
        allowed=rate_of(allowed_rate_at(state, at), state.order),
        planned=rate_of(planned_rate_at(state, at), state.order),
        next=_next(state, at),
        elapsed=elapsed,
        ends_at=planned_end(state),
        dose=dose(state, at),
        alarms=alarms(state, at),
        due=due(state, at),
        coming=coming(state, at)[:COMING_SHOWN],
        missed=missed(state, at),
        bags=_bags(state),
    )


def rate_of(ug_per_kg_h: float, order: InfusionOrder) -> Rate:
    """A rate in both units; the pump's is unknown where no concentration is."""
    return Rate(ug_per_kg_h, ml_per_h(ug_per_kg_h, order))


def _next(state: State, at: datetime) -> Next | None:
    """The stair that comes next or has come unconfirmed, else the end; only while it runs."""
    zero, last = state.started_at, state.last_point
    if state.phase is not Phase.RUNNING or zero is None or last is None:
        return None
    for stair in state.ordered.stairs:
        starts, ends = zero + timedelta(hours=stair.start_h), zero + timedelta(hours=stair.end_h)
        if last.at < starts and at < ends:
            rate = rate_of(allowed_rate_at(state, starts), state.ordered)
            return Next(rate, starts, ends=False, late=at >= starts)
    end = zero + timedelta(hours=state.ordered.end_h)
    return Next(rate_of(0.0, state.ordered), end, ends=True, late=at >= end)


def _bags(state: State) -> tuple[BagFace, ...]:
    hung = {int(bag.what): bag for bag in state.bags}
    planned = {bag.number: bag for bag in state.ordered.bags}
    zero = state.started_at
    return tuple(
        BagFace(
            number,
            None if zero is None or number not in planned else zero + timedelta(hours=planned[number].hang_at_h),
            _at(hung.get(number)),
            planned[number].volume_ml if number in planned else None,
        )
        for number in sorted({*hung, *planned})
    )


def _at(done: Done | None) -> datetime | None:
    return None if done is None else done.at
