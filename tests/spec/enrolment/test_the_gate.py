"""May this infusion start?  One line per case: what is different from a complete enrolment -> what the gate says.

The complete enrolments are the invented examples in ``examples/enrolment``; the start is 7 March 2026, 08:00 in New
York.  Read a line as: "with this changed, the gate is closed by this rule on this requirement".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from matrescence.actions.enrolment_file import EnrolmentFile, read_enrolment
from matrescence.care.enrolment.gate import GateClosed, GateOpen, gate
from matrescence.care.enrolment.programme import Party, Programme, Timing
from matrescence.care.enrolment.records import Record, Revocation
from matrescence.care.enrolment.status import State, statuses
from matrescence.formulary.programmes import library

START = datetime(2026, 3, 7, 13, tzinfo=UTC)
EXAMPLES = Path(__file__).parents[3] / "examples" / "enrolment"
COMPLETE = {"zulresso": "zulresso_research", "local-protocol": "local_ketamine", "spravato": "spravato_form_overdue"}

Items = list[Record | Revocation]
Change = Callable[[Items], Items]


def complete(name: str) -> tuple[Programme, EnrolmentFile]:
    programme = library.load(name)
    file = read_enrolment(EXAMPLES / f"{COMPLETE[name]}.toml", programme)
    kept = tuple(item for item in file.records if (name, item.id) != ("spravato", "g1"))
    return programme, replace(file, records=kept)


def ask(name: str, change: Change, *, at: datetime = START, **session: str | None) -> GateOpen | GateClosed:
    programme, file = complete(name)
    return gate(programme, change(list(file.records)), at, session=replace(file.session, **session))


def rules_of(answer: GateOpen | GateClosed) -> set[tuple[str, str]]:
    reasons = answer.reasons if isinstance(answer, GateClosed) else ()
    return {(reason.rule, reason.text.rpartition("(")[2].rstrip(")")) for reason in reasons}


def same(items: Items) -> Items:
    return items


def edit(requirement: str, **changes: object) -> Change:
    def change(items: Items) -> Items:
        return [
            replace(item, **changes) if isinstance(item, Record) and item.requirement == requirement else item
            for item in items
        ]

    return change


def without(requirement: str) -> Change:
    return lambda items: [i for i in items if not (isinstance(i, Record) and i.requirement == requirement)]


def revoked(requirement: str, at: datetime) -> Change:
    def change(items: Items) -> Items:
        record = next(i for i in items if isinstance(i, Record) and i.requirement == requirement)
        return [*items, Revocation("v", record.id, at, "somebody", "a mistake")]

    return change


def added(requirement: str, at: datetime, **about: str) -> Change:
    def change(items: Items) -> Items:
        return [*items, Record("new", requirement, at, "somebody", {Party(k): v for k, v in about.items()})]

    return change


def inpatient(items: Items) -> Items:
    return [
        replace(item, answers={**item.answers, "setting_type": "inpatient"})
        if isinstance(item, Record) and item.requirement == "setting.enrolment"
        else item
        for item in without("patient.enrolment")(items)
    ]


LAKESIDE = "Lakeside maternal clinic (invented)"
ANA = {"mother": "Ana (invented)", "setting": LAKESIDE, "session": "ana-1"}
FATIMA = {"mother": "Fatima (invented)", "setting": LAKESIDE}
EARLIER = {
    Party.MOTHER: "Ana (invented)",
    Party.SETTING: LAKESIDE,
    Party.PRESCRIBER: "Dr A. Moreau (invented)",
    Party.SESSION: "ana-0",
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize("name", COMPLETE)
@pytest.mark.rule("enrolment.gate", "enrolment.met")
def test_a_complete_enrolment_opens_the_gate_with_its_evidence(name: str) -> None:
    answer = ask(name, same)
    assert isinstance(answer, GateOpen)
    required = [r.id for r in library.load(name).requirements.values() if r.timing is Timing.BEFORE_START]
    assert {line.split(": ")[0] for line in answer.evidence} >= set(required)
    assert answer.at == START


@pytest.mark.parametrize(
    ("name", "requirement"),
    [
        (name, requirement.id)
        for name in COMPLETE
        for requirement in library.load(name).requirements.values()
        if requirement.timing is Timing.BEFORE_START
    ],
)
@pytest.mark.rule("enrolment.missing")
def test_every_single_requirement_bites(name: str, requirement: str) -> None:
    assert ("enrolment.missing", requirement) in rules_of(ask(name, without(requirement)))


# programme, what is changed, how, the rule that closes the gate, the requirement it names
CLOSED = [
    (
        "zulresso",
        "nobody acknowledged the withdrawal",
        without("prescriber.withdrawal"),
        "missing",
        "prescriber.withdrawal",
    ),
    (
        "zulresso",
        "the acknowledgement is for another session",
        edit("prescriber.withdrawal", about=EARLIER),
        "other",
        "prescriber.withdrawal",
    ),
    (
        "zulresso",
        "the acknowledgement is not signed",
        edit("prescriber.withdrawal", signatures=()),
        "incomplete",
        "prescriber.withdrawal",
    ),
    (
        "zulresso",
        "her form is empty",
        edit("patient.enrolment", answers={}, signatures=()),
        "incomplete",
        "patient.enrolment",
    ),
    (
        "zulresso",
        "she enrolled in another setting",
        edit("patient.enrolment", about={Party.MOTHER: "Ana (invented)", Party.SETTING: "elsewhere"}),
        "other",
        "patient.enrolment",
    ),
    (
        "zulresso",
        "the form belongs to another mother",
        edit("patient.enrolment", about={Party.MOTHER: "Bea (invented)", Party.SETTING: LAKESIDE}),
        "other",
        "patient.enrolment",
    ),
    (
        "zulresso",
        "the enrolment is dated after the start",
        edit("patient.enrolment", at=START + HOUR),
        "not_yet",
        "patient.enrolment",
    ),
    (
        "zulresso",
        "the setting's enrolment was revoked",
        revoked("setting.enrolment", START - DAY),
        "revoked",
        "setting.enrolment",
    ),
    (
        "zulresso",
        "the setting's certificate ran out at the start",
        edit("setting.enrolment", expires=START),
        "expired",
        "setting.enrolment",
    ),
    (
        "zulresso",
        "the setting enrolled before it passed the assessment",
        edit("setting.knowledge-assessment", at=START - DAY),
        "out_of_order",
        "setting.enrolment",
    ),
    (
        "zulresso",
        "safe use was verified five hours ago",
        edit("session.safe-use", at=START - 5 * HOUR),
        "expired",
        "session.safe-use",
    ),
    (
        "zulresso",
        "first order 91 days ago, no audit",
        added("setting.first-order", START - 91 * DAY, setting=LAKESIDE),
        "overdue",
        "setting.audit",
    ),
    (
        "zulresso",
        "an earlier infusion without its form, deadline unknown",
        added("session.given", START - 40 * DAY, **{**ANA, "session": "ana-0"}),
        "deadline_unknown",
        "session.post-infusion-form",
    ),
    (
        "zulresso",
        "an adverse event was never reported",
        added("session.adverse-event", START - 40 * DAY, **{**ANA, "session": "ana-0"}),
        "deadline_unknown",
        "session.adverse-event-report",
    ),
    (
        "zulresso",
        "this very session has already ended",
        added("session.given", START - HOUR, **ANA),
        "over",
        "session.given",
    ),
    (
        "spravato",
        "the form of eight days ago was never sent",
        added("session.given", START - 8 * DAY, mother="Iris (invented)", setting=LAKESIDE, session="iris-2"),
        "overdue",
        "session.monitoring-form",
    ),
    (
        "local-protocol",
        "the protocol was last read 366 days ago",
        edit("setting.protocol", at=START - 366 * DAY),
        "expired",
        "setting.protocol",
    ),
    (
        "local-protocol",
        "nobody skilled in airway care",
        without("setting.staff-trained"),
        "missing",
        "setting.staff-trained",
    ),
    (
        "local-protocol",
        "the record of the last session is overdue",
        added("session.given", START - 8 * DAY, **FATIMA, session="fatima-0"),
        "overdue",
        "session.record",
    ),
]


@pytest.mark.parametrize(("name", "what", "change", "topic", "requirement"), CLOSED, ids=[row[1] for row in CLOSED])
@pytest.mark.rule(
    "enrolment.historical",
    "enrolment.missing",
    "enrolment.other",
    "enrolment.incomplete",
    "enrolment.not_yet",
    "enrolment.revoked",
    "enrolment.expired",
    "enrolment.out_of_order",
    "enrolment.overdue",
    "enrolment.deadline_unknown",
    "enrolment.over",
)
def test_the_gate_is_closed(name: str, what: str, change: Change, topic: str, requirement: str) -> None:
    assert (f"enrolment.{topic}", requirement) in rules_of(ask(name, change)), what


OPEN = [
    (
        "zulresso",
        "first order 90 days ago to the second, no audit yet",
        added("setting.first-order", START - 90 * DAY, setting=LAKESIDE),
    ),
    (
        "zulresso",
        "another setting's audit is overdue",
        added("setting.first-order", START - 200 * DAY, setting="elsewhere"),
    ),
    (
        "zulresso",
        "another mother's form is missing",
        added("session.given", START - 40 * DAY, mother="Bea (invented)", setting=LAKESIDE, session="b"),
    ),
    (
        "zulresso",
        "the certificate runs out one second later",
        edit("setting.enrolment", expires=START + timedelta(seconds=1)),
    ),
    ("zulresso", "the enrolment will be revoked in an hour", revoked("setting.enrolment", START + HOUR)),
    (
        "spravato",
        "the form of exactly seven days ago is still to come",
        added("session.given", START - 7 * DAY, mother="Iris (invented)", setting=LAKESIDE, session="iris-2"),
    ),
    ("spravato", "the setting is inpatient and enrols no patients", inpatient),
]


@pytest.mark.parametrize(("name", "what", "change"), OPEN, ids=[row[1] for row in OPEN])
@pytest.mark.rule("enrolment.waived", "enrolment.pending", "enrolment.not_due")
def test_the_gate_stays_open(name: str, what: str, change: Change) -> None:
    assert isinstance(ask(name, change), GateOpen), what


@pytest.mark.rule("enrolment.waived")
def test_an_outpatient_setting_that_also_says_inpatient_enrols_its_patients() -> None:
    def twice(items: Items) -> Items:
        form = next(i for i in items if isinstance(i, Record) and i.requirement == "setting.enrolment")
        second = replace(form, id="second", answers={**form.answers, "setting_type": "inpatient"})
        return [*without("patient.enrolment")(items), second]

    assert ("enrolment.missing", "patient.enrolment") in rules_of(ask("spravato", twice))


@pytest.mark.rule("enrolment.unnamed")
def test_a_session_without_a_named_pharmacy_or_prescriber_does_not_start() -> None:
    assert ("enrolment.unnamed", "pharmacy.enrolment") in rules_of(ask("zulresso", same, pharmacy=None))
    assert ("enrolment.unnamed", "prescriber.withdrawal") in rules_of(ask("zulresso", same, prescriber=""))


def state_of(items: Sequence[Record | Revocation], requirement: str, at: datetime = START) -> tuple[State, set[str]]:
    programme, file = complete("local-protocol")
    found = statuses(programme, items, at, session=file.session)
    status = next(status for status in found if status.requirement.id == requirement)
    return status.state, {reason.rule for reason in status.reasons}


@pytest.mark.rule("enrolment.expiring", "enrolment.not_due", "enrolment.pending", "enrolment.shown")
def test_what_is_running_out_due_or_kept_elsewhere_is_told_without_closing_the_gate() -> None:
    items = list(complete("local-protocol")[1].records)
    soon = edit("setting.protocol", expires=START + 29 * DAY)(items)
    assert state_of(soon, "setting.protocol") == (State.MET, {"enrolment.expiring"})
    never = without("session.given")(items)
    assert state_of(never, "session.record") == (State.NOT_DUE, {"enrolment.not_due"})
    assert state_of(without("session.record")(items), "session.record") == (State.PENDING, {"enrolment.pending"})
    assert state_of(items, "session.record") == (State.MET, set())
    assert state_of(items, "session.given") == (State.SHOWN, {"enrolment.shown"})


@pytest.mark.rule("enrolment.term_unknown")
def test_a_term_that_nobody_could_find_is_shown_as_unknown() -> None:
    programme, file = complete("zulresso")
    found = {s.requirement.id: s for s in statuses(programme, file.records, START, session=file.session)}
    assert {reason.rule for reason in found["setting.enrolment"].reasons} == {"enrolment.term_unknown"}


@pytest.mark.rule("enrolment.gate")
def test_the_answer_holds_only_until_the_check_before_the_start_runs_out() -> None:
    answer = ask("zulresso", same)
    assert isinstance(answer, GateOpen)
    assert answer.until == START - timedelta(minutes=20) + 4 * HOUR
    assert isinstance(ask("zulresso", same, at=answer.until), GateClosed)
