"""What a pump says -> what is written: a rate is confirmed when it changes, a stop when it has stopped.

- The rate that counts is the one the pump gives now.  What it is programmed to is never taken for it.
- Within the pump's rounding, a rate is the planned rate.
- A pump that stands still before a start confirms no stop; nothing had run.
- A pump that goes on after a stop was asked for is told once the time to walk to it is over.
- A step a little early or late is no fault: pump and plan count from clocks that differ by seconds.
- What is older than what is known finds its place in the past, or becomes a note where the rules have no place for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from matrescence.actions.bedside import record
from matrescence.actions.bedside.policy import Policy
from matrescence.actions.bedside.rates import as_ordered
from matrescence.actions.bedside.record import Record
from matrescence.actions.bedside.report import PumpReport
from matrescence.actions.bedside.seen import Told
from matrescence.actions.bedside.timing import Placed
from matrescence.care.infusion.state import Phase, RatePoint, State, allowed_rate_at, point_at

_NOW, _LATE = "now", "late"


@dataclass(frozen=True, slots=True)
class Heed:
    """What one message of a pump leads to; ``told`` is what to remember of it."""

    record: Record | None = None
    told: Mapping[str, Told] | None = None
    problem: tuple[str, str] | None = None


def contradiction(report: PumpReport) -> tuple[str, str] | None:
    """A message that contradicts itself or says nothing, as a problem."""
    rate = report.rate_ml_per_h or 0.0
    if report.running is None:
        return "pump-unclear", "the pump does not say whether it runs: look at it"
    if report.running and not 0.0 < rate < float("inf"):
        return "pump-unclear", "the pump says that it runs, and no rate that it runs at: look at it"
    if not report.running and rate > 0.0:
        return "pump-unclear", f"the pump says that it stands still and gives {rate:g} mL/h: look at it"
    return None


def heed(
    report: PumpReport, placed: Placed, state: State, told: Mapping[str, Told], policy: Policy, *, key: str
) -> Heed:
    """What to write because of one message; nothing where it says what is known."""
    if state.order is None or state.phase is Phase.DISCHARGED:
        return Heed()
    unclear = contradiction(report)
    if unclear is not None:
        return Heed(problem=unclear)
    rate = 0.0
    if report.running:
        found = as_ordered(report.rate_ml_per_h or 0.0, state, placed.at, policy.pump_resolution_ml_per_h)
        if found is None:
            return Heed(problem=("no-concentration", "the order holds no concentration: confirm the rate by hand"))
        rate = found
    last = state.last_point
    if placed.newest and (last is None or placed.at >= last.at):
        return _newest(_Word(report, placed, rate, key), state, told, policy)
    return _past(_Word(report, placed, rate, key), state, told, policy)


@dataclass(frozen=True, slots=True)
class _Word:
    """One message, read: its rate as the order counts it, 0 when the pump stands still."""

    report: PumpReport
    placed: Placed
    rate: float
    key: str

    @property
    def by(self) -> str:
        return self.report.device

    def key_at(self, at: datetime) -> str:
        # A time taken from our clock is part of the key: a resend received later would else contradict the first.
        return self.key if at == self.placed.at else f"{self.key}/{at.isoformat()}"


def _once(made: Record, lane: str, new: Told, told: Mapping[str, Told], policy: Policy) -> Heed:
    """Write it, unless the same was written a short while ago."""
    before = told.get(lane)
    again = timedelta(seconds=policy.tell_again_after_s)
    if before is not None and before.what == new.what and new.at < before.at + again:
        return Heed()
    return Heed(made, {**told, lane: new})


# ---- what the pump does now -------------------------------------------------------------------------------------


def _newest(word: _Word, state: State, told: Mapping[str, Told], policy: Policy) -> Heed:
    at = _fitting(word, state, policy)
    if at is None or not (_runs_newly(word, state, at, policy) if word.rate else _stops_newly(state, at, policy)):
        return Heed()
    key = word.key_at(at)
    if word.rate:
        made = record.confirm_rate(word.rate, key=key, at=at, by=word.by)
    else:
        made = record.confirm_stopped(key=key, at=at, by=word.by)
    return _once(made, _NOW, Told(f"{word.rate:g} {_situation(state)}", word.report.received_at), told, policy)


def _situation(state: State) -> str:
    """What a message is the answer to: the stop that was asked for, or what was last known of the pump."""
    if state.phase is Phase.STOP_REQUESTED:
        return f"{state.phase.value} {state.stop_requests[0].at.isoformat()}"
    return f"{state.phase.value} {'' if state.last_point is None else state.last_point.at.isoformat()}"


def _fitting(word: _Word, state: State, policy: Policy) -> datetime | None:
    """The instant to write it at; ``None``: wait for the next message, which will say it without doubt."""
    at, last, near = word.placed.at, state.last_point, timedelta(seconds=policy.ahead_after_s)
    if word.rate and state.phase in {Phase.STARTING, Phase.RESUMING} and state.authorised_at is not None:
        return _since_allowed(word, state.authorised_at, near)
    if last is not None and bool(word.rate) != (last.rate_ug_per_kg_h > 0) and at < last.at + near:
        return None  # straight after a start or a stop, a message may still speak of the moment before
    if state.phase is not Phase.RUNNING or word.rate <= allowed_rate_at(state, at):
        return at
    if word.placed.late and word.rate <= allowed_rate_at(state, word.report.received_at):
        return word.report.received_at  # by its receipt it fits the plan: the pump's clock is behind
    return None if _is_step(word.rate, state, at, policy) else at


def _since_allowed(word: _Word, allowed_at: datetime, near: timedelta) -> datetime:
    """When a start or a resume took place: not before it was allowed, where only the clocks put it there."""
    at = word.placed.at
    if allowed_at <= at or word.report.received_at < allowed_at:
        return at
    return word.report.received_at if word.placed.late else max(at, allowed_at) if allowed_at - at <= near else at


def _is_step(rate: float, state: State, at: datetime, policy: Policy) -> bool:
    """Whether a rate that is too high now was allowed a moment ago, or will be in a moment."""
    near = timedelta(seconds=policy.step_tolerance_s)
    return rate <= max(allowed_rate_at(state, at - near), allowed_rate_at(state, at + near))


def _runs_newly(word: _Word, state: State, at: datetime, policy: Policy) -> bool:
    """Whether a running pump tells something that is not known."""
    if state.phase is Phase.RUNNING:
        return word.rate != state.rate_ug_per_kg_h or word.rate > allowed_rate_at(state, at)
    if state.phase is Phase.STOP_REQUESTED:
        patience = timedelta(seconds=policy.still_running_after_s)
        return word.rate != state.rate_ug_per_kg_h or at >= state.stop_requests[0].at + patience
    return True


def _stops_newly(state: State, at: datetime, policy: Policy) -> bool:
    """Whether a pump that stands still tells of a stop: it ran, or somebody asked for a stop."""
    if state.phase is Phase.STOP_REQUESTED:
        return state.authorised_at is None or at >= state.authorised_at
    return state.phase is Phase.RUNNING


# ---- what the pump did ------------------------------------------------------------------------------------------


def _past(word: _Word, state: State, told: Mapping[str, Told], policy: Policy) -> Heed:
    at = word.placed.at
    point = point_at(state, at)
    near = timedelta(seconds=policy.ahead_after_s)
    if point is None or word.rate == point.rate_ug_per_kg_h or at < point.at + near:
        return Heed()
    if word.rate > allowed_rate_at(state, at) and _is_step(word.rate, state, at, policy):
        return Heed()
    new = Told(f"{word.rate:g} {point.at.isoformat()}", word.report.received_at)
    return _once(_record_of_past(word, point), _LATE, new, told, policy)


def _record_of_past(word: _Word, point: RatePoint) -> Record:
    at, key = word.placed.at, word.key
    if word.rate and point.rate_ug_per_kg_h:
        return record.confirm_rate(word.rate, key=key, at=at, by=word.by)
    did = f"ran at {word.rate:g} ug/kg/h" if word.rate else "stood still"
    text = f"Told late by the pump: at {at:%H:%M:%S} UTC it {did}. The record says otherwise for that time."
    return record.note(text, key=key, at=at, by=word.by)
