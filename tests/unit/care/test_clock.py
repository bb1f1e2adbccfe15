from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.care.clock import asleep, clock_time, hours_between, same_clock_h
from matrescence.care.mother import SleepWindow

NEW_YORK = ZoneInfo("America/New_York")
NIGHT = (SleepWindow(time(22), time(6)),)


@pytest.mark.parametrize(
    ("start", "at_h", "expected"),
    [
        # US clocks go forward on 8 March 2026 at 02:00 and back on 1 November 2026 at 02:00.
        ("2026-03-07T08:00", 18.0, "2026-03-08T03:00:00-04:00"),
        ("2026-03-07T08:00", 17.999, "2026-03-08T01:59:56-05:00"),
        ("2026-03-07T08:00", 60.0, "2026-03-09T21:00:00-04:00"),
        ("2026-10-31T08:00", 17.5, "2026-11-01T01:30:00-04:00"),
        ("2026-10-31T08:00", 18.5, "2026-11-01T01:30:00-05:00"),
        ("2026-10-31T08:00", 60.0, "2026-11-02T19:00:00-05:00"),
        ("2026-06-01T08:00", -3.0, "2026-06-01T05:00:00-04:00"),
    ],
)
def test_hours_on_the_bag_are_elapsed_hours(start: str, at_h: float, expected: str) -> None:
    begins = datetime.fromisoformat(start).replace(tzinfo=NEW_YORK)
    assert clock_time(begins, at_h).isoformat() == expected


@given(
    start=st.datetimes(
        datetime.fromisoformat("2000-01-01"), datetime.fromisoformat("2099-12-31"), timezones=st.just(NEW_YORK)
    ),
    seconds=st.integers(0, 40 * 86400),
)
@settings(max_examples=200, deadline=None)
def test_clock_and_hours_are_inverse(start: datetime, seconds: int) -> None:
    at = clock_time(start, seconds / 3600.0)
    assert at.astimezone(UTC) - start.astimezone(UTC) == timedelta(seconds=seconds)
    assert hours_between(start, at) == pytest.approx(seconds / 3600.0, abs=1e-9)


@pytest.mark.parametrize(
    ("start", "days", "hours"),
    [
        ("2026-03-06T10:00", 1.0, 24.0),
        ("2026-03-06T10:00", 2.0, 47.0),
        ("2026-10-30T10:00", 7.0, 169.0),
        ("2026-03-06T10:00", 2.5, 59.0),
        # 02:30 does not exist on 8 March: it is met an hour later by the wall clock, 24 elapsed hours after.
        ("2026-03-07T02:30", 1.0, 24.0),
    ],
)
def test_an_appointment_keeps_its_time_on_the_wall(start: str, days: float, hours: float) -> None:
    assert same_clock_h(datetime.fromisoformat(start).replace(tzinfo=NEW_YORK), days) == hours


@pytest.mark.parametrize(
    ("at", "expected"), [("21:59:59", False), ("22:00", True), ("00:00", True), ("05:59:59", True), ("06:00", False)]
)
def test_sleep_holds_its_start_and_not_its_end(at: str, expected: bool) -> None:
    assert asleep(datetime.fromisoformat(f"2026-03-08T{at}").replace(tzinfo=NEW_YORK), NIGHT) is expected


def test_a_nap_lies_within_one_day_and_windows_add_up() -> None:
    windows = (*NIGHT, SleepWindow(time(13), time(14, 30)))
    hours = [h for h in range(24) if asleep(datetime(2026, 6, 1, h, 15, tzinfo=NEW_YORK), windows)]
    assert hours == [0, 1, 2, 3, 4, 5, 13, 14, 22, 23]
