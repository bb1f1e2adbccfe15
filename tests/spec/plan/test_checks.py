"""What is observed and when: continuous oximetry, sedation every 2 h outside planned sleep, ketamine's own times."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from matrescence.care.clock import clock_time
from matrescence.care.infusion.plan import Check, plan_treatment
from matrescence.care.mother import SleepWindow
from matrescence.formulary.library import load

NIGHT = (SleepWindow(time(22), time(6)),)


def checks(
    kind: str,
    start: str,
    *,
    drug: str = "brexanolone",
    regimen: str = "label-90",
    sleep: tuple[SleepWindow, ...] = NIGHT,
) -> list[Check]:
    data = load(drug)
    begins = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("America/New_York"))
    found = plan_treatment(
        data.regimens[regimen], data.preparation, data.observations, weight_kg=70, start=begins, sleep=sleep
    )
    return [check for check in found.checks if check.kind == kind]


def times(found: list[Check], start: str) -> list[str]:
    begins = datetime.fromisoformat(start).replace(tzinfo=ZoneInfo("America/New_York"))
    return [f"{clock_time(begins, check.at_h):%d %H:%M}" for check in found]


@pytest.mark.rule("plan.checks")
def test_oximetry_is_one_unbroken_watch_over_the_whole_infusion() -> None:
    (watch,) = checks("oximetry", "2026-06-01T08:00")
    assert (watch.at_h, watch.until_h) == (0.0, 60.0)


@pytest.mark.rule("plan.checks")
def test_sedation_is_looked_for_every_two_hours_while_she_is_not_planned_to_sleep() -> None:
    day = [f"{hour:02}:00" for hour in range(6, 21, 2)]
    expected = [f"01 {at}" for at in day[2:]] + [f"0{d} {at}" for d in (2, 3) for at in day]
    assert times(checks("sedation", "2026-06-01T08:00"), "2026-06-01T08:00") == expected


@pytest.mark.rule("plan.checks")
def test_when_the_clocks_go_forward_at_night_the_checks_keep_their_two_elapsed_hours() -> None:
    found = times(checks("sedation", "2026-03-07T08:00"), "2026-03-07T08:00")
    # 20:00 on the 7th; the night is an hour short, so the two-hour grid falls on odd hours of the new day.
    assert found[5:8] == ["07 20:00", "08 07:00", "08 09:00"]


@pytest.mark.rule("plan.checks")
def test_when_the_clocks_go_back_at_night_the_checks_keep_their_two_elapsed_hours() -> None:
    found = times(checks("sedation", "2026-10-31T08:00"), "2026-10-31T08:00")
    assert found[5:8] == ["31 20:00", "01 07:00", "01 09:00"]


@pytest.mark.rule("plan.checks")
def test_without_planned_sleep_sedation_is_checked_around_the_clock() -> None:
    found = checks("sedation", "2026-06-01T08:00", sleep=())
    assert [check.at_h for check in found] == [2.0 * n for n in range(1, 31)]


@pytest.mark.rule("plan.checks")
def test_ketamine_blood_pressure_every_ten_minutes_then_every_fifteen_until_ninety_minutes_after() -> None:
    found = checks("blood-pressure", "2026-06-01T08:00", drug="ketamine", regimen="single")
    minutes = [round(check.at_h * 60) for check in found]
    assert minutes == [10, 20, 30, 40, 55, 70, 85, 100, 115, 130]


@pytest.mark.rule("plan.checks")
def test_each_of_six_ketamine_sessions_has_its_own_checks_at_the_same_time_of_day() -> None:
    start = "2026-03-02T10:00"  # the clocks go forward on 8 March, between the second and the third session
    ready = checks("readiness", start, drug="ketamine", regimen="series-of-six")
    assert times(ready, start) == ["02 12:10", "05 12:10", "09 12:10", "12 12:10", "16 12:10", "19 12:10"]
    assert ready[2].at_h - ready[1].at_h == pytest.approx(4 * 24 - 1)
