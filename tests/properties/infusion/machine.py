"""A random walk over the live infusion, and the laws that no walk may break.

The walk asks everything at any time, in order and out of order, on time and late, once and again; nothing is held
back because it makes no sense.  Each law is kept from the walk's own book (``Book``), written from what was said and
what was answered, and never from the state it judges.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache, reduce
from itertools import pairwise

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from matrescence.actions.infusion_examples import INVENTED_LIMIT, example_order
from matrescence.care.enrolment.gate import GateClosed, GateOpen
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.log import as_line, from_line
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.rules import reason
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Phase, State

BEGIN = datetime(2026, 10, 24, 8, 0, tzinfo=UTC)
INFUSING = {Phase.STARTING, Phase.RUNNING, Phase.STOP_REQUESTED, Phase.STOPPED, Phase.RESUMING}
RATES = (30.0, 60.0, 90.0, 120.0, 45.0, 750.0, 1000.0)
FINDINGS = ("excessive-sedation", "hypoxia", "loss-of-consciousness", "severe-hypertension", "pump-deviation", "rash")


class LawBrokenError(AssertionError):
    """A walk has broken a law; the message begins with the law's name."""


@lru_cache
def orders() -> tuple[InfusionOrder, ...]:
    """A staircase of 60 h and a session of 40 min, as the formulary has them."""
    return (
        example_order("brexanolone", "label-90", BEGIN, limits=(INVENTED_LIMIT,)),
        example_order("ketamine", "single", BEGIN, limits=(INVENTED_LIMIT,)),
    )


@dataclass
class Book:
    """What the walk itself knows, from what it said and what was answered."""

    gate_met: bool = False
    hypoxia: bool = False
    stop_open: bool = False
    zero: datetime | None = None
    points: list[tuple[datetime, int, float]] = field(default_factory=list)  # when, order of telling, rate (0: stopped)


class InfusionWalk(RuleBasedStateMachine):
    """The walk.  What it asks with, and judges, can be replaced by a planted fault."""

    decide = staticmethod(decide)
    evolve = staticmethod(evolve)
    alarms = staticmethod(alarms)
    dose = staticmethod(dose)
    as_line = staticmethod(as_line)
    keep = staticmethod(list.append)
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.order = orders()[0]
        self.state = State()
        self.now = BEGIN
        self.log: list[ev.Event] = []
        self.said: list[tuple[cmd.Command, bool]] = []
        self.book = Book()

    # ---- saying things ------------------------------------------------------------------------------------------

    def say(self, make: type, *what: object, late_min: float = 0.0) -> object:
        """Say a command with a new key, ``late_min`` after it happened, and hold the answer to the laws."""
        type(self).steps += 1
        self.now += timedelta(minutes=1)
        stamp = Stamp(self.now - timedelta(minutes=late_min), self.now, "nurse")
        return self.tell(make(stamp, f"{len(self.said):04d}", *what))

    def tell(self, command: cmd.Command) -> object:
        before = self.state
        answer = self.decide(before, command, self.order)
        self.said.append((command, not isinstance(answer, Refused)))
        if isinstance(answer, Refused):
            law(bool(answer.reasons), "reasons", "a refusal without a reason")
            return answer
        for event in answer:
            self.note(command, event)
            self.state = self.evolve(self.state, event)
            self.keep(self.log, event)
        self.judge(before, command, answer)
        return answer

    def note(self, command: cmd.Command, event: ev.Event) -> None:
        """Write an event into the walk's own book, and hold it to the laws that speak of one event."""
        at, book = event.stamp.happened_at, self.book
        if isinstance(event, ev.StartAuthorised):
            book.gate_met = isinstance(command, cmd.Start) and open_now(command, self.order)
            law(book.gate_met, "gate", "a start was authorised without an open gate at its instant")
        if isinstance(event, ev.RateConfirmed):
            law(book.gate_met, "gate", "it runs without a met gate")
            self.note_rate(event.rate_ug_per_kg_h, at)
        if isinstance(event, ev.PumpDeviated):  # what runs against the plan is not counted as given within it
            book.points.append((at, len(book.points), 0.0))
        if isinstance(event, ev.ResumeAuthorised):
            law(not book.hypoxia, "hypoxia", "a resume was authorised after hypoxia")
            ran = [rate for _, _, rate in sorted(book.points) if rate > 0]
            law(bool(ran) and event.rate_ug_per_kg_h <= ran[-1], "resume", f"{event.rate_ug_per_kg_h} after {ran[-1:]}")
        if isinstance(event, ev.StopRequested):
            book.stop_open = True
        if isinstance(event, ev.Stopped):
            law(isinstance(command, cmd.ConfirmStopped), "top-alarm", "nobody confirmed this stop")
            book.stop_open = False
            book.points.append((at, len(book.points), 0.0))

    def note_rate(self, rate: float, at: datetime) -> None:
        zero = self.book.zero or at
        planned = planned_rate(self.order, zero, at)
        law(rate <= planned, "rate", f"{rate} ug/kg/h confirmed where the plan has {planned}")
        self.book.zero = zero
        self.book.points.append((at, len(self.book.points), rate))

    def judge(self, before: State, command: cmd.Command, answer: tuple[ev.Event, ...]) -> None:
        """The laws about what one command may change."""
        if before.latest_at is None or command.stamp.happened_at >= before.latest_at:
            return
        harmless = len(answer) == 1 and isinstance(answer[0], ev.Observed | ev.CheckDone | ev.NoteWritten)
        past = bool(before.rates) and command.stamp.happened_at < before.rates[-1].at
        if harmless or (isinstance(command, cmd.ConfirmRate) and past):
            law(self.state.phase is before.phase, "late", f"{before.phase} became {self.state.phase}")
            law(self.state.rate_ug_per_kg_h == before.rate_ug_per_kg_h, "late", "the present rate changed")

    # ---- the walk -----------------------------------------------------------------------------------------------

    @initialize(
        which=st.sampled_from((0, 0, 1)),
        wrong=st.sampled_from(("none", "none", "closed", "stale", "other")),
        begin=st.sampled_from(("new", "open", "run", "run", "stair", "stair")),
    )
    def begin(self, which: int, wrong: str, begin: str) -> None:
        self.order = orders()[which]
        if begin == "new":
            return
        self.open()
        if wrong != "none":
            self.start(wrong)
        if begin in {"run", "stair"}:
            self.start("open")
            self.say(cmd.ConfirmRate, self.order.stairs[0].rate_ug_per_kg_h)
        if begin == "stair" and which == 0:
            for hours in (4, 20):
                self.now += timedelta(hours=hours)
                self.confirm_plan(0.0)

    @rule()
    def open(self) -> None:
        self.say(cmd.Open)

    @rule(which=st.sampled_from(("open", "open", "closed", "stale", "other")))
    def start(self, which: str) -> None:
        at = self.now + timedelta(minutes=0 if which == "stale" else 1)
        mother = "another mother" if which == "other" else self.order.mother
        session = Session(mother, "invented clinic", self.order.session)
        closed = GateClosed((reason("infusion.gate", "a form is missing"),))
        self.say(cmd.Start, closed if which == "closed" else GateOpen(("all",), at, self.order.programme, session))

    @rule(late_min=st.sampled_from((0.0, 0.0, 0.0, 5.0, 200.0)))
    def confirm_plan(self, late_min: float) -> None:
        at = self.now + timedelta(minutes=1.0 - late_min)
        rate = planned_rate(self.order, self.book.zero or at, at) or self.order.stairs[0].rate_ug_per_kg_h
        self.say(cmd.ConfirmRate, rate, late_min=late_min)

    @rule(rate=st.sampled_from(RATES), late_min=st.sampled_from((0.0, 3.0, 90.0, 400.0)))
    def confirm_any_rate(self, rate: float, late_min: float) -> None:
        self.say(cmd.ConfirmRate, rate, late_min=late_min)

    @rule(late_min=st.sampled_from((0.0, 0.0, 0.0, 2.0, 60.0)))
    def confirm_stopped(self, late_min: float) -> None:
        self.say(cmd.ConfirmStopped, late_min=late_min)

    @rule(rate=st.sampled_from((30.0, 60.0, 90.0, 750.0)))
    def resume(self, rate: float) -> None:
        self.say(cmd.Resume, rate)

    @rule(rate=st.sampled_from((30.0, 30.0, 60.0, 90.0, 750.0)), sedated=st.booleans(), confirm=st.booleans())
    def stop_and_go_on(self, rate: float, sedated: bool, confirm: bool) -> None:
        """A whole interruption, so that walks get past it often; whether it is allowed is not the walk's business."""
        if sedated:
            self.observe_sedation(True, 0.0)
        self.confirm_stopped(0.0)
        for finding in self.state.unresolved:
            self.say(cmd.ReportResolved, finding.finding)
        for question in self.state.questions:
            self.say(cmd.Answer, question.finding, True)
        self.say(cmd.Resume, rate)
        if confirm:
            self.say(cmd.ConfirmRate, rate)

    @rule(finding=st.sampled_from(FINDINGS))
    def resolve(self, finding: str) -> None:
        self.say(cmd.ReportResolved, finding)

    @rule(spo2=st.sampled_from((97.0, 97.0, 84.0)), late_min=st.sampled_from((0.0, 0.0, 10.0, 300.0)))
    def observe_oximetry(self, spo2: float, late_min: float) -> None:
        infusing = self.state.phase in INFUSING
        answer = self.say(cmd.Observe, rd.Oximetry(spo2), late_min=late_min)
        if infusing and spo2 < 90.0 and not isinstance(answer, Refused):
            self.book.hypoxia = True

    @rule(excessive=st.booleans(), late_min=st.sampled_from((0.0, 0.0, 15.0)))
    def observe_sedation(self, excessive: bool, late_min: float) -> None:
        self.say(cmd.Observe, rd.Sedation(excessive=excessive), late_min=late_min)

    @rule(minutes=st.integers(0, 5), corrected=st.booleans())
    def hypoxia_and_stop(self, minutes: int, corrected: bool) -> None:
        """A whole stop, so that walks get past it often; and then somebody says that it was a slip."""
        self.observe_oximetry(84.0, 0.0)
        self.now += timedelta(minutes=minutes)
        self.confirm_stopped(0.0)
        if corrected:
            self.correct(97.0)

    @rule(awareness=st.sampled_from(rd.Awareness))
    def observe_consciousness(self, awareness: rd.Awareness) -> None:
        self.say(cmd.Observe, rd.Consciousness(awareness))

    @rule(spo2=st.sampled_from((97.0, 97.0, 84.0)))
    def correct(self, spo2: float) -> None:
        wrong = [seen for seen in self.state.observations if isinstance(seen.reading, rd.Oximetry)]
        infusing = self.state.phase in INFUSING
        answer = self.say(cmd.CorrectObservation, wrong[-1].key if wrong else "none", rd.Oximetry(spo2))
        if infusing and spo2 < 90.0 and not isinstance(answer, Refused):
            self.book.hypoxia = True

    @rule(finding=st.sampled_from(FINDINGS[2:]))
    def report(self, finding: str) -> None:
        self.say(cmd.ReportFinding, finding)

    @rule(finding=st.sampled_from(FINDINGS), go_on=st.booleans())
    def answer(self, finding: str, go_on: bool) -> None:
        self.say(cmd.Answer, finding, go_on)

    @rule(what=st.sampled_from((cmd.ReportSilent, cmd.ReportBack, cmd.ReportBack)), number=st.integers(1, 3))
    def things(self, what: type, number: int) -> None:
        self.say(what, "oximetry")
        self.say(cmd.HangBag, number)

    @rule()
    def small_things(self) -> None:
        self.say(cmd.LiftCeiling)
        self.say(cmd.DoCheck, "excessive sedation check", late_min=30.0)
        self.say(cmd.OfferHandover, "nurse Rosa")
        self.say(cmd.Acknowledge, "infusion.stop-not-confirmed")

    @rule(make=st.sampled_from((cmd.EndEarly, cmd.RequestStop, cmd.RequestStop, cmd.Discharge)))
    def her_wish(self, make: type) -> None:
        self.say(make, *(() if make is cmd.Discharge else ("her wish",)))

    @rule(minutes=st.sampled_from((5, 20, 60, 240, 600)))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
        self.say(cmd.Tick)

    @rule(pick=st.integers(0, 200))
    def say_again(self, pick: int) -> None:
        """A command that was accepted is sent a second time, recorded anew."""
        accepted = [command for command, taken in self.said if taken and command.key in self.state.seen]
        if accepted:
            type(self).steps += 1
            old = accepted[-1 - pick % len(accepted)]
            stamp = Stamp(old.stamp.happened_at, self.now, old.stamp.by)
            again = type(old)(stamp, old.key, *own_values(old))
            law(self.decide(self.state, again, self.order) == (), "duplicate", f"{again} was taken twice")

    # ---- the laws that hold at every moment -----------------------------------------------------------------------

    @invariant()
    def never_running_without_a_met_gate(self) -> None:
        running = self.state.phase in {Phase.RUNNING, Phase.RESUMING}
        law(self.book.gate_met or not running, "gate", f"{self.state.phase} without a met gate")

    @invariant()
    def never_resumed_after_hypoxia(self) -> None:
        runs = self.state.phase in {Phase.STARTING, Phase.RUNNING, Phase.RESUMING}
        law(not (self.book.hypoxia and runs), "hypoxia", f"{self.state.phase} after hypoxia")

    @invariant()
    def an_unconfirmed_stop_is_the_top_alarm(self) -> None:
        found = self.alarms(self.state, self.now)
        shown = bool(found) and found[0].rule == "infusion.stop-not-confirmed"
        law(shown == self.book.stop_open, "top-alarm", f"stop open: {self.book.stop_open}, alarms: {found[:1]}")

    @invariant()
    def the_dose_never_exceeds_the_plan(self) -> None:
        mine = integrate(self.order, self.book, self.now)
        given = self.dose(self.state, self.now)
        law(abs(given.confirmed_ug_per_kg - mine) < 1e-6, "dose", f"{given} is not {mine}")
        law(mine <= self.order.total_ug_per_kg + 1e-6, "dose", f"{mine} of {self.order.total_ug_per_kg}")
        law(given.at_most_ug_per_kg >= mine - 1e-6, "dose", f"at most {given} is below {mine}")

    def teardown(self) -> None:
        """The log, written to text and read back, folds to the live state."""
        again = reduce(self.evolve, (from_line(self.as_line(event)) for event in self.log), State())
        law(again == self.state, "replay", "the replayed log is not the live state")


def law(holds: bool, name: str, why: str) -> None:
    """Complain when a law does not hold."""
    if not holds:
        raise LawBrokenError(f"{name}: {why}")


def own_values(command: cmd.Command) -> list[object]:
    return [getattr(command, name) for name in type(command).__slots__]


def open_now(command: cmd.Start, order: InfusionOrder) -> bool:
    """Whether the gate that was offered is open, for this mother, at this instant."""
    gate = command.gate
    return isinstance(gate, GateOpen) and gate.at == command.stamp.happened_at and gate.session.mother == order.mother


def planned_rate(order: InfusionOrder, zero: datetime, at: datetime) -> float:
    """The staircase read from the top, in hours."""
    hours = (at - zero).total_seconds() / 3600.0
    return next((s.rate_ug_per_kg_h for s in reversed(order.stairs) if s.start_h <= hours < s.end_h), 0.0)


def integrate(order: InfusionOrder, book: Book, now: datetime) -> float:
    """The confirmed dose, stair by stair: within one stair only what was confirmed in that stair counts."""
    total, zero = 0.0, book.zero
    if zero is None:
        return 0.0
    told = sorted((at, place, rate) for at, place, rate in book.points if at <= now)
    for stair in order.stairs:
        low = zero + timedelta(hours=stair.start_h)
        high = min(zero + timedelta(hours=stair.end_h), now)
        inside = [(at, rate) for at, _, rate in told if low <= at < high]
        for (at, rate), (until, _) in pairwise([*inside, (high, 0.0)]):
            total += rate * (until - at).total_seconds() / 3600.0
    return total
