"""What each finding does to a running infusion, drug by drug, as a table that a clinician can check."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import Priority, alarms
from matrescence.care.infusion.order import Limit
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.readings import Measure
from matrescence.care.infusion.state import Phase

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
REGIMEN = {"brexanolone": "label-90", "ketamine": "single"}


def running(drug: str, *limits: Limit) -> Course:
    return Course(example_order(drug, REGIMEN[drug], START, limits=limits), START).begin()


#   drug            what is seen                  the pump            may it ever go on?
TABLE = (
    ("brexanolone", "excessive-sedation", "stop requested", "yes, when it has passed"),
    ("brexanolone", "loss-of-consciousness", "stop requested", "yes, when it has passed"),
    ("brexanolone", "hypoxia", "stop requested", "never"),
    ("brexanolone", "rash", "runs on", "a clinician decides"),
    ("ketamine", "excessive-sedation", "stop requested", "yes, when it has passed"),
    ("ketamine", "loss-of-consciousness", "stop requested", "never"),
    ("ketamine", "hypoxia", "stop requested", "never"),
    ("ketamine", "severe-hypertension", "runs on", "a clinician decides"),
    ("ketamine", "severe-dissociation", "runs on", "a clinician decides"),
)


@pytest.mark.rule(
    "infusion.excessive-sedation", "infusion.loss-of-consciousness", "infusion.hypoxia", "infusion.finding"
)
@pytest.mark.parametrize(("drug", "finding", "pump", "goes_on"), TABLE)
def test_what_a_finding_does(drug: str, finding: str, pump: str, goes_on: str) -> None:
    course = running(drug).do(cmd.ReportFinding, 10, finding)
    assert course.state.phase is (Phase.STOP_REQUESTED if pump == "stop requested" else Phase.RUNNING)
    assert bool(course.state.questions) == (goes_on == "a clinician decides")
    if pump == "stop requested":
        course.do(cmd.ConfirmStopped, 11).do(cmd.ReportResolved, 12, finding)
        rate = course.order.stairs[0].rate_ug_per_kg_h
        assert isinstance(course.ask(cmd.Resume, 20, rate), Refused) == (goes_on == "never")


#   what is read                                                      what it shows
READ = (
    (rd.Oximetry(89.9), "hypoxia"),
    (rd.Oximetry(90.0), None),
    (rd.Sedation(excessive=True), "excessive-sedation"),
    (rd.Sedation(excessive=False), None),
    (rd.Sedation(scale="POSS", score=4.0), "excessive-sedation"),
    (rd.Sedation(excessive=False, scale="POSS", score=4.0), "excessive-sedation"),
    (rd.Sedation(excessive=True, scale="POSS", score=1.0), "excessive-sedation"),
    (rd.Sedation(scale="POSS", score=2.0), None),
    (rd.Sedation(scale="RASS", score=-4.0), "excessive-sedation"),
    (rd.Sedation(scale="RASS", score=0.0), None),
    (rd.Consciousness(rd.Awareness.LOST), "loss-of-consciousness"),
    (rd.Consciousness(rd.Awareness.ROUSABLE), None),
    (rd.Consciousness(rd.Awareness.AWAKE), None),
    (rd.Pulse(130.0), None),
)
SITE = (  # invented limits: the sources give no number
    INVENTED_LIMIT,
    Limit(Measure.SEDATION, "excessive-sedation", at_or_above=4.0, scale="POSS"),
    Limit(Measure.SEDATION, "excessive-sedation", at_or_below=-3.0, scale="RASS"),
)


@pytest.mark.rule("infusion.hypoxia", "infusion.excessive-sedation", "infusion.loss-of-consciousness")
@pytest.mark.parametrize(("reading", "finding"), READ)
def test_what_a_reading_shows(reading: rd.Reading, finding: str | None) -> None:
    course = running("brexanolone", *SITE).do(cmd.Observe, 10, reading)
    assert [open_.finding for open_ in course.state.unresolved] == ([finding] if finding else [])
    assert course.state.phase is (Phase.STOP_REQUESTED if finding else Phase.RUNNING)


@pytest.mark.rule("infusion.stop-not-confirmed", "infusion.hypoxia")
def test_on_hypoxia_a_stop_is_requested_and_only_the_pump_or_the_nurse_says_that_it_has_stopped() -> None:
    course = running("brexanolone", INVENTED_LIMIT).do(cmd.Observe, 10, rd.Oximetry(84.0), by="oximeter")
    assert [type(event).__name__ for event in course.log[3:]] == ["Observed", "Found", "StopRequested", "ResumeBarred"]
    for minute in (10, 11, 60, 3000):
        at = course.stamp(minute).happened_at
        assert alarms(course.state, at)[0].rule == "infusion.stop-not-confirmed"
    course.do(cmd.Acknowledge, 11, "infusion.stop-not-confirmed")
    top = alarms(course.state, course.stamp(12).happened_at)[0]
    assert (top.rule, top.priority, top.acknowledged) == ("infusion.stop-not-confirmed", Priority.HIGH, True)
    course.do(cmd.ConfirmStopped, 13, by="pump")
    assert course.state.phase is Phase.ENDED_EARLY
    assert "infusion.stop-not-confirmed" not in [a.rule for a in alarms(course.state, course.stamp(14).happened_at)]


@pytest.mark.rule("infusion.hypoxia", "infusion.resume")
def test_hypoxia_during_a_pause_ends_the_course() -> None:
    course = running("brexanolone", INVENTED_LIMIT).do(cmd.ConfirmStopped, 10).do(cmd.Observe, 12, rd.Oximetry(85.0))
    assert course.state.phase is Phase.ENDED_EARLY
    assert course.state.barred == "hypoxia"


@pytest.mark.rule("infusion.stop-not-confirmed")
def test_a_pump_that_still_runs_after_the_request_is_recorded_and_the_alarm_stays() -> None:
    course = running("brexanolone").do(cmd.RequestStop, 10, "her wish").do(cmd.ConfirmRate, 11, 30.0, by="pump")
    assert isinstance(course.log[-1], ev.PumpDeviated)
    assert course.state.phase is Phase.STOP_REQUESTED
    course.do(cmd.ConfirmRate, 12, 60.0, by="pump")
    assert [open_.finding for open_ in course.state.unresolved] == ["pump-deviation"]
    late = course.ask(cmd.ConfirmStopped, 10.5)
    assert isinstance(late, Refused)
    assert late.reasons[0].rule == "infusion.time"


# ---- blood pressure in a ketamine session: the site sets the limits, or a clinician looks at every value

STOP_AT = Limit(Measure.SYSTOLIC, "severe-hypertension", at_or_above=180.0, source="invented site policy")
STOP_LOW = Limit(Measure.DIASTOLIC, "severe-hypertension", at_or_above=110.0, source="invented site policy")

#   limits set by the site      reading            what follows
PRESSURE = (
    ((STOP_AT, STOP_LOW), (128.0, 82.0), "nothing"),
    ((STOP_AT, STOP_LOW), (180.0, 95.0), "a clinician is asked"),
    ((STOP_AT, STOP_LOW), (150.0, 110.0), "a clinician is asked"),
    ((), (128.0, 82.0), "no threshold set, clinician decides"),
    ((), (220.0, 130.0), "no threshold set, clinician decides"),
    ((STOP_AT,), (150.0, 130.0), "no threshold set, clinician decides"),
    ((replace(STOP_AT, at_or_above=None),), (220.0, 130.0), "no threshold set, clinician decides"),
)


@pytest.mark.rule("infusion.no-limit", "infusion.question")
@pytest.mark.parametrize(("limits", "pressure", "follows"), PRESSURE)
def test_blood_pressure_is_judged_by_the_site_or_by_a_clinician_never_by_silence(limits, pressure, follows) -> None:  # type: ignore[no-untyped-def]
    course = running("ketamine", *limits).do(cmd.Observe, 10, rd.BloodPressure(*pressure))
    assert course.state.observations[-1].reading == rd.BloodPressure(*pressure)
    texts = [alarm.text for alarm in alarms(course.state, course.stamp(10).happened_at)]
    assert any(text.startswith("Clinician decides") for text in texts) == (follows == "a clinician is asked")
    assert any("no threshold set, clinician decides" in text for text in texts) == follows.startswith("no threshold")


@pytest.mark.rule("infusion.question")
@pytest.mark.parametrize(("go_on", "phase"), [(True, Phase.RUNNING), (False, Phase.STOP_REQUESTED)])
def test_the_clinicians_answer_is_followed(go_on: bool, phase: Phase) -> None:
    course = running("ketamine").do(cmd.ReportFinding, 10, "severe-hypertension")
    course.do(cmd.Answer, 12, "severe-hypertension", go_on, by="Dr. Invented")
    assert (course.state.phase, course.state.questions) == (phase, ())
    assert isinstance(course.ask(cmd.Answer, 13, "severe-hypertension", go_on), Refused)


@pytest.mark.rule("infusion.question")
def test_a_clinician_says_stop_to_what_the_order_does_not_know_and_it_must_pass_before_a_resume() -> None:
    course = running("brexanolone").do(cmd.ReportFinding, 10, "rash").do(cmd.Answer, 12, "rash", False)
    course.do(cmd.ConfirmStopped, 13)
    assert isinstance(course.ask(cmd.Resume, 20, 30.0), Refused)
    course.do(cmd.ReportResolved, 25, "rash")
    assert not isinstance(course.ask(cmd.Resume, 26, 30.0), Refused)


@pytest.mark.rule("infusion.question")
def test_an_answer_after_the_end_only_closes_the_question() -> None:
    course = running("ketamine").routine(41).do(cmd.ReportFinding, 50, "severe-hypertension")
    course.do(cmd.Answer, 52, "severe-hypertension", False)
    assert (course.state.phase, course.state.questions) == (Phase.COMPLETED, ())


#   what was typed                                            why it is refused
SLIPS = (
    (rd.Oximetry(101.0), "spo2_percent 101"),
    (rd.Oximetry(float("nan")), "spo2_percent nan"),
    (rd.Oximetry(97.0, 900.0), "pulse_per_min 900"),
    (rd.BloodPressure(80.0, 120.0), "the lower value is not lower"),
    (rd.BloodPressure(1280.0, 82.0), "systolic_mmhg 1280"),
    (rd.Sedation(), "needs a score or the nurse's judgement"),
    (rd.Sedation(score=3.0), "needs the name of its scale"),
    (rd.Sedation(excessive=True, scale="POSS"), "a scale its score"),
    (rd.Pulse(-1.0), "pulse_per_min -1"),
    (rd.PlasmaLevel(-1.0), "level -1 ng/mL"),
    (rd.PlasmaLevel(61_500.0), "level 61500 ng/mL cannot be read; possible: 0 to 10000"),
    (rd.PlasmaLevel(float("nan")), "level nan"),
    (rd.PlasmaLevel(0.0), "a level of 0 ng/mL needs the limit of quantification"),
    (rd.PlasmaLevel(0.0, below_ng_per_ml=0.0), "a level of 0 ng/mL needs the limit of quantification"),
    (rd.PlasmaLevel(0.0, below_ng_per_ml=-1.0), "limit of quantification -1 ng/mL"),
    (rd.PlasmaLevel(12.0, below_ng_per_ml=1.0), "not both"),
)


@pytest.mark.rule("infusion.plausible")
@pytest.mark.parametrize(("reading", "says"), SLIPS)
def test_a_slip_of_the_finger_is_refused_with_its_reason(reading: rd.Reading, says: str) -> None:
    answer = running("brexanolone").ask(cmd.Observe, 10, reading)
    assert isinstance(answer, Refused)
    assert answer.reasons[0].rule == "infusion.plausible"
    assert says in answer.reasons[0].text
