"""Answer one command with events, or refuse it with every reason.  No clock, no file, no prediction is asked here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from matrescence.care.infusion import bedside, pump
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.outcome import Outcome, Refused, refuse
from matrescence.care.infusion.stamp import Cause
from matrescence.care.infusion.state import PUMP_MAY_RUN, Phase, State

_OPEN = frozenset(Phase) - {Phase.NEW}
_HERE = _OPEN - {Phase.DISCHARGED}

FROM: Mapping[type[cmd.Command], frozenset[Phase]] = {
    cmd.Open: frozenset({Phase.NEW}),
    cmd.Start: frozenset({Phase.OPENED, Phase.STARTING}),
    cmd.ConfirmRate: _HERE,
    cmd.RequestStop: PUMP_MAY_RUN,
    cmd.ConfirmStopped: PUMP_MAY_RUN,
    cmd.Resume: frozenset({Phase.STOPPED, Phase.RESUMING}),
    cmd.LiftCeiling: frozenset({Phase.RUNNING}),
    cmd.Observe: _OPEN,
    cmd.CorrectObservation: _OPEN,
    cmd.ReportFinding: _OPEN,
    cmd.ReportResolved: _HERE,
    cmd.Answer: _OPEN,
    cmd.DoCheck: _OPEN,
    cmd.HangBag: _HERE,
    cmd.ReportSilent: _HERE,
    cmd.ReportBack: _HERE,
    cmd.OfferHandover: _HERE,
    cmd.AcceptHandover: _HERE,
    cmd.Acknowledge: _OPEN,
    cmd.WriteNote: _OPEN,
    cmd.EndEarly: frozenset({Phase.OPENED, Phase.STOPPED}),
    cmd.Discharge: frozenset({Phase.COMPLETED, Phase.ENDED_EARLY}),
    cmd.Tick: _OPEN,
}
"""From which phases each command makes sense at all.  What the world reports is taken from almost everywhere."""


def decide(state: State, command: cmd.Command, order: InfusionOrder) -> Outcome:
    """What a command leads to in this state: events to append to the log, nothing, or a refusal.

    ``order`` is written into the log when the course is opened; after that it must be the same one.  A command whose
    key is already in the log changes nothing.
    """
    cause = cmd.cause(command)
    if command.key in state.seen:
        return _seen_before(state, cause)
    if command.stamp.happened_at > command.stamp.recorded_at:
        return refuse("infusion.time", "this is said to happen after it was recorded")
    if state.phase not in FROM[type(command)]:
        return refuse("infusion.phase", f"the course is {state.phase.value}")
    if state.order is not None and order != state.order:
        return refuse("infusion.order", "this is not the order that the course was opened with")
    return _answer(state, command, order, cause)


def _seen_before(state: State, cause: Cause) -> Outcome:
    if state.seen[cause.key] == cause.digest:
        return ()
    return refuse("infusion.key", f"the key {cause.key!r} was already used for something else")


def _answer(state: State, command: cmd.Command, order: InfusionOrder, cause: Cause) -> Outcome:  # noqa: PLR0911, PLR0912
    match command:
        case cmd.Open():
            return (ev.Opened(command.stamp, cause, order),)
        case cmd.Start():
            return pump.start(state, command, cause)
        case cmd.ConfirmRate():
            return pump.confirm_rate(state, command, cause)
        case cmd.RequestStop():
            return pump.request_stop(command, cause)
        case cmd.ConfirmStopped():
            return pump.confirm_stopped(state, command, cause)
        case cmd.Resume():
            return pump.resume(state, command, cause)
        case cmd.LiftCeiling():
            return pump.lift_ceiling(state, command, cause)
        case cmd.Observe():
            return bedside.observe(state, command, cause)
        case cmd.CorrectObservation():
            return bedside.correct(state, command, cause)
        case cmd.ReportFinding():
            return bedside.report_finding(state, command, cause)
        case cmd.ReportResolved():
            return bedside.report_resolved(state, command, cause)
        case cmd.Answer():
            return bedside.answer(state, command, cause)
        case cmd.DoCheck():
            return bedside.do_check(state, command, cause)
        case cmd.HangBag():
            return bedside.hang_bag(state, command, cause)
        case cmd.ReportSilent():
            return bedside.report_silent(state, command, cause)
        case cmd.ReportBack():
            return bedside.report_back(state, command, cause)
        case cmd.OfferHandover():
            return bedside.offer_handover(state, command, cause)
        case cmd.AcceptHandover():
            return bedside.accept_handover(state, command, cause)
        case cmd.Acknowledge():
            return bedside.acknowledge(command, cause)
        case cmd.WriteNote():
            return bedside.write_note(command, cause)
        case cmd.EndEarly():
            return bedside.end_early(command, cause)
        case cmd.Discharge():
            return bedside.discharge(state, command, cause)
        case cmd.Tick():
            return pump.tick(state, command, cause)
        case _:  # pragma: no cover -- the type checker closes it
            assert_never(command)


__all__ = ["FROM", "Outcome", "Refused", "decide"]
