"""Each law of the random walk bites: one fault is planted for each, and the walk must find it by that law.

A law that no fault can break proves nothing.  The faults are the ones a tired programmer might make.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from matrescence.care.enrolment.gate import GateClosed, GateOpen
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import state as st
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.dose import Dose, dose
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.log import as_line


def load_machine() -> Any:
    path = Path(__file__).parents[2] / "properties" / "infusion" / "machine.py"
    spec = importlib.util.spec_from_file_location("infusion_machine_for_mutations", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


MACHINE = load_machine()


# ---- faults in decide ------------------------------------------------------------


def opens_a_closed_gate(state, command, order):  # type: ignore[no-untyped-def]
    """An "emergency override"."""
    if isinstance(command, cmd.Start) and isinstance(command.gate, GateClosed):
        session = Session(order.mother, "clinic", order.session)
        gate = GateOpen(("override",), command.stamp.happened_at, order.programme, session)
        command = replace(command, gate=gate)
    return decide(state, command, order)


def takes_yesterdays_gate(state, command, order):  # type: ignore[no-untyped-def]
    """The gate's answer is kept and used again later."""
    if isinstance(command, cmd.Start) and isinstance(command.gate, GateOpen):
        command = replace(command, gate=replace(command.gate, at=command.stamp.happened_at))
    return decide(state, command, order)


def believes_every_rate(state, command, order):  # type: ignore[no-untyped-def]
    """The pump is right by definition."""
    if isinstance(command, cmd.ConfirmRate) and state.phase is st.Phase.RUNNING and command.key not in state.seen:
        return (ev.RateConfirmed(command.stamp, cmd.cause(command), command.rate_ug_per_kg_h),)
    return decide(state, command, order)


def resumes_at_any_rate(state, command, order):  # type: ignore[no-untyped-def]
    """The plan's rate of now is taken for the rate before the stop."""
    if isinstance(command, cmd.Resume) and state.phase is st.Phase.STOPPED and command.key not in state.seen:
        return (ev.ResumeAuthorised(command.stamp, cmd.cause(command), command.rate_ug_per_kg_h),)
    return decide(state, command, order)


def stops_by_itself(state, command, order):  # type: ignore[no-untyped-def]
    """A requested stop is written down as a stop."""
    answer = decide(state, command, order)
    if isinstance(answer, tuple) and any(isinstance(event, ev.StopRequested) for event in answer):
        return (*answer, ev.Stopped(command.stamp, cmd.cause(command)))
    return answer


def forgets_keys(state, command, order):  # type: ignore[no-untyped-def]
    """Nobody looks whether a command was already taken."""
    return decide(replace(state, seen={}), command, order)


# ---- faults in evolve ------------------------------------------------------------


def forgets_the_bar(state, event):  # type: ignore[no-untyped-def]
    """Hypoxia stops, but is not remembered."""
    if isinstance(event, ev.Ended) and not event.full:
        return replace(evolve(state, event), phase=state.phase, ended=None)
    return replace(evolve(state, event), barred=None)


def lifts_the_bar_by_a_correction(state, event):  # type: ignore[no-untyped-def]
    """A reading put right undoes what the wrong one did."""
    after = evolve(state, event)
    if isinstance(event, ev.ObservationCorrected):
        phase = st.Phase.STOPPED if state.phase is st.Phase.ENDED_EARLY else state.phase
        return replace(after, barred=None, ended=None, phase=phase)
    return after


def thinks_it_has_stopped(state, event):  # type: ignore[no-untyped-def]
    """The request is taken for the deed."""
    after = evolve(state, event)
    return replace(after, phase=st.Phase.STOPPED) if isinstance(event, ev.StopRequested) else after


def takes_a_late_rate_for_now(state, event):  # type: ignore[no-untyped-def]
    """The newest entry is taken for the newest happening."""
    after = evolve(state, event)
    if isinstance(event, ev.RateConfirmed) and state.rates and event.stamp.happened_at < state.rates[-1].at:
        if event.rate_ug_per_kg_h == state.rates[-1].rate_ug_per_kg_h:
            return after
        point = replace(state.rates[-1], rate_ug_per_kg_h=event.rate_ug_per_kg_h)
        return replace(after, rates=(*state.rates, point))
    return after


# ---- faults in what is derived, and in the log ------------------------------------------------------------


def hides_the_stop(state, at):  # type: ignore[no-untyped-def]
    """An alarm that somebody has acknowledged is put away."""
    return tuple(alarm for alarm in alarms(state, at) if not alarm.acknowledged)


def puts_the_newest_first(state, at):  # type: ignore[no-untyped-def]
    return tuple(sorted(alarms(state, at), key=lambda alarm: alarm.since, reverse=True))


def counts_past_the_stair(state, at):  # type: ignore[no-untyped-def]
    """A confirmed rate is counted until the next one, whatever the plan says."""
    return Dose(dose(state, at).at_most_ug_per_kg, dose(state, at).at_most_ug_per_kg)


def loses_the_minutes(event):  # type: ignore[no-untyped-def]
    """The log keeps whole hours only."""
    stamp = event.stamp
    hour = stamp.happened_at - timedelta(minutes=stamp.happened_at.minute)
    return as_line(replace(event, stamp=replace(stamp, happened_at=hour)))


def keeps_no_quiet_events(log, event):  # type: ignore[no-untyped-def]
    """What seems to need nobody's eye is not written down."""
    if not isinstance(event, ev.CheckDone | ev.SymptomsResolved):
        log.append(event)


FAULTS: tuple[tuple[str, str, Callable[..., Any], str], ...] = (
    ("gate", "decide", opens_a_closed_gate, "never running without a met gate"),
    ("gate", "decide", takes_yesterdays_gate, "never running without a met gate"),
    ("hypoxia", "evolve", forgets_the_bar, "never resumed after hypoxia"),
    ("hypoxia", "evolve", lifts_the_bar_by_a_correction, "never resumed after hypoxia"),
    ("rate", "decide", believes_every_rate, "never a rate above the plan"),
    ("resume", "decide", resumes_at_any_rate, "resumed only at the same or a lower rate"),
    ("dose", "dose", counts_past_the_stair, "total dose never above plan"),
    ("top-alarm", "decide", stops_by_itself, "an unconfirmed stop is always the top alarm"),
    ("top-alarm", "evolve", thinks_it_has_stopped, "an unconfirmed stop is always the top alarm"),
    ("top-alarm", "alarms", hides_the_stop, "an unconfirmed stop is always the top alarm"),
    ("top-alarm", "alarms", puts_the_newest_first, "an unconfirmed stop is always the top alarm"),
    ("replay", "keep", keeps_no_quiet_events, "replay of a log equals the live state"),
    ("replay", "as_line", loses_the_minutes, "replay of a log equals the live state"),
    ("late", "evolve", takes_a_late_rate_for_now, "late events change nothing they should not"),
    ("duplicate", "decide", forgets_keys, "duplicated events change nothing"),
)


def walk_with(part: str, fault: Any) -> Any:
    return type("FaultyWalk", (MACHINE.InfusionWalk,), {part: staticmethod(fault)})


SMALL = settings(
    max_examples=800,
    stateful_step_count=30,
    deadline=None,
    database=None,
    derandomize=True,
    report_multiple_bugs=False,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize(("law", "part", "fault", "says"), FAULTS, ids=[fault.__name__ for _, _, fault, _ in FAULTS])
def test_the_walk_finds_the_planted_fault(law: str, part: str, fault: Callable[..., Any], says: str) -> None:
    with pytest.raises(MACHINE.LawBrokenError, match=f"^{law}: "):
        run_state_machine_as_test(walk_with(part, fault), settings=SMALL)


def test_every_law_has_a_planted_fault() -> None:
    named = {law for law, *_ in FAULTS}
    assert named == {"gate", "hypoxia", "rate", "resume", "dose", "top-alarm", "replay", "late", "duplicate"}


def test_without_a_fault_the_same_small_walk_finds_nothing() -> None:
    run_state_machine_as_test(walk_with("decide", decide), settings=settings(SMALL, max_examples=20))
