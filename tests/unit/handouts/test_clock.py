from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from matrescence.handouts.checks import by_day
from matrescence.handouts.clock import Clock, date_in_full, day_and_time, time_of_day

Plan = dict[str, Any]
SPRING = Clock.of({"start": "2026-03-07T08:00:00-05:00", "time_zone": "America/New_York"})
AUTUMN = Clock.of({"start": "2026-10-24T08:00:00+02:00", "time_zone": "Europe/Berlin"})


def test_a_day_after_the_start_it_is_an_hour_later_on_the_wall_when_clocks_went_forward() -> None:
    assert day_and_time(SPRING.at(24)) == "Sun 8 Mar 09:00"
    assert day_and_time(SPRING.at(60)) == "Mon 9 Mar 21:00"


def test_a_day_after_the_start_it_is_an_hour_earlier_on_the_wall_when_clocks_went_back() -> None:
    assert day_and_time(AUTUMN.at(24)) == "Sun 25 Oct 07:00"


def test_hours_and_clock_times_are_each_others_reverse_across_the_change() -> None:
    for clock in (SPRING, AUTUMN):
        for at_h in (0.0, 15.5, 18.25, 24.0, 60.0):
            assert clock.hours(clock.at(at_h)) == pytest.approx(at_h)


def test_the_night_of_the_change_has_23_or_25_hours() -> None:
    spring, autumn = SPRING.midnights(0, 60), AUTUMN.midnights(0, 60)
    assert spring[1].at_h - spring[0].at_h == pytest.approx(23)
    assert autumn[1].at_h - autumn[0].at_h == pytest.approx(25)


def test_ticks_are_round_clock_times_and_midnight_names_its_day() -> None:
    ticks = SPRING.ticks(0, 84, at_most=12)
    assert [tick.label for tick in ticks][:4] == ["12:00", "00:00", "12:00", "00:00"]
    assert [tick.day for tick in ticks if tick.day] == ["Sun 8 Mar", "Mon 9 Mar", "Tue 10 Mar"]


def test_forty_minutes_are_shown_in_minutes() -> None:
    clock = Clock.of({"start": "2026-09-14T10:00:00-06:00", "time_zone": "America/Denver"})
    assert [tick.label for tick in clock.ticks(0, 2 / 3, at_most=5)] == ["10:00", "10:10", "10:20", "10:30", "10:40"]


def test_a_zone_this_machine_does_not_know_falls_back_to_the_offset_of_the_start() -> None:
    clock = Clock.of({"start": "2026-03-07T08:00:00-05:00", "time_zone": "UTC-05:00"})
    assert clock.at(24).isoformat() == "2026-03-08T08:00:00-05:00"
    assert clock.hours(datetime(2026, 3, 7, 13, tzinfo=UTC)) == pytest.approx(0)


def test_dates_are_written_the_same_on_every_machine() -> None:
    assert date_in_full("2025-04-14") == "14 April 2025"
    assert date_in_full("some day") == "some day"
    assert time_of_day(datetime(2026, 1, 2, 3, 4, tzinfo=UTC)) == "03:04"


def test_what_is_shown_on_the_clock_is_what_the_plan_says(any_plan: Plan) -> None:
    # A third of an hour is written with ten digits; the minute that is shown must not be the one before.
    clock = Clock.of(any_plan)
    rows = [(check["at_h"], check["at"]) for check in any_plan["checks"]]
    rows += [(bag["change_by_h"], bag["change_by"]) for bag in any_plan["bags"]]
    for at_h, at in rows:
        assert clock.at(at_h) == datetime.fromisoformat(at)


def test_ketamine_at_a_quarter_past_eleven_is_looked_at_eighty_minutes_later_and_not_a_minute_before(
    grace: Plan,
) -> None:
    (row,) = [group for group in by_day(grace, Clock.of(grace)) if group["what"] == "Dissociation check"]
    assert [day["times"] for day in row["days"]] == [["11:55", "12:35"]]
