"""The simulated room: its pump, its woman and its messages, held against what can be computed by hand."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import pytest

from matrescence.actions.bedside.report import Lane, OximeterReport, PumpReport
from matrescence.actions.infusion_examples import INVENTED_LIMIT, Course, example_order
from matrescence.bedside.faults import ABOUT, Fault, Planned, Where, lasting
from matrescence.bedside.pump import COMPLETE, OCCLUDED
from matrescence.bedside.room import Rhythm, Room
from matrescence.bedside.woman import LOWEST_QUIET_SPO2, Woman
from matrescence.care.infusion import commands as cmd
from matrescence.care.infusion.order import InfusionOrder, SleepPeriod
from matrescence.formulary import library
from matrescence.pharmacology.cohort import draw
from matrescence.pharmacology.model import Model
from matrescence.pharmacology.regimen import RateStep, Regimen
from matrescence.pharmacology.simulate import simulate

START = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
SLOW = Rhythm(10.0, 10.0)


@cache
def order() -> InfusionOrder:
    """70 kg, 1 mg/mL: the stairs are 2.1, 4.2, 6.3, 4.2, 2.1 mL/h."""
    return example_order("brexanolone", "label-90", START, limits=(INVENTED_LIMIT,))


@cache
def model() -> Model:
    drug = library.load("brexanolone")
    assert drug.default_model is not None
    return drug.models[drug.default_model]


def room(*faults: Planned, rhythm: Rhythm = SLOW, seed: int = 7) -> Room:
    return Room(order(), model(), seed=seed, at=START, rhythm=rhythm, faults=faults)


def hours(number: float) -> datetime:
    return START + timedelta(hours=number)


def oximeter(found: tuple[object, ...]) -> list[OximeterReport]:
    return [report for report in found if isinstance(report, OximeterReport)]


def pump(found: tuple[object, ...]) -> list[PumpReport]:
    return [report for report in found if isinstance(report, PumpReport)]


# ---- the pump ----------------------------------------------------------------------------------------------------


def test_the_volume_of_sixty_hours_is_that_of_the_stairs() -> None:
    """4 x 2.1 + 20 x 4.2 + 28 x 6.3 + 4 x 4.2 + 4 x 2.1 = 294 mL."""
    here = room(rhythm=Rhythm(60, 600))
    here.start_pump()
    here.step(hours(61))
    face = here.look().pump
    assert face.volume_ml == pytest.approx(294.0)
    assert (face.running, face.alarm) == (False, COMPLETE)
    assert here.body.given_ug == pytest.approx(294.0 * 1000.0)


def test_nobody_starts_or_stops_the_pump_but_a_hand_on_it() -> None:
    here = room()
    assert {report.running for report in pump(here.step(hours(1)))} == {False}
    here.start_pump()
    assert {report.running for report in pump(here.step(hours(5)))[1:]} == {True}  # the first was on its way before
    assert here.stop_pump()
    assert {report.rate_ml_per_h for report in pump(here.step(hours(6)))[1:]} == {0.0}


def test_a_pause_does_not_move_the_programme_and_a_lower_rate_is_held() -> None:
    here = room()
    here.start_pump()
    here.step(hours(3.5))
    here.stop_pump()
    here.step(hours(4.5))
    here.start_pump(at_most_ug_per_kg_h=30.0)
    here.step(hours(5))
    assert here.look().pump.rate_ml_per_h == pytest.approx(2.1)
    here.stop_pump()
    here.start_pump()
    assert here.look().pump.rate_ml_per_h == pytest.approx(4.2)
    assert here.look().pump.volume_ml == pytest.approx(3.5 * 2.1 + 0.5 * 2.1)


def test_a_blocked_line_stops_the_pump_until_a_hand_starts_it_after_the_block() -> None:
    here = room(lasting(Fault.OCCLUSION, hours(1), seconds=600))
    here.start_pump()
    here.step(hours(1) + timedelta(seconds=30))
    assert (here.look().pump.alarm, here.look().line_blocked) == (OCCLUDED, True)
    here.start_pump()
    here.step(hours(1) + timedelta(seconds=40))
    assert here.look().pump.alarm == OCCLUDED
    here.step(hours(2))
    assert not here.look().pump.running
    here.start_pump()
    assert here.look().pump.running


def test_a_stubborn_pump_runs_on_and_a_wrong_one_says_what_it_gives() -> None:
    here = room(
        lasting(Fault.PUMP_KEEPS_RUNNING, hours(1), seconds=600), lasting(Fault.WRONG_RATE, hours(2), seconds=600)
    )
    here.start_pump()
    here.step(hours(1) + timedelta(seconds=1))
    assert not here.stop_pump()
    assert here.look().pump.running
    (report,) = {(r.rate_ml_per_h, r.programmed_ml_per_h) for r in pump(here.step(hours(2.1)))[-3:]}
    assert report == (3.15, 2.1)
    assert here.stop_pump()


def test_a_wrong_rate_counts_from_its_first_second_to_its_last_however_seldom_the_pump_speaks() -> None:
    """Two hours at 2.1 mL/h, of which 100 s at twice the rate: 4.2 mL + 2.1 x 100 / 3600 mL."""
    begins = hours(1) + timedelta(seconds=3)
    here = room(lasting(Fault.WRONG_RATE, begins, seconds=100, size=2.0), rhythm=Rhythm(60, 600))
    here.start_pump()
    here.step(hours(2))
    assert here.look().pump.volume_ml == pytest.approx(4.2 + 2.1 * 100 / 3600)


# ---- her level ---------------------------------------------------------------------------------------------------


def test_her_level_is_that_of_the_drugs_model_for_what_the_pump_really_gave() -> None:
    """Stopped from hour 3 to 5; the same woman simulated at once, by other code, has the same level."""
    here = room(rhythm=Rhythm(60, 600), seed=11)
    here.start_pump()
    here.step(hours(3))
    here.stop_pump()
    here.step(hours(5))
    here.start_pump()
    here.step(hours(9.3))
    woman = draw(model(), covariates={"weight_kg": 70.0}, women=1, seed=11)
    steps = (RateStep(0, 3, 2100.0), RateStep(5, 9.3, 4200.0))
    course = simulate(model(), woman, Regimen(steps=steps), np.array([9.3]))
    for name, level in here.levels_ng_per_ml().items():
        assert level == pytest.approx(float(course.values[name][0, 0]), rel=1e-9)


# ---- her signs ---------------------------------------------------------------------------------------------------


def test_a_quiet_night_stays_above_any_limit_and_is_not_dead_still() -> None:
    night = SleepPeriod(hours(14), hours(22))
    for seed in range(5):
        woman = Woman(seed, (night,))
        vitals = [woman.vitals(hours(minute / 6), ()) for minute in range(0, 60 * 6)]
        assert min(one.spo2_percent for one in vitals) >= LOWEST_QUIET_SPO2
        assert len({one.spo2_percent for one in vitals}) > 2
        awake, asleep = (
            [one.pulse_per_min for at, one in zip(range(360), vitals, strict=True) if inside(at / 6)]
            for inside in (lambda h: not 14 <= h < 22, lambda h: 15 <= h < 21)
        )
        assert sum(asleep) / len(asleep) < sum(awake) / len(awake) - 5


def test_a_fall_comes_within_two_minutes_and_goes_as_it_came() -> None:
    here = room(lasting(Fault.HYPOXIA, hours(1), seconds=180, size=80.0), rhythm=Rhythm(1, 60))
    spo2 = {round((r.observed_at - hours(1)).total_seconds()): r.spo2_percent for r in oximeter(here.step(hours(1.3)))}
    assert spo2[-5] > 94
    assert max(spo2[at] or 0 for at in range(120, 180)) <= 82
    assert min(spo2[at] or 0 for at in range(480, 600)) >= 94
    assert all(abs((spo2[at] or 0) - (spo2[at - 1] or 0)) <= 3 for at in range(-60, 600))


def test_sedation_is_seen_by_a_person_alone() -> None:
    at, fault = hours(1), lasting(Fault.SEDATION, hours(1), seconds=600)
    sedated, quiet = room(fault, seed=3), room(seed=3)
    found, usual = oximeter(sedated.step(at)), oximeter(quiet.step(at))
    assert [r.spo2_percent for r in found] == [r.spo2_percent for r in usual]
    assert (sedated.look().signs.oversedated, quiet.look().signs.oversedated) == (True, False)
    assert sedated.look().vitals.pulse_per_min < quiet.look().vitals.pulse_per_min


# ---- the messages ------------------------------------------------------------------------------------------------


def faulty(fault: Fault, where: Where, size: float | None = None) -> tuple[object, ...]:
    """What arrives in ten minutes of which minutes two to four are faulty."""
    here = room(lasting(fault, START + timedelta(minutes=2), seconds=120, where=where, size=size))
    return here.step(START + timedelta(minutes=10))


def test_a_silent_device_sends_nothing_and_makes_nothing_up_for_it() -> None:
    assert len(oximeter(faulty(Fault.SILENCE, Where.OXIMETER))) == 59 - 12
    assert len(pump(faulty(Fault.SILENCE, Where.OXIMETER))) == 59


def test_a_demonstration_says_so_and_a_probe_that_is_off_gives_no_value() -> None:
    assert Counter(r.lane for r in oximeter(faulty(Fault.DEMO, Where.OXIMETER)))[Lane.DEMO] == 12
    assert Counter(r.spo2_percent for r in oximeter(faulty(Fault.PROBE_OFF, Where.OXIMETER)))[-100.0] == 12


def test_a_wrong_clock_moves_the_devices_time_and_not_ours() -> None:
    found = oximeter(faulty(Fault.CLOCK_SKEW, Where.OXIMETER, 90.0))
    ahead = [r for r in found if r.observed_at > r.received_at]
    assert len(ahead) == 12
    assert all(89 < (r.observed_at - r.received_at).total_seconds() <= 90 for r in ahead)


def test_twice_sent_messages_are_the_same_and_overtaking_ones_keep_their_times() -> None:
    found = oximeter(faulty(Fault.DUPLICATES, Where.OXIMETER))
    assert Counter(Counter(r.fingerprint for r in found).values()) == {1: 47, 2: 12}
    here = room(lasting(Fault.REORDER, START, seconds=600, where=Where.OXIMETER), rhythm=Rhythm(0.5, 10))
    times = [r.observed_at for r in oximeter(here.step(START + timedelta(minutes=5)))]
    assert times != sorted(times)
    assert len(set(times)) >= 595


def test_after_a_gap_everything_arrives_at_once_and_nothing_before() -> None:
    found = oximeter(faulty(Fault.BACKFILL, Where.OXIMETER))
    late = [r for r in found if (r.received_at - r.observed_at).total_seconds() > 1]
    assert len(found) == 59
    assert len(late) == 12
    assert all(timedelta(0) < r.received_at - (START + timedelta(minutes=4)) < timedelta(seconds=1) for r in late)
    assert [r.observed_at for r in late] == sorted(r.observed_at for r in late)


def test_the_devices_say_that_they_are_simulated() -> None:
    assert {r.device for r in room().step(hours(0.1))} == {"oximeter-1 (simulated)", "pump-1 (simulated)"}  # type: ignore[attr-defined]


# ---- the room ----------------------------------------------------------------------------------------------------


def test_a_room_does_not_go_back_in_time() -> None:
    here = room()
    here.step(hours(1))
    with pytest.raises(ValueError, match="does not go back"):
        here.step(hours(0.5))


def test_a_room_that_begins_in_the_middle_has_the_pump_and_the_level_of_what_was_confirmed() -> None:
    course = Course(order(), START).begin().do(cmd.ConfirmRate, 4 * 60, 60.0, by="pump")
    there = room(rhythm=Rhythm(60, 600))
    there.start_pump()
    there.step(hours(6))
    here = Room(order(), model(), seed=7, at=hours(6), rhythm=SLOW, state=course.state)
    assert here.levels_ng_per_ml()["plasma"] == pytest.approx(there.levels_ng_per_ml()["plasma"], rel=1e-9)
    for one in (here, there):
        one.step(hours(24.5))
    mine, other = here.look().pump, there.look().pump
    assert (mine.running, mine.rate_ml_per_h, mine.alarm) == (other.running, other.rate_ml_per_h, other.alarm)
    assert mine.volume_ml == pytest.approx(other.volume_ml)


def test_an_order_without_pump_rates_has_no_pump() -> None:
    bare = replace(order(), stairs=tuple(replace(stair, rate_ml_per_h=None) for stair in order().stairs))
    with pytest.raises(ValueError, match="pump rates are not known"):
        Room(bare, model(), seed=1, at=START)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: lasting(Fault.HYPOXIA, START, seconds=0), "longer than no time"),
        (lambda: lasting(Fault.DEMO, START, seconds=9, where=Where.PUMP), "does not happen to pump"),
        (lambda: lasting(Fault.SEDATION, START, seconds=9, size=1.0), "has no size"),
        (lambda: lasting(Fault.HYPOXIA, START, seconds=9, size=5.0), "lies outside 30 to 99"),
        (lambda: Rhythm(0.1), "half a second"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(make, said: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=said):
        make()


def test_every_fault_is_described() -> None:
    assert set(ABOUT) == set(Fault)


def test_a_second_of_ten_rooms_costs_far_less_than_twenty_milliseconds() -> None:
    rooms = [room(rhythm=Rhythm(1, 1), seed=seed) for seed in range(10)]
    for one in rooms:
        one.start_pump()
        one.step(START + timedelta(seconds=1))
    spent = []
    for second in range(2, 60):
        began = time.perf_counter()
        for one in rooms:
            one.step(START + timedelta(seconds=second))
            one.levels_ng_per_ml()
        spent.append(time.perf_counter() - began)
    assert sorted(spent)[len(spent) // 2] < 0.020
