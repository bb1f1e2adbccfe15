"""What the pump was to do and what it did: the planned stairs, the rates as run, every stop and what followed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.findings import PLAN_COMPLETE
from matrescence.care.infusion.state import State, planned_rate_at, stair_at
from matrescence.handouts.digits import plain
from matrescence.handouts.print.session_clock import ZonedClock, minutes_apart, spelled_out


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop: who asked for it and why, when it was confirmed, and when and at which rate the pump ran again."""

    finding: str
    why: str
    requested_at: datetime
    requested_by: str
    confirmed_at: datetime | None = None
    confirmed_by: str = ""
    resumed_at: datetime | None = None
    resumed_ug_per_kg_h: float | None = None


def planned_rows(state: State, clock: ZonedClock) -> list[dict[str, str]]:
    """The stairs as ordered; before the start they have no clock time."""
    return [
        {
            "at": clock.maybe(_instant(state, stair.start_h), f"hour {plain(stair.start_h)}"),
            "rate": plain(stair.rate_ug_per_kg_h),
            "ml": plain(stair.rate_ml_per_h),
        }
        for stair in state.ordered.stairs
    ] + [
        {
            "at": clock.maybe(_instant(state, state.ordered.end_h), f"hour {plain(state.ordered.end_h)}"),
            "rate": "end",
            "ml": "0",
        }
    ]


def run_rows(log: Sequence[ev.Event], state: State, clock: ZonedClock) -> list[dict[str, Any]]:
    """The rates as confirmed, in the order in which they happened; what ran against the plan is marked."""
    told = [event for event in log if isinstance(event, ev.RateConfirmed | ev.PumpDeviated | ev.Stopped)]
    return [_run_row(event, state, clock) for event in sorted(told, key=lambda event: event.stamp.happened_at)]


def stops_of(log: Sequence[ev.Event]) -> tuple[Stop, ...]:
    """Every stop that was asked for; requests made before one is confirmed are one stop each."""
    stops: list[Stop] = []
    for event in log:
        at, by = event.stamp.happened_at, event.stamp.by
        if isinstance(event, ev.StopRequested):
            stops.append(Stop(event.finding, event.why, at, by))
        elif isinstance(event, ev.Stopped):
            stops = [_confirmed(stop, at, by) if stop.confirmed_at is None else stop for stop in stops]
        elif isinstance(event, ev.RateConfirmed):
            stops = [_resumed(stop, at, event.rate_ug_per_kg_h) for stop in stops]
    return tuple(stops)


def stop_rows(log: Sequence[ev.Event], state: State, clock: ZonedClock) -> list[dict[str, str]]:
    """The stops in words: why, asked, confirmed, and what came after."""
    return [
        {
            "finding": stop.finding.replace("-", " ").capitalize(),
            "why": spelled_out(stop.why),
            "requested": f"{clock.at(stop.requested_at)}, {stop.requested_by}",
            "confirmed": _confirmation(stop, clock),
            "after": _afterwards(stop, state, clock),
        }
        for stop in stops_of(log)
    ]


def _instant(state: State, at_h: float) -> datetime | None:
    return None if state.started_at is None else state.started_at + timedelta(hours=at_h)


def _run_row(event: ev.RateConfirmed | ev.PumpDeviated | ev.Stopped, state: State, clock: ZonedClock) -> dict[str, Any]:
    at = event.stamp.happened_at
    rate = 0.0 if isinstance(event, ev.Stopped) else event.rate_ug_per_kg_h
    return {
        "at": clock.at(at),
        "rate": "stopped" if isinstance(event, ev.Stopped) else plain(rate),
        "ml": _ml_per_h(state, at, rate),
        "note": "; ".join(_notes(event, state)),
        "by": event.stamp.by,
        "deviation": isinstance(event, ev.PumpDeviated),
    }


def _notes(event: ev.Event, state: State) -> Iterator[str]:
    at, stair = event.stamp.happened_at, stair_at(state, event.stamp.happened_at)
    if isinstance(event, ev.PumpDeviated):
        yield f"AGAINST THE PLAN: {spelled_out(event.why)}"
    if isinstance(event, ev.RateConfirmed) and stair is not None and state.started_at is not None:
        starts = state.started_at + timedelta(hours=stair.start_h)
        if event.rate_ug_per_kg_h != stair.rate_ug_per_kg_h:
            yield f"plan: {plain(planned_rate_at(state, at))} micrograms/kg/h"
        elif timedelta(0) <= at - starts < timedelta(hours=1):
            yield minutes_apart(starts, at)
    if event.stamp.recorded_at - at >= timedelta(minutes=1):
        yield f"recorded {minutes_apart(at, event.stamp.recorded_at).replace('late', 'later')}"


def _ml_per_h(state: State, at: datetime, rate_ug_per_kg_h: float) -> str:
    """The same rate on the pump, by the strength of the stair; unknown where the order gives no volume."""
    stair = stair_at(state, at) or state.ordered.stairs[-1]
    if stair.rate_ml_per_h is None:
        return plain(None)
    return plain(rate_ug_per_kg_h * stair.rate_ml_per_h / stair.rate_ug_per_kg_h)


def _confirmed(stop: Stop, at: datetime, by: str) -> Stop:
    return replace(stop, confirmed_at=at, confirmed_by=by)


def _resumed(stop: Stop, at: datetime, rate: float) -> Stop:
    """A confirmed rate after a confirmed stop means that it ran again."""
    if stop.confirmed_at is None or stop.resumed_at is not None or at < stop.confirmed_at:
        return stop
    return replace(stop, resumed_at=at, resumed_ug_per_kg_h=rate)


def _confirmation(stop: Stop, clock: ZonedClock) -> str:
    if stop.confirmed_at is None:
        return "NOT CONFIRMED"
    minutes = round((stop.confirmed_at - stop.requested_at).total_seconds() / 60.0)
    after = f" ({minutes} min after the request)" if minutes > 0 else ""
    return f"{clock.at(stop.confirmed_at)}, {stop.confirmed_by}{after}"


def _afterwards(stop: Stop, state: State, clock: ZonedClock) -> str:
    if stop.resumed_at is not None and stop.confirmed_at is not None:
        minutes = round((stop.resumed_at - stop.confirmed_at).total_seconds() / 60.0)
        rate = f"{plain(stop.resumed_ug_per_kg_h)} micrograms/kg/h"
        return f"Resumed {clock.at(stop.resumed_at)} at {rate}, after {minutes} min"
    if stop.finding == PLAN_COMPLETE:
        return "The plan's time was over"
    if state.barred is not None:
        return f"Never resumed ({state.barred.replace('-', ' ')})"
    return "Not resumed"
