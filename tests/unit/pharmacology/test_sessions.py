"""Ketamine sessions: what accumulates, what fades, and that no score leaves 0 to 60."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.pharmacology.sessions import SessionParameters, activity, madrs_course, madrs_latent

PARAMETERS = SessionParameters(
    size=2.0,
    gain=0.5,
    slow_share=0.3,
    onset_h=2.0,
    fast_h=72.0,
    slow_h=336.0,
    placebo_size=np.array([0.8, 0.4]),
    placebo_h=24.0,
    spread=1.0,
    scatter=0.3,
    baseline=33.0,
)
SIX = (0.0, 48.0, 96.0, 168.0, 216.0, 264.0)


@settings(max_examples=60, deadline=None)
@given(
    baseline=st.floats(1, 59),
    treatment=st.sampled_from(["ketamine", "midazolam", "saline"]),
    eta=st.floats(-8, 8),
    sessions=st.lists(st.floats(0, 2000), min_size=1, max_size=12),
    hours=st.lists(st.floats(0, 9000), min_size=1, max_size=6),
)
def test_no_forecast_leaves_the_scale(
    baseline: float, treatment: str, eta: float, sessions: list[float], hours: list[float]
) -> None:
    found = madrs_course(
        PARAMETERS, baseline=baseline, treatment=treatment, sessions_at_h=sessions, times_h=np.array(hours), eta=eta
    )
    assert np.all((found >= 0.0) & (found <= 60.0))


def test_one_session_is_its_closed_form() -> None:
    hours = np.array([0.0, 1.0, 24.0, 500.0])
    expected = [
        0.5 * (1 - math.exp(-h / 2)) * (0.3 * math.exp(-h / 336) + 0.7 * math.exp(-h / 72)) for h in hours.tolist()
    ]
    assert activity(PARAMETERS, sessions_at_h=[0.0], times_h=hours) == pytest.approx(expected)


@given(st.permutations(SIX))
def test_the_order_in_which_sessions_are_written_does_not_matter(order: list[float]) -> None:
    at = np.array([300.0])
    assert activity(PARAMETERS, sessions_at_h=order, times_h=at) == pytest.approx(
        activity(PARAMETERS, sessions_at_h=SIX, times_h=at)
    )


def test_sessions_accumulate_without_passing_the_greatest_effect() -> None:
    after = [
        float(activity(PARAMETERS, sessions_at_h=SIX[:n], times_h=np.array([SIX[n - 1] + 24.0]))[0])
        for n in range(1, 7)
    ]
    assert after == sorted(after)
    assert after[-1] < 1.0


def test_stopping_lets_the_effect_fade_and_a_weekly_session_keeps_more_of_it() -> None:
    at = np.array([264.0 + 28 * 24.0])
    weekly = (*SIX, 432.0, 600.0, 768.0, 936.0)
    stopped = float(activity(PARAMETERS, sessions_at_h=SIX, times_h=at)[0])
    kept = float(activity(PARAMETERS, sessions_at_h=weekly, times_h=at)[0])
    assert stopped < 0.2 < kept


def test_without_a_slow_step_the_gain_of_one_session_halves_with_its_half_life() -> None:
    only_fast = replace(PARAMETERS, slow_share=0.0, onset_h=1e-6)
    half_life = 72.0 * math.log(2.0)
    first, later = activity(only_fast, sessions_at_h=[0.0], times_h=np.array([10.0, 10.0 + half_life]))
    assert later / first == pytest.approx(0.5)


def test_the_placebos_differ_and_have_no_activity() -> None:
    arguments = {"baseline": 33.0, "sessions_at_h": [0.0], "times_h": np.array([1e6])}
    start = math.log(33 / 27)
    assert madrs_latent(PARAMETERS, treatment="midazolam", **arguments) == pytest.approx([start - 0.8])
    assert madrs_latent(PARAMETERS, treatment="saline", **arguments) == pytest.approx([start - 0.4])


def test_an_unknown_treatment_is_named() -> None:
    with pytest.raises(ValueError, match="allowed: ketamine, midazolam, saline"):
        madrs_latent(PARAMETERS, baseline=33.0, treatment="esketamine", sessions_at_h=[0.0], times_h=1.0)
