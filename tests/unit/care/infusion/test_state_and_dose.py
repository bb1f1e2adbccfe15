"""The fold, the order, the stamp, and the dose: small facts about the values themselves."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.actions.infusion_examples import Course, example_order, hypoxia, sedation_stop_and_resume
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import events as ev
from matrescence.care.infusion.alarms import alarms
from matrescence.care.infusion.decide import decide
from matrescence.care.infusion.dose import Dose, dose
from matrescence.care.infusion.evolve import evolve, replay
from matrescence.care.infusion.monitoring import check_times, coming, continuous, due
from matrescence.care.infusion.order import Check, InfusionOrder, Stair
from matrescence.care.infusion.ordering import order_from, sleep_periods
from matrescence.care.infusion.outcome import Refused
from matrescence.care.infusion.plan import plan_treatment
from matrescence.care.infusion.readings import BloodPressure, Consciousness, Oximetry, Pulse, Sedation, shown
from matrescence.care.infusion.rules import RULES, rule_of
from matrescence.care.infusion.stamp import Cause, Stamp
from matrescence.care.infusion.state import (
    Phase,
    State,
    past_end,
    planned_rate_at,
    rate_before_stop,
)
from matrescence.care.infusion.timeline import sentence
from matrescence.care.mother import SleepWindow
from matrescence.formulary import library

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)


def course() -> Course:
    return Course(example_order("brexanolone", "label-90", START), START)


def test_a_stamp_keeps_instants_in_utc_and_needs_a_zone_and_a_name() -> None:
    local = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    stamp = Stamp(local, local.replace(fold=1), "nurse")
    assert stamp.recorded_at - stamp.happened_at == timedelta(hours=1)
    with pytest.raises(ValueError, match="no time zone"):
        Stamp(datetime(2026, 1, 1), START, "nurse")  # noqa: DTZ001
    with pytest.raises(ValueError, match="must be named"):
        Stamp(START, START, " ")


@pytest.mark.parametrize(
    "stairs",
    [
        (),
        (Stair(1.0, 4.0, 30.0),),
        (Stair(0.0, 4.0, 30.0), Stair(5.0, 6.0, 60.0)),
        (Stair(0.0, 4.0, 30.0), Stair(3.0, 6.0, 60.0)),
        (Stair(0.0, 0.0, 30.0),),
        (Stair(0.0, 4.0, 0.0),),
    ],
)
def test_an_order_needs_stairs_without_gap_or_overlap(stairs: tuple[Stair, ...]) -> None:
    with pytest.raises(ValueError, match="they must start at hour 0"):
        InfusionOrder("d", "r", "m", "s", "p", 70.0, "UTC", stairs)


def test_a_course_that_is_not_open_knows_nothing_and_says_so() -> None:
    state = State()
    with pytest.raises(ValueError, match="has not been opened"):
        _ = state.ordered
    assert (alarms(state, START), due(state, START), coming(state, START)) == ((), (), ())
    assert continuous(state, START) == ()
    assert dose(state, START) == Dose(0.0, 0.0)
    assert not past_end(state, START)
    assert rate_before_stop(state) == 0.0


def test_before_the_first_rate_no_check_has_a_time() -> None:
    opened = course().do(cmd.Open, -30)
    assert check_times(opened.state, opened.order.checks[1]) == ()
    assert coming(opened.state, START) == ()
    assert planned_rate_at(opened.state, START) == 30.0


def test_a_check_without_interval_or_hours_is_due_once_when_the_watch_ends() -> None:
    begun = course()
    check = Check("look once more", "readiness", after_end_h=2.0)
    begun.order = replace(begun.order, checks=(check,))
    begun.begin()
    assert check_times(begun.state, check) == (START + timedelta(hours=62),)


def test_an_order_without_bags_or_grace_has_no_bag_due_and_is_overdue_at_once() -> None:
    begun = course()
    begun.order = replace(begun.order, bags=(), overdue_after_min=0.0)
    begun.begin()
    at = START + timedelta(hours=2, seconds=1)
    found = [(item.status.value, item.kind) for item in due(begun.state, at)]
    assert found == [("overdue", "reading"), ("overdue", "check")]


#   hours since the start     confirmed     at most       (30 confirmed at hour 0, nothing more)
LEDGER = ((0.0, 0, 0), (2.0, 60, 60), (4.0, 120, 120), (5.0, 120, 180), (25.0, 120, 120 + 20 * 60 + 90))


@pytest.mark.parametrize(("hours", "confirmed", "at_most"), LEDGER)
def test_what_runs_beyond_a_stair_unconfirmed_counts_at_the_higher_of_both_rates(hours, confirmed, at_most) -> None:  # type: ignore[no-untyped-def]
    found = dose(course().begin().state, START + timedelta(hours=hours))
    assert (found.confirmed_ug_per_kg, found.at_most_ug_per_kg) == pytest.approx((confirmed, at_most))


def test_after_the_plans_end_the_last_rate_still_counts_as_possible() -> None:
    begun = course().begin().routine(59 * 60)
    assert dose(begun.state, START + timedelta(hours=62)).at_most_ug_per_kg == pytest.approx(4200 + 2 * 30)
    log = [*begun.log, ev.RateConfirmed(begun.stamp(61 * 60), begun.log[-1].cause, 30.0)]
    late = dose(replay(log), START + timedelta(hours=62))
    assert late.confirmed_ug_per_kg == pytest.approx(4200)
    assert late.at_most_ug_per_kg == pytest.approx(4200 + 60)


def test_a_pump_that_ran_before_any_start_counts_as_possible() -> None:
    ran = course().do(cmd.Open, -30).do(cmd.ConfirmRate, -20, 30.0, by="pump")
    assert dose(ran.state, START).at_most_ug_per_kg == pytest.approx(10.0)
    assert dose(ran.state, START).confirmed_ug_per_kg == 0.0


def test_a_late_rate_before_every_known_point_is_folded_without_complaint() -> None:
    begun = course().begin()
    early = ev.RateConfirmed(begun.stamp(-10), begun.log[-1].cause, 30.0)
    state = evolve(begun.state, early)
    assert [point.at for point in state.rates] == [START - timedelta(minutes=10), START]


def test_a_confirmed_rate_in_a_course_that_is_over_is_folded_and_leaves_it_over() -> None:
    over = sedation_stop_and_resume()
    event = ev.RateConfirmed(over.stamp(62 * 60), over.log[-1].cause, 30.0)
    assert evolve(over.state, event).phase is Phase.DISCHARGED


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 47), max_size=40))
def test_evolve_takes_any_events_in_any_order_without_complaint(picks: list[int]) -> None:
    log = sedation_stop_and_resume().log
    state = replay([log[0], *(log[pick % len(log)] for pick in picks)])
    at = log[-1].stamp.happened_at
    assert isinstance(alarms(state, at), tuple)
    assert isinstance(due(state, at), tuple)


def test_a_session_of_a_series_counts_its_own_hours() -> None:
    drug = library.load("ketamine")
    start = datetime(2026, 3, 26, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    plan = plan_treatment(
        drug.regimens["series-of-six"], drug.preparation, drug.observations, weight_kg=60.0, start=start
    )
    session = Session("invented", "invented", "session 3")
    made = order_from(drug, "series-of-six", plan, session=session, session_number=3, weight_kg=60.0, start=start)
    assert made.stairs[0].start_h == 0.0
    assert made.total_ug_per_kg == pytest.approx(500.0)
    assert [bag.hang_at_h for bag in made.bags] in ([], [0.0])
    with pytest.raises(ValueError, match="no infusion number 9"):
        order_from(drug, "x", plan, session=session, session_number=9, weight_kg=60.0, start=start)


def test_planned_sleep_becomes_instants_longer_or_shorter_by_the_hour_that_changes() -> None:
    start = datetime(2026, 10, 24, 8, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    windows = (SleepWindow(time(23, 0), time(7, 0)), SleepWindow(time(13, 0), time(14, 0)))
    found = sleep_periods(start, windows, hours=36.0)
    assert [(period.end - period.start) / timedelta(hours=1) for period in found] == [1.0, 9.0, 1.0]


def test_every_reading_is_shown_with_its_unit() -> None:
    from matrescence.care.infusion.readings import Awareness, Drawn, PlasmaLevel

    assert [shown(reading) for reading in (
        Oximetry(97.0), Oximetry(97.0, 70.0), Pulse(70.0), BloodPressure(120.0, 80.0), Sedation(excessive=True),
        Sedation(scale="RASS", score=-1.0), Consciousness(Awareness.LOST), PlasmaLevel(61.5, drawn=Drawn.VEIN),
        PlasmaLevel(0.0, below_ng_per_ml=0.5),
    )] == [
        "SpO2 97 %", "SpO2 97 %, pulse 70/min", "pulse 70/min", "blood pressure 120/80 mmHg", "sedation excessive",
        "sedation not judged, RASS -1", "consciousness lost", "plasma level 61.5 ng/mL, drawn from a vein",
        "plasma level below 0.5 ng/mL, the limit of quantification",
    ]  # fmt: skip


def test_a_bar_holds_even_in_a_log_that_lost_the_end_of_its_course() -> None:
    barred = hypoxia()
    log = [event for event in barred.log if not isinstance(event, ev.Ended | ev.Discharged)]
    state = replay(log)
    assert state.phase is Phase.STOPPED
    answer = decide(state, cmd.Resume(barred.stamp(13 * 60), "new", 30.0), barred.order)
    assert isinstance(answer, Refused)
    assert [why.rule for why in answer.reasons] == ["infusion.resume"]


def test_a_deviation_and_a_lifted_ceiling_have_their_sentences() -> None:
    stamp, cause = course().stamp(0), Cause("x", "0")
    told = [sentence(ev.PumpDeviated(stamp, cause, 120.0, "too fast")), sentence(ev.CeilingLifted(stamp, cause))]
    assert told == ["DEVIATION: pump at 120 ug/kg/h: too fast", "the rate may rise with the plan again"]


def test_rule_ids_are_unique_and_a_finding_without_its_own_rule_has_the_general_one() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)
    assert rule_of("hypoxia") == "infusion.hypoxia"
    assert rule_of("pump-deviation") == "infusion.rate-above-plan"
    assert rule_of("rash") == "infusion.finding"


def test_the_safety_rules_never_reach_a_simulation() -> None:
    code = (
        "import sys, matrescence.care.infusion.decide, matrescence.care.infusion.alarms; "
        "print([name for name in sys.modules if name == 'numpy' or name.startswith('matrescence.pharmacology')])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
