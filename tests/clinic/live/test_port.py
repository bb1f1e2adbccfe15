"""The port for devices from outside: whose a report is, what is shown, what is written, what is trimmed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest

from matrescence.actions.bedside.report import Lane, OximeterReport, PumpReport, Quality
from matrescence.care.infusion.state import Phase
from matrescence.clinic.clockwork.clock import now
from matrescence.clinic.live import store
from matrescence.clinic.live.associations import bind, unbind
from matrescence.clinic.live.models import DeviceProblem, LiveValue, StripPoint, UnboundDevice
from matrescence.clinic.live.pace import pace_of
from matrescence.clinic.live.port import accept, pass_time
from matrescence.clinic.live.watcher import look_once
from matrescence.clinic.log.courses import open_course
from matrescence.reading import InputError

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]
OX, PUMP = "oximeter 7", "pump 3"
_numbers = count(1)


def oximetry(
    spo2: float | None = 97.0, *, ago_s: float = 0.2, at: datetime | None = None, **more: Any
) -> OximeterReport:
    received = at or now()
    observed = received - timedelta(seconds=ago_s)
    fields = {"device": OX, "message_id": str(next(_numbers)), "lane": Lane.LIVE, "pulse_per_min": 80.0} | more
    return OximeterReport(observed_at=observed, received_at=received, spo2_percent=spo2, **fields)


def at_her_bed(course: str, device: str = OX) -> None:
    kind = "pump" if device == PUMP else "oximetry"
    bind(course, device, kind, at=now() - timedelta(minutes=30), by="N. Silva, RN (invented)")


def live(course: str) -> dict[str, Any]:
    return dict(LiveValue.objects.filter(course=course).values_list("measure", "value"))


def test_a_report_of_a_bound_device_is_shown_live_with_both_times(running: Make) -> None:
    course = running()
    at_her_bed(course)
    report = oximetry(98.0)
    accept(report)
    row = LiveValue.objects.get(course=course, measure="spo2_percent")
    assert (row.value, row.observed_at, row.received_at) == (98.0, report.observed_at, report.received_at)


@pytest.mark.rule("device.bound")
@pytest.mark.hazard("wrong-mothers-values")
def test_a_device_that_belongs_to_nobody_stays_nobodys_and_is_visible(running: Make, logged_in: Make) -> None:
    course = running()
    assert accept(oximetry(60.0)).course is None
    assert not LiveValue.objects.exists() and not StripPoint.objects.exists()
    assert UnboundDevice.objects.get().device == OX
    assert OX in logged_in("nurse").get(f"/mothers/{course}/infusion/devices/").content.decode()
    assert open_course(course).known.state.phase is Phase.RUNNING


@pytest.mark.rule("device.at_once")
def test_a_low_saturation_asks_for_a_stop_at_once_in_the_name_of_the_device(running: Make) -> None:
    course = running()
    at_her_bed(course)
    accept(oximetry(85.0))
    state = open_course(course).known.state
    assert state.phase is Phase.STOP_REQUESTED and state.barred == "hypoxia"
    assert state.observations[-1].by == OX


@pytest.mark.rule("device.resend")
def test_the_same_message_twice_is_one(running: Make) -> None:
    course = running()
    at_her_bed(course)
    report = oximetry(85.0)
    accept(report)
    before = open_course(course).position
    accept(report)
    assert open_course(course).position == before and StripPoint.objects.filter(measure="spo2_percent").count() == 1


@pytest.mark.rule("device.demo")
@pytest.mark.hazard("demonstration-charted")
def test_a_demonstration_is_never_hers(running: Make) -> None:
    course = running()
    at_her_bed(course)
    accept(oximetry(98.0))
    accept(oximetry(70.0, lane=Lane.DEMO))
    assert live(course) == {}
    assert 70.0 not in StripPoint.objects.values_list("value", flat=True)
    assert open_course(course).known.state.phase is Phase.RUNNING
    assert "demonstration" in DeviceProblem.objects.get(course=course).text


@pytest.mark.rule("device.back_fill")
@pytest.mark.hazard("old-value-seen-as-now")
def test_a_back_filled_value_goes_to_the_strip_and_never_to_the_tile(running: Make) -> None:
    course = running()
    at_her_bed(course)
    accept(oximetry(97.0))
    accept(oximetry(93.0, ago_s=300.0))
    assert live(course)["spo2_percent"] == 97.0
    assert StripPoint.objects.get(course=course, value=93.0).backfilled


@pytest.mark.rule("device.no_reading")
def test_no_reading_takes_the_number_away_and_says_why(running: Make) -> None:
    course = running()
    at_her_bed(course)
    accept(oximetry(-100.0, quality=Quality.INVALID))
    row = LiveValue.objects.get(course=course, measure="spo2_percent")
    assert row.value is None and "probe" in row.why


def test_silence_is_written_once_and_ends_when_the_device_is_heard_again(running: Make) -> None:
    course = running()
    at_her_bed(course)
    then = now() - timedelta(seconds=45)
    accept(oximetry(97.0, at=then), pace=replace(pace_of(course), at=then))
    pass_time(course, kinds={"oximetry"}, pace=pace_of(course))
    position = open_course(course).position
    assert "oximetry" in open_course(course).known.state.silent
    pass_time(course, kinds={"oximetry"}, pace=pace_of(course))
    assert open_course(course).position == position
    accept(oximetry(97.0))
    assert "oximetry" not in open_course(course).known.state.silent


@pytest.mark.rule("device.silence")
def test_the_watch_notices_silence_by_itself(running: Make) -> None:
    course = running()
    at_her_bed(course)
    then = now() - timedelta(seconds=45)
    accept(oximetry(97.0, at=then), pace=replace(pace_of(course), at=then))
    look_once()
    assert "oximetry" in open_course(course).known.state.silent


def test_the_watch_asks_for_a_stop_when_the_plan_is_over(running: Make) -> None:
    course = running("ketamine", ago=timedelta(minutes=50))
    look_once()
    state = open_course(course).known.state
    assert state.phase is Phase.STOP_REQUESTED and state.stop_requests[0].finding == "plan-complete"
    position = open_course(course).position
    look_once()
    assert open_course(course).position == position


def test_a_pump_that_says_it_runs_confirms_the_rate_of_the_plan(opened: Make, say: Make) -> None:
    course = opened()
    at_her_bed(course, PUMP)
    say(course, "start")
    fields = {"device": PUMP, "message_id": "1", "lane": Lane.LIVE, "running": True, "rate_ml_per_h": 2.1}
    accept(PumpReport(observed_at=now(), received_at=now(), **fields))
    state = open_course(course).known.state
    assert state.phase is Phase.RUNNING and state.rate_ug_per_kg_h == 30.0


def test_the_strip_is_trimmed(running: Make) -> None:
    course = running()
    at_her_bed(course)
    start = now() - timedelta(seconds=600)
    StripPoint.objects.bulk_create(
        StripPoint(course=course, measure="spo2_percent", value=95.0, observed_at=start, received_at=start)
        for _ in range(store.STRIP_KEPT + 50)
    )
    for _ in range(store.TRIM_EVERY):
        accept(oximetry(97.0))
    assert StripPoint.objects.filter(course=course, measure="spo2_percent").count() == store.STRIP_KEPT


def test_a_device_is_at_one_bed_at_a_time(running: Make) -> None:
    course = running()
    at_her_bed(course)
    with pytest.raises(InputError, match="bound to another course"):
        bind("another", OX, "oximetry", at=now(), by="somebody")
    unbind(course, OX, at=now())
    bind("another", OX, "oximetry", at=now(), by="somebody")


def test_what_the_rules_refuse_becomes_a_problem_that_people_see(running: Make, monkeypatch: Any) -> None:
    from matrescence.clinic.live import port

    course = running()
    at_her_bed(course)
    accept(oximetry(97.0))
    wrong = port.Record({"command": "hang-bag", "number": 9}, "x/1", now(), OX)
    monkeypatch.setattr(port.intake, "take", lambda seen, *_, **__: port.Taken(replace(seen), records=(wrong,)))
    accept(oximetry(97.0))
    assert "the next bag is number 1, not 9" in DeviceProblem.objects.get(course=course).text


def test_a_bound_device_that_never_speaks_is_silent_too(running: Make) -> None:
    course = running()
    at_her_bed(course)
    look_once()
    later = port_pace(course, seconds=31)
    pass_time(course, kinds={"oximetry"}, pace=later)
    assert "oximetry" in open_course(course).known.state.silent


def port_pace(course: str, *, seconds: float) -> Any:
    """The clocks of a course, so many seconds on."""
    pace = pace_of(course)
    return replace(pace, at=pace.at + timedelta(seconds=seconds), real=pace.real + timedelta(seconds=seconds))
