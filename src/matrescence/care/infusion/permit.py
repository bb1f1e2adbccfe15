"""Everything that must be true before the pump may run: at the start, and again after a stop.  All reasons at once."""

from __future__ import annotations

import math
from datetime import datetime

from matrescence.care.enrolment.gate import GateClosed, GateOpen
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.order import ResumeRate
from matrescence.care.infusion.rules import reason
from matrescence.care.infusion.state import State, past_end, planned_rate_at, rate_before_stop
from matrescence.care.verdict import Reason


def may_start(state: State, command: cmd.Start) -> tuple[Reason, ...]:
    """Why it may not start now; empty when it may.  The gate must have been asked about this very instant."""
    reasons: list[Reason] = []
    at, last = command.stamp.happened_at, state.last_point
    if isinstance(command.gate, GateClosed):
        reasons += [reason("infusion.gate", "the gate is closed; what is missing follows"), *command.gate.reasons]
    else:
        reasons += _other_gate(state, command.gate, at)
    if last is not None and at < last.at:
        reasons.append(reason("infusion.time", "something about the pump was recorded after this"))
    return (*reasons, *_open_matters(state), *_unwatched(state))


def _other_gate(state: State, gate: GateOpen, at: datetime) -> list[Reason]:
    """Why an open gate is not this course's gate: another instant, programme, mother or session."""
    order = state.ordered
    asked = (gate.programme, gate.session.mother, gate.session.session)
    reasons: list[Reason] = []
    if gate.at != at:
        reasons.append(reason("infusion.gate", f"the gate was asked about {gate.at.isoformat()}, not about this start"))
    if asked != (order.programme, order.mother, order.session):
        reasons.append(reason("infusion.gate", f"the gate was asked for another session: {', '.join(asked)}"))
    return reasons


def may_resume(state: State, command: cmd.Resume) -> tuple[Reason, ...]:
    """Why it may not go on now at this rate; empty when it may."""
    at, last = command.stamp.happened_at, state.last_point
    reasons: list[Reason] = []
    if last is not None and at < last.at:
        reasons.append(reason("infusion.time", "the stop was confirmed after this"))
    if past_end(state, at):
        reasons.append(reason("infusion.clock-runs-on", "the plan's time is over; the pause does not move it"))
    if dose(state, at).at_most_ug_per_kg >= state.ordered.total_ug_per_kg:
        reasons.append(reason("infusion.dose-limit", "the planned total may have been reached"))
    return (*reasons, *_rate_reasons(state, command), *_open_matters(state), *_unwatched(state))


def _rate_reasons(state: State, command: cmd.Resume) -> list[Reason]:
    rate, before = command.rate_ug_per_kg_h, rate_before_stop(state)
    planned = planned_rate_at(state, command.stamp.happened_at)
    if not (math.isfinite(rate) and rate > 0):
        return [reason("infusion.plausible", f"rate {rate:g} ug/kg/h: a running pump has a rate above zero")]
    reasons: list[Reason] = []
    ruling = [rule for finding in state.findings if (rule := state.ordered.interruption(finding.finding)) is not None]
    lower = next((rule for rule in ruling if rule.resume_rate is ResumeRate.LOWER), None)
    if rate > before or (rate == before and lower is not None):
        text = f"{rate:g} ug/kg/h: {'a lower rate than' if lower else 'at most'} the {before:g} before the stop"
        reasons.append(reason("infusion.resume-rate", text, said=lower or next(iter(ruling), None)))
    if rate > planned:
        reasons.append(reason("infusion.resume-rate", f"{rate:g} ug/kg/h is above the {planned:g} planned now"))
    return reasons


def _open_matters(state: State) -> list[Reason]:
    """What keeps the pump from running, before a start and after a stop alike."""
    reasons: list[Reason] = []
    if state.barred is not None:
        text = f"after {state.barred} this course never runs again"
        reasons.append(reason("infusion.resume", text, said=state.ordered.interruption(state.barred)))
    for finding in state.unresolved:
        rule = state.ordered.interruption(finding.finding)
        needs = "" if rule is None else f"; it needs: {rule.needs}"
        reasons.append(reason("infusion.resume", f"{finding.finding} has not resolved{needs}", said=rule))
    for question in state.questions:
        reasons.append(reason("infusion.question", f"a clinician has not answered about {question.finding}"))
    return reasons


def _unwatched(state: State) -> list[Reason]:
    """Continuous checks whose device is silent: running unwatched is not running safely."""
    silent = {check.kind: check for check in state.ordered.checks if check.continuous and check.kind in state.silent}
    return [
        reason("infusion.oximetry", f"{kind} is silent; nothing runs unwatched", said=check)
        for kind, check in silent.items()
    ]
