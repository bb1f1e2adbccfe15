"""The gate against an oracle that shares no code with it, over random records, revocations and instants.

The programme is invented and small, and has one of everything: terms, order, forms, signatures, a waiver, a deadline,
an unknown deadline and the end of a session.  The oracle thinks in whole days and in plain tuples.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from matrescence.care.enrolment import counting, status
from matrescence.care.enrolment.forms import FieldKind, Form, FormField, Signature
from matrescence.care.enrolment.gate import GateClosed, GateOpen, gate
from matrescence.care.enrolment.programme import (
    Party,
    Programme,
    Protocol,
    Requirement,
    Stakeholder,
    Status,
    Timing,
    Waiver,
)
from matrescence.care.enrolment.records import Record, Revocation, Session
from matrescence.facts import Fact, Statement

DAY0 = datetime(2026, 3, 1, tzinfo=UTC)
SAID = Statement("an invented requirement", "project-decision", "test", "project-decision", "C")
M, S, N = Party.MOTHER, Party.SETTING, Party.SESSION
ABOUT = {
    "place.ready": (S,),
    "place.enrolled": (S,),
    "her.enrolled": (M, S),
    "session.check": (M, S, N),
    "session.given": (M, S, N),
    "session.form": (M, S, N),
    "session.incident": (M, S, N),
    "session.report": (M, S, N),
}
TERM_DAYS = {"place.ready": 10, "session.check": 1}
FOLLOWS = {"place.enrolled": ["place.ready"], "her.enrolled": ["place.enrolled"], "session.check": ["her.enrolled"]}
FORMS = ("place.enrolled", "her.enrolled", "session.form")
NEEDED = ("place.ready", "place.enrolled", "her.enrolled", "session.check")


def days(value: float | None) -> Fact:
    return Fact(value, "d", "project-decision", "test", "project-decision", "U" if value is None else "C")


def requirement(name: str) -> Requirement:
    timing = Timing.BEFORE_START if name in NEEDED else Timing.DUE_AFTER
    timing = Timing.EVENT if name in ("session.given", "session.incident") else timing
    inpatient = Waiver("place.enrolled", "kind", "inpatient")
    return Requirement(
        id=name,
        code=None,
        stakeholder=Stakeholder.SETTING,
        protocol=Protocol.INITIATION,
        timing=timing,
        about=ABOUT[name],
        statement=SAID,
        form=name if name in FORMS else None,
        follows=tuple(FOLLOWS.get(name, ())),
        valid_days=days(TERM_DAYS[name]) if name in TERM_DAYS else None,
        after={"session.form": "session.given", "session.report": "session.incident"}.get(name),
        within_days={"session.form": days(7), "session.report": days(None)}.get(name),
        waived=inpatient if name in ("her.enrolled", "session.form") else None,
        ends_session=name == "session.given",
    )


def form(name: str) -> Form:
    kind = FormField("kind", "which kind", FieldKind.CHOICE, choices=("outpatient", "inpatient"))
    agreed = FormField("agreed", "agreed", FieldKind.CONFIRMED)
    fields = {"kind": kind} if name == "place.enrolled" else {"agreed": agreed}
    return Form(name, name, fields, ("signer",), SAID)


PROGRAMME = Programme(
    name="invented",
    label="invented",
    status=Status.IN_FORCE,
    as_of=date(2026, 1, 1),
    standing=SAID,
    requirements={name: requirement(name) for name in ABOUT},
    forms={name: form(name) for name in FORMS},
    expiring_within_days=days(3),
)


@dataclass(frozen=True)
class Told:
    """One record as the oracle knows it."""

    id: str
    what: str
    day: int
    mother: str
    place: str
    session: str
    kind: str = "outpatient"
    complete: bool = True
    last_day: int | None = None  # a term on the document itself: the first day on which it no longer counts

    def who(self, what: str) -> tuple[str, ...]:
        return {1: (self.place,), 2: (self.mother, self.place), 3: (self.mother, self.place, self.session)}[
            len(ABOUT[what])
        ]


def to_record(told: Told) -> Record:
    at = DAY0 + timedelta(days=told.day)
    names = {M: told.mother, S: told.place, N: told.session}
    answers: dict[str, str | bool] = {}
    signatures: tuple[Signature, ...] = ()
    if told.what in FORMS and told.complete:
        answers = {"kind": told.kind} if told.what == "place.enrolled" else {"agreed": True}
        signatures = (Signature("signer", "somebody", at),)
    expires = None if told.last_day is None else DAY0 + timedelta(days=told.last_day)
    about = {party: names[party] for party in ABOUT[told.what]}
    return Record(told.id, told.what, at, "somebody", about, answers, signatures, expires)


class Oracle:
    """Every sentence of the rules, written down as simply as possible."""

    def __init__(self, told: list[Told], revoked: list[tuple[str, int]]) -> None:
        self.told, self.revoked = told, revoked
        self.found: dict[tuple[object, ...], list[Told]] = {}

    def taken_back(self, record: Told, day: int) -> bool:
        return any(name == record.id and on <= day for name, on in self.revoked)

    def good(self, record: Told, day: int) -> bool:
        if record.day > day or self.taken_back(record, day):
            return False
        if record.what in TERM_DAYS and day >= record.day + TERM_DAYS[record.what]:
            return False
        if record.last_day is not None and day >= record.last_day:
            return False
        if record.what in FORMS and not record.complete:
            return False
        return all(self.has(step, record.who(step), record.day) for step in FOLLOWS.get(record.what, []))

    def goods(self, what: str, who: tuple[str, ...], day: int) -> list[Told]:
        if (what, who, day) not in self.found:
            named = [r for r in self.told if r.what == what and r.who(what) == who]
            self.found[what, who, day] = [r for r in named if self.good(r, day)]
        return self.found[what, who, day]

    def has(self, what: str, who: tuple[str, ...], day: int) -> bool:
        if what == "her.enrolled" and self.inpatient(who[1], day):
            return True
        return bool(self.goods(what, who, day))

    def inpatient(self, place: str, day: int) -> bool:
        kinds = {r.kind for r in self.goods("place.enrolled", (place,), day)}
        return kinds == {"inpatient"}

    def happened(self, what: str, mother: str, place: str, day: int) -> list[Told]:
        found = [r for r in self.told if r.what == what and (r.mother, r.place) == (mother, place) and r.day <= day]
        return [r for r in found if not self.taken_back(r, day)]

    def is_open(self, mother: str, place: str, session: str, day: int) -> bool:
        required = {
            "place.ready": (place,),
            "place.enrolled": (place,),
            "her.enrolled": (mother, place),
            "session.check": (mother, place, session),
        }
        if not all(self.has(what, who, day) for what, who in required.items()):
            return False
        return self.nothing_open(mother, place, session, day)

    def nothing_open(self, mother: str, place: str, session: str, day: int) -> bool:
        for given_one in self.happened("session.given", mother, place, day):
            if given_one.session == session:
                return False
            filed = self.goods("session.form", (mother, place, given_one.session), day)
            late = day > given_one.day + 7 and not any(r.day >= given_one.day for r in filed)
            if late and not self.inpatient(place, day):
                return False
        for incident in self.happened("session.incident", mother, place, day):
            filed = self.goods("session.report", (mother, place, incident.session), day)
            if not any(r.day >= incident.day for r in filed):
                return False
        return True


WHO = {"mother": st.sampled_from(["Ana", "Ana", "Ana", "Bea"]), "place": st.sampled_from(["A", "A", "A", "B"])}
SESSIONS = st.sampled_from(["1", "2"])
HOW = st.sampled_from(["how it should be", "left out", "half filled", "too late", "early", "for an inpatient place"])


class GateMachine(RuleBasedStateMachine):
    """Anybody files anything, takes it back, and time goes on; gate and oracle must agree at every step."""

    steps = 0  # counted over all machines; the long run must really be as long as it says

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Told] = []
        self.revoked: list[tuple[str, int]] = []
        self.day = 0
        self.filed = 0

    def add(self, what: str, **given_values: object) -> None:
        self.filed += 1
        self.told.append(Told(f"r{self.filed}", what, **given_values))  # type: ignore[arg-type]

    @initialize(odd=st.sampled_from(NEEDED), how=HOW)
    def begin_with_one_thing_odd(self, odd: str, how: str) -> None:
        self.file_all_but_one_thing(odd, how, "Ana", "A", "1")

    def file_all_but_one_thing(self, odd: str, how: str, mother: str, place: str, session: str) -> None:
        for number, what in enumerate(NEEDED):
            day = self.day - 3 + number
            changed = {"how it should be": {}, "half filled": {"complete": False}, "too late": {"day": self.day + 2}}
            changed |= {"early": {"day": self.day - 6}, "for an inpatient place": {"kind": "inpatient"}}
            if what != odd or how != "left out":
                values = {"day": day, "mother": mother, "place": place, "session": session}
                self.add(what, **(values | (changed[how] if what == odd else {})))

    @rule(
        what=st.sampled_from(sorted(ABOUT)),
        session=SESSIONS,
        kind=st.sampled_from(["outpatient", "outpatient", "inpatient"]),
        complete=st.sampled_from([True, True, True, False]),
        shift=st.integers(-8, 3),
        lasts=st.none() | st.integers(0, 6),
        **WHO,
    )
    def file(self, what: str, shift: int, lasts: int | None, **values: object) -> None:
        day = self.day + shift
        self.add(what, day=day, last_day=None if lasts is None else day + lasts, **values)

    @rule(odd=st.sampled_from(NEEDED), how=HOW, session=SESSIONS, **WHO)
    def file_nearly_everything(self, odd: str, how: str, mother: str, place: str, session: str) -> None:
        self.file_all_but_one_thing(odd, how, mother, place, session)

    @rule(session=SESSIONS)
    def an_inpatient_place_enrols_nobody(self, session: str) -> None:
        self.told = [told for told in self.told if told.what != "her.enrolled"]
        self.file_all_but_one_thing("place.enrolled", "for an inpatient place", "Ana", "A", session)
        self.told = [told for told in self.told if told.what != "her.enrolled"]

    @rule(session=SESSIONS, **WHO)
    def file_what_follows(self, **values: object) -> None:
        for what in ("session.form", "session.report"):
            self.add(what, day=self.day, **values)

    @precondition(lambda self: self.told)
    @rule(data=st.data(), shift=st.integers(-2, 2))
    def take_back(self, data: st.DataObject, shift: int) -> None:
        record = data.draw(st.sampled_from(self.told))
        self.revoked.append((record.id, self.day + shift))

    @rule(by=st.integers(0, 4))
    def time_goes_on(self, by: int) -> None:
        self.day += by

    @precondition(lambda self: self.told)
    @rule(data=st.data())
    def the_same_again_and_in_another_order(self, data: st.DataObject) -> None:
        """Late and duplicated records change nothing: a copy may be read twice, and order does not matter."""
        self.told.append(data.draw(st.sampled_from(self.told)))
        self.told = data.draw(st.permutations(self.told))

    @invariant()
    def gate_and_oracle_agree(self) -> None:
        GateMachine.steps += 1
        oracle, records = Oracle(self.told, self.revoked), self.on_record()
        for mother, place, session in (("Ana", "A", "1"), ("Ana", "A", "2"), ("Bea", "B", "1")):
            answer = ask_gate(records, Session(mother, place, session), self.day)
            assert isinstance(answer, GateOpen) == oracle.is_open(mother, place, session, self.day)
            if isinstance(answer, GateOpen):
                assert answer.session == Session(mother, place, session)
                self.holds_until_it_says(answer, records)

    def holds_until_it_says(self, answer: GateOpen, records: list[Record | Revocation]) -> None:
        horizon = self.day + 12 if answer.until is None else (answer.until - DAY0).days
        for day in range(self.day, min(horizon, self.day + 12)):
            assert isinstance(ask_gate(records, answer.session, day), GateOpen)

    def on_record(self) -> list[Record | Revocation]:
        return [
            *map(to_record, self.told),
            *(
                Revocation(f"v{number}", name, DAY0 + timedelta(days=on), "somebody", "a mistake")
                for number, (name, on) in enumerate(self.revoked)
            ),
        ]


def ask_gate(records: list[Record | Revocation], session: Session, day: int) -> GateOpen | GateClosed:
    return gate(PROGRAMME, records, DAY0 + timedelta(days=day), session=session)


TestGateMachine = GateMachine.TestCase
TestGateMachine.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestGateMachine.pytestmark = [pytest.mark.rule("enrolment.gate")]


@pytest.mark.slow
def test_gate_and_oracle_agree_over_ten_thousand_steps() -> None:
    many = settings(max_examples=460, stateful_step_count=25, deadline=None)
    before = GateMachine.steps
    run_state_machine_as_test(GateMachine, settings=many)
    assert GateMachine.steps - before >= 10_000


PLANTED = {
    "a record that was taken back still counts": (counting, "_taken_back", lambda *_: False),
    "a record never runs out": (counting, "_end", lambda *_: None),
    "an empty form is as good as a full one": (counting, "gaps", lambda *_: ()),
    "the order of steps does not matter": (counting, "_already_met", lambda *_: True),
    "everything is waived": (counting, "waived", lambda _, requirement, *__: requirement.waived is not None),
    "nothing is ever waived": (counting, "waived", lambda *_: False),
    "any mother, setting and session will do": (counting, "is_about", lambda *_: True),
    "what has happened makes nothing due and ends no session": (counting, "standing", lambda *_: []),
    "a form filed before the session counts for it": (status, "_done", lambda case, r, cause, at: case.of(r)),
}


@pytest.mark.parametrize("fault", PLANTED)
def test_each_planted_fault_makes_the_machine_fail(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, planted = PLANTED[fault]
    monkeypatch.setattr(module, name, planted)
    quick = settings(max_examples=200, stateful_step_count=15, deadline=None, phases=[Phase.generate], database=None)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(GateMachine, settings=quick)


def ready() -> list[Told]:
    return [Told(what, what, 0, "Ana", "A", "1") for what in NEEDED]


def ask(told: list[Told], day: int = 0, revocations: tuple[Revocation, ...] = ()) -> GateOpen | GateClosed:
    records = [*map(to_record, told), *revocations]
    return gate(PROGRAMME, records, DAY0 + timedelta(days=day), session=Session("Ana", "A", "1"))


@pytest.mark.parametrize("what", NEEDED)
def test_taking_any_required_record_away_closes_the_gate(what: str) -> None:
    assert isinstance(ask(ready()), GateOpen)
    assert isinstance(ask([told for told in ready() if told.what != what]), GateClosed)


@pytest.mark.parametrize("what", NEEDED)
@given(moment=st.integers(-3, 3))
@settings(max_examples=10, deadline=None)
def test_revoking_any_required_record_closes_the_gate_from_that_instant_on(what: str, moment: int) -> None:
    revocation = Revocation("v", what, DAY0 + timedelta(hours=moment), "somebody", "a mistake")
    assert isinstance(ask(ready(), 0, (revocation,)), GateClosed) == (moment <= 0)


@given(filed=st.integers(0, 20), asked=st.integers(0, 20))
@settings(max_examples=80, deadline=None)
@pytest.mark.rule("enrolment.overdue", "enrolment.pending")
def test_a_session_form_closes_the_next_session_only_while_overdue_and_missing(filed: int, asked: int) -> None:
    before = [Told("g", "session.given", 0, "Ana", "A", "0"), Told("f", "session.form", filed, "Ana", "A", "0")]
    now = [
        Told("p", "place.ready", -1, "Ana", "A", "1", last_day=None),
        Told("e", "place.enrolled", -1, "Ana", "A", "1"),
        Told("h", "her.enrolled", -1, "Ana", "A", "1"),
        Told("q", "place.ready", asked, "Ana", "A", "1"),
        Told("c", "session.check", asked, "Ana", "A", "1"),
    ]
    overdue = asked > 7 and filed > asked
    assert isinstance(ask(before + now, asked), GateClosed) == overdue
