"""May it go on, and at which rate?  Tables for a stop in the third stair of brexanolone by the label (90 ug/kg/h)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.dose import dose, late_words_ug_per_kg
from matrescence.care.infusion.monitoring import due
from matrescence.care.infusion.order import ResumeRate
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.state import Phase

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
H = 60.0


def running_until(hour: float) -> Course:
    order = example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,))
    return Course(order, START).begin().routine(hour * H)


def stopped_at(hour: float) -> Course:
    course = running_until(hour).do(cmd.Observe, hour * H, rd.Sedation(excessive=True))
    return course.do(cmd.ConfirmStopped, hour * H + 2)


def rules(answer: object) -> list[str]:
    assert isinstance(answer, Refused)
    return [why.rule for why in answer.reasons]


#   stopped at   goes on at   rate asked   answer
TABLE = (
    (30.0, 31.0, 90.0, "yes"),
    (30.0, 31.0, 60.0, "yes"),
    (30.0, 31.0, 90.1, "infusion.resume-rate"),
    (30.0, 31.0, 0.0, "infusion.plausible"),
    (30.0, 31.0, float("nan"), "infusion.plausible"),
    (3.0, 5.0, 30.0, "yes"),
    (3.0, 5.0, 60.0, "infusion.resume-rate"),  # planned by then, but higher than before the stop
    (51.5, 53.0, 90.0, "infusion.resume-rate"),  # the rate before the stop, but above the plan by then
    (51.5, 53.0, 60.0, "yes"),
    (59.0, 60.5, 30.0, "infusion.clock-runs-on"),  # the plan's time is over
)


@pytest.mark.rule("infusion.resume-rate", "infusion.clock-runs-on")
@pytest.mark.parametrize(("stop_h", "resume_h", "rate", "answer"), TABLE)
def test_at_which_rate_it_may_go_on(stop_h: float, resume_h: float, rate: float, answer: str) -> None:
    course = stopped_at(stop_h).do(cmd.ReportResolved, stop_h * H + 30, "excessive-sedation")
    said = course.ask(cmd.Resume, resume_h * H, rate)
    if answer == "yes":
        assert [type(event) for event in said] == [ev.ResumeAuthorised]  # type: ignore[union-attr]
    else:
        assert answer in rules(said)


@pytest.mark.rule("infusion.resume-rate")
@pytest.mark.parametrize(("rate", "refused"), [(90.0, True), (89.0, False)])
def test_a_drug_may_ask_for_a_lower_rate(rate: float, refused: bool) -> None:
    course = running_until(0.01)
    lower = tuple(replace(rule, resume_rate=ResumeRate.LOWER) for rule in course.order.interruptions)
    course = Course(replace(course.order, interruptions=lower), START).begin().routine(30 * H)
    course.do(cmd.Observe, 30 * H, rd.Sedation(excessive=True)).do(cmd.ConfirmStopped, 30 * H + 2)
    course.do(cmd.ReportResolved, 30 * H + 9, "excessive-sedation")
    assert isinstance(course.ask(cmd.Resume, 30 * H + 20, rate), Refused) == refused


@pytest.mark.rule("infusion.resume", "infusion.question")
def test_it_goes_on_only_when_everything_has_resolved_and_every_question_is_answered_and_all_reasons_are_told() -> None:
    course = stopped_at(30).do(cmd.ReportFinding, 30 * H + 5, "rash")
    assert rules(course.ask(cmd.Resume, 31 * H, 120.0)) == [
        "infusion.resume-rate",
        "infusion.resume-rate",
        "infusion.resume",
        "infusion.question",
    ]
    course.do(cmd.ReportResolved, 30 * H + 20, "excessive-sedation").do(cmd.Answer, 30 * H + 21, "rash", True)
    course.do(cmd.Resume, 31 * H, 90.0).do(cmd.ConfirmRate, 31 * H + 1, 90.0)
    assert course.state.phase is Phase.RUNNING
    assert course.state.findings == ()


@pytest.mark.rule("infusion.resume")
def test_sedation_seen_again_must_pass_again() -> None:
    course = stopped_at(30).do(cmd.ReportResolved, 30 * H + 20, "excessive-sedation")
    course.do(cmd.Observe, 30 * H + 25, rd.Sedation(excessive=True))
    assert rules(course.ask(cmd.Resume, 31 * H, 60.0)) == ["infusion.resume"]
    assert rules(course.ask(cmd.ReportResolved, 30 * H + 22, "excessive-sedation")) == ["infusion.time"]
    assert rules(course.ask(cmd.ReportResolved, 30 * H + 22, "hypoxia")) == ["infusion.resume"]


@pytest.mark.rule("infusion.not-confirmed")
def test_a_resume_lapses_and_may_be_asked_for_again() -> None:
    course = stopped_at(30).do(cmd.ReportResolved, 30 * H + 20, "excessive-sedation").do(cmd.Resume, 31 * H, 60.0)
    texts = {minute: alarms(course.state, course.stamp(31 * H + minute).happened_at)[0].text for minute in (1, 16)}
    assert texts == {1: "Resume is not confirmed: confirm the rate", 16: "Resume has lapsed: ask again"}
    again = course.do(cmd.Resume, 31 * H + 30, 60.0)
    assert again.state.phase is Phase.RESUMING
    assert rules(again.ask(cmd.Resume, 29 * H, 60.0)) == ["infusion.time"]
    assert rules(again.ask(cmd.ConfirmStopped, 31 * H + 29)) == ["infusion.time"]
    again.do(cmd.ConfirmRate, 31 * H + 50, 60.0)
    assert again.state.phase is Phase.STOP_REQUESTED  # it ran 20 min after a resume that held for 15


@pytest.mark.rule("infusion.resume-rate", "infusion.rate-above-plan")
def test_a_pump_that_goes_on_faster_than_authorised_is_a_deviation() -> None:
    course = stopped_at(30).do(cmd.ReportResolved, 30 * H + 20, "excessive-sedation").do(cmd.Resume, 31 * H, 60.0)
    course.do(cmd.ConfirmRate, 31 * H + 1, 90.0)
    assert course.state.phase is Phase.STOP_REQUESTED
    assert course.state.stop_requests[0].finding == "pump-deviation"


@pytest.mark.rule("infusion.ceiling")
def test_after_a_resume_at_a_lower_rate_it_rises_only_when_a_clinician_lets_it_and_not_in_the_same_stair() -> None:
    course = stopped_at(10).do(cmd.ReportResolved, 10 * H + 20, "excessive-sedation")
    course.do(cmd.Resume, 11 * H, 30.0).do(cmd.ConfirmRate, 11 * H, 30.0)
    assert rules(course.ask(cmd.LiftCeiling, 12 * H)) == ["infusion.ceiling"]
    course.routine(23.9 * H)
    item = next(item for item in due(course.state, course.stamp(24 * H).happened_at) if item.kind == "rate")
    assert "held down since the resume" in item.what
    course.do(cmd.ConfirmRate, 24 * H, 30.0).do(cmd.LiftCeiling, 25 * H).do(cmd.ConfirmRate, 25 * H + 5, 90.0)
    assert course.state.rate_ug_per_kg_h == 90.0
    assert rules(course.ask(cmd.LiftCeiling, 26 * H)) == ["infusion.ceiling"]


@pytest.mark.rule("infusion.ceiling", "infusion.rate-above-plan")
def test_above_the_ceiling_is_a_deviation_even_below_the_plan() -> None:
    course = stopped_at(10).do(cmd.ReportResolved, 10 * H + 20, "excessive-sedation")
    course.do(cmd.Resume, 11 * H, 30.0).do(cmd.ConfirmRate, 11 * H, 30.0).do(cmd.ConfirmRate, 12 * H, 45.0)
    assert course.state.phase is Phase.STOP_REQUESTED


@pytest.mark.rule("infusion.clock-runs-on", "infusion.plan-complete")
def test_the_clock_runs_on_so_the_end_stays_and_what_was_missed_is_not_made_up() -> None:
    course = stopped_at(30).do(cmd.ReportResolved, 30 * H + 20, "excessive-sedation")
    course.do(cmd.Resume, 31 * H, 90.0).do(cmd.ConfirmRate, 31 * H + 2, 90.0).routine(61 * H)
    assert course.state.phase is Phase.COMPLETED
    assert course.state.ended_at == course.stamp(60 * H).happened_at
    given = dose(course.state, course.stamp(61 * H).happened_at)
    assert given.confirmed_ug_per_kg == pytest.approx(4200.0 - 90.0)  # one hour at 90 was lost
    assert given.at_most_ug_per_kg == pytest.approx(4200.0 - 90.0)


@pytest.mark.rule("infusion.plan-complete")
def test_when_the_time_runs_out_during_a_stop_the_course_has_ended_early() -> None:
    course = stopped_at(59).do(cmd.Tick, 60 * H)
    assert course.state.phase is Phase.ENDED_EARLY
    resuming = stopped_at(59).do(cmd.ReportResolved, 59 * H + 20, "excessive-sedation")
    resuming.do(cmd.Resume, 59 * H + 50, 30.0).do(cmd.Tick, 60 * H)
    assert resuming.state.phase is Phase.STOP_REQUESTED


@pytest.mark.rule("infusion.dose-limit")
def test_a_step_down_that_nobody_confirms_ends_in_a_stop_before_the_planned_total_is_exceeded() -> None:
    course = running_until(51.9)
    noticed = course.do(cmd.Tick, 55 * H)
    assert noticed.state.phase is Phase.RUNNING
    noticed.do(cmd.Observe, 55 * H, rd.Oximetry(97.0))
    top = alarms(noticed.state, course.stamp(55 * H).happened_at)[0]
    assert (top.priority.value, top.rule) == ("high", "infusion.rate-due")
    course.do(cmd.Tick, 56 * H)  # 4 h at 90 are the 360 that the last two stairs would have given
    assert course.state.stop_requests[0].finding == "dose-limit"
    course.do(cmd.ConfirmStopped, 56 * H)
    assert course.state.phase is Phase.COMPLETED
    over = running_until(51.9)
    assert alarms(over.state, over.stamp(58 * H).happened_at)[0].rule == "infusion.dose-limit"
    stopped = running_until(51.9).do(cmd.ConfirmStopped, 57 * H)
    assert "infusion.dose-limit" in rules(stopped.ask(cmd.Resume, 57.5 * H, 30.0))


def confirmed_late(*late_min: float, stopped_min: float = 0.0) -> Course:
    """Sixty hours in which the steps down are confirmed so many minutes after they were due."""
    course = running_until(51.9)
    for end_h, rate, late in zip((52, 56), (60.0, 30.0), late_min, strict=True):
        course.do(cmd.ConfirmRate, end_h * H + late, rate, by="pump")
    return course.do(cmd.ConfirmStopped, 60 * H + stopped_min, by="pump")


def dose_alarms(course: Course) -> list[tuple[str, str]]:
    found = alarms(course.state, course.stamp(61 * H).happened_at)
    return [(one.priority.value, one.text) for one in found if one.rule == "infusion.dose-limit"]


@pytest.mark.rule("infusion.dose-limit")
def test_steps_confirmed_in_time_leave_no_dose_alarm() -> None:
    assert dose_alarms(confirmed_late(0.0, 0.0)) == []


@pytest.mark.rule("infusion.dose-limit")
def test_an_excess_that_late_words_explain_is_a_low_alarm_that_still_says_how_much() -> None:
    """Two steps of 30 ug/kg/h, each a minute late: 2 x 30/60 = 1 ug/kg of 4200, or 0.02 %."""
    (found,) = dose_alarms(confirmed_late(1.0, 1.0))
    assert found[0] == "low" and found[1].startswith("Up to 4201.0 ug/kg may have been given; planned are 4200.")


@pytest.mark.rule("infusion.dose-limit")
def test_late_words_explain_no_more_than_half_a_percent() -> None:
    """Each step 22 minutes late: 2 x 11 = 22 ug/kg of 4200, or 0.52 %."""
    assert [priority for priority, _ in dose_alarms(confirmed_late(20.0, 20.0))] == ["low"]
    assert dose_alarms(confirmed_late(22.0, 22.0)) == [
        ("high", "Up to 4222.0 ug/kg may have been given; planned are 4200")
    ]


@pytest.mark.rule("infusion.dose-limit")
def test_an_excess_that_no_word_explains_is_high_however_small() -> None:
    """The pump still runs, as far as anybody said, two minutes after the end: 1 ug/kg more than planned."""
    course = running_until(51.9).do(cmd.ConfirmRate, 52 * H, 60.0).do(cmd.ConfirmRate, 56 * H, 30.0)
    found = alarms(course.state, course.stamp(60 * H + 2).happened_at)
    assert ("high", "Up to 4201.0 ug/kg may have been given; planned are 4200") in [
        (one.priority.value, one.text) for one in found
    ]


@pytest.mark.rule("infusion.dose-limit")
def test_a_word_against_the_plan_is_no_late_word() -> None:
    """It was said to run at 90 a minute after the step to 60: a deviation, and what it gave counts as one."""
    course = running_until(51.9).do(cmd.ConfirmRate, 52 * H + 1, 90.0, by="pump")
    course.do(cmd.ConfirmStopped, 52 * H + 2)
    late = late_words_ug_per_kg(course.state, course.stamp(53 * H).happened_at)
    assert late == 0.0


@pytest.mark.rule("infusion.rate-above-plan")
@pytest.mark.parametrize(("rate", "runs"), [(60.0, True), (45.0, True), (60.1, False), (600.0, False)])
def test_a_rate_above_the_plan_requests_a_stop_and_one_below_is_shown(rate: float, runs: bool) -> None:
    course = running_until(5).do(cmd.ConfirmRate, 5 * H, rate)
    assert course.state.phase is (Phase.RUNNING if runs else Phase.STOP_REQUESTED)
    texts = [alarm.text for alarm in alarms(course.state, course.stamp(5 * H).happened_at)]
    assert any(text.startswith("Runs at 45") for text in texts) == (rate == 45.0)
    assert any("against the plan" in text for text in texts) == (not runs)


@pytest.mark.rule("infusion.plausible")
@pytest.mark.parametrize("rate", [0.0, -30.0, float("nan"), float("inf")])
def test_a_running_pump_has_a_rate_above_zero(rate: float) -> None:
    assert rules(running_until(1).ask(cmd.ConfirmRate, H, rate)) == ["infusion.plausible"]


@pytest.mark.rule("infusion.rate-above-plan", "infusion.plan-complete")
def test_a_pump_that_starts_by_itself_after_the_end_is_a_deviation_and_the_course_stays_over() -> None:
    course = running_until(60.5).do(cmd.ConfirmRate, 61 * H, 30.0, by="pump")
    assert course.state.phase is Phase.STOP_REQUESTED
    course.do(cmd.ConfirmStopped, 61 * H + 1)
    assert course.state.phase is Phase.COMPLETED
    assert rules(course.ask(cmd.Resume, 62 * H, 30.0)) == ["infusion.phase"]
