"""What is wrong, most urgent first: derived from the state at an instant, never stored.

This program does not monitor anybody and does not replace the alarms of the bedside monitor or the pump.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from matrescence.care.infusion.dose import dose, late_words_ug_per_kg
from matrescence.care.infusion.findings import meaning
from matrescence.care.infusion.monitoring import Status, continuous, due
from matrescence.care.infusion.order import OURS
from matrescence.care.infusion.readings import shown
from matrescence.care.infusion.rules import BY_ID, RANK, Sourced, rule_of
from matrescence.care.infusion.state import PUMP_MAY_RUN, Phase, State, planned_rate_at
from matrescence.facts import Grade


class Priority(Enum):
    """How soon somebody must act: now, soon, when there is time."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


_ORDER = {priority: place for place, priority in enumerate(Priority)}
_TOP = "infusion.stop-not-confirmed"

LATE_WORDS_AT_MOST = 0.005
"""The share of the planned total up to which late words explain an excess: our own choice.  A pump set in tenths of a
mL/h is off by more; a step of 30 ug/kg/h confirmed ten seconds late is 0.002 % of sixty hours by the label."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """One thing that is wrong: how soon to act, what it is, by which rule, since when, and whether it was seen.

    ``source`` and ``grade`` are those of what the order says of it, where it says anything.
    """

    priority: Priority
    text: str
    rule: str
    since: datetime
    acknowledged: bool = False
    source: str = OURS
    grade: Grade = "C"


def alarms(state: State, at: datetime) -> tuple[Alarm, ...]:
    """Everything that is wrong at an instant: high before medium before low, then in the order of the rule table.

    An acknowledged alarm keeps its place; an unconfirmed stop is always the first.
    """
    if state.order is None:
        return ()
    found = [
        *_stop(state),
        *_ungated(state),
        *_findings(state),
        *_deviation(state),
        *_dose(state, at),
        *_devices(state, at),
        *_questions(state),
        *_not_confirmed(state, at),
        *_overdue(state, at),
        *_no_limit(state),
        *_others(state, at),
    ]
    return tuple(sorted(found, key=_place))


def _place(alarm: Alarm) -> tuple[bool, int, int, datetime, str]:
    return alarm.rule != _TOP, _ORDER[alarm.priority], RANK[alarm.rule], alarm.since, alarm.text


def _alarm(
    state: State, priority: Priority, rule: str, since: datetime, text: str, *, said: Sourced | None = None
) -> Alarm:
    source, seen_at = BY_ID[rule] if said is None else said, state.acknowledged.get(rule)
    seen = seen_at is not None and since <= seen_at  # what began later under the same rule has not been seen
    return Alarm(priority, text, rule, since, seen, source.source, source.grade)


def _stop(state: State) -> Iterator[Alarm]:
    if state.phase is Phase.STOP_REQUESTED:
        since = min(request.at for request in state.stop_requests)
        why = ", ".join(dict.fromkeys(request.finding for request in state.stop_requests))
        text = f"Stop not confirmed ({why}): stop the pump and confirm it"
        yield _alarm(state, Priority.HIGH, _TOP, since, text)


def _ungated(state: State) -> Iterator[Alarm]:
    """A log that other hands have changed can hold a rate without a start; the rules never write one."""
    if state.gate is None and state.started_at is not None:
        text = "It was started without an open gate: no start is in this log"
        yield _alarm(state, Priority.HIGH, "infusion.gate", state.started_at, text)


def _findings(state: State) -> Iterator[Alarm]:
    for finding in state.unresolved:
        rule = state.ordered.interruption(finding.finding)
        needs = "" if rule is None else f"; ordered: {rule.needs}"
        text = f"{finding.finding} has not resolved{needs}"
        yield _alarm(state, Priority.HIGH, rule_of(finding.finding), finding.at, text, said=rule)


def _deviation(state: State) -> Iterator[Alarm]:
    last = state.last_point
    if last is not None and not last.within_plan:
        text = f"The pump was last said to run at {last.rate_ug_per_kg_h:g} ug/kg/h, against the plan"
        yield _alarm(state, Priority.HIGH, "infusion.rate-above-plan", last.at, text)


def _dose(state: State, at: datetime) -> Iterator[Alarm]:
    """More than planned may have been given.  Low: too little for a pump to show, and all of it before late words."""
    total = state.ordered.total_ug_per_kg
    over = dose(state, at).at_most_ug_per_kg - total
    if over <= total * 1e-9:
        return
    text = f"Up to {total + over:.1f} ug/kg may have been given; planned are {total:g}"
    if over <= min(late_words_ug_per_kg(state, at) + total * 1e-9, total * LATE_WORDS_AT_MOST):
        text += ". A change of the pump was confirmed late; by its programme it gave no more than planned"
        yield _alarm(state, Priority.LOW, "infusion.dose-limit", at, text)
    else:
        yield _alarm(state, Priority.HIGH, "infusion.dose-limit", at, text)


def _devices(state: State, at: datetime) -> Iterator[Alarm]:
    if state.phase is Phase.DISCHARGED:
        return
    needed = {check.kind: check for check in continuous(state, at)}
    for device, since in state.silent.items():
        if device in needed:
            text = f"{device} is silent: watch her in person until it is back"
            yield _alarm(state, Priority.HIGH, "infusion.oximetry", since, text, said=needed[device])
        else:
            text = f"{device} is silent: what it would say is unknown"
            yield _alarm(state, Priority.MEDIUM, "infusion.device-silent", since, text)


def _questions(state: State) -> Iterator[Alarm]:
    for question in state.questions:
        text = f"Clinician decides: {question.finding} ({question.why})"
        yield _alarm(state, Priority.HIGH, "infusion.question", question.at, text)


def _not_confirmed(state: State, at: datetime) -> Iterator[Alarm]:
    if state.phase in {Phase.STARTING, Phase.RESUMING} and state.authorised_at is not None:
        lapsed = at > state.authorised_at + timedelta(minutes=state.ordered.confirm_within_min)
        text = "has lapsed: ask again" if lapsed else "is not confirmed: confirm the rate"
        word = "Start" if state.phase is Phase.STARTING else "Resume"
        yield _alarm(state, Priority.MEDIUM, "infusion.not-confirmed", state.authorised_at, f"{word} {text}")


def _overdue(state: State, at: datetime) -> Iterator[Alarm]:
    """Overdue things.  High: a stair down that nobody confirmed, for it means more drug than planned; and a continuous
    check of which nobody records anything while the pump may run.
    """
    for item in due(state, at):
        if item.status is Status.OVERDUE:
            faster = item.kind in {"rate", "end"} and state.rate_ug_per_kg_h > planned_rate_at(state, at)
            unwatched = item.kind == "reading" and state.phase in PUMP_MAY_RUN
            priority = Priority.HIGH if faster or unwatched else Priority.MEDIUM
            yield _alarm(state, priority, item.rule, item.due_at, f"Overdue: {item.what}", said=item)


def _no_limit(state: State) -> Iterator[Alarm]:
    """The newest reading of each kind, where nobody has set a limit to judge it by."""
    newest = {type(seen.reading): seen for seen in sorted(state.observations, key=lambda seen: seen.at)}
    for seen in newest.values():
        unset = meaning(seen.reading, state.ordered).no_limit
        if unset and state.phase is not Phase.DISCHARGED:
            text = f"{shown(seen.reading)}: no threshold set, clinician decides"
            yield _alarm(state, Priority.MEDIUM, "infusion.no-limit", seen.at, text)


def _others(state: State, at: datetime) -> Iterator[Alarm]:
    last = state.last_point
    if state.handover is not None:
        text = f"{state.handover.finding} has not confirmed the handover; {state.nurse} is responsible"
        yield _alarm(state, Priority.LOW, "infusion.handover", state.handover.at, text)
    if state.phase is Phase.RUNNING and last is not None and last.rate_ug_per_kg_h < planned_rate_at(state, last.at):
        text = f"Runs at {last.rate_ug_per_kg_h:g} ug/kg/h; planned then: {planned_rate_at(state, last.at):g}"
        yield _alarm(state, Priority.LOW, "infusion.rate-due", last.at, text)
    if len(state.bags) > len(state.ordered.bags) > 0:
        text = f"Bag {len(state.bags)} hangs; {len(state.ordered.bags)} were planned"
        yield _alarm(state, Priority.LOW, "infusion.bag-due", state.bags[-1].at, text)
