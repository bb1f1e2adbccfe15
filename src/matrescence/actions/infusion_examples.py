"""Invented courses, written by asking ``decide``: the example logs, and the ground of the state table.

Every mother, nurse and value here is invented.  The saturation limit is invented too: the sources give none, and a
site must set its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.log import as_line
from matrescence.care.infusion.monitoring import DueItem, coming, due
from matrescence.care.infusion.order import InfusionOrder, Limit
from matrescence.care.infusion.ordering import order_from
from matrescence.care.infusion.outcome import Outcome, Refused
from matrescence.care.infusion.plan import plan_treatment
from matrescence.care.infusion.readings import Measure
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import State, allowed_rate_at
from matrescence.care.mother import SleepWindow
from matrescence.formulary import library

INVENTED_LIMIT = Limit(Measure.SPO2, "hypoxia", below=90.0, source="invented for this example; the label gives none")
_NIGHT = (SleepWindow(time(23, 0), time(7, 0)),)


def example_order(
    drug_name: str, regimen_name: str, start: datetime, *, weight_kg: float = 70.0, limits: tuple[Limit, ...] = ()
) -> InfusionOrder:
    """The order of an invented mother for one session, made from the formulary as for a real one."""
    drug = library.load(drug_name)
    treatment = plan_treatment(
        drug.regimens[regimen_name], drug.preparation, drug.observations, weight_kg=weight_kg, start=start, sleep=_NIGHT
    )
    return order_from(
        drug,
        regimen_name,
        treatment,
        session=Session("invented mother", "invented clinic", "session 1"),
        weight_kg=weight_kg,
        start=start,
        sleep=_NIGHT,
        limits=limits,
        overdue_after_min=15.0,
    )


class Course:
    """One invented course being written: commands go in, the log and the state grow."""

    def __init__(self, order: InfusionOrder, start: datetime, nurse: str = "nurse Kim") -> None:
        self.order, self.start, self.nurse = order, start, nurse
        self.log: list[ev.Event] = []
        self.state = State()

    def stamp(self, at_min: float, *, by: str = "", recorded_min: float | None = None) -> Stamp:
        """The stamp of something ``at_min`` elapsed minutes after the planned start."""
        happened = self.start.astimezone(ZoneInfo("UTC")) + timedelta(minutes=at_min)
        recorded = happened if recorded_min is None else happened + timedelta(minutes=recorded_min - at_min)
        return Stamp(happened, recorded, by or self.nurse)

    def say(self, command: cmd.Command) -> Course:
        """Ask ``decide`` and append what it answers.

        Raises:
            ValueError: the command is refused; an invented course must be a possible one.
        """
        answer = decide(self.state, command, self.order)
        if isinstance(answer, Refused):
            raise ValueError("; ".join(reason.text for reason in answer.reasons))
        for event in answer:
            self.state = evolve(self.state, event)
            self.log.append(event)
        return self

    def do(
        self,
        make: Callable[..., cmd.Command],
        at_min: float,
        *what: object,
        by: str = "",
        recorded_min: float | None = None,
    ) -> Course:
        """Say one command with the next free key."""
        return self.say(make(self.stamp(at_min, by=by, recorded_min=recorded_min), self._next_key(), *what))

    def ask(
        self,
        make: Callable[..., cmd.Command],
        at_min: float,
        *what: object,
        by: str = "",
        recorded_min: float | None = None,
    ) -> Outcome:
        """What ``decide`` would answer, without doing it."""
        command = make(self.stamp(at_min, by=by, recorded_min=recorded_min), self._next_key(), *what)
        return decide(self.state, command, self.order)

    def _next_key(self) -> str:
        return f"{len(self.state.seen) + 1:03d}"

    def gate(self, at_min: float) -> GateOpen:
        """An invented open gate for this session at one instant."""
        session = Session(self.order.mother, "invented clinic", self.order.session)
        happened = self.stamp(at_min).happened_at
        return GateOpen(("every requirement: invented",), happened, self.order.programme, session)

    def begin(self) -> Course:
        """Open the order, hang the first bag, pass the gate, and confirm the first rate."""
        self.do(cmd.Open, -30).do(cmd.Start, 0, self.gate(0))
        return self.do(cmd.ConfirmRate, 0, self.order.stairs[0].rate_ug_per_kg_h, by="pump")

    def routine(self, until_min: float) -> Course:
        """Do everything that comes due before ``until_min``, each at its time, with nothing out of the ordinary."""
        until = self.stamp(until_min).happened_at
        while True:
            now = self.state.latest_at or until
            items = [item for item in (*due(self.state, now), *coming(self.state, now)) if item.kind in _ROUTINE]
            item = min(items, key=lambda item: (item.due_at, item.kind), default=None)
            if item is None or item.due_at >= until:
                return self
            minutes = (max(item.due_at, now) - self.stamp(0).happened_at) / timedelta(minutes=1)
            _ROUTINE[item.kind](self, minutes, item)


def _do_check(course: Course, at_min: float, item: DueItem) -> None:
    kind = next(check.kind for check in course.order.checks if check.name == item.what)
    if kind == "sedation":
        course.do(cmd.Observe, at_min, rd.Sedation(excessive=False))
    elif kind == "blood-pressure":
        course.do(cmd.Observe, at_min, rd.BloodPressure(128.0, 82.0))
    else:
        course.do(cmd.DoCheck, at_min, item.what)


def _do_reading(course: Course, at_min: float, item: DueItem) -> None:
    course.do(cmd.Observe, at_min, rd.Oximetry(97.0, 78.0))


def _do_rate(course: Course, at_min: float, item: DueItem) -> None:
    course.do(cmd.ConfirmRate, at_min, allowed_rate_at(course.state, course.stamp(at_min).happened_at), by="pump")


def _do_bag(course: Course, at_min: float, item: DueItem) -> None:
    course.do(cmd.HangBag, at_min, len(course.state.bags) + 1)


def _do_end(course: Course, at_min: float, item: DueItem) -> None:
    course.do(cmd.Tick, at_min, by="clock").do(cmd.ConfirmStopped, at_min)


_ROUTINE: Mapping[str, Callable[[Course, float, DueItem], None]] = {
    "check": _do_check,
    "reading": _do_reading,
    "rate": _do_rate,
    "bag": _do_bag,
    "end": _do_end,
}


def sedation_stop_and_resume() -> Course:
    """Excessive sedation at hour 30: stopped, resolved after 40 min, resumed lower, and run to the end."""
    start = datetime(2026, 3, 3, 8, 0, tzinfo=ZoneInfo("America/New_York"))
    course = Course(example_order("brexanolone", "label-90", start, limits=(INVENTED_LIMIT,)), start).begin()
    course.routine(12 * 60 + 30)
    course.do(cmd.OfferHandover, 12 * 60 + 35, "nurse Rosa").do(cmd.AcceptHandover, 12 * 60 + 40, by="nurse Rosa")
    course.nurse = "nurse Rosa"
    course.routine(30 * 60)
    course.do(cmd.Observe, 30 * 60, rd.Sedation(excessive=True)).do(cmd.ConfirmStopped, 30 * 60 + 2)
    course.do(cmd.Observe, 30 * 60 + 5, rd.Oximetry(97.0, 78.0), by="oximeter")
    course.do(cmd.ReportResolved, 30 * 60 + 42, "excessive-sedation")
    course.do(cmd.Resume, 30 * 60 + 45, 60.0).do(cmd.ConfirmRate, 30 * 60 + 46, 60.0, by="pump")
    course.do(cmd.WriteNote, 30 * 60 + 15, "Dr. Invented was told by telephone", recorded_min=31 * 60)
    course.routine(61 * 60)
    return course.do(cmd.Discharge, 61 * 60 + 30)


def hypoxia() -> Course:
    """Hypoxia at hour 9: stop requested, confirmed three minutes later, and never resumed."""
    start = datetime(2026, 3, 10, 8, 0, tzinfo=ZoneInfo("America/Chicago"))
    course = Course(example_order("brexanolone", "label-90", start, limits=(INVENTED_LIMIT,)), start).begin()
    course.routine(9 * 60)
    course.do(cmd.Observe, 9 * 60 + 5, rd.Oximetry(86.0, 104.0), by="oximeter")
    course.do(cmd.Acknowledge, 9 * 60 + 6, "infusion.stop-not-confirmed").do(cmd.ConfirmStopped, 9 * 60 + 8, by="pump")
    course.do(cmd.Observe, 9 * 60 + 20, rd.Oximetry(97.0, 88.0), by="oximeter")
    course.do(cmd.ReportResolved, 9 * 60 + 30, "hypoxia")
    return course.do(cmd.Discharge, 12 * 60)


def ketamine_session() -> Course:
    """A ketamine session whose site has set no blood pressure limit: every value waits for a clinician's eye."""
    start = datetime(2026, 5, 5, 10, 0, tzinfo=ZoneInfo("America/Los_Angeles"))
    course = Course(example_order("ketamine", "single", start, weight_kg=64.0), start).begin()
    course.routine(21)
    course.do(cmd.Observe, 25, rd.BloodPressure(171.0, 104.0)).do(cmd.ReportFinding, 25, "severe-hypertension")
    course.do(cmd.Answer, 27, "severe-hypertension", True, by="Dr. Invented")
    course.do(cmd.ReportSilent, 31, "oximetry", by="monitor").do(cmd.ReportBack, 33, "oximetry", by="monitor")
    course.routine(131)
    return course.do(cmd.Discharge, 135)


def torn_last_line() -> Course:
    """The first hours of a course whose computer lost its power while writing."""
    start = datetime(2026, 4, 14, 9, 0, tzinfo=ZoneInfo("Europe/London"))
    course = Course(example_order("brexanolone", "60", start, limits=(INVENTED_LIMIT,)), start).begin()
    course.routine(3 * 60)
    return course.do(cmd.Observe, 3 * 60 + 10, rd.Oximetry(96.0, 81.0), by="oximeter")


def clocks_change() -> Course:
    """Sixty hours across the night of 25 October 2026, which has one hour more; two checks come late."""
    start = datetime(2026, 10, 24, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    course = Course(example_order("brexanolone", "label-90", start, limits=(INVENTED_LIMIT,)), start).begin()
    course.routine(11 * 60 + 55)
    course.do(cmd.Observe, 12 * 60, rd.Sedation(excessive=False), recorded_min=12 * 60 + 50)
    course.routine(24 * 60 + 90)
    course.do(cmd.Observe, 24 * 60 + 95, rd.Oximetry(91.0, 80.0))
    observed = course.state.observations[-1].key
    course.do(cmd.CorrectObservation, 24 * 60 + 97, observed, rd.Oximetry(97.0, 80.0))
    course.routine(61 * 60)
    return course.do(cmd.Discharge, 61 * 60 + 30)


EXAMPLES: Mapping[str, Callable[[], Course]] = {
    "sedation-stop-and-resume": sedation_stop_and_resume,
    "hypoxia": hypoxia,
    "ketamine-session": ketamine_session,
    "torn-last-line": torn_last_line,
    "clocks-change": clocks_change,
}
"""The example logs by the stem of their file name."""


def example_text(name: str) -> str:
    """The file of one example log; ``torn-last-line`` ends in the middle of its last line, as its name says."""
    text = "".join(f"{as_line(event)}\n" for event in EXAMPLES[name]().log)
    return text[:-40] if name == "torn-last-line" else text
