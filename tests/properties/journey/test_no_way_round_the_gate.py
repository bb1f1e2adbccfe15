"""Random courses against an oracle that shares no code with the gate: nothing starts without everything met.

The programme is invented and small: a place with a term, her enrolment with a form, a check before each session that
lasts a day, the end of a session, and a paper due a week after it.  The oracle knows it as plain tuples of days and
keeps its own book of what was recorded and when; it never asks the program.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matrescence.actions.course_open import ground_of
from matrescence.care.assessment.history import History, PsychosisSigns
from matrescence.care.drug import Criterion
from matrescence.care.eligibility.facts import HealthFacts
from matrescence.care.enrolment.forms import FieldKind, Form, FormField, Signature
from matrescence.care.enrolment.gate import GateOpen
from matrescence.care.enrolment.programme import (
    Party,
    Programme,
    Protocol,
    Requirement,
    Stakeholder,
    Status,
    Timing,
)
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.stamp import Cause, Stamp
from matrescence.care.journey import admit as admission
from matrescence.care.journey import confirming, infuse, leaving, words
from matrescence.care.journey import fold as folding
from matrescence.care.journey.admit import admit, infused, left
from matrescence.care.journey.fold import fold, step
from matrescence.care.journey.infuse import AskStart
from matrescence.care.journey.known import Known
from matrescence.care.journey.view import look
from matrescence.care.mother import Mother
from matrescence.care.recovery.discharge import Observed
from matrescence.care.recovery.guidance import Criterion as Awake
from matrescence.care.recovery.guidance import DischargeCriterion
from matrescence.facts import Fact, Statement

DAY0 = datetime(2026, 3, 1, 8, tzinfo=UTC)
SAID = Statement("an invented requirement", "project-decision", "test", "project-decision", "C")
M, S, N = Party.MOTHER, Party.SETTING, Party.SESSION
ABOUT = {"place": (S,), "her": (M, S), "check": (M, S, N), "given": (M, S, N), "paper": (M, S, N)}
TIMING = {"given": Timing.EVENT, "paper": Timing.DUE_AFTER}
TERM_DAYS = {"place": 10, "check": 1}
NEEDED = ("place", "her", "check")


def days(value: float) -> Fact:
    return Fact(value, "d", "project-decision", "test", "project-decision", "C")


PROGRAMME = Programme(
    name="invented",
    label="invented",
    status=Status.IN_FORCE,
    as_of=date(2026, 1, 1),
    standing=SAID,
    requirements={
        name: Requirement(
            id=name,
            code=None,
            stakeholder=Stakeholder.SETTING,
            protocol=Protocol.INITIATION,
            timing=TIMING.get(name, Timing.BEFORE_START),
            about=about,
            statement=SAID,
            form="her" if name == "her" else None,
            valid_days=days(TERM_DAYS[name]) if name in TERM_DAYS else None,
            after="given" if name == "paper" else None,
            within_days=days(7) if name == "paper" else None,
            ends_session=name == "given",
        )
        for name, about in ABOUT.items()
    },
    forms={"her": Form("her", "her", {"agreed": FormField("agreed", "agreed", FieldKind.CONFIRMED)}, ("she",), SAID)},
    expiring_within_days=days(3),
)
_REAL = ground_of("brexanolone")
GROUND = replace(
    _REAL,
    programme=PROGRAMME,
    drug=replace(_REAL.drug, criteria=(Criterion("pregnancy", "forbids", SAID),)),
    guidance=replace(_REAL.guidance, discharge=(DischargeCriterion(Awake.SEDATION, SAID),)),
)
ANA = Mother("Ana", 30.0, 60.0, DAY0)


@dataclass(frozen=True)
class Told:
    """One paper as the oracle knows it: about what, for which session, from when, and when it was written down."""

    id: str
    what: str
    session: str
    at: datetime
    written: datetime
    complete: bool


class Oracle:
    """What must be true at a start, written down as simply as possible."""

    def __init__(self) -> None:
        self.papers: list[Told] = []
        self.taken_back: dict[str, datetime] = {}
        self.pregnant: bool | None = None
        self.asked = False
        self.decision: bool | None = None
        self.decided_about_unknown = False
        self.urgent: set[str] = set()
        self.ended: dict[str, datetime] = {}
        self.two_people = False  # the newest plan asks for them
        self.confirmed: list[tuple[words.Confirmable, str, str, datetime]] = []  # what, who, for which session, when
        self.given = False  # the pump has run in the infusion that is open
        self.awake = False  # the newest checklist of that infusion says that sedation has gone

    def good(self, what: str, session: str, at: datetime) -> bool:
        return any(self.counts(told, at) for told in self.papers if told.what == what and self.fits(told, session))

    def fits(self, told: Told, session: str) -> bool:
        return N not in ABOUT[told.what] or told.session == session

    def counts(self, told: Told, at: datetime) -> bool:
        if told.at > at or told.written > at or not told.complete:
            return False
        if told.what in TERM_DAYS and at >= told.at + timedelta(days=TERM_DAYS[told.what]):
            return False
        return not (told.id in self.taken_back and self.taken_back[told.id] <= at)

    def who_confirmed(self, what: words.Confirmable, session: str, at: datetime) -> set[str]:
        return {by for said, by, of, when in self.confirmed if (said, of) == (what, session) and when <= at}

    def over(self, at: datetime) -> dict[str, datetime]:
        """Every session that has ended by then, by a paper or by this log, with the first time it did."""
        found = {name: end for name, end in self.ended.items() if end <= at}
        for told in self.papers:
            gone = told.id in self.taken_back and self.taken_back[told.id] <= at
            if told.what == "given" and told.at <= at and not gone:
                found[told.session] = min(told.at, found.get(told.session, told.at))
        return found

    def why_not(self, session: str, at: datetime) -> list[str]:
        wrong = [what for what in NEEDED if not self.good(what, session, at)]
        wrong += ["this session is over"] if session in self.over(at) else []
        for name, end in self.over(at).items():
            filed = [t for t in self.papers if t.what == "paper" and t.session == name and t.at >= end]
            if at > end + timedelta(days=7) and not any(self.counts(told, at) for told in filed):
                wrong.append(f"the paper of {name} is overdue")
        if self.two_people:
            wrong += [w.value for w in words.Confirmable if len(self.who_confirmed(w, session, at)) < 2]
        wrong += ["something urgent is open"] if self.urgent else []
        wrong += ["her health facts are not recorded"] if not self.asked else []
        wrong += ["she is pregnant"] if self.pregnant else []
        if self.pregnant is None and not (self.decision and self.decided_about_unknown):
            wrong.append("a clinician has not decided")
        return wrong + (["a clinician decided against it"] if self.decision is False else [])


SESSIONS = st.sampled_from(["1", "1", "2"])
OUTCOMES = st.sampled_from([words.Outcome.NOT_REACHED, *words.Outcome])
SHIFT_H = st.integers(-30, 3)


class Course(RuleBasedStateMachine):
    """Anybody records anything at any time, on time and late; whatever is accepted goes into the log."""

    steps = 0  # counted over all machines; the long run must really be as long as it says

    def __init__(self) -> None:
        super().__init__()
        self.now = DAY0
        self.entries: list[words.Entry] = []
        self.known = Known()
        self.oracle = Oracle()
        self.starts = 0

    # ---- how something gets into the log

    def write(self, what: words.What, at: datetime | None = None, *, by: str = "nurse Kim") -> bool:
        position = len(self.entries) + 1
        entry = words.Entry(position, f"k{position}", at or self.now, self.now, by, what)
        if not (isinstance(what, words.Infused | words.Left) and what.events) and admit(self.known, GROUND, entry):
            return False
        self.entries.append(entry)
        self.known = step(self.known, entry, GROUND)
        return True

    def bedside(
        self, kind: type[cmd.Asked], *what: object, at: datetime | None = None
    ) -> tuple[ev.Event, ...] | Refused:
        stamp = Stamp(at or self.now, self.now, "nurse Kim")
        found = infused(self.known, GROUND, kind(stamp, f"k{len(self.entries) + 1}", *what))  # type: ignore[arg-type]
        if not isinstance(found, Refused) and found:
            self.judge(found)
            self.write(words.Infused(found), at)
        return found

    def judge(self, events: tuple[ev.Event, ...]) -> None:
        for event in events:
            at = event.stamp.happened_at
            if isinstance(event, ev.StartAuthorised):
                self.starts += 1
                wrong = self.oracle.why_not(event.gate.session.session, at)
                assert not wrong, f"started at {at} although: {wrong}"
            if isinstance(event, ev.Opened):
                self.oracle.given = self.oracle.awake = False
            if isinstance(event, ev.RateConfirmed | ev.PumpDeviated):
                self.oracle.given = True
            if isinstance(event, ev.Ended):
                self.oracle.awake = False
                session = self.known.infusions[-1].session
                assert session is not None
                self.oracle.ended[session.session] = at

    # ---- what people do

    @initialize(
        session=SESSIONS,
        without=st.sampled_from([*NEEDED, "", "", ""]),
        facts=st.sampled_from([True, True, False]),
        urgent=st.sampled_from([False, False, True]),
    )
    def begin(self, session: str, without: str, facts: bool, urgent: bool = False) -> None:
        self.write(words.MotherKnown(ANA))
        for what in NEEDED:
            if what != without:
                self.file(what, session, 0, True)
        self.plan()
        if facts:
            self.health(False)
        self.answer(urgent, False)

    @rule(
        what=st.sampled_from(sorted(ABOUT)),
        session=SESSIONS,
        shift_h=SHIFT_H,
        complete=st.sampled_from([True, True, False]),
    )
    def file(self, what: str, session: str, shift_h: int, complete: bool) -> None:
        name, at = f"p{len(self.oracle.papers)}", self.now + timedelta(hours=shift_h)
        about = {party: {M: "Ana", S: "here", N: session}[party] for party in ABOUT[what]}
        full = complete or what != "her"
        answers = {"agreed": True} if what == "her" and full else {}
        signed = (Signature("she", "Ana", at),) if what == "her" and full else ()
        record = Record(name, what, at, "somebody", about, answers, signed)
        if self.write(words.Filed(Session("Ana", "here", session), (record,))):
            self.oracle.papers.append(Told(name, what, session, at, self.now, full))

    @precondition(lambda self: self.oracle.papers)
    @rule(data=st.data(), shift_h=st.integers(-5, 5), session=SESSIONS)
    def take_back(self, data: st.DataObject, shift_h: int, session: str) -> None:
        told = data.draw(st.sampled_from(self.oracle.papers))
        at = self.now + timedelta(hours=shift_h)
        back = Revocation(f"v{len(self.entries)}", told.id, at, "somebody", "a mistake")
        if self.write(words.Filed(Session("Ana", "here", session), (back,))):
            self.oracle.taken_back[told.id] = min(at, self.oracle.taken_back.get(told.id, at))

    @rule(pregnant=st.sampled_from([False, False, True, None]))
    def health(self, pregnant: bool | None) -> None:
        self.write(words.HealthKnown(HealthFacts(pregnant=pregnant)))
        self.oracle.asked, self.oracle.pregnant = True, pregnant

    @rule(go_on=st.sampled_from([True, True, False]))
    def decide(self, go_on: bool) -> None:
        self.write(words.ClinicianDecided(go_on, "talked through"))
        self.oracle.decision = go_on
        self.oracle.decided_about_unknown = self.oracle.asked and self.oracle.pregnant is None

    @rule(confused=st.booleans(), follow_up=st.booleans())
    def answer(self, confused: bool, follow_up: bool) -> None:
        told = words.Assessed((), History(signs=PsychosisSigns(confusion=confused)), follow_up=follow_up)
        if self.write(told) and confused:
            self.oracle.urgent.add(f"{len(self.entries)}.1")

    @precondition(lambda self: self.entries)
    @rule(data=st.data(), confused=st.booleans())
    def correct(self, data: st.DataObject, confused: bool) -> None:
        of = data.draw(st.integers(1, len(self.entries)))
        right = words.Assessed((), History(signs=PsychosisSigns(confusion=confused)))
        before = bool(self.oracle.urgent)
        if self.write(words.Corrected(of, right)) and confused and not before:
            self.oracle.urgent.add(f"{len(self.entries)}.1")

    @precondition(lambda self: self.oracle.urgent)
    @rule(
        data=st.data(),
        outcome=OUTCOMES,
        by=st.sampled_from(["Dr Roe", "Dr Roe", "not named"]),
    )
    def dispose(self, data: st.DataObject, outcome: words.Outcome, by: str) -> None:
        task = data.draw(st.sampled_from(sorted(self.oracle.urgent)))
        if self.write(words.Disposed((task,), outcome, "seen"), by=by) and outcome is not words.Outcome.NOT_REACHED:
            self.oracle.urgent.discard(task)

    @rule(two_people=st.sampled_from([False, True]))
    def plan(self, two_people: bool = False) -> None:
        self.write(words.PlanChosen("60", two_person=two_people))
        self.oracle.two_people, self.oracle.confirmed = two_people, []

    @rule(weight_kg=st.sampled_from([60.0, 60.0, 61.0]))
    def weigh(self, weight_kg: float) -> None:
        was = self.known.mother
        if self.write(words.MotherKnown(replace(ANA, weight_kg=weight_kg))) and was and was.weight_kg != weight_kg:
            self.oracle.confirmed = []

    @rule(what=st.sampled_from(words.Confirmable), by=st.sampled_from(["nurse Kim", "NURSE  kim", "Dr Roe"]))
    def confirm_what_holds(self, what: words.Confirmable, by: str) -> None:
        item = next(item for item in confirming.confirmations(self.known, GROUND) if item.what is what)
        if self.write(words.Confirmed(what, item.digest or "nothing"), by=by):
            assert self.known.session is not None
            person = "Kim" if by.casefold().startswith("nurse") else by
            self.oracle.confirmed.append((what, person, self.known.session.session, self.now))

    @rule()
    def open(self) -> None:
        self.bedside(cmd.Open)

    @rule(late_h=st.sampled_from([0, 0, 0, 1, 5]))
    def start(self, late_h: int) -> None:
        self.bedside(AskStart, at=self.now - timedelta(hours=late_h))

    @rule(how=st.sampled_from([(1, False), (2, False), (2, True)]))
    def nearly_two_people(self, how: tuple[int, bool]) -> None:
        """A plan for two people is confirmed by one, or by both, or by both before it is chosen once more."""
        self.plan(True)
        self.nearly_everything_for_a_start("", *how)

    @rule(without=st.sampled_from([*NEEDED, "", "", ""]))
    def nearly_everything_for_a_start(self, without: str, people: int = 2, again: bool = False) -> None:
        """What a clinic does that is careful, or nearly so; without it few random courses would come to a start."""
        number = len(self.known.infusions) + 1
        session = str(number) if self.known.between_infusions else self.known.state.ordered.session
        for what in NEEDED:
            if what != without:
                self.file(what, session, 0, True)
        self.bedside(cmd.Open)
        if self.oracle.two_people:
            for by in ("nurse Kim", "Dr Roe")[:people]:
                for item in words.Confirmable:
                    self.confirm_what_holds(item, by)
        if again:
            self.plan(self.oracle.two_people)
        self.bedside(AskStart)

    @rule(kind=st.sampled_from([cmd.ConfirmStopped, cmd.Tick]))
    def go_on(self, kind: type[cmd.Asked]) -> None:
        self.bedside(kind)

    @rule()
    def confirm(self) -> None:
        self.bedside(cmd.ConfirmRate, 30.0)

    @rule(kind=st.sampled_from([cmd.RequestStop, cmd.EndEarly]))
    def stop(self, kind: type[cmd.Asked]) -> None:
        self.bedside(kind, "because")

    @rule(checklists=st.lists(st.booleans(), min_size=1, max_size=2))
    def whole_sessions(self, checklists: list[bool]) -> None:
        for filled in checklists:
            self.a_whole_session(filled)

    def a_whole_session(self, filled: bool) -> None:
        """From the gate to her leaving; without it few random courses would come to an end."""
        self.nearly_everything_for_a_start("")
        self.confirm()
        self.bedside(cmd.RequestStop, "because")
        self.bedside(cmd.ConfirmStopped)
        self.bedside(cmd.EndEarly, "because")
        if filled:
            self.fill_the_checklist(False)
        self.leave(None)

    @rule(sedated=st.sampled_from([False, False, True, None]))
    def fill_the_checklist(self, sedated: bool | None) -> None:
        well = None if sedated is None else not sedated
        if self.write(words.LeavingChecked(Observed(sedation_resolved=well))):
            self.oracle.awake = well is True

    @rule(decided=st.sampled_from([None, None, words.Decided("Dr Roe", "she insists")]))
    def leave(self, decided: words.Decided | None) -> None:
        stamp = Stamp(self.now, self.now, "nurse Kim")
        found = left(self.known, GROUND, cmd.Discharge(stamp, f"k{len(self.entries) + 1}"), decided)
        if isinstance(found, Refused):
            return
        if found and self.oracle.given:
            assert self.oracle.awake or decided, "she left although nobody said that she was awake"
        self.oracle.awake = self.oracle.given = False
        self.write(words.Left("her sister", (), found, decided))

    @rule()
    def bring_a_gate_along(self) -> None:
        session = Session("Ana", "here", "1")
        assert isinstance(self.bedside(cmd.Start, GateOpen(("trust me",), self.now, "invented", session)), Refused)

    @rule()
    def write_an_event_directly(self) -> None:
        stamp = Stamp(self.now, self.now, "nurse Kim")
        gate = GateOpen(("trust me",), self.now, "invented", Session("Ana", "here", "1"))
        forged = words.Infused((ev.StartAuthorised(stamp, Cause("forged", "0"), gate),))
        assert admit(
            self.known, GROUND, words.Entry(len(self.entries) + 1, "f", self.now, self.now, "nurse Kim", forged)
        )

    @rule(hours=st.sampled_from([1, 3, 12, 26, 200]))
    def time_goes_on(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    # ---- what must be true after every step

    @invariant()
    def what_is_urgent_stays_until_it_is_disposed_of(self) -> None:
        assert {task.id for task in self.known.open_tasks} == self.oracle.urgent
        if self.oracle.urgent and self.known.mother is not None:
            view = look(self.known, GROUND, self.now)
            assert view.urgent and view.next_step is not None
            assert view.next_step.rule == view.urgent[0].path.reason.rule

    @invariant()
    def the_log_tells_the_whole_state(self) -> None:
        Course.steps += 1
        assert not self.known.ungated

    def teardown(self) -> None:
        assert fold(self.entries, GROUND) == self.known


TestCourse = Course.TestCase
TestCourse.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestCourse.pytestmark = [pytest.mark.rule("journey.gate", "journey.start_record", "journey.events")]


@pytest.mark.slow
def test_nothing_starts_ungated_over_ten_thousand_steps() -> None:
    many, before = settings(max_examples=460, stateful_step_count=25, deadline=None), Course.steps
    run_state_machine_as_test(Course, settings=many)
    assert Course.steps - before >= 10_000


def test_a_careful_clinic_does_start() -> None:
    """The machine would prove nothing if nothing ever started in it."""
    course = Course()
    course.begin("1", "", True)
    course.nearly_everything_for_a_start("")
    assert course.starts == 1


def test_a_careful_clinic_of_two_people_does_start() -> None:
    course = Course()
    course.begin("1", "", True)
    course.plan(two_people=True)
    course.nearly_everything_for_a_start("", people=1)
    assert course.starts == 0
    course.nearly_everything_for_a_start("", people=2)
    assert course.starts == 1


def always_open(known: Known, ground: words.Ground, at: datetime) -> GateOpen:
    assert known.session is not None
    return GateOpen((), at, ground.programme.name, known.session)


PLANTED = {
    "nobody asks whether two people have confirmed": (infuse, "not_confirmed", lambda *_, **__: ()),
    "one person is enough": (confirming, "PEOPLE", 1),
    "what was confirmed before a change counts": (confirming, "_last_change", lambda _: 0),
    "the gate is not asked": (infuse, "asked_of_log", always_open),
    "earlier stages hold nothing against a start": (infuse, "_earlier_stages", lambda *_: ()),
    "nobody asks for the checklist": (admission, "against_leaving", lambda *_: ()),
    "a checklist of any time will do": (leaving, "_newest", lambda known, *_: newest_of_any_infusion(known)),
    "an attempt closes what is urgent": (words.Outcome, "closes", property(lambda _: True)),
    "a correction closes what is urgent": (
        folding.tasks,
        "opened",
        lambda known, assessed, lines, before, **at: (
            TRUE_OPENED(known, assessed, lines, before, **at) if before is None else ()
        ),
    ),
}
TRUE_OPENED = folding.tasks.opened


def newest_of_any_infusion(known: Known) -> Observed:
    told = [entry.what.observed for entry in known.entries.values() if isinstance(entry.what, words.LeavingChecked)]
    return told[-1] if told else Observed()


@pytest.mark.parametrize("fault", PLANTED)
def test_each_planted_fault_makes_the_machine_fail(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, planted = PLANTED[fault]
    monkeypatch.setattr(place, name, planted)
    quick = settings(
        max_examples=5000,  # it stops at the first that fails
        stateful_step_count=15,
        deadline=None,
        phases=[Phase.generate],
        database=None,
        derandomize=True,
    )
    with pytest.raises(AssertionError):
        run_state_machine_as_test(Course, settings=quick)
