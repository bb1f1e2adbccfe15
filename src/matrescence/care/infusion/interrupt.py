"""What a finding does: record it, request a stop, bar a resume, or ask a clinician, as the order's data say."""

from __future__ import annotations

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.commands import Asked
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.order import Action, Interruption
from matrescence.care.infusion.outcome import spoken
from matrescence.care.infusion.rules import rule_of
from matrescence.care.infusion.stamp import Cause
from matrescence.care.infusion.state import PUMP_MAY_RUN, Phase, State


def react(state: State, command: Asked, cause: Cause, findings: tuple[str, ...]) -> tuple[ev.Event, ...]:
    """Everything that the findings of one command lead to, one after the other."""
    events: list[ev.Event] = []
    for finding in findings:
        new = _react(state, command, cause, finding)
        for event in new:
            state = evolve(state, event)
        events += new
    return tuple(events)


def _react(state: State, command: Asked, cause: Cause, finding: str) -> tuple[ev.Event, ...]:
    rule = state.ordered.interruption(finding)
    if state.phase not in PUMP_MAY_RUN | {Phase.STOPPED}:
        return (ask(command, cause, finding, f"{finding}, told while the course is {state.phase.value}"),)
    if rule is None:
        return (ask(command, cause, finding, f"the order says nothing about {finding}"),)
    if rule.action is Action.ASK:
        return (ask(command, cause, finding, rule.needs),)
    return interrupt(state, command, cause, finding)


def ask(command: Asked, cause: Cause, finding: str, why: str) -> ev.ClinicianAsked:
    """A question to a clinician."""
    return ev.ClinicianAsked(spoken(command, "infusion.question"), cause, finding, why)


def interrupt(state: State, command: Asked, cause: Cause, finding: str) -> tuple[ev.Event, ...]:
    """Record the finding; ask for a stop if the pump may run; bar the resume for ever if the order says so.

    A finding without a rule in the order (a pump that deviates, a clinician's answer) may be resumed from.
    """
    says, rule = spoken(command, rule_of(finding)), state.ordered.interruption(finding)
    events: list[ev.Event] = [ev.Found(command.stamp, cause, finding)]
    if state.phase in PUMP_MAY_RUN and finding not in {request.finding for request in state.stop_requests}:
        events.append(ev.StopRequested(says, cause, finding, _outlook(rule)))
    if rule is not None and not rule.may_resume and state.barred is None:
        events.append(ev.ResumeBarred(says, cause, finding))
        if state.phase is Phase.STOPPED:
            events.append(ev.Ended(says, cause, full=False, why=f"after {finding} it is not resumed"))
    return tuple(events)


def _outlook(rule: Interruption | None) -> str:
    """What a nurse wants to know at once: whether it may go on, and what it takes."""
    if rule is None:
        return "a clinician decides whether it may go on"
    return f"may go on when {rule.needs}" if rule.may_resume else "never to be resumed"
