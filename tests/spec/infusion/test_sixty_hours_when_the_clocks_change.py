"""What is due over 60 hours in the two nights of the year in which the clocks change, to the minute.

Drug, bags and checks keep elapsed time: an hour is an hour.  Planned sleep (23:00 to 07:00) is kept by the clock on
the wall.  Written out by hand from a calendar.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from matrescence.actions.infusion_examples import Course, example_order
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion import readings as rd
from matrescence.care.infusion.monitoring import check_times, coming, due, missed
from matrescence.care.infusion.state import instant

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")

#   a day longer by an hour: sedation checks by the wall clock, none between 23:00 and 07:00
AUTUMN_BERLIN = """
24 Oct +0200: 10:00 12:00 14:00 16:00 18:00 20:00 22:00
25 Oct +0100: 07:00 09:00 11:00 13:00 15:00 17:00 19:00 21:00
26 Oct +0100: 07:00 09:00 11:00 13:00 15:00 17:00 19:00
"""
#   a day shorter by an hour
SPRING_BERLIN = """
28 Mar +0100: 10:00 12:00 14:00 16:00 18:00 20:00 22:00
29 Mar +0200: 07:00 09:00 11:00 13:00 15:00 17:00 19:00 21:00
30 Mar +0200: 07:00 09:00 11:00 13:00 15:00 17:00 19:00 21:00
"""
AUTUMN_NEW_YORK = """
31 Oct -0400: 10:00 12:00 14:00 16:00 18:00 20:00 22:00
01 Nov -0500: 07:00 09:00 11:00 13:00 15:00 17:00 19:00 21:00
02 Nov -0500: 07:00 09:00 11:00 13:00 15:00 17:00 19:00
"""
#   an ordinary weekend, for comparison
ORDINARY = """
17 Oct +0200: 10:00 12:00 14:00 16:00 18:00 20:00 22:00
18 Oct +0200: 08:00 10:00 12:00 14:00 16:00 18:00 20:00 22:00
19 Oct +0200: 08:00 10:00 12:00 14:00 16:00 18:00 20:00
"""

#   start                                                   checks              end by the wall clock
NIGHTS = (
    (datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN), AUTUMN_BERLIN, "26 Oct 19:00"),
    (datetime(2026, 3, 28, 8, 0, tzinfo=BERLIN), SPRING_BERLIN, "30 Mar 21:00"),
    (datetime(2026, 10, 31, 8, 0, tzinfo=NEW_YORK), AUTUMN_NEW_YORK, "02 Nov 19:00"),
    (datetime(2026, 10, 17, 8, 0, tzinfo=BERLIN), ORDINARY, "19 Oct 20:00"),
)


def begun(start: datetime) -> Course:
    return Course(example_order("brexanolone", "label-90", start), start).begin()


def written(text: str) -> list[str]:
    """The rows of a table above, one time at a time."""
    rows = (line.split(": ", 1) for line in text.strip().splitlines())
    return [f"{day} {time}" for day, times in rows for time in times.split()]


@pytest.mark.rule("infusion.check-due", "infusion.sleep")
@pytest.mark.parametrize(("start", "table", "end"), NIGHTS)
def test_sedation_checks_fall_every_two_elapsed_hours_and_rest_in_planned_sleep(start, table, end) -> None:  # type: ignore[no-untyped-def]
    course = begun(start)
    check = next(check for check in course.order.checks if check.kind == "sedation")
    shown = [f"{time.astimezone(start.tzinfo):%d %b %z %H:%M}" for time in check_times(course.state, check)]
    assert shown == written(table)
    finish = instant(course.state, 60.0)
    assert finish is not None
    assert f"{finish.astimezone(start.tzinfo):%d %b %H:%M}" == end


#   at (wall clock)          what is due or overdue when nobody has done anything but hang the first bag and watch her
NOTHING_DONE = (
    ("2026-10-24T10:00+02:00", ["due 10:00 excessive sedation check"]),
    ("2026-10-24T10:15+02:00", ["due 10:00 excessive sedation check"]),
    ("2026-10-24T10:16+02:00", ["overdue 10:00 excessive sedation check"]),
    (
        "2026-10-24T12:00+02:00",
        ["due 12:00 excessive sedation check", "due 12:00 set and confirm 60 ug/kg/h = 4.20 mL/h"],
    ),
    (
        "2026-10-25T02:30+02:00",  # the first half past two of that night
        [
            "overdue 12:00 set and confirm 60 ug/kg/h = 4.20 mL/h",
            "overdue 20:00 hang bag 2",
            "overdue 22:00 excessive sedation check",
        ],
    ),
    (
        "2026-10-25T02:30+01:00",  # the second one, an hour later
        [
            "overdue 12:00 set and confirm 60 ug/kg/h = 4.20 mL/h",
            "overdue 20:00 hang bag 2",
            "overdue 22:00 excessive sedation check",
        ],
    ),
    (
        "2026-10-25T07:00+01:00",
        [
            "overdue 20:00 hang bag 2",
            "due 07:00 excessive sedation check",
            "due 07:00 set and confirm 90 ug/kg/h = 6.30 mL/h",
        ],
    ),
    (
        "2026-10-26T19:16+01:00",
        [
            "overdue 19:00 excessive sedation check",
            "overdue 19:00 stop: the plan's time is over",
        ],
    ),
)


@pytest.mark.rule("infusion.check-due", "infusion.rate-due", "infusion.bag-due", "infusion.plan-complete")
@pytest.mark.parametrize(("at", "expected"), NOTHING_DONE)
def test_what_is_due_when_nothing_was_done_in_the_long_night(at: str, expected: list[str]) -> None:
    course = begun(datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)).do(cmd.HangBag, 0, 1)
    found = [item for item in due(course.state, datetime.fromisoformat(at)) if item.kind != "reading"]
    assert [f"{i.status.value} {i.due_at.astimezone(BERLIN):%H:%M} {i.what}" for i in found] == expected


@pytest.mark.rule("infusion.check-due")
def test_a_check_whose_successor_is_due_is_missed_and_stays_on_the_list_of_missed_ones() -> None:
    start = datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
    course = begun(start)
    found = missed(course.state, datetime(2026, 10, 25, 7, 0, tzinfo=BERLIN))
    assert [f"{item.due_at.astimezone(BERLIN):%d %H:%M}" for item in found] == [
        "24 10:00", "24 12:00", "24 14:00", "24 16:00", "24 18:00", "24 20:00", "24 22:00",
    ]  # fmt: skip


@pytest.mark.rule("infusion.check-due", "infusion.sleep")
def test_everything_done_on_time_leaves_nothing_due_at_any_minute_of_the_long_weekend() -> None:
    start = datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
    course = begun(start)
    for minute in range(0, 60 * 60 + 30, 30):
        course.routine(minute + 1)
        assert due(course.state, course.stamp(minute + 0.5).happened_at) == ()
    assert missed(course.state, course.stamp(61 * 60).happened_at) == ()


@pytest.mark.rule("infusion.sleep", "infusion.oximetry")
def test_planned_sleep_rests_the_sedation_check_and_never_the_oximeter() -> None:
    from matrescence.care.infusion.alarms import alarms
    from matrescence.care.infusion.monitoring import continuous

    start = datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
    course = begun(start).routine(17 * 60)
    asleep = datetime(2026, 10, 25, 3, 0, tzinfo=BERLIN)
    assert [check.kind for check in continuous(course.state, asleep)] == ["oximetry"]
    course.do(cmd.ReportSilent, 19 * 60, "oximetry")
    (alarm,) = [a for a in alarms(course.state, asleep) if a.rule == "infusion.oximetry"]
    assert alarm.priority.value == "high"


#   a check done at (minutes from the start)     answers the time that was due at (minutes); none: ``None``
ANSWERS = ((89, None), (90, 120), (120, 120), (135, 120), (209, 120), (210, 240), (240, 240))


@pytest.mark.rule("infusion.check-due")
@pytest.mark.parametrize(("done", "answers"), ANSWERS)
def test_a_check_may_be_a_quarter_of_its_interval_early_and_otherwise_answers_what_has_come(done, answers) -> None:  # type: ignore[no-untyped-def]
    start = datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
    course = begun(start).do(cmd.HangBag, 0, 1).do(cmd.Observe, done, rd.Sedation(excessive=False))
    at = course.stamp(359).happened_at
    open_times = [i.due_at for i in (*missed(course.state, at), *due(course.state, at)) if i.kind == "check"]
    zero = course.stamp(0).happened_at
    wanted = [minute for minute in (120, 240) if minute != answers]
    assert open_times == [zero + timedelta(minutes=minute) for minute in wanted]


@pytest.mark.rule("infusion.check-due")
def test_what_is_coming_names_the_next_of_each_thing() -> None:
    start = datetime(2026, 10, 24, 8, 0, tzinfo=BERLIN)
    course = begun(start).do(cmd.HangBag, 0, 1)
    found = coming(course.state, course.stamp(1).happened_at)
    assert [f"{i.due_at.astimezone(BERLIN):%d %H:%M} {i.what}" for i in found] == [
        "24 09:00 look at her and record a reading: pulse oximetry with alarm",
        "24 10:00 excessive sedation check",
        "24 12:00 set and confirm 60 ug/kg/h = 4.20 mL/h",
        "24 20:00 hang bag 2",
        "26 19:00 stop: the plan's time is over",
    ]
