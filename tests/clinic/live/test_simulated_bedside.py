"""A simulated bedside: it speaks through the port, obeys its panel, and is never there for a real course."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from matrescence.bedside import rehearse, scenario
from matrescence.care.infusion.alarms import Priority, alarms
from matrescence.care.infusion.events import Event
from matrescence.care.infusion.evolve import evolve
from matrescence.care.infusion.state import Phase, State
from matrescence.clinic.clockwork.clock import course_now, now, set_clock
from matrescence.clinic.live import simulated
from matrescence.clinic.live.controls import PAUSE, control_of, obey
from matrescence.clinic.live.models import LiveValue, StripPoint
from matrescence.clinic.live.pace import Pace, pace_of
from matrescence.clinic.log.courses import open_course
from matrescence.reading import InputError

pytestmark = pytest.mark.django_db
Make = Callable[..., Any]


@pytest.fixture(autouse=True)
def no_rooms() -> Iterator[None]:
    simulated.forget()
    yield
    simulated.forget()


@pytest.fixture
def simulation(running: Make) -> str:
    """A simulated course that has run for an hour."""
    course: str = running()
    set_clock(course, course_time=now(), speed=PAUSE)
    return course


def later(course: str, minutes: float) -> None:
    """Let the time of the course go on, and its room with it, in steps as the server does."""
    bedside = simulated.bedside_of(course)
    assert bedside is not None
    until = bedside.room.at + timedelta(minutes=minutes)
    set_clock(course, course_time=until, speed=1.0)
    while bedside.room.at < until:
        simulated.step(course)


def state(course: str) -> Any:
    return open_course(course).known.state


def test_a_real_course_has_no_simulated_bedside(running: Make) -> None:
    course = running()
    assert simulated.bedside_of(course) is None and control_of(course) is None
    with pytest.raises(InputError, match="no simulated bedside"):
        obey(course, {"do": "pump", "press": "stop"})


def test_its_devices_speak_through_the_port(simulation: str) -> None:
    later(simulation, 5)
    assert LiveValue.objects.get(course=simulation, measure="spo2_percent").value > 90
    assert StripPoint.objects.filter(course=simulation, backfilled=False).exists()
    assert state(simulation).phase is Phase.RUNNING


def high_while_it_ran(log: tuple[Event, ...]) -> list[str]:
    """Every high alarm at the moment something was written, but for a stop that waits to be confirmed."""
    state, found = State(), []
    for event in log:
        state = evolve(state, event)
        found += [
            alarm.text
            for alarm in alarms(state, event.stamp.recorded_at)
            if alarm.priority is Priority.HIGH and alarm.rule != "infusion.stop-not-confirmed"
        ]
    return found


def test_a_quiet_infusion_of_sixty_hours_at_six_hundred_times_the_clock_ends_without_a_high_alarm() -> None:
    """The pump tells of each step at its time, though its rhythm at this speed is one word in five minutes."""
    pace = Pace(now(), now(), 600.0, simulated=True)
    quiet = replace(scenario.load("quiet-night"), rhythm=simulated.rhythm_at(pace.speed), hours=61.0, faults=())
    assert quiet.rhythm.pump_every_s == 300.0
    played = rehearse.run_scenario(quiet, policy=pace.policy, beat_s=simulated.STEP.total_seconds())
    start = played.state.started_at
    assert start is not None and played.state.ended is Phase.COMPLETED
    hours = [((point.at - start) / timedelta(hours=1), point.rate_ug_per_kg_h) for point in played.state.rates]
    assert hours == [(0.0, 30.0), (4.0, 60.0), (24.0, 90.0), (52.0, 60.0), (56.0, 30.0), (60.0, 0.0)]
    assert high_while_it_ran(played.log) == []
    assert [alarm.text for alarm in alarms(played.state, played.room.at)] == []


def test_the_page_is_never_ahead_of_the_room_that_it_shows(simulation: str) -> None:
    later(simulation, 1)
    bedside = simulated.bedside_of(simulation)
    assert bedside is not None
    come_to = bedside.room.at
    set_clock(simulation, course_time=come_to + timedelta(seconds=140), speed=600.0)  # a quarter of a second later
    assert simulated.shown_pace(simulation).at == come_to
    set_clock(simulation, course_time=come_to + timedelta(hours=2), speed=600.0)  # the room has stumbled
    assert simulated.shown_pace(simulation).at > come_to + timedelta(hours=1)


def test_hypoxia_stops_it_for_ever_and_the_simulated_nurse_confirms_the_stop(simulation: str) -> None:
    later(simulation, 1)
    obey(simulation, {"do": "fault", "fault": "hypoxia@woman", "minutes": "10"})
    later(simulation, 5)
    found = state(simulation)
    assert found.barred == "hypoxia" and found.phase is Phase.ENDED_EARLY


def test_without_the_simulated_nurse_a_stop_waits_for_a_person(simulation: str) -> None:
    later(simulation, 1)
    obey(simulation, {"do": "nurse", "nurse": "away"})
    obey(simulation, {"do": "fault", "fault": "hypoxia@woman", "minutes": "10"})
    later(simulation, 4)
    assert state(simulation).phase is Phase.STOP_REQUESTED
    obey(simulation, {"do": "pump", "press": "stop"})
    later(simulation, 2)
    assert state(simulation).phase is Phase.ENDED_EARLY  # the pump itself said that it stands still


def test_a_silent_oximeter_is_noticed_in_the_time_of_the_room(simulation: str) -> None:
    later(simulation, 1)
    obey(simulation, {"do": "fault", "fault": "silence@oximeter", "minutes": "5"})
    later(simulation, 2)
    assert "oximetry" in state(simulation).silent
    later(simulation, 5)
    assert "oximetry" not in state(simulation).silent


def test_a_pause_stops_the_room(simulation: str) -> None:
    later(simulation, 1)
    obey(simulation, {"do": "speed", "speed": "0"})
    at, position = course_now(simulation), open_course(simulation).position
    simulation_room = simulated.bedside_of(simulation)
    simulated.step(simulation)
    assert simulation_room is not None and abs((simulation_room.room.at - at).total_seconds()) < 2
    assert open_course(simulation).position == position


@pytest.mark.parametrize(("speed", "steps"), [("1", 8), ("60", 15), ("600", 40)])
def test_at_any_speed_no_device_counts_as_silent_that_speaks(simulation: str, speed: str, steps: int) -> None:
    later(simulation, 1)
    obey(simulation, {"do": "speed", "speed": speed})
    bedside = simulated.bedside_of(simulation)
    assert bedside is not None and bedside.speed == float(speed)
    pace = pace_of(simulation)
    for number in range(steps):
        to = bedside.room.at + timedelta(seconds=30)
        simulated.go_on(simulation, bedside, to, pace)
        assert not state(simulation).silent, number


@pytest.mark.parametrize(
    "said",
    [{"do": "fly"}, {"do": "speed", "speed": "7"}, {"do": "fault", "fault": "flood"},
     {"do": "fault", "fault": "hypoxia@woman", "minutes": "many"}],
)  # fmt: skip
def test_what_cannot_be_played_is_refused_in_one_sentence(simulation: str, said: dict[str, str]) -> None:
    with pytest.raises(InputError):
        obey(simulation, said)


def test_the_panel_is_offered_to_those_who_may_play(simulation: str, logged_in: Make) -> None:
    url = f"/mothers/{simulation}/infusion/simulator/"
    assert "Let something go wrong" in logged_in("nurse").get(url).content.decode()
    browser = logged_in("pharmacist")
    assert browser.post(url, {"do": "fault", "fault": "probe-off@oximeter", "minutes": "5"}).status_code == 302
    assert logged_in("coordinator").post(url, {"do": "pump", "press": "stop"}).status_code == 403
