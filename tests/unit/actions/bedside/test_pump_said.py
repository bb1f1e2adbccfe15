"""What a pump says against what is known: told when it changes, never against what it says, never over and over."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from matrescence.actions.bedside.association import Binding
from matrescence.actions.bedside.intake import take
from matrescence.actions.bedside.rates import as_ordered, concentration_mg_per_ml, ml_per_h, ug_per_kg_h
from matrescence.actions.bedside.report import Lane, PumpReport
from matrescence.actions.bedside.seen import Seen
from matrescence.actions.course_commands import command_from
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.stamp import Stamp
from matrescence.care.infusion.state import Phase

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
BOUND = Binding("pump", "a course", START - timedelta(hours=1), None, "nurse Kim")


class Bed:
    """A course and a pump beside it; 70 kg, 1 mg/mL: 30, 60, 90 ug/kg/h are 2.1, 4.2, 6.3 mL/h."""

    def __init__(self) -> None:
        order = example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,))
        self.course, self.seen, self.number = Course(order, START).do(cmd.Open, -30), Seen(), 0

    def says(self, at_s: float, rate_ml_per_h: float, received_s: float | None = None) -> list[dict[str, object]]:
        """The pump says its rate (0: stands still); what is written because of it is written."""
        self.number += 1
        received_at = START + timedelta(seconds=at_s if received_s is None else received_s)
        report = PumpReport(
            device="pump",
            message_id=str(self.number),
            observed_at=START + timedelta(seconds=at_s),
            received_at=received_at,
            lane=Lane.LIVE,
            running=rate_ml_per_h > 0,
            rate_ml_per_h=rate_ml_per_h,
        )
        taken = take(self.seen, report, state=self.course.state, binding=BOUND, now=received_at)
        self.seen = taken.seen
        for record in taken.records:
            stamp = Stamp(record.happened_at, received_at, record.by)
            self.course.say(command_from(record.payload, key=record.key, stamp=stamp, where="test"))  # type: ignore[arg-type]
        return [dict(record.payload) for record in taken.records if record.command not in DEVICES]

    def started(self) -> Bed:
        self.course.do(cmd.Start, 0, self.course.gate(0))
        assert self.says(10, 2.1) == [{"command": "confirm-rate", "rate_ug_per_kg_h": 30.0}]
        return self


DEVICES = {"report-silent", "report-back"}  # hours pass here between two messages
STOPPED = [{"command": "confirm-stopped"}]


def rate(value: float) -> list[dict[str, object]]:
    return [{"command": "confirm-rate", "rate_ug_per_kg_h": value}]


def test_a_pump_that_stands_still_before_the_start_stops_nothing() -> None:
    bed = Bed()
    assert bed.says(-60, 0.0) == []
    bed.course.do(cmd.Start, 0, bed.course.gate(0))
    assert bed.says(5, 0.0) == []
    assert bed.course.state.phase is Phase.STARTING


def test_the_first_rate_confirms_the_start_and_the_same_rate_is_not_told_again() -> None:
    bed = Bed().started()
    assert bed.course.state.phase is Phase.RUNNING
    assert [bed.says(10 + at, 2.1) for at in range(10, 200, 10)] == [[]] * 19


def test_a_pump_that_runs_before_any_start_is_a_deviation() -> None:
    bed = Bed()
    assert bed.says(-60, 2.1) == rate(30.0)
    assert bed.course.state.phase is Phase.STOP_REQUESTED


#   the pump steps up so many seconds from the plan's step at hour 4       what is written
STEPS = ((0, rate(60.0)), (20, rate(60.0)), (-50, []), (-70, rate(60.0)))


@pytest.mark.parametrize(("early", "written"), STEPS)
def test_a_step_a_minute_early_is_waited_for_and_a_longer_one_is_a_deviation(
    early: float, written: list[object]
) -> None:
    bed = Bed().started()
    step = 10 + 4 * 3600
    assert bed.says(step + early, 4.2) == written
    deviates = early < -60
    assert (bed.course.state.phase is Phase.STOP_REQUESTED) is deviates
    if not deviates:
        bed.says(step + 1 + max(early, 0), 4.2)
        assert bed.course.state.rate_ug_per_kg_h == 60.0


def test_a_pump_that_keeps_the_higher_rate_past_a_step_down_is_told() -> None:
    bed = Bed().started()
    for hour, ml in ((4, 4.2), (24, 6.3)):
        bed.says(10 + hour * 3600, ml)
    down = 10 + 52 * 3600
    assert bed.says(down + 30, 6.3) == []
    assert bed.says(down + 90, 6.3) == rate(90.0)
    assert bed.course.state.phase is Phase.STOP_REQUESTED


def test_a_stop_is_confirmed_once() -> None:
    bed = Bed().started()
    assert bed.says(100, 0.0) == STOPPED
    assert bed.says(110, 0.0) == []


def test_straight_after_a_start_a_message_of_before_it_stops_nothing() -> None:
    bed = Bed().started()
    assert bed.says(13, 0.0) == []
    assert bed.says(16, 0.0) == STOPPED


def test_a_pump_that_goes_on_after_a_stop_request_is_told_after_a_minute_and_not_with_every_message() -> None:
    bed = Bed().started()
    bed.course.do(cmd.RequestStop, 2, "she asks for it")
    told = {at: bed.says(at, 2.1) for at in range(121, 500, 10)}
    assert [at for at, written in told.items() if written] == [181, 481]
    assert bed.says(505, 0.0) == STOPPED


def test_a_pump_that_starts_again_by_itself_is_a_deviation() -> None:
    bed = Bed().started()
    bed.says(100, 0.0)
    assert bed.says(103, 2.1) == []  # may speak of the moment before
    assert bed.says(110, 2.1) == rate(30.0)
    assert bed.course.state.phase is Phase.STOP_REQUESTED


def test_a_stop_that_becomes_known_late_is_a_note_where_running_was_confirmed_since() -> None:
    bed = Bed().started()
    bed.says(10 + 4 * 3600, 4.2)
    written = bed.says(3600, 0.0, received_s=5 * 3600)
    assert [payload["command"] for payload in written] == ["write-note"]
    assert "stood still" in str(written[0]["text"])
    assert bed.says(3610, 0.0, received_s=5 * 3600 + 1) == []
    assert bed.course.state.phase is Phase.RUNNING


def test_a_late_rate_finds_its_place_in_the_past() -> None:
    bed = Bed().started()
    bed.says(6 * 3600, 4.2)
    assert bed.says(10 + 4 * 3600, 4.2, received_s=6 * 3600 + 5) == rate(60.0)
    assert [point.rate_ug_per_kg_h for point in bed.course.state.rates] == [30.0, 60.0, 60.0]


def test_a_pump_whose_clock_is_behind_does_not_stop_the_infusion_at_its_step() -> None:
    bed = Bed().started()
    step = 10 + 4 * 3600
    assert bed.says(step - 300, 4.2, received_s=step + 20) == rate(60.0)
    assert bed.course.state.phase is Phase.RUNNING
    assert "late" in {problem.code for problem in bed.seen.problems}


def test_millilitres_and_micrograms_are_one_rate() -> None:
    """30 ug/kg/h x 70 kg = 2.1 mg/h; at 1 mg/mL that is 2.1 mL/h."""
    bed = Bed().started()
    order = bed.course.order
    assert concentration_mg_per_ml(order) == pytest.approx(1.0)
    assert ml_per_h(30.0, order) == pytest.approx(2.1)
    assert ug_per_kg_h(2.1, order) == pytest.approx(30.0)
    at = START + timedelta(hours=1)
    rounded = {ml: as_ordered(ml, bed.course.state, at, 0.1) for ml in (2.05, 2.15, 2.16, 4.2)}
    assert rounded == {2.05: 30.0, 2.15: 30.0, 2.16: 30.86, 4.2: 60.0}


def test_without_a_concentration_a_person_is_asked_for_the_rate() -> None:
    bed = Bed()
    stairs = tuple(replace(stair, rate_ml_per_h=None) for stair in bed.course.order.stairs)
    order = replace(bed.course.order, stairs=stairs)
    bed.course = Course(order, START).do(cmd.Open, -30)
    bed.course.do(cmd.Start, 0, bed.course.gate(0))
    assert bed.says(10, 2.1) == []
    assert [problem.code for problem in bed.seen.problems] == ["no-concentration"]
