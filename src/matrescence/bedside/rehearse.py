"""Play a scenario against the infusion's own rules, in memory: the same seed gives the same log, byte for byte.

Nothing is written anywhere.  The mother, the nurse, the gate and the limits are invented.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from matrescence.actions.bedside.policy import POLICY, Policy
from matrescence.actions.bedside.record import Record
from matrescence.actions.bedside.seen import Problem
from matrescence.actions.course_commands import command_from
from matrescence.actions.infusion_examples import example_order
from matrescence.bedside.nurse import Nurse
from matrescence.bedside.play import Play
from matrescence.bedside.room import Room
from matrescence.bedside.scenario import Scenario
from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.events import Event
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.log import as_line
from matrescence.care.infusion.order import InfusionOrder, Limit
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.readings import Measure
from matrescence.care.infusion.stamp import Stamp, utc
from matrescence.care.infusion.state import State
from matrescence.care.journey.infuse import AskStart
from matrescence.formulary import library

OPENED_BEFORE = timedelta(minutes=30)
PERSON = "Dr. Sim (invented, simulated clinician)"
_LIMIT_SOURCE = "invented for this scenario; the sources give none"


@dataclass
class Ledger:
    """A log in memory: records go in, events are decided and folded, refusals are kept with their reasons."""

    order: InfusionOrder
    state: State = field(default_factory=State)
    log: list[Event] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    refused: list[tuple[Record, Refused]] = field(default_factory=list)

    def write(self, record: Record, now: datetime) -> State:
        """Ask the rules about one record, and append what they answer."""
        stamp = Stamp(record.happened_at, max(utc(now), record.happened_at), record.by)
        command = command_from(record.payload, key=record.key, stamp=stamp, where=record.key)
        if isinstance(command, AskStart):
            command = cmd.Start(stamp, record.key, self._gate(stamp.happened_at))
        outcome = decide(self.state, command, self.order)
        if isinstance(outcome, Refused):
            self.refused.append((record, outcome))
            return self.state
        self.records.append(record)
        for event in outcome:
            self.log.append(event)
            self.state = evolve(self.state, event)
        return self.state

    def _gate(self, at: datetime) -> GateOpen:
        """An invented open gate of an invented clinic."""
        session = Session(self.order.mother, "invented clinic", self.order.session)
        return GateOpen(("every requirement: invented",), at, self.order.programme, session)


@dataclass(frozen=True, slots=True)
class Played:
    """What a scenario led to: the log, what was refused, the problems of devices in their order, and the room."""

    scenario: Scenario
    log: tuple[Event, ...]
    records: tuple[Record, ...]
    refused: tuple[tuple[Record, Refused], ...]
    problems: tuple[Problem, ...]
    state: State
    room: Room

    @property
    def text(self) -> str:
        """The log as JSON lines, as ``matrescence infusion replay`` reads it."""
        return "".join(f"{as_line(event)}\n" for event in self.log)


def order_of(scenario: Scenario) -> InfusionOrder:
    """The order of a scenario, made from the formulary as for a real mother.

    Raises:
        InputError: there is no such drug.
        KeyError: the drug has no such regimen.
    """
    below = scenario.hypoxia_below_percent
    limits = () if below is None else (Limit(Measure.SPO2, "hypoxia", below=below, source=_LIMIT_SOURCE),)
    start, kg = scenario.start, scenario.weight_kg
    return example_order(scenario.drug, scenario.regimen, start, weight_kg=kg, limits=limits)


def room_of(scenario: Scenario, *, at: datetime, seed: int) -> Room:
    """The room of a scenario, with everything that will go wrong in it.

    Raises:
        ValueError: the drug has no model, or its pump rates are not known.
    """
    drug = library.load(scenario.drug)
    if drug.default_model is None:
        raise ValueError(f"{drug.name} has no model of its levels, so no woman can be simulated")
    model = drug.models[drug.default_model]
    return Room(order_of(scenario), model, seed=seed, at=at, rhythm=scenario.rhythm, faults=scenario.faults)


def run_scenario(
    scenario: Scenario,
    *,
    seed: int | None = None,
    nurse: bool | None = None,
    hours: float | None = None,
    policy: Policy = POLICY,
    beat_s: float = 10.0,
) -> Played:
    """Play a scenario from half an hour before its start.

    Args:
        scenario: from :func:`scenario.load`.
        seed: in place of the scenario's own.
        nurse: whether the simulated nurse is there, in place of what the scenario says.  Without her the pump is
            started once, at the start, and nobody touches it again.
        hours: how long after the start, in place of the scenario's own.
        policy: the numbers of the port.
        beat_s: how often silence, the clock and the nurse are asked.
    """
    number = scenario.seed if seed is None else seed
    start = utc(scenario.start)
    room = room_of(scenario, at=start - OPENED_BEFORE, seed=number)
    ledger = Ledger(room.order)
    helper = Nurse(seed=number) if (scenario.nurse if nurse is None else nurse) else None
    play = Play(room, "rehearsal", nurse=helper, policy=policy, beat_s=beat_s)
    _say(ledger, "open", room.at)
    before = play.advance(start, ledger.state, ledger.write)
    _say(ledger, "start", start)
    if helper is None:
        room.start_pump()
    end = start + timedelta(hours=scenario.hours if hours is None else hours)
    after = play.advance(end, ledger.state, ledger.write)
    return Played(
        scenario=scenario,
        log=tuple(ledger.log),
        records=tuple(ledger.records),
        refused=tuple(ledger.refused),
        problems=(*before.problems, *after.problems),
        state=ledger.state,
        room=room,
    )


def _say(ledger: Ledger, command: str, at: datetime) -> None:
    ledger.write(Record({"command": command}, f"rehearsal/{command}", at, PERSON), at)
