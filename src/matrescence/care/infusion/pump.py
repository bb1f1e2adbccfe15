"""Decisions about the pump: start, rates, stops, resumes, and what time alone brings."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from matrescence.care.enrolment.gate import GateClosed
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.findings import DOSE_LIMIT, PERSON, PLAN_COMPLETE, PUMP_DEVIATION
from matrescence.care.infusion.interrupt import ask
from matrescence.care.infusion.outcome import Outcome, Refused, refuse, spoken
from matrescence.care.infusion.permit import may_resume, may_start
from matrescence.care.infusion.stamp import Cause, utc
from matrescence.care.infusion.state import (
    Phase,
    State,
    allowed_rate_at,
    past_end,
    planned_rate_at,
    point_at,
    stair_at,
)


def start(state: State, command: cmd.Start, cause: Cause) -> Outcome:
    """Authorise a start through an open gate; the pump runs only when somebody confirms it."""
    reasons = may_start(state, command)
    if reasons or isinstance(command.gate, GateClosed):
        return Refused(reasons)
    until = None if command.gate.until is None else utc(command.gate.until)
    return (ev.StartAuthorised(command.stamp, cause, replace(command.gate, at=utc(command.gate.at), until=until)),)


def confirm_rate(state: State, command: cmd.ConfirmRate, cause: Cause) -> Outcome:
    """Record the rate that the pump runs at; one that the plan does not allow becomes a deviation and a stop."""
    at, rate, last = command.stamp.happened_at, command.rate_ug_per_kg_h, state.last_point
    if not (math.isfinite(rate) and rate > 0):
        return refuse("infusion.plausible", f"rate {rate:g} ug/kg/h: a running pump has a rate above zero")
    if last is not None and at < last.at:
        return _late_rate(state, command, cause)
    wrong = _wrong(state, at, rate)
    if wrong is None:
        return (ev.RateConfirmed(command.stamp, cause, rate),)
    deviated = ev.PumpDeviated(command.stamp, cause, rate, wrong)
    if state.phase is Phase.STOP_REQUESTED and rate <= state.rate_ug_per_kg_h:
        return (deviated,)
    return (deviated, *_stop_for_deviation(state, command, cause))


def _stop_for_deviation(state: State, command: cmd.ConfirmRate, cause: Cause) -> tuple[ev.Event, ...]:
    says = spoken(command, "infusion.rate-above-plan")
    why = "check the pump and its programme"
    return (
        ev.Found(command.stamp, cause, PUMP_DEVIATION),
        ev.StopRequested(says, cause, PUMP_DEVIATION, why),
    )


def _wrong(state: State, at: datetime, rate: float) -> str | None:
    """Why the pump should not run like this, or ``None``."""
    if state.phase is Phase.STOP_REQUESTED and not _before_the_request(state, at):
        return "it runs although a stop was requested"
    if state.phase not in {Phase.STARTING, Phase.RUNNING, Phase.RESUMING, Phase.STOP_REQUESTED}:
        return f"it runs although the course is {state.phase.value}"
    if state.phase in {Phase.STARTING, Phase.RESUMING} and not _within_window(state, at):
        return "it runs outside the time for which it was authorised"
    allowed = allowed_rate_at(state, at)
    if rate > allowed:
        return f"it runs at {rate:g} ug/kg/h where {allowed:g} is allowed"
    return None


def _before_the_request(state: State, at: datetime) -> bool:
    """Whether this tells of a time before the stop was asked for, while it was properly running."""
    last = state.last_point
    return last is not None and last.within_plan and last.rate_ug_per_kg_h > 0 and at < state.stop_requests[0].at


def _within_window(state: State, at: datetime) -> bool:
    """Whether a start or resume still holds: not lapsed, and the gate's own answer not run out."""
    since, gate = state.authorised_at, state.gate
    if since is None or not since <= at <= since + timedelta(minutes=state.ordered.confirm_within_min):
        return False
    return state.phase is Phase.RESUMING or gate is None or gate.until is None or at < gate.until


def _late_rate(state: State, command: cmd.ConfirmRate, cause: Cause) -> Outcome:
    """A rate of an earlier time: placed in the past if it fits what is known of it, else shown to a clinician."""
    at, rate, known = command.stamp.happened_at, command.rate_ug_per_kg_h, point_at(state, command.stamp.happened_at)
    if known is None or state.started_at is None or at < state.started_at:
        return refuse("infusion.time", "this is before the first confirmed rate; write a note instead")
    if known.rate_ug_per_kg_h == 0:
        return refuse("infusion.time", f"the pump was confirmed stopped at {known.at:%H:%M} UTC; write a note instead")
    caps = [planned_rate_at(state, at)] + [cap for cap in (known.ceiling_ug_per_kg_h,) if cap is not None]
    if rate <= min(caps) and not _stop_was_asked(state, at):
        return (ev.RateConfirmed(command.stamp, cause, rate),)
    why = f"a late entry says {rate:g} ug/kg/h where {min(caps):g} was allowed, or after a stop was requested"
    return (ev.PumpDeviated(command.stamp, cause, rate, why), ask(command, cause, PUMP_DEVIATION, why))


def _stop_was_asked(state: State, at: datetime) -> bool:
    """Whether a stop had been asked for by then: one still open, or the one that ended that stretch of running."""
    stop = next((point for point in state.rates if point.at > at and point.rate_ug_per_kg_h == 0), None)
    asked = [request.at for request in state.stop_requests]
    asked += [stop.requested_at] if stop is not None and stop.requested_at is not None else []
    return any(moment <= at for moment in asked)


def request_stop(command: cmd.RequestStop, cause: Cause) -> Outcome:
    """A person may ask for a stop at any time, and need not justify it."""
    return (ev.StopRequested(command.stamp, cause, PERSON, command.why),)


def confirm_stopped(state: State, command: cmd.ConfirmStopped, cause: Cause) -> Outcome:
    """Only now it has stopped.  A stop said to be earlier than the last confirmed running confirms nothing."""
    at, last = command.stamp.happened_at, state.last_point
    if last is not None and at < last.at:
        return refuse("infusion.time", f"the pump was confirmed running at {last.at:%H:%M} UTC, after this")
    if state.authorised_at is not None and at < state.authorised_at:
        return refuse("infusion.time", "the pump was allowed to run again after this")
    stopped = ev.Stopped(command.stamp, cause)
    over = _over(state, at)
    if over is None or state.ended is not None:
        return (stopped,)
    return (stopped, ev.Ended(command.stamp, cause, *over))


def _over(state: State, at: datetime) -> tuple[bool, str] | None:
    """Whether this stop ends the course: fully or early, and why."""
    if state.barred is not None:
        return False, f"after {state.barred} it is not resumed"
    asked = {request.finding for request in state.stop_requests}
    if past_end(state, at) or asked & {PLAN_COMPLETE, DOSE_LIMIT}:
        return True, "the plan's time or dose is complete"
    return None


def resume(state: State, command: cmd.Resume, cause: Cause) -> Outcome:
    """Authorise a resume; the pump runs again only when somebody confirms it."""
    reasons = may_resume(state, command)
    if reasons:
        return Refused(reasons)
    return (ev.ResumeAuthorised(command.stamp, cause, command.rate_ug_per_kg_h),)


def lift_ceiling(state: State, command: cmd.LiftCeiling, cause: Cause) -> Outcome:
    """Let the rate rise with the plan again, in a stair later than the one it was resumed in."""
    if state.ceiling_at is None:
        return refuse("infusion.ceiling", "no resume holds the rate down")
    if stair_at(state, command.stamp.happened_at) == stair_at(state, state.ceiling_at):
        return refuse("infusion.ceiling", "within the stair in which it was resumed the rate does not rise")
    return (ev.CeilingLifted(command.stamp, cause),)


def tick(state: State, command: cmd.Tick, cause: Cause) -> Outcome:
    """What time alone brings: the end of the plan, or of its dose."""
    at = command.stamp.happened_at
    if state.phase in {Phase.RUNNING, Phase.RESUMING} and past_end(state, at):
        says = spoken(command, "infusion.plan-complete")
        return (ev.StopRequested(says, cause, PLAN_COMPLETE, "the plan's time is over"),)
    if state.phase is Phase.RUNNING and dose(state, at).at_most_ug_per_kg >= state.ordered.total_ug_per_kg:
        says = spoken(command, "infusion.dose-limit")
        return (ev.StopRequested(says, cause, DOSE_LIMIT, "the planned total may have been reached"),)
    if state.phase is Phase.STOPPED and past_end(state, at):
        says = spoken(command, "infusion.plan-complete")
        return (ev.Ended(says, cause, full=False, why="the plan's time ran out while it was stopped"),)
    return ()
