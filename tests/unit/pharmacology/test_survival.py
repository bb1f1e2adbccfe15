"""Curves of relapse, against an independent library, a fit to simulated people, and their laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from matrescence.pharmacology.survival import (
    Curve,
    exponential,
    exponential_through,
    median_interval,
    weibull_through,
)

scales, shapes = st.floats(1.0, 2000.0), st.floats(0.25, 4.0)
curves = st.builds(Curve, scale_days=scales, shape=shapes)
shares = st.floats(0.01, 0.99)


@settings(max_examples=60)
@given(curves, st.floats(0.01, 3000.0))
def test_a_curve_is_the_weibull_distribution(curve: Curve, day: float) -> None:
    theirs = stats.weibull_min(curve.shape, scale=curve.scale_days)
    assert curve.well(day) == pytest.approx(theirs.sf(day), rel=1e-9, abs=1e-300)
    assert curve.relapsed(day) == pytest.approx(theirs.cdf(day), rel=1e-9, abs=1e-300)
    log_hazard = theirs.logpdf(day) - theirs.logsf(day)
    assert math.log(curve.hazard_per_day(day)) == pytest.approx(log_hazard, rel=1e-7, abs=1e-7)


@settings(max_examples=60)
@given(curves, shares)
def test_the_day_of_a_share_is_the_day_by_which_it_has_relapsed(curve: Curve, share: float) -> None:
    assert curve.relapsed(curve.day_of(share)) == pytest.approx(share, rel=1e-9)


@settings(max_examples=40)
@given(st.floats(1.0, 1000.0), st.floats(0.05, 0.9), st.floats(1.01, 30.0), st.floats(0.01, 0.09))
def test_a_curve_through_two_points_goes_through_them(day: float, share: float, later: float, more: float) -> None:
    found = weibull_through((day, share), (day * later, share + more))
    assert found.relapsed(day) == pytest.approx(share, rel=1e-8)
    assert found.relapsed(day * later) == pytest.approx(share + more, rel=1e-8)


@settings(max_examples=40)
@given(curves, st.floats(0.05, 5.0), st.floats(0.01, 3000.0))
def test_a_hazard_ratio_multiplies_the_risk_at_every_moment(curve: Curve, ratio: float, day: float) -> None:
    treated = curve.with_hazard_ratio(ratio)
    assert treated.hazard_per_day(day) == pytest.approx(ratio * curve.hazard_per_day(day), rel=1e-8)
    assert treated.well(day) == pytest.approx(curve.well(day) ** ratio, rel=1e-7, abs=1e-290)
    assert treated.with_hazard_ratio(1.0 / ratio).scale_days == pytest.approx(curve.scale_days, rel=1e-9)


@settings(max_examples=30)
@given(curves, st.floats(5.0, 2000.0))
def test_the_days_well_are_the_area_under_the_curve(curve: Curve, until: float) -> None:
    area, _ = quad(curve.well, 0.0, until, limit=400, points=[until * 10.0**-power for power in range(1, 7)])
    assert curve.days_well(until) == pytest.approx(area, rel=2e-6)


def test_the_exponential_curve_is_constant_risk() -> None:
    curve = exponential(median_days=18.0)
    assert curve.hazard_per_day(0.0) == pytest.approx(math.log(2.0) / 18.0)
    assert curve.hazard_per_day(100.0) == pytest.approx(curve.hazard_per_day(1.0))
    assert curve.median_days == pytest.approx(18.0)
    assert exponential_through(at_days=18.0, relapsed=0.5) == curve


def test_the_published_hazards_come_out() -> None:
    for median, hazard in ((18.0, 0.0385), (57.0, 0.0122), (273.0, 0.0025)):
        assert exponential(median_days=median).hazard_per_day(1.0) == pytest.approx(hazard, abs=5e-5)


def test_the_interval_of_a_median_is_that_of_a_fitted_rate() -> None:
    from lifelines import ExponentialFitter

    people = np.random.default_rng(7).exponential(40.0, size=400)
    fit = ExponentialFitter().fit(people)
    low, high = median_interval(median_days=float(fit.median_survival_time_), relapses=400)
    error = float(fit.summary["se(coef)"].iloc[0]) / float(fit.lambda_)
    assert math.log(high / low) / (2 * 1.959964) == pytest.approx(error, rel=1e-3)


def test_simulated_people_are_fitted_back_to_the_curve() -> None:
    from lifelines import WeibullFitter

    curve = weibull_through((57.0, 0.35), (365.0, 0.7))
    people = np.array([curve.day_of(share) for share in (np.arange(4000) + 0.5) / 4000])
    seen = people <= 365.0
    fit = WeibullFitter().fit(np.minimum(people, 365.0), seen)
    assert float(fit.rho_) == pytest.approx(curve.shape, rel=0.02)
    assert float(fit.lambda_) == pytest.approx(curve.scale_days, rel=0.02)


def test_what_is_no_curve_is_refused() -> None:
    for call in (
        lambda: Curve(0.0),
        lambda: Curve(10.0, -1.0),
        lambda: Curve(10.0).day_of(1.0),
        lambda: Curve(10.0).with_hazard_ratio(0.0),
        lambda: exponential_through(at_days=10.0, relapsed=1.0),
        lambda: weibull_through((10.0, 0.5), (20.0, 0.4)),
        lambda: median_interval(median_days=10.0, relapses=0),
    ):
        with pytest.raises(ValueError, match=r"."):
            call()
    assert Curve(10.0, 0.5).hazard_per_day(0.0) == math.inf
    assert Curve(10.0).well(-5.0) == 1.0
