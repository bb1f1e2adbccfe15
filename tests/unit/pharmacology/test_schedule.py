from __future__ import annotations

import numpy as np
import pytest

from matrescence.pharmacology.regimen import Bolus, RateStep, Regimen
from matrescence.pharmacology.schedule import lay_out

STATES = ("gut", "central")


def test_stations_are_output_times_and_events_merged() -> None:
    regimen = Regimen((RateStep(0.5, 2.0, 10.0),), (Bolus(1.0, 5.0, "gut"),))
    schedule = lay_out(regimen, [3.0, 1.0, 0.0], states=STATES)
    assert schedule.inputs == ("central", "gut")
    assert schedule.times_h.tolist() == [0.0, 0.5, 1.0, 2.0, 3.0]
    assert schedule.output_at.tolist() == [4, 2, 0]
    assert schedule.rates[:, 0].tolist() == [0.0, 10.0, 10.0, 0.0]
    assert schedule.boluses[:, 1].tolist() == [0.0, 0.0, 5.0, 0.0, 0.0]


def test_equal_steps_share_one_length_and_runs_break_where_the_input_changes() -> None:
    schedule = lay_out(Regimen((RateStep(0.0, 2.0, 1.0),)), np.arange(6.0), states=STATES)
    assert schedule.steps_h.tolist() == [1.0]
    assert [(run.first, run.last) for run in schedule.runs] == [(0, 2), (2, 5)]


def test_a_run_breaks_at_a_bolus() -> None:
    schedule = lay_out(Regimen(boluses=(Bolus(2.0, 1.0),)), np.arange(6.0), states=STATES)
    assert [(run.first, run.last) for run in schedule.runs] == [(0, 2), (2, 5)]


def test_thirds_of_an_hour_do_not_drift_over_a_month() -> None:
    times = np.arange(0, 2161) / 3.0
    schedule = lay_out(Regimen(), times, states=STATES)
    assert schedule.steps_h.size == 1
    assert schedule.steps_h[schedule.step_of].sum() == pytest.approx(720.0, abs=1e-11)


def test_moments_closer_than_rounding_are_one() -> None:
    schedule = lay_out(Regimen((RateStep(0.0, 0.1 + 0.2, 1.0),)), [0.0, 0.3, 1.0], states=STATES)
    assert schedule.times_h.size == 3


def test_overlapping_steps_add_up() -> None:
    schedule = lay_out(Regimen((RateStep(0.0, 2.0, 1.0), RateStep(1.0, 3.0, 4.0))), [3.0], states=STATES)
    assert schedule.rates[:, 0].tolist() == [1.0, 5.0, 4.0]


def test_what_is_given_after_the_last_output_is_left_out() -> None:
    schedule = lay_out(Regimen((RateStep(0.0, 9.0, 1.0),), (Bolus(8.0, 1.0),)), [4.0], states=STATES)
    assert schedule.times_h.tolist() == [0.0, 4.0]
    assert not schedule.boluses.any()


@pytest.mark.parametrize(
    ("regimen", "times", "message"),
    [
        (Regimen((RateStep(0.0, 1.0, -1.0),)), [1.0], "not negative"),
        (Regimen((RateStep(0.0, float("nan"), 1.0),)), [1.0], "finite"),
        (Regimen((RateStep(2.0, 1.0, 1.0),)), [1.0], "ends before it starts"),
        (Regimen(boluses=(Bolus(0.0, -1.0),)), [1.0], "bolus"),
        (Regimen(boluses=(Bolus(0.0, 1.0, "liver"),)), [1.0], "'liver', but the model has only: gut, central"),
        (Regimen(), [], "at least one"),
        (Regimen(), [float("inf")], "finite"),
    ],
)
def test_impossible_regimen_or_time_is_refused(regimen: Regimen, times: list[float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lay_out(regimen, times, states=STATES)
