"""Oximetry is ordered without a break: after how long without a reading does the record say that nobody looks?

The limits are the formulary's: 60 min for brexanolone, 15 min for ketamine, or what the site has set instead.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.enrolment.records import Session
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.alarms import Alarm, alarms
from matrescence.care.infusion.log import as_line, from_line
from matrescence.care.infusion.monitoring import DueItem, Status, coming, due
from matrescence.care.infusion.order import InfusionOrder
from matrescence.care.infusion.ordering import order_from
from matrescence.care.infusion.plan import plan_treatment
from matrescence.care.infusion.state import Phase
from matrescence.formulary import library

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
RULE = "infusion.not-recorded"
SEEN = rd.Oximetry(97.0, 78.0)


def running(drug: str = "brexanolone", regimen: str = "label-90") -> Course:
    return Course(example_order(drug, regimen, START, limits=(INVENTED_LIMIT,)), START).begin()


def open_item(course: Course, at_min: float) -> DueItem | None:
    at = course.stamp(at_min).happened_at
    return next((item for item in (*due(course.state, at), *coming(course.state, at)) if item.rule == RULE), None)


def alarm(course: Course, at_min: float) -> Alarm | None:
    return next((item for item in alarms(course.state, course.stamp(at_min).happened_at) if item.rule == RULE), None)


#   last reading (min; none: never)   asked at (min)   what is said          its time (min)
TABLE = (
    (None, 0.0, Status.COMING, 60),
    (None, 60.0, Status.DUE, 60),
    (None, 60.1, Status.OVERDUE, 60),
    (10.0, 60.1, Status.COMING, 70),
    (10.0, 70.1, Status.OVERDUE, 70),
    (-20.0, 59.0, Status.COMING, 60),  # a reading from before the start does not shorten the time
    (50.0, 30.0, Status.COMING, 60),  # asked about an instant before it: it has not been read yet
)


@pytest.mark.rule("infusion.not-recorded")
@pytest.mark.parametrize(("read", "asked", "status", "due_min"), TABLE)
def test_a_reading_is_due_within_the_limit(read: float | None, asked: float, status: Status, due_min: int) -> None:
    course = running()
    if read is not None:
        course.do(cmd.Observe, read, SEEN)
    found = open_item(course, asked)
    assert found is not None
    assert (found.status, found.due_at) == (status, course.stamp(due_min).happened_at)
    assert found.source == "zulresso_label_2019"  # who asks for the oximetry


@pytest.mark.rule("infusion.not-recorded")
@pytest.mark.hazard("nobody-looks")
def test_while_the_pump_may_run_it_is_a_high_alarm_until_somebody_records_a_reading() -> None:
    course = running()
    assert alarm(course, 60) is None
    found = alarm(course, 61)
    assert found is not None and found.priority.value == "high"
    assert found.text == "Overdue: look at her and record a reading: pulse oximetry with alarm"
    course.do(cmd.Observe, 62, rd.Pulse(80.0))
    assert alarm(course, 63) is not None  # another reading does not answer it
    course.do(cmd.Observe, 64, SEEN)
    assert alarm(course, 65) is None


@pytest.mark.rule("infusion.not-recorded")
@pytest.mark.hazard("nobody-looks")
def test_a_start_that_nobody_confirms_is_watched_too() -> None:
    course = Course(example_order("ketamine", "single", START), START).do(cmd.Open, -30)
    assert open_item(course, -1) is None
    course.do(cmd.Start, 0, course.gate(0))
    assert open_item(course, 14) is None  # the first thing is that somebody says it runs
    assert alarm(course, 16) is not None


@pytest.mark.rule("infusion.not-recorded")
def test_in_a_pause_and_in_the_watch_after_the_end_it_is_shown_and_no_longer_high() -> None:
    course = running("ketamine", "single").do(cmd.RequestStop, 5, "her wish").do(cmd.ConfirmStopped, 6)
    assert course.state.phase is Phase.STOPPED
    paused = alarm(course, 20)
    assert paused is not None and paused.priority.value == "medium"
    course.do(cmd.Observe, 20, SEEN).do(cmd.EndEarly, 25, "her wish")
    after = alarm(course, 40)
    assert after is not None and after.priority.value == "medium"
    assert open_item(course, 25 + 90 + 1) is None  # the ordered watch of 90 min is over


@pytest.mark.rule("infusion.not-recorded")
def test_what_would_come_only_after_the_watch_is_not_announced() -> None:
    course = running("ketamine", "single").do(cmd.Observe, 30, SEEN).do(cmd.Tick, 40).do(cmd.ConfirmStopped, 40)
    course.do(cmd.Observe, 120, SEEN)
    assert open_item(course, 121) is None


@pytest.mark.rule("infusion.not-recorded", "infusion.oximetry")
def test_a_device_known_to_be_silent_has_its_own_alarm_and_not_two() -> None:
    course = running().do(cmd.ReportSilent, 50, "oximetry")
    rules = [item.rule for item in alarms(course.state, course.stamp(70).happened_at)]
    assert "infusion.oximetry" in rules and RULE not in rules
    course.do(cmd.ReportBack, 71, "oximetry")
    assert alarm(course, 72) is not None  # back, and still nothing has been read


def ordered(site_min: float | None) -> InfusionOrder:
    drug = library.load("ketamine")
    treatment = plan_treatment(
        drug.regimens["single"], drug.preparation, drug.observations, weight_kg=70.0, start=START
    )
    session = Session("invented mother", "invented clinic", "session 1")
    return order_from(
        drug, "single", treatment, session=session, weight_kg=70.0, start=START, unrecorded_after_min=site_min
    )


@pytest.mark.rule("infusion.not-recorded")
@pytest.mark.parametrize(("site_min", "limit_min"), [(None, 15.0), (5.0, 5.0), (30.0, 30.0)])
def test_the_site_may_set_its_own_limit(site_min: float | None, limit_min: float) -> None:
    found = {check.kind: check.unrecorded_after_min for check in ordered(site_min).checks}
    assert found.pop("oximetry") == limit_min
    assert set(found.values()) == {None}  # of what is done at its hours there is no such limit


@pytest.mark.rule("infusion.not-recorded")
def test_every_drug_that_is_infused_sets_a_limit_with_its_source() -> None:
    drugs = [library.load(name) for name in library.names()]
    watched = [item for drug in drugs for item in drug.observations if item.continuous]
    assert len(watched) >= 2
    for item in watched:
        assert item.unrecorded_after_min is not None and item.unrecorded_after_min.value is not None
        assert item.unrecorded_after_min.basis == "project-decision"


@pytest.mark.rule("infusion.not-recorded")
def test_an_order_written_before_there_was_a_limit_is_read_without_one() -> None:
    course = running()
    line = json.loads(as_line(course.log[0]))
    line["shape"] = 1
    for check in line["payload"]["order"]["checks"]:
        del check["unrecorded_after_min"]
    old = from_line(json.dumps(line))
    without = tuple(replace(check, unrecorded_after_min=None) for check in course.order.checks)
    assert old == replace(course.log[0], order=replace(course.order, checks=without))  # type: ignore[call-arg]
    assert [
        item
        for item in due(replace(course.state, order=old.order), course.stamp(300).happened_at)  # type: ignore[union-attr]
        if item.rule == RULE
    ] == []
