"""Late entries, corrections, devices, bags, handover, and the end: what they change, and what they must not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.dose import dose
from matrescence.care.infusion.evolve import replay
from matrescence.care.infusion.monitoring import coming, due, missed
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.state import Phase
from matrescence.care.infusion.timeline import timeline

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
H = 60.0


def begun(drug: str = "brexanolone", regimen: str = "label-90") -> Course:
    return Course(example_order(drug, regimen, START, limits=(INVENTED_LIMIT,)), START).begin()


def rules(answer: object) -> list[str]:
    assert isinstance(answer, Refused)
    return [why.rule for why in answer.reasons]


# ---- names, and what has been seen ------------------------------------------


@pytest.mark.rule("infusion.device-silent")
def test_a_device_under_a_name_that_nothing_is_watched_by_is_refused() -> None:
    """ "oximeter" would be silent without anybody being told that her oximetry is."""
    assert rules(begun().ask(cmd.ReportSilent, 10, "oximeter")) == ["infusion.device-silent"]


@pytest.mark.rule("infusion.finding")
def test_a_finding_is_known_however_it_is_written() -> None:
    for written in ("Hypoxia", " hypoxia ", "HYPOXIA"):
        course = begun().do(cmd.ReportFinding, 10, written)
        assert (course.state.phase, course.state.barred) == (Phase.STOP_REQUESTED, "hypoxia")
    assert begun().do(cmd.ReportFinding, 10, "Excessive sedation").state.phase is Phase.STOP_REQUESTED


@pytest.mark.rule("infusion.question")
def test_an_alarm_that_begins_after_another_of_its_rule_was_seen_has_not_been_seen() -> None:
    course = begun().do(cmd.ReportFinding, 10, "rash").do(cmd.Acknowledge, 11, "infusion.question")
    course.do(cmd.ReportFinding, 20, "chest pain")
    seen = {alarm.text.split()[2]: alarm.acknowledged for alarm in alarms(course.state, course.stamp(21).happened_at)}
    assert (seen["rash"], seen["chest-pain"]) == (True, False)


@pytest.mark.rule("infusion.bag-due", "infusion.plan-complete")
def test_when_the_plan_is_over_nobody_is_told_to_hang_a_bag() -> None:
    course = begun("ketamine", "single")
    found = due(course.state, course.stamp(60).happened_at)
    assert "stop: the plan's time is over" in [item.what for item in found]
    assert "bag" not in {item.kind for item in found}


@pytest.mark.rule("infusion.gate")
def test_a_log_with_a_rate_and_no_start_says_so() -> None:
    """A file that other hands have changed: the rules never write a rate without a start."""
    course = begun()
    log = [event for event in course.log if not isinstance(event, ev.StartAuthorised)]
    at = course.stamp(5).happened_at
    assert "infusion.gate" in [alarm.rule for alarm in alarms(replay(log), at)]
    course = begun().do(cmd.RequestStop, 1, "because")
    log = [event for event in course.log if not isinstance(event, ev.StartAuthorised)]
    assert [alarm.rule for alarm in alarms(replay(log), at)][:2] == ["infusion.stop-not-confirmed", "infusion.gate"]


# ---- late entries ------------------------------------------------------------


@pytest.mark.rule("infusion.late-entry")
def test_a_late_check_counts_for_when_it_was_done_and_is_marked() -> None:
    course = begun().do(cmd.ConfirmRate, 4 * H, 60.0)
    at = course.stamp(4 * H + 30).happened_at
    assert [f"{item.due_at:%H:%M}" for item in missed(course.state, at)] == ["10:00"]
    course.do(cmd.Observe, 2 * H + 5, rd.Sedation(excessive=False), recorded_min=4 * H + 20)
    assert missed(course.state, at) == ()
    assert [line.late for line in timeline(course.log)][-2:] == [False, True]
    assert course.state.late == (course.log[-1].cause.key,)
    assert (course.state.phase, course.state.rate_ug_per_kg_h) == (Phase.RUNNING, 60.0)


@pytest.mark.rule("infusion.late-entry", "infusion.hypoxia")
def test_a_hypoxia_entered_late_stops_now() -> None:
    course = begun().do(cmd.ConfirmRate, 4 * H, 60.0)
    course.do(cmd.Observe, 3 * H, rd.Oximetry(84.0), recorded_min=5 * H)
    assert course.state.phase is Phase.STOP_REQUESTED
    assert course.state.stop_requests[0].at == course.stamp(5 * H).happened_at
    course.do(cmd.ConfirmStopped, 4 * H + 50, recorded_min=5 * H + 1)
    assert course.state.phase is Phase.ENDED_EARLY


#   a rate entered late: at hour, rate      what becomes of it           (30 from hour 0, 60 from 4, stopped at 10-11)
LATE_RATES = (
    (2.0, 30.0, "placed in the past"),
    (2.0, 15.0, "placed in the past"),
    (2.0, 60.0, "deviation, clinician asked"),
    (9.95, 60.0, "deviation, clinician asked"),  # a stop had been requested at 9.9
    (10.5, 60.0, "infusion.time"),  # it was confirmed stopped then
    (-0.5, 30.0, "infusion.time"),  # before the first confirmed rate
    (11.5, 45.0, "deviation, clinician asked"),  # above the ceiling since the resume at 30
)


@pytest.mark.rule("infusion.late-entry", "infusion.rate-above-plan")
@pytest.mark.parametrize(("hour", "rate", "becomes"), LATE_RATES)
def test_a_rate_entered_late_changes_the_past_and_never_the_present(hour: float, rate: float, becomes: str) -> None:
    course = begun().routine(9 * H).do(cmd.RequestStop, 9.9 * H, "her wish").do(cmd.ConfirmStopped, 10 * H)
    course.do(cmd.Resume, 11 * H, 30.0).do(cmd.ConfirmRate, 11 * H, 30.0).do(cmd.ConfirmRate, 12 * H, 30.0)
    before = course.state
    answer = course.ask(cmd.ConfirmRate, hour * H, rate, recorded_min=13 * H)
    if becomes.startswith("infusion."):
        assert rules(answer) == [becomes]
        return
    course.do(cmd.ConfirmRate, hour * H, rate, recorded_min=13 * H)
    assert (course.state.phase, course.state.last_point) == (before.phase, before.last_point)
    placed = len(course.state.rates) == len(before.rates) + 1
    assert placed
    assert bool(course.state.questions) == (becomes != "placed in the past")


@pytest.mark.rule("infusion.late-entry")
def test_a_rate_entered_late_while_a_stop_is_open_tells_of_before_the_request_or_of_a_deviation() -> None:
    course = begun().do(cmd.RequestStop, 60, "her wish")
    course.do(cmd.ConfirmRate, 50, 30.0, recorded_min=62)
    assert isinstance(course.log[-1], ev.RateConfirmed)
    assert course.state.phase is Phase.STOP_REQUESTED
    course.do(cmd.ConfirmRate, 70, 30.0).do(cmd.ConfirmRate, 65, 30.0, recorded_min=72)
    assert isinstance(course.log[-2], ev.PumpDeviated)
    assert course.state.phase is Phase.STOP_REQUESTED


@pytest.mark.rule("infusion.late-entry")
def test_a_late_lower_rate_lowers_the_dose_of_the_past() -> None:
    course = begun().routine(5 * H)
    assert dose(course.state, course.stamp(5 * H).happened_at).confirmed_ug_per_kg == pytest.approx(30 * 4 + 60)
    course.do(cmd.ConfirmRate, 2 * H, 15.0, recorded_min=5 * H)
    assert dose(course.state, course.stamp(5 * H).happened_at).confirmed_ug_per_kg == pytest.approx(
        30 * 2 + 15 * 2 + 60
    )


# ---- corrections ------------------------------------------------------------


@pytest.mark.rule("infusion.correction")
def test_a_correction_replaces_the_reading_and_is_a_new_event() -> None:
    course = begun().do(cmd.Observe, 10, rd.Oximetry(91.0))
    wrong = course.log[-1].cause.key
    course.do(cmd.CorrectObservation, 12, wrong, rd.Oximetry(97.0))
    (seen,) = course.state.observations
    assert (seen.reading, seen.corrected, seen.at) == (rd.Oximetry(97.0), True, course.stamp(10).happened_at)
    assert [type(event).__name__ for event in course.log[-2:]] == ["Observed", "ObservationCorrected"]


@pytest.mark.rule("infusion.correction", "infusion.hypoxia")
def test_a_correction_never_lifts_a_stop_or_a_bar() -> None:
    course = begun().do(cmd.Observe, 10, rd.Oximetry(49.0))
    course.do(cmd.CorrectObservation, 11, course.state.observations[0].key, rd.Oximetry(94.0))
    assert (course.state.phase, course.state.barred) == (Phase.STOP_REQUESTED, "hypoxia")
    course.do(cmd.ConfirmStopped, 12)
    assert course.state.phase is Phase.ENDED_EARLY


@pytest.mark.rule("infusion.correction", "infusion.hypoxia")
def test_a_correction_can_cause_a_stop() -> None:
    course = begun().do(cmd.Observe, 10, rd.Oximetry(98.0)).do(cmd.Observe, 11, rd.Oximetry(97.0))
    course.do(cmd.CorrectObservation, 12, course.state.observations[0].key, rd.Oximetry(88.0))
    assert course.state.phase is Phase.STOP_REQUESTED


@pytest.mark.rule("infusion.correction", "infusion.plausible")
def test_a_correction_must_name_a_reading_and_be_of_its_kind_and_possible() -> None:
    course = begun().do(cmd.Observe, 10, rd.Oximetry(98.0))
    key = course.state.observations[0].key
    assert rules(course.ask(cmd.CorrectObservation, 12, "nothing", rd.Oximetry(97.0))) == ["infusion.correction"]
    assert rules(course.ask(cmd.CorrectObservation, 12, key, rd.Pulse(80.0))) == ["infusion.correction"]
    assert rules(course.ask(cmd.CorrectObservation, 12, key, rd.Oximetry(170.0))) == ["infusion.plausible"]


# ---- devices, bags, checks ------------------------------------------------------------


@pytest.mark.rule("infusion.device-silent", "infusion.oximetry")
def test_silence_is_a_state_that_is_shown_until_the_device_is_back() -> None:
    course = begun().do(cmd.ReportSilent, 10, "oximetry").do(cmd.ReportSilent, 12, "pump")
    assert course.ask(cmd.ReportSilent, 13, "pump") == ()
    found = [(a.rule, a.priority.value, a.text) for a in alarms(course.state, course.stamp(20).happened_at)]
    assert found[:2] == [
        ("infusion.oximetry", "high", "oximetry is silent: watch her in person until it is back"),
        ("infusion.device-silent", "medium", "pump is silent: what it would say is unknown"),
    ]
    assert rules(course.ask(cmd.ReportBack, 9, "oximetry")) == ["infusion.time"]
    course.do(cmd.ReportBack, 22, "oximetry").do(cmd.ReportBack, 22, "pump").do(cmd.HangBag, 22, 1)
    assert course.ask(cmd.ReportBack, 23, "pump") == ()
    assert alarms(course.state, course.stamp(25).happened_at) == ()


@pytest.mark.rule("infusion.oximetry")
def test_after_the_end_the_oximeter_is_needed_as_long_as_the_order_says() -> None:
    course = begun("ketamine", "single").routine(42).do(cmd.ReportSilent, 50, "oximetry")
    inside, after = (course.stamp(minute).happened_at for minute in (129, 131))
    assert "infusion.oximetry" in [alarm.rule for alarm in alarms(course.state, inside)]
    assert "infusion.oximetry" not in [alarm.rule for alarm in alarms(course.state, after)]
    assert "infusion.device-silent" in [alarm.rule for alarm in alarms(course.state, after)]


@pytest.mark.rule("infusion.bag-due")
def test_bags_hang_in_their_order_each_for_its_planned_time_from_when_it_was_really_hung() -> None:
    course = begun()
    at = course.stamp(1).happened_at
    assert [item.what for item in due(course.state, at)] == ["hang bag 1"]
    assert rules(course.ask(cmd.HangBag, 1, 2)) == ["infusion.bag-due"]
    course.do(cmd.HangBag, 30, 1)
    (bag,) = [item for item in coming(course.state, course.stamp(31).happened_at) if item.kind == "bag"]
    assert bag.due_at == course.stamp(12 * H + 30).happened_at
    assert rules(course.ask(cmd.HangBag, 20, 2)) == ["infusion.time"]
    for number in range(2, 7):
        course.do(cmd.HangBag, 30 + number, number)
    texts = [alarm.text for alarm in alarms(course.state, course.stamp(40).happened_at)]
    assert texts == ["Bag 6 hangs; 5 were planned"]
    assert [item.what for item in coming(course.state, course.stamp(40).happened_at)][-2:][0] == "hang bag 7"


@pytest.mark.rule("infusion.check-due")
def test_only_an_ordered_check_can_be_done_by_its_name() -> None:
    course = begun()
    assert rules(course.ask(cmd.DoCheck, 10, "a check nobody ordered")) == ["infusion.check-due"]
    course.do(cmd.DoCheck, 2 * H, "excessive sedation check").do(cmd.HangBag, 2 * H, 1)
    course.do(cmd.Observe, 2 * H, rd.Oximetry(97.0))
    assert due(course.state, course.stamp(2 * H).happened_at) == ()


# ---- people ------------------------------------------------------------


@pytest.mark.rule("infusion.handover")
def test_the_nurse_who_hands_over_stays_responsible_until_the_receiving_nurse_has_confirmed() -> None:
    course = begun().do(cmd.HangBag, 0, 1).do(cmd.OfferHandover, 50, "nurse Rosa")
    assert course.state.nurse == "nurse Kim"
    (alarm,) = alarms(course.state, course.stamp(51).happened_at)
    assert (alarm.rule, alarm.priority.value) == ("infusion.handover", "low")
    assert rules(course.ask(cmd.AcceptHandover, 62, by="nurse Mia")) == ["infusion.handover"]
    course.do(cmd.AcceptHandover, 63, by="nurse Rosa")
    assert course.state.nurse == "nurse Rosa"
    assert rules(course.ask(cmd.OfferHandover, 64, "nurse Mia")) == ["infusion.handover"]  # by nurse Kim
    assert rules(course.ask(cmd.OfferHandover, 64, "nurse Rosa", by="nurse Rosa")) == ["infusion.handover"]
    assert rules(course.ask(cmd.AcceptHandover, 65, by="nurse Mia")) == ["infusion.handover"]


@pytest.mark.rule("infusion.phase", "infusion.plausible")
def test_notes_say_something_and_alarms_have_a_rule() -> None:
    course = begun()
    assert rules(course.ask(cmd.WriteNote, 1, "  ")) == ["infusion.plausible"]
    assert rules(course.ask(cmd.Acknowledge, 1, "infusion.nonsense")) == ["infusion.phase"]
    course.do(cmd.WriteNote, 1, "she sleeps")
    assert course.state.notes[0][1] == "she sleeps"


# ---- the end ------------------------------------------------------------


@pytest.mark.rule("infusion.plan-complete")
def test_at_the_end_a_stop_is_requested_and_the_course_is_complete_when_it_is_confirmed() -> None:
    course = begun("ketamine", "single").do(cmd.Tick, 39)
    assert course.state.phase is Phase.RUNNING
    course.do(cmd.Tick, 40)
    assert course.state.phase is Phase.STOP_REQUESTED
    assert course.ask(cmd.Tick, 41) == ()
    course.do(cmd.ConfirmStopped, 41)
    assert course.state.phase is Phase.COMPLETED


@pytest.mark.rule("infusion.phase")
def test_a_clinician_ends_a_stopped_course_early_and_a_running_one_only_after_its_stop() -> None:
    course = begun()
    assert rules(course.ask(cmd.EndEarly, 10, "her wish")) == ["infusion.phase"]
    course.do(cmd.ConfirmStopped, 11).do(cmd.EndEarly, 12, "her wish")
    assert course.state.phase is Phase.ENDED_EARLY


#   minutes after the end of a ketamine session; what is still open        may she leave?
LEAVING = (
    (89.0, (), ["infusion.discharge"]),
    (90.0, (), []),
    (120.0, ("severe-hypertension",), ["infusion.question"]),
)


@pytest.mark.rule("infusion.discharge")
@pytest.mark.parametrize(("minutes", "open_", "refused"), LEAVING)
def test_she_leaves_when_nothing_is_open_and_the_watch_is_over(minutes, open_, refused) -> None:  # type: ignore[no-untyped-def]
    course = begun("ketamine", "single").do(cmd.Tick, 40).do(cmd.ConfirmStopped, 40)
    for finding in open_:
        course.do(cmd.ReportFinding, 45, finding)
    answer = course.ask(cmd.Discharge, 40 + minutes)
    assert (rules(answer) if refused else [type(e) for e in answer]) == (refused or [ev.Discharged])  # type: ignore[union-attr]


@pytest.mark.rule("infusion.discharge")
def test_she_does_not_leave_with_a_finding_that_has_not_passed_and_after_leaving_only_the_record_goes_on() -> None:
    course = begun().do(cmd.Observe, 10, rd.Oximetry(84.0)).do(cmd.ConfirmStopped, 12)
    assert rules(course.ask(cmd.Discharge, 60)) == ["infusion.discharge"]
    course.do(cmd.ReportResolved, 50, "hypoxia").do(cmd.Discharge, 60)
    assert rules(course.ask(cmd.ConfirmRate, 61, 30.0)) == ["infusion.phase"]
    course.do(cmd.ReportFinding, 62, "hypoxia").do(cmd.WriteNote, 63, "telephone call")
    found = alarms(course.state, course.stamp(70).happened_at)
    assert [alarm.rule for alarm in found] == ["infusion.question"]
    assert due(course.state, course.stamp(70).happened_at) == ()
