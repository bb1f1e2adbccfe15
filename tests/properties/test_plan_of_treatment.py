"""Laws of every plan, whatever the staircase, the weight, the start and the sleep."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.care.clock import asleep, clock_time
from matrescence.care.drug import Observation, Preparation, RateInterval, RegimenPlan, Schedule
from matrescence.care.infusion.plan import Treatment, plan_treatment
from matrescence.care.mother import SleepWindow
from matrescence.facts import Fact, Statement

SAID = Statement("said", "somebody", "somewhere", "read", "A")
ZONES = ("America/New_York", "Europe/Paris", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")


def fact(value: float | None, unit: str) -> Fact:
    return Fact(value, unit, "somebody", "somewhere", "read", "A" if value is not None else "U")


@st.composite
def regimens(draw: st.DrawFn) -> RegimenPlan:
    stairs, at_h = [], 0.0
    for _ in range(draw(st.integers(1, 6))):
        lasts_h = draw(st.integers(1, 120)) / 4.0
        stairs.append(RateInterval(at_h, at_h + lasts_h, draw(st.floats(1.0, 200.0))))
        at_h += lasts_h
    return RegimenPlan("r", "r", Schedule.STAIRCASE, "somebody", "", "A", "treatment", staircase=tuple(stairs))


preparations = st.builds(
    lambda strength, bag, hang, extra: Preparation(
        fact(100.0, "mg"),
        fact(20.0, "mL"),
        fact(strength, "mg/mL"),
        fact(bag, "mL"),
        fact(hang, "h"),
        fact(96.0, "h"),
        None if extra is None else fact(extra, "kg"),
    ),
    st.floats(0.2, 5.0),
    st.floats(50.0, 500.0),
    st.none() | st.floats(4.0, 24.0),
    st.none() | st.floats(40.0, 150.0),
)
clock = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45)))
sleeps = st.lists(
    st.tuples(clock, clock).filter(lambda pair: pair[0] != pair[1]).map(lambda pair: SleepWindow(*pair)), max_size=3
)
starts = st.builds(
    lambda at, zone: at.replace(tzinfo=ZoneInfo(zone)),
    st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01")),
    st.sampled_from(ZONES),
)
every_two_hours = Observation("sedation", "sedation", False, 2.0, (), True, 0.0, SAID)
weights = st.floats(30.0, 250.0)


def planned(regimen: RegimenPlan, preparation: Preparation, weight_kg: float, start: datetime, sleep=()) -> Treatment:
    return plan_treatment(regimen, preparation, (every_two_hours,), weight_kg=weight_kg, start=start, sleep=sleep)


@pytest.mark.rule("plan.bags", "plan.pump_rate")
@given(regimens(), preparations, weights, starts)
@settings(max_examples=150)
def test_bags_hold_exactly_what_the_pump_infuses_one_after_another(regimen, preparation, weight_kg, start) -> None:
    found = planned(regimen, preparation, weight_kg, start)
    steps_ml = sum(step.volume_ml for step in found.steps)
    assert found.total_volume_ml == pytest.approx(steps_ml, rel=1e-12)
    assert sum(bag.volume_ml for bag in found.bags) == pytest.approx(steps_ml, rel=1e-9)
    assert found.total_dose_mg == pytest.approx(steps_ml * preparation.concentration_mg_per_ml.value, rel=1e-9)
    assert found.bags[0].hang_at_h == found.steps[0].start_h
    assert found.bags[-1].change_by_h == found.steps[-1].end_h
    for before, after in zip(found.bags, found.bags[1:], strict=False):
        assert after.hang_at_h == before.change_by_h
        assert after.number == before.number + 1


@pytest.mark.rule("plan.bags")
@given(regimens(), preparations, weights, starts)
@settings(max_examples=150)
def test_no_bag_hangs_too_long_or_holds_too_much(regimen, preparation, weight_kg, start) -> None:
    for bag in planned(regimen, preparation, weight_kg, start).bags:
        assert 0 < bag.volume_ml <= preparation.bag_ml.value * (1 + 1e-9)
        if preparation.hang_h.value is not None:
            assert bag.change_by_h - bag.hang_at_h <= preparation.hang_h.value + 1e-9


@pytest.mark.rule("plan.bags")
@given(regimens(), preparations, weights, starts)
@settings(max_examples=150)
def test_from_the_weight_of_the_label_on_there_is_a_bag_more_than_hang_time_asks_for(
    regimen, preparation, weight_kg, start
) -> None:
    found = planned(regimen, preparation, weight_kg, start)
    extra, hang = preparation.extra_bag_from_kg, preparation.hang_h.value
    if extra is not None and weight_kg >= extra.value and hang is not None:
        assert len(found.bags) >= found.end_h / hang + 1 - 1e-6


@pytest.mark.rule("plan.checks")
@given(regimens(), preparations, weights, starts, sleeps)
@settings(max_examples=150)
def test_checks_that_spare_sleep_fall_outside_it_and_leave_no_waking_check_out(
    regimen, preparation, weight_kg, start, sleep
) -> None:
    found = planned(regimen, preparation, weight_kg, start, sleep)
    made = {check.at_h for check in found.checks}
    for index in range(1, int(found.end_h / 2.0 + 1e-9) + 1):
        assert (index * 2.0 in made) is not asleep(clock_time(start, index * 2.0), sleep)


@given(regimens(), preparations, weights, starts, st.floats(1.1, 3.0))
@settings(max_examples=50)
def test_dose_and_rates_grow_in_proportion_to_weight(regimen, preparation, weight_kg, start, factor) -> None:
    light = planned(regimen, preparation, weight_kg, start)
    heavy = planned(regimen, preparation, weight_kg * factor, start)
    assert heavy.total_dose_mg == pytest.approx(light.total_dose_mg * factor)
    for slow, fast in zip(light.steps, heavy.steps, strict=True):
        assert fast.rate_ml_per_h == pytest.approx(slow.rate_ml_per_h * factor)
