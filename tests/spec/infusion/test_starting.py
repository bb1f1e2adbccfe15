"""May the infusion start?  One row for each situation a nurse can meet at the door."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from matrescence.actions.enrolment import enrol
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.enrolment.gate import GateClosed, GateOpen
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.order import Action
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.rules import reason
from matrescence.care.infusion.state import Phase
from matrescence.formulary.programmes import library as programmes

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def opened() -> Course:
    return Course(example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,)), START).do(cmd.Open, -30)


def open_gate(course: Course) -> GateOpen:
    return course.gate(0)


def closed_gate(course: Course) -> GateClosed:
    return GateClosed((reason("infusion.gate", "the patient form is not signed"),))


def gate_of_an_hour_ago(course: Course) -> GateOpen:
    return course.gate(-60)


def gate_of_another_mother(course: Course) -> GateOpen:
    return replace(course.gate(0), session=replace(course.gate(0).session, mother="another mother"))


def gate_of_another_programme(course: Course) -> GateOpen:
    return replace(course.gate(0), programme="spravato")


#   what the gate says                 may it start?
TABLE = (
    (open_gate, True),
    (closed_gate, False),
    (gate_of_an_hour_ago, False),
    (gate_of_another_mother, False),
    (gate_of_another_programme, False),
)


@pytest.mark.rule("infusion.gate")
@pytest.mark.parametrize(("gate", "starts"), TABLE)
def test_it_starts_only_through_an_open_gate_for_this_session_at_this_instant(gate, starts) -> None:  # type: ignore[no-untyped-def]
    course = opened()
    answer = course.ask(cmd.Start, 0, gate(course))
    if starts:
        assert [type(event) for event in answer] == [ev.StartAuthorised]  # type: ignore[union-attr]
    else:
        assert isinstance(answer, Refused)
        assert answer.reasons[0].rule == "infusion.gate"


@pytest.mark.rule("infusion.gate")
def test_a_closed_gate_hands_on_every_reason_it_has() -> None:
    course = opened()
    answer = course.ask(cmd.Start, 0, closed_gate(course))
    assert isinstance(answer, Refused)
    assert "the patient form is not signed" in [why.text for why in answer.reasons]


@pytest.mark.rule("infusion.question", "infusion.gate")
def test_a_finding_before_the_start_must_be_answered_by_a_clinician_first() -> None:
    course = opened().do(cmd.Observe, -10, rd.Oximetry(85.0))
    refused = course.ask(cmd.Start, 0, course.gate(0))
    assert isinstance(refused, Refused)
    assert [why.rule for why in refused.reasons] == ["infusion.question"]
    course.do(cmd.Answer, -5, "hypoxia", True)
    assert not isinstance(course.ask(cmd.Start, 0, course.gate(0)), Refused)


@pytest.mark.rule("infusion.question", "infusion.resume")
def test_a_clinician_who_says_stop_before_the_start_keeps_it_from_starting() -> None:
    course = opened().do(cmd.ReportFinding, -10, "excessive-sedation").do(cmd.Answer, -5, "excessive-sedation", False)
    refused = course.ask(cmd.Start, 0, course.gate(0))
    assert isinstance(refused, Refused)
    assert [why.rule for why in refused.reasons] == ["infusion.resume"]
    course.do(cmd.ReportResolved, -2, "excessive-sedation")
    assert not isinstance(course.ask(cmd.Start, 0, course.gate(0)), Refused)
    course = opened().do(cmd.Observe, -10, rd.Oximetry(85.0)).do(cmd.Answer, -5, "hypoxia", False)
    course.do(cmd.ReportResolved, -2, "hypoxia")
    refused = course.ask(cmd.Start, 0, course.gate(0))
    assert isinstance(refused, Refused)
    assert course.state.barred == "hypoxia"


@pytest.mark.rule("infusion.hypoxia")
def test_no_order_lets_an_infusion_go_on_after_hypoxia() -> None:
    order = opened().order
    for changed in ({"may_resume": True}, {"action": Action.ASK}):
        rules = tuple(replace(r, **changed) if r.finding == "hypoxia" else r for r in order.interruptions)
        with pytest.raises(ValueError, match="hypoxia stops an infusion for ever"):
            replace(order, interruptions=rules)


@pytest.mark.rule("infusion.oximetry")
def test_nothing_starts_and_nothing_resumes_while_the_oximeter_is_silent() -> None:
    course = opened().do(cmd.ReportSilent, -5, "oximetry")
    refused = course.ask(cmd.Start, 0, course.gate(0))
    assert isinstance(refused, Refused)
    assert [why.rule for why in refused.reasons] == ["infusion.oximetry"]
    course.do(cmd.ReportBack, -1, "oximetry")
    course.do(cmd.Start, 0, course.gate(0)).do(cmd.ConfirmRate, 0, 30.0).do(cmd.ConfirmStopped, 10)
    course.do(cmd.ReportSilent, 12, "oximetry")
    refused = course.ask(cmd.Resume, 20, 30.0)
    assert isinstance(refused, Refused)
    assert [why.rule for why in refused.reasons] == ["infusion.oximetry"]


#   minutes between the gate and the first confirmed rate     running, or a deviation?
CONFIRMED = ((0, True), (15, True), (16, False), (180, False))


@pytest.mark.rule("infusion.not-confirmed")
@pytest.mark.parametrize(("minutes", "runs"), CONFIRMED)
def test_a_start_that_nobody_confirms_in_time_lapses(minutes: int, runs: bool) -> None:
    course = opened().do(cmd.Start, 0, opened().gate(0)).do(cmd.ConfirmRate, minutes, 30.0)
    assert course.state.phase is (Phase.RUNNING if runs else Phase.STOP_REQUESTED)


@pytest.mark.rule("infusion.gate", "infusion.rate-above-plan")
def test_a_pump_that_runs_without_a_start_is_a_deviation_and_must_be_stopped_and_checked() -> None:
    course = opened().do(cmd.ConfirmRate, 0, 30.0, by="pump")
    assert course.state.phase is Phase.STOP_REQUESTED
    assert not course.state.rates[-1].within_plan
    course.do(cmd.ConfirmStopped, 1)
    assert course.state.phase is Phase.OPENED
    assert isinstance(course.ask(cmd.Start, 5, course.gate(5)), Refused)
    course.do(cmd.ReportResolved, 6, "pump-deviation")
    assert not isinstance(course.ask(cmd.Start, 7, course.gate(7)), Refused)
    early = course.ask(cmd.Start, -5, course.gate(-5))
    assert isinstance(early, Refused)
    assert "infusion.time" in [why.rule for why in early.reasons]


@pytest.mark.rule("infusion.order")
def test_a_course_runs_by_the_one_order_it_was_opened_with() -> None:
    course = opened()
    course.order = replace(course.order, weight_kg=90.0)
    answer = course.ask(cmd.WriteNote, 0, "x")
    assert isinstance(answer, Refused)
    assert answer.reasons[0].rule == "infusion.order"


@pytest.mark.rule("infusion.phase")
def test_nothing_can_be_done_before_the_course_is_opened() -> None:
    course = Course(opened().order, START)
    answer = course.ask(cmd.Start, 0, course.gate(0))
    assert isinstance(answer, Refused)
    assert answer.reasons[0].rule == "infusion.phase"


@pytest.mark.rule("infusion.time")
def test_nothing_is_recorded_before_it_has_happened() -> None:
    answer = opened().ask(cmd.WriteNote, 10, "from the future", recorded_min=5)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].rule == "infusion.time"


@pytest.mark.rule("infusion.key")
def test_a_key_sent_twice_changes_nothing_and_may_not_return_with_other_content() -> None:
    course = opened()
    command = cmd.WriteNote(course.stamp(0), "note-1", "hello")
    course.say(command)
    known = course.state
    later = replace(command, stamp=replace(command.stamp, recorded_at=command.stamp.recorded_at + timedelta(minutes=9)))
    assert course.say(later).state == known
    with pytest.raises(ValueError, match="already used for something else"):
        course.say(replace(command, text="something else"))


# ---- the real gate, asked with the records of an invented clinic --------------------------

ENROLMENT = Path(__file__).parents[3] / "examples" / "enrolment"
SATURDAY = datetime(2026, 3, 7, 8, 0, tzinfo=ZoneInfo("America/New_York"))

#   the records of the clinic                    may it start?
REAL = (("zulresso_research.toml", True), ("zulresso_without_acknowledgement.toml", False))


@pytest.mark.rule("infusion.gate")
@pytest.mark.parametrize(("records", "starts"), REAL)
def test_the_answer_of_the_real_gate_opens_or_closes_the_start(records: str, starts: bool) -> None:
    answer = enrol("zulresso", ENROLMENT / records, at=SATURDAY).answer
    order = replace(example_order("brexanolone", "label-90", SATURDAY), mother="Ana (invented)", session="ana-1")
    said = Course(order, SATURDAY).do(cmd.Open, -30).ask(cmd.Start, 0, answer)
    assert isinstance(said, Refused) != starts
    if isinstance(said, Refused):
        assert isinstance(answer, GateClosed)
        assert said.reasons[1:] == answer.reasons


@pytest.mark.rule("infusion.gate", "infusion.not-confirmed")
@pytest.mark.parametrize(("minutes", "phase"), [(4, Phase.RUNNING), (5, Phase.STOP_REQUESTED)])
def test_when_the_gates_answer_runs_out_before_the_first_rate_the_start_no_longer_holds(minutes, phase) -> None:  # type: ignore[no-untyped-def]
    course = opened()
    gate = replace(course.gate(0), until=course.stamp(5).happened_at)
    course.do(cmd.Start, 0, gate).do(cmd.ConfirmRate, minutes, 30.0)
    assert course.state.phase is phase


def test_a_drug_that_no_programme_binds_is_gated_by_the_clinics_own_checklist() -> None:
    order = example_order("ketamine", "single", START)
    assert order.programme in programmes.names()
