"""The mood equations against their closed forms, and NumPy against JAX."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matrescence.pharmacology.response import (
    TREATMENTS,
    MoodParameters,
    TrialEffect,
    drug_part,
    given_as,
    grown,
    hamd17_course,
    is_remission,
    is_response,
    severe_from_baseline,
    to_latent,
    to_score,
)

PARAMETERS = MoodParameters(
    placebo_size=1.4,
    placebo_more_if_moderate=0.1,
    placebo_shape=0.6,
    placebo_infusion_h=17.0,
    placebo_tablets_h=300.0,
    untreated_size=0.5,
    untreated_h=1100.0,
    drug_size=np.array([0.6, 0.4, 0.4, 0.5, 0.2]),
    onset_h=np.array([20.0, 80.0, 700.0]),
    fading_severe_per_h=0.0,
    fading_moderate_per_h=0.005,
    spread_infusion=0.7,
    spread_tablets=1.0,
    residual=0.5,
    trial_size_sd=0.3,
    trial_time_sd=0.8,
    trial_shape_sd=0.15,
)


def course(
    treatment: str, times_h: list[float], *, baseline: float = 28.0, severe: float = 1.0, **more: object
) -> list:
    found = hamd17_course(
        PARAMETERS, baseline=baseline, treatment=treatment, severe=severe, times_h=np.array(times_h), eta=0.0, **more
    )
    return np.asarray(found)[0].tolist()


@settings(max_examples=60, deadline=None)
@given(
    baseline=st.floats(1, 51),
    treatment=st.sampled_from(TREATMENTS),
    severe=st.floats(0, 1),
    eta=st.floats(-8, 8),
    residual=st.floats(-8, 8),
    size=st.floats(-5, 5),
    hours=st.lists(st.floats(0, 20_000), min_size=1, max_size=5),
)
def test_no_forecast_leaves_the_scale(
    *, baseline: float, treatment: str, severe: float, eta: float, residual: float, size: float, hours: list[float]
) -> None:
    found = hamd17_course(
        PARAMETERS,
        baseline=np.array([baseline, 26.0]),
        treatment=treatment,
        severe=severe,
        times_h=np.array(hours),
        eta=np.array([eta, 0.0]),
        trial=TrialEffect(size=size),
        residual=residual,
    )
    assert found.shape == (2, len(hours))
    assert np.all((found >= 0.0) & (found <= 52.0))


@given(st.floats(0.6, 51.4))
def test_the_latent_scale_and_the_score_are_inverse(score: float) -> None:
    assert math.isclose(float(to_score(to_latent(score))), score, rel_tol=1e-12)


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_at_the_start_the_score_is_the_baseline(treatment: str) -> None:
    assert course(treatment, [0.0], residual=3.0) == pytest.approx([28.0])


def test_the_placebo_course_is_a_weibull_curve() -> None:
    # closed form: 1 - exp(-(t / scale)^shape), here at t = scale and far on
    found = grown(PARAMETERS, setting="infusion", times_h=np.array([0.0, 17.0, 1e9]))
    assert found == pytest.approx([0.0, 1.0 - math.exp(-1.0), 1.0])
    assert grown(PARAMETERS, setting="untreated", times_h=np.array([1100.0])) == pytest.approx([1.0 - math.exp(-1.0)])


def test_a_trial_moves_the_time_and_the_shape_of_its_own_course() -> None:
    effect = TrialEffect(time=math.log(2.0), shape=math.log(1.5))
    found = grown(PARAMETERS, setting="infusion", times_h=np.array([17.0]), trial=effect)
    assert found == pytest.approx([1.0 - math.exp(-(0.5 ** (0.6 * 1.5)))])


def test_the_drug_part_sets_in_and_fades_only_after_the_last_dose() -> None:
    at = np.array([0.0, 20.0, 60.0, 260.0])
    severe = drug_part(PARAMETERS, treatment="brexanolone-90", severe=1.0, times_h=at)
    moderate = drug_part(PARAMETERS, treatment="brexanolone-90", severe=0.0, times_h=at)
    onset = [0.4 * (1.0 - math.exp(-hour / 20.0)) for hour in at]
    assert severe == pytest.approx(onset)
    assert moderate[:3] == pytest.approx(onset[:3])
    assert moderate[3] == pytest.approx(onset[3] * math.exp(-0.005 * 200.0))


def test_what_is_taken_without_end_does_not_fade() -> None:
    at = np.array([5000.0])
    assert drug_part(PARAMETERS, treatment="ssri", severe=0.0, times_h=at) == pytest.approx(
        drug_part(PARAMETERS, treatment="ssri", severe=1.0, times_h=at)
    )


@pytest.mark.parametrize("treatment", ["placebo", "untreated"])
def test_placebo_and_no_treatment_have_no_drug_part(treatment: str) -> None:
    assert drug_part(PARAMETERS, treatment=treatment, severe=0.0, times_h=np.array([1.0, 900.0])).tolist() == [0.0, 0.0]


def test_placebo_at_home_is_slower_than_in_an_infusion_suite() -> None:
    assert course("placebo", [60.0], setting="tablets")[0] > course("placebo", [60.0])[0] + 3.0


def test_an_unknown_treatment_or_setting_is_named() -> None:
    with pytest.raises(ValueError, match="'zulresso' is not known; allowed: placebo"):
        given_as("zulresso")
    with pytest.raises(ValueError, match="setting 'home'"):
        grown(PARAMETERS, setting="home", times_h=1.0)


def test_response_and_remission_are_of_whole_scores() -> None:
    assert is_remission(np.array([7.4, 7.6])).tolist() == [True, False]
    assert is_response(np.array([14.4, 14.6]), 28.0).tolist() == [True, False]
    assert severe_from_baseline(np.array([25.0, 26.0])).tolist() == [0.0, 1.0]


def test_numpy_and_jax_give_the_same_course() -> None:
    jax = pytest.importorskip("jax")
    times = np.array([0.0, 2.0, 60.0, 720.0])
    eta, baseline = np.array([-1.0, 0.3]), np.array([24.0, 30.0])
    arguments = {"treatment": "zuranolone-50", "times_h": times, "eta": eta, "baseline": baseline}
    severe = severe_from_baseline(baseline)
    plain = hamd17_course(PARAMETERS, severe=severe, **arguments)
    with jax.enable_x64(True):
        traced = hamd17_course(PARAMETERS, severe=severe, xp=jax.numpy, **arguments)
    np.testing.assert_allclose(plain, traced, rtol=1e-12)
