"""What one nurse tells the next: worked out by hand for the label's staircase at hour 10."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.handover import Handover, handover
from matrescence.care.infusion.state import Phase, State

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
H = 60


def running(until_h: float) -> Course:
    """70 kg, brexanolone by the label, everything done at its time."""
    order = example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,))
    return Course(order, START).begin().routine(until_h * H + 1)


def told(course: Course, at_min: float, **ahead: timedelta) -> Handover:
    found = handover(course.state, course.stamp(at_min).happened_at, **ahead)
    assert found is not None
    return found


@pytest.mark.rule("infusion.handover")
def test_it_says_what_runs_and_what_has_been_given() -> None:
    found = told(running(10), 10 * H + 10)
    assert (found.phase, found.rate_ug_per_kg_h, found.planned_rate_ug_per_kg_h) == (Phase.RUNNING, 60.0, 60.0)
    # 60 ug/kg/h x 70 kg = 4200 ug/h from 1 mg/mL
    assert found.rate_ml_per_h == pytest.approx(4.2)
    # 30 for 4 h, then 60 for 6 h and 10 min
    assert found.given.confirmed_ug_per_kg == pytest.approx(4 * 30 + (6 + 1 / 6) * 60)
    assert found.planned_ug_per_kg == pytest.approx(4 * 30 + 20 * 60 + 28 * 90 + 4 * 60 + 4 * 30)
    assert (found.started_at, found.ends_at) == (START, START + timedelta(hours=60))
    assert found.bag is not None
    assert (found.bag.number, found.bag.since, found.bag.change_by) == (1, START, START + timedelta(hours=12))


@pytest.mark.rule("infusion.handover")
def test_it_says_what_is_due_now_and_in_the_next_four_hours() -> None:
    course = running(10)
    found = told(course, 12 * H)
    assert [item.what for item in found.due_now][:1] == ["look at her and record a reading: pulse oximetry with alarm"]
    assert {item.what for item in found.due_now} >= {"excessive sedation check", "hang bag 2"}
    later = told(course, 10 * H + 10)
    hours = [(round((item.due_at - START) / timedelta(hours=1)), item.what) for item in later.due_soon]
    assert hours == [
        (11, "look at her and record a reading: pulse oximetry with alarm"),
        (12, "excessive sedation check"),
        (12, "hang bag 2"),
        (14, "excessive sedation check"),
    ]
    assert [item.what for item in told(course, 10 * H + 10, ahead=timedelta(hours=1)).due_soon] == [hours[0][1]]


@pytest.mark.rule("infusion.handover")
def test_it_gives_the_newest_reading_of_each_kind_with_its_age_and_who_read_it() -> None:
    course = running(10).do(cmd.Observe, 10 * H + 20, rd.BloodPressure(118.0, 74.0))
    course.do(cmd.Observe, 10 * H + 25, rd.BloodPressure(121.0, 76.0), by="monitor")
    found = told(course, 10 * H + 30)
    assert [(type(r.reading).__name__, r.age_min, r.by) for r in found.readings] == [
        ("BloodPressure", 5.0, "monitor"),
        ("Oximetry", 30.0, "nurse Kim"),
        ("Sedation", 30.0, "nurse Kim"),
    ]
    assert found.readings[0].reading == rd.BloodPressure(121.0, 76.0)
    earlier = told(course, 10 * H + 22)
    assert earlier.readings[0].reading == rd.BloodPressure(118.0, 74.0)


@pytest.mark.rule("infusion.handover")
def test_it_names_what_is_open_and_who_is_responsible_until_it_is_accepted() -> None:
    course = running(10).do(cmd.Observe, 10 * H + 20, rd.Sedation(excessive=True))
    course.do(cmd.ReportFinding, 10 * H + 21, "rash").do(cmd.ReportSilent, 10 * H + 22, "pump")
    course.do(cmd.WriteNote, 10 * H + 23, "her sister is with her").do(cmd.OfferHandover, 10 * H + 24, "nurse Rosa")
    found = told(course, 10 * H + 30)
    assert (found.nurse, found.offered_to) == ("nurse Kim", "nurse Rosa")
    assert [item.finding for item in found.findings] == ["excessive-sedation"]
    assert [item.finding for item in found.questions] == ["rash"]
    assert [device for device, _ in found.silent] == ["pump"]
    assert found.alarms[0].rule == "infusion.stop-not-confirmed"
    assert [text for _, text in found.notes] == ["her sister is with her"]
    course.do(cmd.AcceptHandover, 10 * H + 31, by="nurse Rosa")
    assert (told(course, 10 * H + 32).nurse, told(course, 10 * H + 32).offered_to) == ("nurse Rosa", None)


def test_after_a_resume_it_names_the_rate_that_holds_the_plan_down() -> None:
    course = running(26).do(cmd.RequestStop, 26 * H + 5, "she asks").do(cmd.ConfirmStopped, 26 * H + 6)
    assert (told(course, 26 * H + 7).rate_ug_per_kg_h, told(course, 26 * H + 7).rate_ml_per_h) == (0.0, 0.0)
    course.do(cmd.Resume, 26 * H + 10, 45.0).do(cmd.ConfirmRate, 26 * H + 11, 45.0)
    found = told(course, 26 * H + 12)
    assert (found.ceiling_ug_per_kg_h, found.rate_ml_per_h) == (45.0, pytest.approx(3.15))
    assert found.planned_rate_ug_per_kg_h == 90.0


def test_before_it_is_opened_and_after_she_has_left_there_is_nothing_to_hand_over() -> None:
    assert handover(State(), START) is None
    course = running(61)
    assert told(course, 61 * H + 5).phase is Phase.COMPLETED
    course.do(cmd.Discharge, 61 * H + 30)
    assert handover(course.state, course.stamp(62 * H).happened_at) is None


def test_without_a_plan_of_bags_and_of_millilitres_neither_is_made_up() -> None:
    course = running(1)
    stairs = tuple(replace(stair, rate_ml_per_h=None) for stair in course.order.stairs)
    bare = replace(course.state, order=replace(course.order, bags=(), stairs=stairs))
    found = handover(bare, START + timedelta(hours=1))
    assert found is not None and found.bag is not None
    assert (found.rate_ml_per_h, found.bag.change_by) == (None, None)
