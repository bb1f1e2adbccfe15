"""One plain sentence for each event, for people who read a course from top to bottom."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from matrescence.care.infusion import events as ev
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.readings import shown
from matrescence.care.infusion.state import State


@dataclass(frozen=True, slots=True)
class Line:
    """One event as shown: when it happened, when it was recorded, what, by whom, and whether it came late."""

    happened_at: datetime
    recorded_at: datetime
    text: str
    by: str
    late: bool


def timeline(log: Iterable[ev.Event]) -> tuple[Line, ...]:
    """The events in the order in which they were recorded; late is what happened before something already known."""
    return tuple(_lines(log))


def _lines(log: Iterable[ev.Event]) -> Iterator[Line]:
    state = State()
    for event in log:
        stamp = event.stamp
        late = state.latest_at is not None and stamp.happened_at < state.latest_at
        yield Line(stamp.happened_at, stamp.recorded_at, sentence(event), stamp.by, late)
        state = evolve(state, event)


def sentence(event: ev.Event) -> str:  # noqa: PLR0911, PLR0912 -- one arm for each kind of event
    """What an event says, in words."""
    match event:
        case ev.Opened(order=order):
            given = f"{order.total_ug_per_kg:g} ug/kg over {_span(order.end_h)}"
            return f"course opened: {order.drug} {order.regimen}, {given}"
        case ev.StartAuthorised(gate=gate):
            return f"gate open ({gate.programme}): start authorised"
        case ev.RateConfirmed(rate_ug_per_kg_h=rate):
            return f"runs at {rate:g} ug/kg/h"
        case ev.PumpDeviated(rate_ug_per_kg_h=rate, why=why):
            return f"DEVIATION: pump at {rate:g} ug/kg/h: {why}"
        case ev.StopRequested(finding=finding, why=why):
            return f"STOP REQUESTED: {finding}" + (f" ({why})" if why else "")
        case ev.Stopped():
            return "stopped"
        case ev.ResumeBarred(finding=finding):
            return f"never resumed after {finding}"
        case ev.ResumeAuthorised(rate_ug_per_kg_h=rate):
            return f"resume authorised at {rate:g} ug/kg/h"
        case ev.CeilingLifted():
            return "the rate may rise with the plan again"
        case ev.Observed(reading=reading):
            return shown(reading)
        case ev.ObservationCorrected(of=of, reading=reading):
            return f"correction of {of}: {shown(reading)}"
        case ev.Found(finding=finding):
            return f"finding: {finding}"
        case ev.SymptomsResolved(finding=finding):
            return f"resolved: {finding}"
        case ev.ClinicianAsked(finding=finding, why=why):
            return f"clinician asked: {finding} ({why})"
        case ev.ClinicianAnswered(finding=finding, go_on=go_on):
            return f"clinician on {finding}: {'go on' if go_on else 'stop'}"
        case ev.CheckDone(name=name):
            return f"done: {name}"
        case ev.BagHung(number=number):
            return f"bag {number} hung"
        case ev.SignalLost(device=device):
            return f"{device} silent"
        case ev.SignalBack(device=device):
            return f"{device} back"
        case ev.HandoverOffered(to=to):
            return f"handover offered to {to}"
        case ev.HandoverAccepted():
            return "handover accepted"
        case ev.AlarmAcknowledged(rule=rule):
            return f"alarm seen: {rule}"
        case ev.NoteWritten(text=text):
            return f"note: {text}"
        case ev.Ended(full=full, why=why):
            return f"{'completed' if full else 'ended early'}: {why}"
        case ev.Discharged():
            return "discharged"
        case _:  # pragma: no cover -- the type checker closes it
            assert_never(event)


def _span(hours: float) -> str:
    """A length of time as people say it: ``60 h``, ``40 min``."""
    return f"{hours:g} h" if hours >= 1 else f"{hours * 60:.0f} min"
